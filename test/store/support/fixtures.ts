import type { Alarm } from '../../../src/domain/alarm/alarm.js';
import { type AlarmRule, defaultStepsMs } from '../../../src/domain/alarm/alarm-rule.js';
import type { MaintenanceWindow } from '../../../src/domain/alarm/maintenance.js';
import type { Outage } from '../../../src/domain/alarm/outage.js';
import type { OutboxMessage } from '../../../src/domain/alarm/outbox.js';
import type { Certificate } from '../../../src/domain/certificate/certificate.js';
import type { SigningRequest } from '../../../src/domain/certificate/signing-request.js';
import type { ChargingProfile } from '../../../src/domain/charging/charging-profile.js';
import type { InstalledProfile } from '../../../src/domain/charging/charging-profile-repository.js';
import type { SentLocalList } from '../../../src/domain/charging/local-list-repository.js';
import type { Reservation } from '../../../src/domain/charging/reservation.js';
import type { TagImport } from '../../../src/domain/import/tag-import-repository.js';
import type {
  Breach,
  ConnectionStay,
  Connector,
  Fault,
  Floor,
  Group,
  MeterSample,
  Session,
  Site,
  Station,
} from '../../../src/domain/model.js';
import { newTag as emptyTag } from '../../../src/domain/new-entities.js';
import type { AuditEntry } from '../../../src/domain/people/audit.js';
import type { ApiKey, Tag, User } from '../../../src/domain/people/people.js';
import type { DiagnosticsRequest } from '../../../src/domain/station/diagnostics.js';
import type { FirmwareImage, FirmwareRollout, FirmwareTarget } from '../../../src/domain/station/firmware.js';

export const createdAt = 1_780_000_000_000;

export function newSite(name: string, change: Partial<Site> = {}): Site {
  return { uuid: `site-${name}`, name, address: null, lat: null, lon: null, createdAt, ...change };
}

export function newFloor(siteUuid: string, name: string, change: Partial<Floor> = {}): Floor {
  return { uuid: `floor-${siteUuid}-${name}`, siteUuid, name, level: null, createdAt, ...change };
}

export function newGroup(name: string): Group {
  return { uuid: `group-${name}`, name, createdAt };
}

export function newStation(id: string, change: Partial<Station> = {}): Station {
  return {
    uuid: `station-${id}`,
    id,
    name: `Station ${id}`,
    siteUuid: null,
    floorUuid: null,
    registration: 'accepted',
    securityProfile: 0,
    acceptedProfile: null,
    authKeyHash: null,
    authKeyAt: null,
    pendingAuthKeyHash: null,
    pendingAuthKeyAt: null,
    pendingAuthKeyState: null,
    heartbeatIntervalS: null,
    pingIntervalS: null,
    expectsPong: true,
    assumedProtocol: null,
    vendor: null,
    model: null,
    serialNumber: null,
    firmwareVersion: null,
    protocol: null,
    bootedAt: null,
    lastSeenAt: null,
    offlineSinceAt: null,
    createdAt,
    ...change,
  };
}

export function newConnector(
  stationUuid: string,
  connector: number,
  change: Partial<Connector> = {},
): Connector {
  return {
    stationUuid,
    connector,
    name: null,
    mode: 'rfid',
    evseId: null,
    type: null,
    maxPowerW: null,
    status: null,
    errorCode: null,
    vendorErrorCode: null,
    info: null,
    statusAt: null,
    ...change,
  };
}

export function newTag(tag: string, change: Partial<Tag> = {}): Tag {
  return { ...emptyTag({ tag, createdAt }), ...change };
}

export function newTagImport(uuid: string, change: Partial<TagImport> = {}): TagImport {
  return {
    uuid,
    caller: 'tester',
    begunAt: createdAt,
    touchedAt: createdAt,
    columns: [],
    ifExists: 'update',
    rows: 0,
    bad: 0,
    created: 0,
    updated: 0,
    skipped: 0,
    unchanged: 0,
    ...change,
  };
}

export function newUser(email: string, change: Partial<User> = {}): User {
  return {
    uuid: `user-${email}`,
    email,
    firstName: null,
    lastName: null,
    role: 'driver',
    siteUuids: [],
    passwordHash: null,
    disabled: false,
    emailAtAlarm: false,
    createdAt,
    ...change,
  };
}

export function newApiKey(id: string, userUuid: string, change: Partial<ApiKey> = {}): ApiKey {
  return {
    id,
    userUuid,
    label: null,
    secretHash: 'hash',
    readOnly: false,
    origin: 'created',
    expiresAt: null,
    createdAt,
    lastUsedAt: null,
    revokedAt: null,
    ...change,
  };
}

