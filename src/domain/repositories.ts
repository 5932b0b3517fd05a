import type { AlarmRepository } from './alarm.js';
import type { AlarmRuleRepository } from './alarm-rule.js';
import type { AuditRepository } from './audit.js';
import type { CertificateRepository, SigningRequestRepository } from './certificate-repositories.js';
import type { ChargingProfileRepository } from './charging-profile-repository.js';
import type { ConfigurationRepository } from './configuration-repository.js';
import type { DiagnosticsRepository } from './diagnostics.js';
import type { FirmwareImageRepository, FirmwareRolloutRepository } from './firmware-repositories.js';
import type { LocalListRepository } from './local-list-repository.js';
import type { MaintenanceRepository } from './maintenance.js';
import type {
  Connector,
  Floor,
  Group,
  MeterSample,
  Registration,
  RemoteStart,
  Session,
  SessionState,
  Site,
  Station,
  UnknownStation,
} from './model.js';
import type { NoticeRepository, OutageRepository, WatchStateRepository } from './outage.js';
import type { OutboxRepository } from './outbox.js';
import type { ApiKeyRepository, TagRepository, UserRepository } from './people-repositories.js';
import type {
  BreachRepository,
  ConnectionRepository,
  EventRepository,
  FaultRepository,
} from './record-repositories.js';
import type { ReservationRepository } from './reservation-repository.js';
import type { RetentionRepository } from './retention-repository.js';
import type { SettingKey, StoredSettings } from './settings.js';
import type { TagImportRepository } from './tag-import-repository.js';

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

export interface SessionFilter {
  readonly stationId?: string;
  readonly connector?: number;
  readonly siteUuid?: string;
  /** At one of these sites, as `siteUuid` is where the station stood then. */
  readonly siteUuids?: readonly string[];
  readonly userUuid?: string;
  /** Of the user as it was then, case-insensitive. */
  readonly userEmail?: string;
  readonly tag?: string;
  readonly state?: SessionState;
  /** Sessions that started at or after this instant. */
  readonly from?: number;
  /** Sessions that started before this instant. */
  readonly to?: number;
}

export type SessionRegister = Pick<Session, 'transactionId' | 'stationUuid' | 'meterStartWh' | 'meterLastWh'>;

export interface SessionPage {
  readonly limit?: number;
  /** Skip so many first. */
  readonly offset?: number;
  /** Go on behind this session. */
  readonly after?: Pick<Session, 'startedAt' | 'transactionId'>;
}

export interface SessionRepository {
  nextTransactionId(): Promise<number>;
  findByUuid(uuid: string): Promise<Session | undefined>;
  findByTransactionId(transactionId: number): Promise<Session | undefined>;
  /** What MeterValues needs of a session, without the rest: the hot path. */
  findRegister(transactionId: number): Promise<SessionRegister | undefined>;
  /** The same start sent again (field trap 17): station, connector, tag, station time and register agree. */
  findRepeatedStart(
    start: Pick<Session, 'stationUuid' | 'connector' | 'tag' | 'startedAt' | 'meterStartWh'>,
  ): Promise<Session | undefined>;
  /**
   * A session of the station that stopped from one instant to another (both included) at this register, and whose stop
   * named `stoppedAs` when that is given. Only those that started at `startedFrom` or later are looked through.
   */
  findStop(stop: {
    readonly stationUuid: string;
    readonly meterStopWh: number;
    readonly from: number;
    readonly to: number;
    readonly startedFrom: number;
    readonly stoppedAs?: number;
  }): Promise<Session | undefined>;
  /** Sessions of the station with exactly this stop, that named another transaction: guesses and orphans. */
  listGuesses(
    stationUuid: string,
    stop: { readonly stoppedAt: number; readonly meterStopWh: number },
  ): Promise<Session[]>;
  /** Stops without a start, of a station, from one instant to another (both included), oldest first. */
  listOrphanStops(stationUuid: string, span: { from: number; to: number }): Promise<Session[]>;
  /** Sessions without a stop on this connector (all connectors when left out), newest first. */
  listOpen(stationUuid: string, connector?: number): Promise<Session[]>;
  /** Sessions without a stop that began with this tag, case-insensitive, anywhere; in the order in which they were recorded. */
  listOpenByTag(tag: string): Promise<Session[]>;
  /** All sessions without a stop. */
  listAllOpen(): Promise<Session[]>;
  /** Newest start first. */
  list(filter: SessionFilter, page?: SessionPage): Promise<Session[]>;
  count(filter: SessionFilter): Promise<number>;
  insert(session: Session): Promise<void>;
  /** Hot path of MeterValues: the latest energy register of a running session. */
  noteRegister(transactionId: number, meterLastWh: number): Promise<void>;
  update(uuid: string, change: Partial<Omit<Session, 'uuid' | 'transactionId'>>): Promise<void>;
}

export interface SampleRepository {
  insert(samples: readonly MeterSample[]): Promise<void>;
  findLatest(transactionId: number): Promise<MeterSample | undefined>;
  /** Oldest first. */
  listBySession(transactionId: number, page?: { limit?: number; offset?: number }): Promise<MeterSample[]>;
  /** Readings outside of any session, newest first. */
  listOrphans(
    stationUuid: string,
    filter: { connector?: number; from?: number; to?: number; limit: number },
  ): Promise<MeterSample[]>;
  /** Of all stations. */
  countOrphans(): Promise<number>;
}

export interface RemoteStartRepository {
  insert(start: RemoteStart): Promise<void>;
  /** The oldest matching request made at or after `since`, removed; undefined when there is none. */
  take(stationUuid: string, connector: number, tag: string, since: number): Promise<RemoteStart | undefined>;
  /** Withdraws a request that the station refused. */
  remove(stationUuid: string, tag: string, requestedAt: number): Promise<void>;
  removeBefore(olderThan: number): Promise<void>;
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
