import type { AlarmRepository } from './alarm/alarm.js';
import type { AlarmRuleRepository } from './alarm/alarm-rule.js';
import type { MaintenanceRepository } from './alarm/maintenance.js';
import type { NoticeRepository, OutageRepository, WatchStateRepository } from './alarm/outage.js';
import type { OutboxRepository } from './alarm/outbox.js';
import type {
  CertificateRepository,
  SigningRequestRepository,
} from './certificate/certificate-repositories.js';
import type { ChargingProfileRepository } from './charging/charging-profile-repository.js';
import type { LocalListRepository } from './charging/local-list-repository.js';
import type { ReservationRepository } from './charging/reservation-repository.js';
import type {
  RemoteStartRepository,
  SampleRepository,
  SessionRepository,
} from './charging/session-repositories.js';
import type { TagImportRepository } from './import/tag-import-repository.js';
import type {
  Connector,
  Floor,
  Group,
  MeterSample,
  Registration,
  Site,
  Station,
  UnknownStation,
} from './model.js';
import type { NameRepository } from './names.js';
import type { AuditRepository } from './people/audit.js';
import type { ApiKeyRepository, TagRepository, UserRepository } from './people/people-repositories.js';
import type {
  BreachRepository,
  ConnectionRepository,
  EventRepository,
  FaultRepository,
} from './record-repositories.js';
import type { RetentionRepository } from './retention-repository.js';
import type { SettingKey, StoredSettings } from './settings.js';
import type { ConfigurationRepository } from './station/configuration-repository.js';
import type { DiagnosticsRepository } from './station/diagnostics.js';
import type { FirmwareImageRepository, FirmwareRolloutRepository } from './station/firmware-repositories.js';

/**
 * What the rules and use cases need from a store. Every method runs inside the transaction that handed the
 * repositories out. Look-ups give `undefined` when there is nothing; `update` is a no-op on a missing row.
 */
export interface Repositories {
  readonly sites: SiteRepository;
  readonly floors: FloorRepository;
  readonly stations: StationRepository;
  readonly connectors: ConnectorRepository;
  readonly groups: GroupRepository;
  readonly users: UserRepository;
  readonly tags: TagRepository;
  readonly tagImports: TagImportRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly audit: AuditRepository;
  readonly sessions: SessionRepository;
  readonly samples: SampleRepository;
  readonly remoteStarts: RemoteStartRepository;
  readonly unknownStations: UnknownStationRepository;
  readonly breaches: BreachRepository;
  readonly connections: ConnectionRepository;
  readonly faults: FaultRepository;
  readonly events: EventRepository;
  readonly settings: SettingRepository;
  readonly retention: RetentionRepository;
  readonly configurations: ConfigurationRepository;
  readonly localLists: LocalListRepository;
  readonly reservations: ReservationRepository;
  readonly chargingProfiles: ChargingProfileRepository;
  readonly diagnostics: DiagnosticsRepository;
  readonly firmwareImages: FirmwareImageRepository;
  readonly firmwareRollouts: FirmwareRolloutRepository;
  readonly alarms: AlarmRepository;
  readonly alarmRules: AlarmRuleRepository;
  readonly outages: OutageRepository;
  readonly notices: NoticeRepository;
  readonly watchState: WatchStateRepository;
  readonly maintenance: MaintenanceRepository;
  readonly outbox: OutboxRepository;
  readonly certificates: CertificateRepository;
  readonly signingRequests: SigningRequestRepository;
  readonly names: NameRepository;
}

export interface Store {
  /** A consistent view; resolves only when everything it could see is durable. */
  read<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /**
   * All or nothing; resolves once the change is on disk. `work` must await nothing but the repositories.
   * A throw from `work` rolls everything back and is passed on.
   */
  write<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
}

/** A store with a short way for the most frequent change. */
export interface MeterStore extends Store {
  /**
   * Keeps meter values: as a `write` of the same would, all or nothing and on disk
   * when it resolves, but cheaper.
   * @param registers the latest energy registers that the samples moved, by transaction id
   */
  addSamples(samples: readonly MeterSample[], registers: ReadonlyMap<number, number>): Promise<void>;
}

export interface SiteRepository {
  /** Case-insensitive. */
  findByName(name: string): Promise<Site | undefined>;
  list(): Promise<(Site & { floors: number; stations: number })[]>;
  insert(site: Site): Promise<void>;
  update(uuid: string, change: Partial<Omit<Site, 'uuid' | 'createdAt'>>): Promise<void>;
  delete(uuid: string): Promise<void>;
}