export function newAuditEntry(at: number, change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at,
    actor: 'ada@example.org',
    role: 'admin',
    way: 'socket',
    address: null,
    keyId: null,
    operation: 'site.create',
    kind: 'site',
    target: 'Depot',
    before: null,
    after: '{}',
    input: null,
    outcome: 'ok',
    ...change,
  };
}

export function newAlarm(uuid: string, change: Partial<Alarm> = {}): Alarm {
  return {
    uuid,
    kind: 'hardware-fault',
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    connector: 1,
    condition: '',
    description: 'InternalError',
    rule: null,
    beganAt: createdAt,
    openedAt: createdAt,
    count: 1,
    maintenance: false,
    clearsAt: null,
    clearedAt: null,
    clearedBy: null,
    note: null,
    ackedAt: null,
    ackedBy: null,
    ...change,
  };
}

export function newAlarmRule(name: string, change: Partial<AlarmRule> = {}): AlarmRule {
  return {
    uuid: `rule-${name}`,
    name,
    enabled: true,
    scope: { kind: 'all' },
    triggers: ['connection-lost'],
    recipients: ['ada@example.org'],
    webhooks: [],
    language: 'en',
    stepsMs: defaultStepsMs,
    deliberate: false,
    createdAt,
    ...change,
  };
}

export function newOutage(uuid: string, change: Partial<Outage> = {}): Outage {
  return {
    uuid,
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    since: createdAt,
    countsFrom: createdAt,
    deliberate: false,
    nextStepAt: null,
    heldMs: null,
    stormUuid: null,
    endedAt: null,
    backAt: null,
    ...change,
  };
}

export function newMaintenance(change: Partial<MaintenanceWindow> = {}): Omit<MaintenanceWindow, 'id'> {
  return {
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    connector: null,
    from: createdAt,
    to: createdAt + 3600_000,
    comment: null,
    createdBy: 'ada@example.org',
    createdAt,
    ...change,
  };
}

export function newSession(transactionId: number, change: Partial<Session> = {}): Session {
  return {
    uuid: `session-${transactionId}`,
    transactionId,
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    stationName: 'Station CP1',
    siteUuid: null,
    siteName: null,
    floorName: null,
    connector: 1,
    evseId: null,
    authentication: 'rfid',
    tag: 'CAFE',
    userUuid: null,
    userEmail: null,
    startedAt: createdAt + transactionId * 1000,
    stoppedAt: null,
    meterStartWh: 1000,
    meterStopWh: null,
    meterLastWh: null,
    stopReason: null,
    stoppedAs: null,
    state: 'active',
    suspicion: null,
    receivedAt: createdAt + transactionId * 1000,
    verdict: 'Accepted',
    ...change,
  };
}

export function newSample(
  transactionId: number | null,
  takenAt: number,
  change: Partial<MeterSample> = {},
): MeterSample {
  return {
    stationUuid: 'station-CP1',
    connector: 1,
    transactionId,
    takenAt,
    receivedAt: takenAt + 1,
    context: 'Sample.Periodic',
    energyWh: 1234,
    powerW: 7360.5,
    currentA: null,
    voltageV: null,
    soc: null,
    other: null,
    ...change,
  };
}

export function newBreach(id: string, change: Partial<Breach> = {}): Breach {
  return {
    stationUuid: `station-${id}`,
    stationId: id,
    action: 'StatusNotification',
    place: '/info',
    rule: 'length',
    detail: 'has 60 characters, at most 50 are allowed',
    count: 1,
    firstAt: createdAt,
    lastAt: createdAt,
    ...change,
  };
}

export function newStay(uuid: string, change: Partial<ConnectionStay> = {}): ConnectionStay {
  return {
    uuid,
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    protocol: 'ocpp1.6',
    address: '127.0.0.1',
    openedAt: createdAt,
    closedAt: null,
    code: null,
    initiator: null,
    reason: null,
    ...change,
  };
}

export function newCertificate(fingerprint: string, change: Partial<Certificate> = {}): Certificate {
  return {
    fingerprint,
    serial: '4a',
    kind: 'station',
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    subject: 'O=Acme, CN=CP1',
    hosts: null,
    notBefore: createdAt,
    notAfter: createdAt + 3_600_000,
    pem: 'PEM',
    origin: 'own',
    certFile: null,
    keyFile: null,
    issuedAt: createdAt,
    installedAt: null,
    revokedAt: null,
    reason: null,
    ...change,
  };
}

