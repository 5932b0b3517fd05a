import type { Alarm } from '../domain/alarm/alarm.js';
import type { AlarmRule } from '../domain/alarm/alarm-rule.js';
import type { MaintenanceWindow } from '../domain/alarm/maintenance.js';
import type { Notice, Outage } from '../domain/alarm/outage.js';
import type { OutboxMessage } from '../domain/alarm/outbox.js';
import type { Certificate } from '../domain/certificate/certificate.js';
import type { SigningRequest } from '../domain/certificate/signing-request.js';
import type { InstalledProfile } from '../domain/charging/charging-profile-repository.js';
import type { SentLocalList } from '../domain/charging/local-list-repository.js';
import type { Reservation } from '../domain/charging/reservation.js';
import type { StagedTag, TagImport } from '../domain/import/tag-import-repository.js';
import type {
  Breach,
  ConnectionStay,
  Connector,
  Fault,
  FleetEvent,
  Floor,
  Group,
  MeterSample,
  RemoteStart,
  Session,
  Site,
  Station,
  UnknownStation,
} from '../domain/model.js';
import type { RecordedAuditEntry } from '../domain/people/audit.js';
import type { ApiKey, Tag, UnknownTag, User } from '../domain/people/people.js';
import type { StationConfiguration } from '../domain/station/configuration.js';
import type { DiagnosticsRequest } from '../domain/station/diagnostics.js';
import type { FirmwareImage, FirmwareRollout, FirmwareTarget } from '../domain/station/firmware.js';

/** The tables, as Kysely sees them. `…Key` columns hold the case-folded form that look-ups and uniqueness go by. */
export interface Tables {
  migration: { version: number; name: string; appliedAt: number };
  counter: { name: string; value: number };
  site: Site & { nameKey: string };
  floor: Floor & { nameKey: string };
  station: Omit<Station, 'expectsPong'> & { expectsPong: number };
  connector: Connector;
  stationGroup: Group & { nameKey: string };
  groupMember: { groupUuid: string; stationUuid: string };
  user: Omit<User, 'siteUuids' | 'disabled' | 'emailAtAlarm'> & {
    emailKey: string;
    disabled: number;
    emailAtAlarm: number;
  };
  userSite: { userUuid: string; siteUuid: string };
  tag: Omit<Tag, 'blocked' | 'siteUuids' | 'groupUuids'> & {
    tagKey: string;
    blocked: number;
    /** Whether it has rows in tagSite or tagGroup: most have none, and are looked up for every car. */
    restricted: number;
  };
  tagSite: { tagKey: string; siteUuid: string };
  tagGroup: { tagKey: string; groupUuid: string };
  /** `columns` is JSON; at most one row. */
  tagImport: Omit<TagImport, 'columns'> & { columns: string };
  /** The tags of that import, until all of them have come. */
  stagedTag: Omit<Tag, 'blocked' | 'siteUuids' | 'groupUuids'> & {
    tagKey: string;
    blocked: number;
    restricted: number;
    line: number;
    action: StagedTag['action'];
  };
  stagedTagPlace: { tagKey: string; siteUuid: string | null; groupUuid: string | null };
  apiKey: Omit<ApiKey, 'readOnly'> & { readOnly: number };
  audit: RecordedAuditEntry & { actorKey: string; targetKey: string | null };
  unknownTag: UnknownTag & { tagKey: string };
  session: Session & {
    tagKey: string | null;
    /** When retention thinned its samples; null while it has them all. */
    samplesThinnedAt: number | null;
  };
  meterSample: Omit<MeterSample, 'stationUuid' | 'connector'> & {
    /** Only outside of sessions; a session's samples have its station and connector. */
    stationUuid: string | null;
    connector: number | null;
  };
  /** `profile` is JSON. */
  remoteStart: Omit<RemoteStart, 'profile'> & { tagKey: string; profile: string | null };
  unknownStation: UnknownStation;
  breach: Omit<Breach, 'action'> & { action: string };
  connection: ConnectionStay;
  fault: Omit<Fault, 'maintenance'> & {
    maintenance: number;
    errorKey: string;
    vendorErrorKey: string | null;
  };
  event: FleetEvent & {
    sequence: number;
    /** First part of the kind. */
    topic: string;
  };
  setting: { key: string; value: string; updatedAt: number };
  /** What is a list or a record in the domain is JSON here (repositories/configurations.ts). */
  stationConfiguration: Omit<StationConfiguration, 'reported' | 'desired' | 'answers'> & {
    reported: string;
    desired: string;
    answers: string;
  };
  configurationTemplate: { nameKey: string; match: string; configuration: string; updatedAt: number };
  /** Lists by their key; `entries` is JSON (repositories/local-lists.ts). */
  localListContent: { contentKey: string; entries: string };
  localList: Omit<SentLocalList, 'isCertain' | 'entries'> & { isCertain: number };
  reservation: Reservation & { tagKey: string };
  /** `profile` is JSON, `transactionId` and `validTo` are taken out of it. */
  chargingProfile: Omit<InstalledProfile, 'profile'> & {
    profileId: number;
    transactionId: number | null;
    validTo: number | null;
    profile: string;
  };
  diagnostics: DiagnosticsRequest;
  firmwareImage: FirmwareImage & { vendorKey: string; modelKey: string; versionKey: string };
  firmwareRollout: Omit<FirmwareRollout, 'signed'> & { signed: number };
  firmwareTarget: FirmwareTarget;
  outbox: OutboxMessage & { recipientKey: string };
  alarm: Omit<Alarm, 'maintenance'> & { maintenance: number };
  /** Lists are JSON; the stations of a scope are rows of alarmRuleStation. */
  alarmRule: Pick<AlarmRule, 'uuid' | 'name' | 'language' | 'createdAt'> & {
    nameKey: string;
    enabled: number;
    scope: AlarmRule['scope']['kind'];
    siteUuid: string | null;
    groupUuid: string | null;
    triggers: string;
    recipients: string;
    webhooks: string;
    stepsMs: string;
    deliberate: number;
  };
  alarmRuleStation: { ruleUuid: string; stationUuid: string };
  outage: Omit<Outage, 'deliberate'> & { deliberate: number };
  notice: Notice;
  watchState: { name: string; value: number };
  maintenanceWindow: MaintenanceWindow;
  certificate: Certificate;
  signingRequest: SigningRequest;
}

const isTable: Record<keyof Tables, true> = {
  migration: true,
  counter: true,
  site: true,
  floor: true,
  station: true,
  connector: true,
  stationGroup: true,
  groupMember: true,
  user: true,
  userSite: true,
  tag: true,
  tagSite: true,
  tagGroup: true,
  tagImport: true,
  stagedTag: true,
  stagedTagPlace: true,
  apiKey: true,
  audit: true,
  unknownTag: true,
  session: true,
  meterSample: true,
  remoteStart: true,
  unknownStation: true,
  breach: true,
  connection: true,
  fault: true,
  event: true,
  setting: true,
  stationConfiguration: true,
  configurationTemplate: true,
  localListContent: true,
  localList: true,
  reservation: true,
  chargingProfile: true,
  diagnostics: true,
  firmwareImage: true,
  firmwareRollout: true,
  firmwareTarget: true,
  outbox: true,
  alarm: true,
  alarmRule: true,
  alarmRuleStation: true,
  outage: true,
  notice: true,
  watchState: true,
  maintenanceWindow: true,
  certificate: true,
  signingRequest: true,
};

export const tableNames = Object.keys(isTable) as (keyof Tables)[];