export interface FloorRepository {
  /** Case-insensitive within the site. */
  findByName(siteUuid: string, name: string): Promise<Floor | undefined>;
  list(siteUuid?: string): Promise<(Floor & { siteName: string; stations: number })[]>;
  insert(floor: Floor): Promise<void>;
  update(uuid: string, change: Partial<Omit<Floor, 'uuid' | 'siteUuid' | 'createdAt'>>): Promise<void>;
  delete(uuid: string): Promise<void>;
}

/** A station with the names of where it stands. */
export type PlacedStation = Station & {
  siteName: string | null;
  floorName: string | null;
  connectors: number;
};

export interface StationFilter {
  readonly siteUuid?: string;
  /** At one of these sites. */
  readonly siteUuids?: readonly string[];
  readonly groupUuid?: string;
}

export interface StationRepository {
  /** By OCPP identity, case-sensitive. */
  findById(id: string): Promise<Station | undefined>;
  findByUuid(uuid: string): Promise<Station | undefined>;
  findPlaced(id: string): Promise<PlacedStation | undefined>;
  /** Sorted; for "did you mean". */
  listIds(filter?: StationFilter): Promise<string[]>;
  list(filter?: StationFilter): Promise<PlacedStation[]>;
  /** Only those registrations that a station has. */
  countByRegistration(): Promise<{ registration: Registration; stations: number }[]>;
  insert(station: Station): Promise<void>;
  update(uuid: string, change: Partial<Omit<Station, 'uuid' | 'createdAt'>>): Promise<void>;
  /** Notes the time of last contact of many stations at once. */
  touch(seen: readonly { uuid: string; lastSeenAt: number }[]): Promise<void>;
  /** After a crash: stations that were connected are offline since they were last seen. */
  markAllOffline(): Promise<void>;
  delete(uuid: string): Promise<void>;
}

export interface ConnectorRepository {
  find(stationUuid: string, connector: number): Promise<Connector | undefined>;
  /** Connectors 1..n in order; connector 0 (the station itself) is left out unless asked for. */
  listByStation(stationUuid: string, options?: { withStation?: boolean }): Promise<Connector[]>;
  list(
    filter?: StationFilter,
    options?: { withStation?: boolean },
  ): Promise<(Connector & { stationId: string })[]>;
  insert(connector: Connector): Promise<void>;
  /** False when the station has no such connector (yet). */
  reportStatus(
    report: Pick<
      Connector,
      'stationUuid' | 'connector' | 'status' | 'errorCode' | 'vendorErrorCode' | 'info' | 'statusAt'
    >,
  ): Promise<boolean>;
  update(
    stationUuid: string,
    connector: number,
    change: Partial<Omit<Connector, 'stationUuid' | 'connector'>>,
  ): Promise<void>;
  deleteByStation(stationUuid: string): Promise<void>;
  /** Removes connectors with a number above `connector`. */
  deleteAbove(stationUuid: string, connector: number): Promise<void>;
}

export interface GroupRepository {
  findByName(name: string): Promise<Group | undefined>;
  list(): Promise<(Group & { stations: number })[]>;
  /** Station ids, sorted. */
  listStationIds(groupUuid: string): Promise<string[]>;
  /** Sorted. */
  listNamesByStation(stationUuid: string): Promise<string[]>;
  listUuidsByStation(stationUuid: string): Promise<string[]>;
  insert(group: Group): Promise<void>;
  delete(uuid: string): Promise<void>;
  addStation(groupUuid: string, stationUuid: string): Promise<void>;
  removeStation(groupUuid: string, stationUuid: string): Promise<void>;
}

export interface UnknownStationRepository {
  /** Counts a knock; the list keeps the newest 1,000 (field trap 35). */
  note(knock: { id: string; address: string | null; protocol: string | null; at: number }): Promise<void>;
  list(): Promise<UnknownStation[]>;
  forget(id: string): Promise<void>;
}

export interface SettingRepository {
  list(): Promise<StoredSettings>;
  /** When the setting was given its value, ms since the epoch; undefined when it has the default. */
  findUpdatedAt(key: SettingKey): Promise<number | undefined>;
  /** @param updatedAt milliseconds since the epoch */
  set(key: SettingKey, value: string, updatedAt: number): Promise<void>;
  /** Gives the default back. */
  remove(key: SettingKey): Promise<void>;
}