export function newSigningRequest(
  change: Partial<Omit<SigningRequest, 'id'>> = {},
): Omit<SigningRequest, 'id'> {
  return {
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    csr: 'CSR',
    receivedAt: createdAt,
    state: 'waiting',
    attempts: 0,
    nextAttemptAt: createdAt,
    fingerprint: null,
    failure: null,
    endedAt: null,
    ...change,
  };
}

export function newDiagnostics(
  change: Partial<Omit<DiagnosticsRequest, 'id'>> = {},
): Omit<DiagnosticsRequest, 'id'> {
  return {
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    action: 'GetDiagnostics',
    type: 'diagnostics',
    protocol: 'http',
    fromAt: null,
    toAt: null,
    requestedAt: createdAt,
    expiresAt: createdAt + 3_600_000,
    state: 'requested',
    reported: null,
    fileName: null,
    storedAs: 'file',
    sizeBytes: null,
    endedAt: null,
    ...change,
  };
}

export function newFault(uuid: string, change: Partial<Fault> = {}): Fault {
  return {
    uuid,
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    connector: 1,
    errorCode: 'GroundFailure',
    vendorErrorCode: null,
    vendorId: null,
    info: null,
    status: 'Faulted',
    beganAt: createdAt,
    endedAt: null,
    maintenance: false,
    ...change,
  };
}

export function newProfile(
  id: number,
  change: Partial<ChargingProfile> = {},
  row: Partial<InstalledProfile> = {},
): InstalledProfile {
  const profile: ChargingProfile = {
    chargingProfileId: id,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
    ...change,
  };
  return {
    stationUuid: 'station-CP1',
    connector: 0,
    profile,
    state: 'accepted',
    sentAt: createdAt,
    ...row,
  };
}

export function newSentList(stationUuid: string, change: Partial<SentLocalList> = {}): SentLocalList {
  return {
    stationUuid,
    version: 1,
    isCertain: true,
    sentAt: createdAt,
    checkedAt: createdAt,
    basisKey: 'basis',
    contentKey: 'content',
    entries: [{ tag: 'Cafe', status: 'Accepted', expiresAt: null, parent: null }],
    ...change,
  };
}

export function newReservation(change: Partial<Reservation> = {}): Omit<Reservation, 'id'> {
  return {
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    connector: 1,
    tag: 'Cafe',
    parent: null,
    createdAt,
    expiresAt: createdAt + 3600_000,
    state: 'active',
    endedAt: null,
    reason: null,
    transactionId: null,
    ...change,
  };
}

export function newImage(version: string, change: Partial<FirmwareImage> = {}): FirmwareImage {
  return {
    uuid: `image-${version}`,
    vendor: 'Acme',
    model: 'Box',
    version,
    fileName: 'box.bin',
    sizeBytes: 3,
    sha256: '00'.repeat(32),
    signature: null,
    certificate: null,
    createdAt,
    ...change,
  };
}

export function newRollout(id: number, change: Partial<FirmwareRollout> = {}): FirmwareRollout {
  return {
    id,
    version: '2.0',
    signed: false,
    protocol: 'http',
    retrieveAt: null,
    retries: null,
    retryIntervalS: null,
    answerTimeoutMs: 30_000,
    concurrency: 20,
    maxFailures: 0,
    state: 'running',
    wave: 0,
    waves: 1,
    waveStartedAt: createdAt,
    createdAt,
    endedAt: null,
    ...change,
  };
}

export function newTarget(
  rolloutId: number,
  stationId: string,
  change: Partial<FirmwareTarget> = {},
): FirmwareTarget {
  return {
    rolloutId,
    stationUuid: `station-${stationId}`,
    stationId,
    imageUuid: 'image-2.0',
    wave: 0,
    state: 'waiting',
    status: null,
    reason: null,
    detail: null,
    fromVersion: null,
    failures: 0,
    sentAt: null,
    offerUser: null,
    offerPassword: null,
    dueAt: null,
    endedAt: null,
    ...change,
  };
}

export function newOutboxMessage(change: Partial<OutboxMessage> = {}): Omit<OutboxMessage, 'id'> {
  const { id: _, ...rest } = change;
  return {
    channel: 'mail',
    recipient: 'ada@example.org',
    kind: 'test',
    subject: 'A test',
    payload: '{}',
    threadKey: null,
    messageId: '<1@example.org>',
    replyTo: null,
    createdAt,
    expiresAt: createdAt + 7,
    attempts: 0,
    nextAttemptAt: createdAt,
    lastError: null,
    state: 'pending',
    endedAt: null,
    ...rest,
  };
}
