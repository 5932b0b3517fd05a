import { expect, it } from 'vitest';
import { importedColumns } from '../../src/domain/import/tag-import-repository.js';
import { nameKinds } from '../../src/domain/names.js';
import type { Repositories } from '../../src/domain/repositories.js';
import { emptyConfiguration } from '../../src/domain/station/configuration.js';
import { migrations } from '../../src/store/migrations/migrate.js';
import { tableNames } from '../../src/store/schema.js';
import { describeContent } from '../../src/store/store-info.js';
import { postgresServer, storeEngines } from './support/engines.js';
import {
  createdAt,
  newAlarm,
  newAlarmRule,
  newApiKey,
  newAuditEntry,
  newBreach,
  newCertificate,
  newConnector,
  newDiagnostics,
  newFault,
  newFloor,
  newGroup,
  newImage,
  newMaintenance,
  newOutage,
  newOutboxMessage,
  newProfile,
  newReservation,
  newRollout,
  newSample,
  newSentList,
  newSession,
  newSigningRequest,
  newSite,
  newStation,
  newStay,
  newTag,
  newTagImport,
  newTarget,
  newUser,
} from './support/fixtures.js';

/*
 * Whatever the repositories are asked, the store and PostgreSQL answer the same. What the answers should be, the tests
 * in repositories/ say, for both as well.
 */
const server = postgresServer();
const engines = storeEngines(server);

type Question = (r: Repositories) => Promise<unknown>;

/** No method can be forgotten: the compiler asks for it. */
type Questions = {
  readonly [Name in keyof Repositories]: {
    readonly [Method in keyof Repositories[Name]]: readonly Question[];
  };
};

/** Stations and people may use any integer that JavaScript can tell from its neighbours. */
const huge = Number.MAX_SAFE_INTEGER;
const low = Number.MIN_SAFE_INTEGER;
const stopped = {
  stationUuid: 'station-CP1',
  meterStopWh: 7,
  from: createdAt,
  to: createdAt + 12_000,
  startedFrom: low,
};
const together = { from: 5, to: createdAt, stepMs: 0 };
const odd = `O'Neill "x" \\ %_? $1 ? Ä🔌`;

async function fill(r: Repositories): Promise<void> {
  await r.sites.insert(newSite('Depot', { uuid: 's', lat: 53.123456789012344, lon: -0.1, address: odd }));
  await r.sites.insert(newSite('álamo', { uuid: 't' }));
  for (const [name, level] of [
    ['Roof', 7],
    ['nowhere', null],
    ['Cellar', -1],
    ['anywhere', null],
  ] as const) {
    await r.floors.insert(newFloor('s', name, { uuid: name, level }));
  }
  await r.sites.insert(newSite('Users', { uuid: 'u' }));
  await r.groups.insert(newGroup('Night'));
  await r.groups.insert(newGroup('Day'));
  await r.stations.insert(newStation('CP1', { siteUuid: 's', floorUuid: 'Roof', heartbeatIntervalS: huge }));
  await r.stations.insert(newStation('cp1', { lastSeenAt: createdAt, authKeyHash: odd, authKeyAt: huge }));
  await r.stations.insert(newStation('_', { siteUuid: 's', lastSeenAt: 1, offlineSinceAt: 2 }));
  await r.groups.addStation('group-Night', 'station-CP1');
  for (const connector of [0, 1, 2, huge]) {
    await r.connectors.insert(newConnector('station-CP1', connector, { maxPowerW: connector }));
  }
  await r.users.insert(
    newUser('Ada@example.org', { siteUuids: ['s', 'u'], passwordHash: odd, disabled: true }),
  );
  await r.users.insert(newUser('bob@example.org', { role: 'site-admin', siteUuids: ['s'] }));
  await r.apiKeys.insert(newApiKey('k1', 'user-bob@example.org', { label: odd, readOnly: true }));
  await r.apiKeys.insert(newApiKey('k2', 'user-bob@example.org', { expiresAt: huge, createdAt: low }));
  await r.alarms.insert(newAlarm('alarm-1', { connector: null, kind: 'security', condition: odd }));
  await r.alarms.insert(newAlarm('alarm-2', { clearsAt: huge, stationUuid: 'station-_', stationId: '_' }));
  await r.alarms.insert(newAlarm('alarm-3', { openedAt: low, clearedAt: 5, note: odd }));
  await r.alarmRules.insert(
    newAlarmRule('Night', { scope: { kind: 'stations', stationUuids: ['station-CP1'] } }),
  );
  await r.alarmRules.insert(newAlarmRule('day', { recipients: [odd], webhooks: ['https://x'], stepsMs: [] }));
  await r.outages.insert(newOutage('outage-1', { nextStepAt: createdAt }));
  await r.outages.insert(newOutage('outage-2', { stationUuid: 'none', endedAt: 5 }));
  await r.outages.insert(newOutage('outage-3', { stationUuid: 'none', nextStepAt: 7, heldMs: huge }));
  await r.outages.insert(newOutage('outage-4', { stationUuid: '_', nextStepAt: createdAt }));
  await r.outages.insert(newOutage('outage-5', { stormUuid: odd, nextStepAt: 5, countsFrom: low }));
  await r.outages.insert(newOutage('outage-6', { stormUuid: odd, endedAt: 9, backAt: huge }));
  await r.notices.note({ subjectUuid: 'outage-1', stepMs: 7, recipientKey: odd, ruleUuid: 'x', at: 1 });
  await r.watchState.set('aliveAt', huge);
  await r.maintenance.insert(newMaintenance());
  await r.maintenance.insert(newMaintenance({ connector: 2, from: low, to: huge }));
  await r.audit.insert([newAuditEntry(1), newAuditEntry(huge, { actor: 'ADA@example.org', before: odd })]);
  await r.tags.insert(newTag('d00d', { userUuid: 'user-bob@example.org', maxActive: 2 }));
  await r.tags.insert(newTag('c0de', { siteUuids: ['u'], groupUuids: ['group-Day'] }));
  await r.tags.insert(newTag('Cafe', { label: odd, blocked: true, expiresAt: huge, parent: '' }));
  await r.tags.insert(newTag('beef'));
  await r.tagImports.insert(newTagImport('import', { columns: ['label', 'sites'], begunAt: low }));
  await r.tagImports.stage([
    {
      tag: newTag('Staged', {
        userUuid: 'user-bob@example.org',
        siteUuids: ['s', 'u'],
        groupUuids: ['group-Day'],
      }),
      line: 2,
      action: 'create',
    },
    { tag: newTag('C0DE', { label: odd, groupUuids: ['group-Night'] }), line: huge, action: 'update' },
    { tag: newTag('beef', { label: 'left alone' }), line: 7, action: 'leave' },
  ]);
  for (const station of ['CP2', 'CP1', '_']) await r.tags.noteUnknown('F00D', station, 9);
  await r.sessions.insert(newSession(1, { tag: odd, connector: huge, siteName: '' }));
  await r.sessions.insert(newSession(2, { tag: null, stoppedAt: huge, meterStopWh: huge, state: 'ended' }));
  for (const [id, stoppedAs] of [
    [10, -1],
    [11, 999],
    [12, low],
  ] as const) {
    const orphan = { connector: 0, tag: null, meterStopWh: 7, state: 'suspect' } as const;
    await r.sessions.insert(newSession(id, { ...orphan, stoppedAt: createdAt + id * 1000, stoppedAs }));
  }
  await r.sessions.insert(newSession(huge, { startedAt: low, meterStartWh: low, stoppedAt: low }));
  await r.samples.insert(
    Array.from({ length: 75 }, (_, i) => newSample(1, 75 - i, { powerW: i / 7, currentA: 1e-7, soc: 1e21 })),
  );
  await r.samples.insert([
    newSample(1, 75, { receivedAt: 99, context: 'Transaction.End', energyWh: huge }),
    newSample(null, low, { connector: huge, receivedAt: 5 }),
    newSample(huge, huge, { other: odd }),
  ]);
  for (const connector of [1, null]) {
    await r.remoteStarts.insert({
      stationUuid: 's',
      connector,
      tag: odd,
      requestedAt: connector ?? 2,
      profile: newProfile(3).profile,
    });
  }
  await r.unknownStations.note({ id: odd, address: null, protocol: '', at: huge });
  await r.breaches.note('station-CP1', [
    newBreach('CP1', { action: null, rule: 'malformed', detail: odd }),
    newBreach('CP1', { place: odd, count: huge - 1, lastAt: huge }),
  ]);
  const event = { at: low, stationUuid: 's', stationId: 'CP1', kind: 'station.booted', detail: odd };
  await r.events.insert({ ...event, receivedAt: 5, connector: null });
  await r.events.insert({ ...event, receivedAt: huge, connector: huge });
  await r.connections.insert(newStay('a', { openedAt: low, address: odd }));
  await r.connections.insert(newStay('b', { openedAt: 5, closedAt: 7, code: 1006, initiator: 'lost' }));
  await r.connections.insert(newStay('c', { openedAt: huge, stationUuid: 'station-_', stationId: odd }));
  await r.certificates.insert(newCertificate('a', { subject: odd, notAfter: huge }));
  await r.certificates.insert(
    newCertificate('b', { kind: 'server', hosts: odd, certFile: odd, keyFile: '' }),
  );
  await r.certificates.insert(
    newCertificate('c', { issuedAt: low, revokedAt: 7, reason: 'superseded', stationUuid: 'station-_' }),
  );
  await r.signingRequests.insert(newSigningRequest({ csr: odd, nextAttemptAt: huge }));
  await r.signingRequests.insert(newSigningRequest({ state: 'signed', fingerprint: 'a', attempts: 2 }));
  await r.signingRequests.insert(newSigningRequest({ state: 'failed', failure: odd, endedAt: huge }));
  await r.diagnostics.insert(newDiagnostics({ fromAt: low, toAt: huge, state: 'uploading', reported: odd }));
  await r.diagnostics.insert(newDiagnostics({ requestedAt: low, stationId: odd, action: 'GetLog' }));
  await r.diagnostics.insert(
    newDiagnostics({ state: 'received', fileName: odd, sizeBytes: huge, endedAt: 7 }),
  );
  await r.diagnostics.insert(
    newDiagnostics({ stationUuid: 'station-_', requestedAt: huge, protocol: 'ftp' }),
  );
  await r.faults.insert(newFault('a', { beganAt: low, vendorErrorCode: odd, info: odd }));
  await r.faults.insert(newFault('b', { beganAt: 5, endedAt: 7, connector: huge }));
  await r.faults.insert(newFault('c', { beganAt: huge, vendorId: '', errorCode: 'Ä' }));
  await r.settings.set('backup.directory', odd, huge);
  const entry = { key: odd, value: odd, readOnly: true, reportedAt: huge };
  const reported = { ...emptyConfiguration('station-CP1'), reported: [entry], readAt: huge, dueAt: huge };
  await r.configurations.put(reported);
  await r.configurations.put({ ...emptyConfiguration('station-cp1'), attempts: huge, dueAt: low });
  await r.configurations.put(emptyConfiguration('station-_'));
  await r.configurations.putTemplate({ match: {}, configuration: { [odd]: odd } }, huge);
  await r.configurations.putTemplate({ match: { vendor: 'ÄB*' }, configuration: {} }, low);
  await r.localLists.save(newSentList('station-CP1', { version: 2 ** 31 - 1, sentAt: huge }));
  await r.localLists.save(newSentList('station-cp1'));
  for (const state of ['unanswered', 'active', 'used'] as const) {
    const endedAt = state === 'used' ? 5 : null;
    await r.reservations.insert(newReservation({ state, endedAt, tag: odd, expiresAt: huge }));
  }
  await r.reservations.insert(newReservation({ createdAt: low, expiresAt: low, transactionId: huge }));
  await r.chargingProfiles.put(newProfile(huge, { validTo: '1970-01-01T00:00:00.009Z' }));
  await r.chargingProfiles.put(newProfile(1, { transactionId: 2 }, { connector: huge }));
  await r.chargingProfiles.put(newProfile(2, { transactionId: 1 }, { state: 'unanswered' }));
  await r.chargingProfiles.put(newProfile(2, {}, { stationUuid: 'station-_', sentAt: low }));
  await r.firmwareImages.insert(newImage('2.0', { fileName: odd, sizeBytes: huge, signature: odd }));
  await r.firmwareImages.insert(newImage('Ä', { vendor: 'acme', certificate: '' }));
  const told = { state: 'offered', dueAt: 9, offerUser: odd, offerPassword: '', sentAt: low } as const;
  await r.firmwareRollouts.insert(newRollout(1, { state: 'done', endedAt: 7, signed: true, retries: 3 }), [
    newTarget(1, 'CP1', { state: 'failed', reason: 'version', detail: odd, endedAt: huge }),
    newTarget(1, odd, { state: 'succeeded', fromVersion: odd, endedAt: 5 }),
  ]);
  await r.firmwareRollouts.insert(newRollout(huge, { waves: 2, retrieveAt: huge, protocol: 'ftp' }), [
    newTarget(huge, 'CP1', told),
    newTarget(huge, '_', { wave: 1, failures: huge }),
    newTarget(huge, 'cp1', { wave: 1, imageUuid: 'image-Ä' }),
  ]);
  await r.outbox.insert(newOutboxMessage({ threadKey: odd, subject: odd, payload: odd, lastError: odd }));
  await r.outbox.insert(newOutboxMessage({ recipient: 'ADA@example.org', nextAttemptAt: null }));
  await r.outbox.insert(newOutboxMessage({ nextAttemptAt: huge, threadKey: odd, replyTo: odd }));
  await r.outbox.insert(
    newOutboxMessage({ channel: 'webhook', recipient: 'https://Ä.example', createdAt: low }),
  );
  for (const endedAt of [huge, low, 5]) {
    await r.outbox.insert(newOutboxMessage({ state: 'sent', nextAttemptAt: null, endedAt, attempts: 9 }));
  }
}

const oldest = { receivedBefore: huge, limit: 1 };

const questions: Questions = {
  names: {
    list: nameKinds.flatMap((kind) =>
      ['', 'c', '1', 'Ä', '_'].flatMap((prefix): Question[] => [
        (r) => r.names.list({ kind, prefix, limit: 100 }),
        (r) => r.names.list({ kind, prefix, limit: 2, siteUuids: ['s', 't'] }),
        (r) =>
          r.names.list({ kind, prefix, limit: 9, station: 'CP1', site: 'DEPOT', vendor: 'ACME', model: odd }),
      ]),
    ),
  },
  sites: {
    findByName: [(r) => r.sites.findByName('DEPOT'), (r) => r.sites.findByName(odd)],
    list: [(r) => r.sites.list()],
    insert: [(r) => r.sites.insert(newSite(odd))],
    update: [
      (r) => r.sites.update('s', { name: `${odd}!`, lat: null, lon: 1e300 }),
      (r) => r.sites.update('s', {}),
      (r) => r.sites.update('none', { name: 'x' }),
    ],
    delete: [(r) => r.sites.delete('t'), (r) => r.sites.delete('none')],
  },
  floors: {
    findByName: [(r) => r.floors.findByName('s', 'ROOF'), (r) => r.floors.findByName('t', 'ROOF')],
    list: [(r) => r.floors.list(), (r) => r.floors.list('s'), (r) => r.floors.list('t')],
    insert: [(r) => r.floors.insert(newFloor('t', odd, { level: huge }))],
    update: [
      (r) => r.floors.update('Roof', { name: odd, level: null }),
      (r) => r.floors.update('none', { level: low }),
    ],
    delete: [(r) => r.floors.delete('Cellar'), (r) => r.floors.delete('none')],
  },
  stations: {
    findById: [(r) => r.stations.findById('CP1'), (r) => r.stations.findById('Cp1')],
    findByUuid: [(r) => r.stations.findByUuid('station-CP1'), (r) => r.stations.findByUuid(odd)],
    findPlaced: [
      (r) => r.stations.findPlaced('CP1'),
      (r) => r.stations.findPlaced('cp1'),
      (r) => r.stations.findPlaced(odd),
    ],
    listIds: [
      (r) => r.stations.listIds(),
      (r) => r.stations.listIds({ siteUuids: ['s', odd] }),
      (r) => r.stations.listIds({ siteUuids: [], groupUuid: 'group-Night' }),
    ],
    countByRegistration: [(r) => r.stations.countByRegistration()],
    list: [
      (r) => r.stations.list(),
      (r) => r.stations.list({ siteUuid: 's' }),
      (r) => r.stations.list({ siteUuids: ['s'] }),
      (r) => r.stations.list({ siteUuids: [] }),
      (r) => r.stations.list({ siteUuid: 's', groupUuid: 'group-Night' }),
    ],
    insert: [(r) => r.stations.insert(newStation(odd, { bootedAt: huge, lastSeenAt: low }))],
    update: [
      (r) => r.stations.update('station-CP1', { vendor: odd, offlineSinceAt: null, siteUuid: null }),
      (r) => r.stations.update('none', { name: odd }),
      (r) => {
        const pending = { pendingAuthKeyAt: huge, pendingAuthKeyState: 'reboot' } as const;
        return r.stations.update('station-cp1', { pendingAuthKeyHash: odd, ...pending });
      },
    ],
    touch: [
      (r) => r.stations.touch([{ uuid: 'station-CP1', lastSeenAt: huge }]),
      (r) => r.stations.touch([]),
    ],
    markAllOffline: [(r) => r.stations.markAllOffline()],
    delete: [(r) => r.stations.delete('station-cp1'), (r) => r.stations.delete('none')],
  },
  connectors: {
    find: [(r) => r.connectors.find('station-CP1', 2), (r) => r.connectors.find('station-CP1', huge - 1)],
    listByStation: [
      (r) => r.connectors.listByStation('station-CP1'),
      (r) => r.connectors.listByStation('station-CP1', { withStation: true }),
    ],
    list: [
      (r) => r.connectors.list(),
      (r) => r.connectors.list({ siteUuid: 's', groupUuid: 'group-Night' }, { withStation: true }),
    ],
    insert: [(r) => r.connectors.insert(newConnector('station-cp1', 5_000_000_000, { name: odd }))],
    reportStatus: [1, low].map((connector) => (r) => {
      const error = { errorCode: odd, vendorErrorCode: null, info: '' };
      return r.connectors.reportStatus({
        stationUuid: 'station-CP1',
        connector,
        status: 'Faulted',
        statusAt: huge,
        ...error,
      });
    }),
    update: [
      (r) => r.connectors.update('station-CP1', 2, { name: odd, maxPowerW: null }),
      (r) => r.connectors.update('station-CP1', low, { name: odd }),
    ],
    deleteByStation: [(r) => r.connectors.deleteByStation('station-cp1')],
    deleteAbove: [(r) => r.connectors.deleteAbove('station-CP1', 5_000_000_000)],
  },
  groups: {
    findByName: [(r) => r.groups.findByName('NIGHT'), (r) => r.groups.findByName(odd)],
    list: [(r) => r.groups.list()],
    listStationIds: [(r) => r.groups.listStationIds('group-Night')],
    listNamesByStation: [(r) => r.groups.listNamesByStation('station-CP1')],
    listUuidsByStation: ['station-CP1', odd].map((uuid) => (r) => r.groups.listUuidsByStation(uuid)),
    insert: [(r) => r.groups.insert(newGroup(odd))],
    addStation: ['cp1', 'CP1'].map((id) => (r) => r.groups.addStation('group-Night', `station-${id}`)),
    removeStation: ['cp1', odd].map((id) => (r) => r.groups.removeStation('group-Night', `station-${id}`)),
    delete: [(r) => r.groups.delete('group-Night'), (r) => r.groups.delete('none')],
  },
  alarms: {
    insert: [(r) => r.alarms.insert(newAlarm(odd, { maintenance: true, connector: null, clearsAt: huge }))],
    update: [
      (r) => r.alarms.update('alarm-1', { clearedAt: huge, clearedBy: odd, note: odd }),
      (r) => r.alarms.update('none', { count: 2 }),
    ],
    findByUuid: [(r) => r.alarms.findByUuid('alarm-1'), (r) => r.alarms.findByUuid('none')],
    findByPrefix: [(r) => r.alarms.findByPrefix('alarm'), (r) => r.alarms.findByPrefix('alarm-2')],
    findOpen: [
      (r) => r.alarms.findOpen(newAlarm('')),
      (r) => r.alarms.findOpen(newAlarm('', { connector: null, kind: 'security', condition: odd })),
      (r) => r.alarms.findOpen(newAlarm('', { connector: null })),
    ],
    listOpen: [(r) => r.alarms.listOpen(), (r) => r.alarms.listOpen('station-CP1')],
    listClearing: [(r) => r.alarms.listClearing(huge, 1)],
    listNeverConnected: [1, 9].map((limit) => (r) => r.alarms.listNeverConnected({ until: huge, limit })),
    findNextClearing: [(r) => r.alarms.findNextClearing()],
    list: [
      (r) => r.alarms.list({}, { limit: 2 }),
      (r) => r.alarms.list({ open: true, stationId: 'CP1', acked: false, to: huge }, { limit: 9 }),
      (r) => r.alarms.list({ siteUuid: 's', groupUuid: 'group-Night' }, { limit: 9 }),
      (r) => r.alarms.list({ siteUuids: [] }, { limit: 9 }),
      (r) => r.alarms.list({ maintenance: true }, { limit: 9 }),
      (r) => r.alarms.list({ maintenance: false }, { limit: 9 }),
      (r) => r.alarms.list({ kind: 'security', connector: 1 }, { limit: 9 }),
      (r) => r.alarms.list({ from: low }, { limit: 9, after: { openedAt: createdAt, uuid: 'alarm-2' } }),
    ],
    count: [(r) => r.alarms.count({ open: false }), (r) => r.alarms.count({ siteUuids: ['s'] })],
    countByStation: [{}, { open: true, connector: null }].map(
      (filter) => (r) => r.alarms.countByStation(filter),
    ),
    countOpenByKind: [(r) => r.alarms.countOpenByKind()],
  },
  alarmRules: {
    insert: [
      (r) =>
        r.alarmRules.insert(newAlarmRule(odd, { scope: { kind: 'site', siteUuid: 's' }, deliberate: true })),
    ],
    update: [
      (r) =>
        r.alarmRules.update('rule-Night', {
          scope: { kind: 'group', groupUuid: 'group-Day' },
          stepsMs: [huge],
          enabled: false,
        }),
      (r) => r.alarmRules.update('rule-Night', {}),
    ],
    delete: [(r) => r.alarmRules.delete('rule-Night'), (r) => r.alarmRules.delete('none')],
    findByName: [(r) => r.alarmRules.findByName('NIGHT'), (r) => r.alarmRules.findByName(odd)],
    list: [(r) => r.alarmRules.list()],
    listEnabled: [(r) => r.alarmRules.listEnabled()],
    listUuidsByStation: [
      (r) => r.alarmRules.listUuidsByStation('station-CP1'),
      (r) => r.alarmRules.listUuidsByStation('none'),
    ],
    forgetStation: [(r) => r.alarmRules.forgetStation('station-CP1')],
  },
  outages: {
    insert: [(r) => r.outages.insert(newOutage(odd, { deliberate: true, nextStepAt: huge }))],
    update: [(r) => r.outages.update('outage-1', { nextStepAt: null, endedAt: huge, deliberate: true })],
    listUnwatched: [(r) => r.outages.listUnwatched(1), (r) => r.outages.listUnwatched(9)],
    findOpen: [(r) => r.outages.findOpen('station-CP1'), (r) => r.outages.findOpen('none')],
    listOpen: [(r) => r.outages.listOpen()],
    listDue: [(r) => r.outages.listDue(huge, 1)],
    listOpenAfter: [
      (r) => r.outages.listOpenAfter({ after: '', limit: 2 }),
      (r) => r.outages.listOpenAfter({ after: 'outage-3', limit: 9 }),
    ],
    findNextStep: [(r) => r.outages.findNextStep()],
    countTogether: [together, { ...together, stepMs: 1 }].map(
      (about) => (r) => r.outages.countTogether(about),
    ),
    joinStorm: [(r) => r.outages.joinStorm(odd, together)],
    listStormDue: [
      (r) => r.outages.listStormDue(odd, { now: huge, after: '', limit: 2 }),
      (r) => r.outages.listStormDue(odd, { now: low, after: '', limit: 2 }),
    ],
    moveStorm: [(r) => r.outages.moveStorm(odd, huge, low), (r) => r.outages.moveStorm(odd, huge, null)],
    findStormBack: [(r) => r.outages.findStormBack(odd), (r) => r.outages.findStormBack('none')],
    listBack: [(r) => r.outages.listBack(huge, 2)],
    listStormBack: [(r) => r.outages.listStormBack(odd, { backAt: huge, after: '', limit: 2 })],
    endStormBack: [(r) => r.outages.endStormBack(odd, huge)],
    findNextBack: [(r) => r.outages.findNextBack()],
    putOff: [(r) => r.outages.putOff(-5)],
    endOrphans: [(r) => r.outages.endOrphans(huge, 1), (r) => r.outages.endOrphans(huge, 9)],
    removeEnded: [1, 9].map((limit) => (r) => r.outages.removeEnded({ endedBefore: huge, limit })),
  },
  notices: {
    note: [7, 8].map(
      (stepMs) => (r) =>
        r.notices.note({ subjectUuid: 'outage-1', stepMs, recipientKey: odd, ruleUuid: 'x', at: huge }),
    ),
    listBySubject: [(r) => r.notices.listBySubject('outage-1')],
    forget: [(r) => r.notices.forget('outage-1')],
  },
  watchState: {
    find: [(r) => r.watchState.find('aliveAt'), (r) => r.watchState.find('digestAt')],
    set: [(r) => r.watchState.set('aliveAt', low), (r) => r.watchState.set('lastEvent', 1)],
  },
  maintenance: {
    insert: [(r) => r.maintenance.insert(newMaintenance({ connector: 2, comment: odd }))],
    update: [(r) => r.maintenance.update(1, { to: huge }), (r) => r.maintenance.update(1, {})],
    find: [(r) => r.maintenance.find(1), (r) => r.maintenance.find(99)],
    findActive: [1, 2, null].map(
      (connector) => (r) => r.maintenance.findActive({ stationUuid: 'station-CP1', connector }, createdAt),
    ),
    list: [
      (r) => r.maintenance.list({}, createdAt, { limit: 9 }),
      (r) => r.maintenance.list({ state: 'active', siteUuid: 's' }, createdAt, { limit: 9 }),
      (r) => r.maintenance.list({ state: 'planned', siteUuids: [] }, 0, { limit: 9 }),
      (r) => r.maintenance.list({ state: 'past' }, huge, { limit: 9, before: { from: createdAt, id: 2 } }),
    ],
    listNotOver: [
      (r) => r.maintenance.listNotOver('station-CP1', createdAt),
      (r) => r.maintenance.listNotOver(odd, low),
    ],
    count: [
      (r) => r.maintenance.count({ stationId: 'CP1' }, createdAt),
      (r) => r.maintenance.count({ state: 'cancelled' }, createdAt),
    ],
  },
  users: {
    findByEmail: [(r) => r.users.findByEmail('ADA@EXAMPLE.ORG'), (r) => r.users.findByEmail(odd)],
    findByUuid: [(r) => r.users.findByUuid('user-bob@example.org'), (r) => r.users.findByUuid('none')],
    list: [
      (r) => r.users.list(),
      (r) => r.users.list({ siteUuids: ['s', 'u'] }),
      (r) => r.users.list({ siteUuids: ['u'] }),
      (r) => r.users.list({ siteUuids: [] }),
    ],
    insert: [(r) => r.users.insert(newUser(odd, { siteUuids: ['s', 's'], emailAtAlarm: true }))],
    update: [
      (r) =>
        r.users.update('user-Ada@example.org', { email: 'ÁDA@example.org', disabled: false, siteUuids: [] }),
      (r) => r.users.update('user-Ada@example.org', {}),
      (r) => r.users.update('none', { role: 'admin' }),
    ],
    delete: [(r) => r.users.delete('user-Ada@example.org'), (r) => r.users.delete('none')],
  },
  apiKeys: {
    find: [(r) => r.apiKeys.find('k1'), (r) => r.apiKeys.find('K1')],
    list: [(r) => r.apiKeys.list(), (r) => r.apiKeys.list({ userUuid: 'none' })],
    insert: [(r) => r.apiKeys.insert(newApiKey(odd, 'user-bob@example.org', { lastUsedAt: huge }))],
    update: [
      (r) => r.apiKeys.update('k1', { revokedAt: huge, label: null }),
      (r) => r.apiKeys.update('k1', {}),
      (r) => r.apiKeys.update('none', { lastUsedAt: 1 }),
    ],
    delete: [(r) => r.apiKeys.delete('k1'), (r) => r.apiKeys.delete('none')],
    deleteByUser: [
      (r) => r.apiKeys.deleteByUser('user-bob@example.org'),
      (r) => r.apiKeys.deleteByUser('none'),
    ],
  },
  audit: {
    insert: [(r) => r.audit.insert([newAuditEntry(3, { after: odd }), newAuditEntry(2)])],
    list: [
      (r) => r.audit.list({}, { limit: 10 }),
      (r) => r.audit.list({ actor: 'ada@EXAMPLE.org', operation: 'site', kind: 'site' }, { limit: 1 }),
      (r) =>
        r.audit.list({ operation: 'site.create', target: 'Depot', outcome: 'ok' }, { limit: 9, before: 2 }),
      (r) => r.audit.list({ from: 1, to: huge }, { limit: 9 }),
      (r) => r.audit.list({ target: 'Depot', outcome: 'failed' }, { limit: 9 }),
    ],
    count: [(r) => r.audit.count({}), (r) => r.audit.count({ outcome: 'NOT_ALLOWED' })],
  },
  tags: {
    find: [(r) => r.tags.find('CAFE'), (r) => r.tags.find(odd), (r) => r.tags.find('a\0b')],
    list: [
      (r) => r.tags.list(),
      (r) => r.tags.list({ userUuid: 'user-bob@example.org' }),
      (r) => r.tags.list({ siteUuids: ['s'] }),
      (r) => r.tags.list({ siteUuids: ['u'] }),
      (r) => r.tags.list({ siteUuids: [] }),
      (r) => r.tags.list({ groupUuid: 'g' }),
      (r) => r.tags.list({ after: 'BEEF', limit: 2 }),
      (r) => r.tags.list({ limit: 2, offset: 1 }),
      (r) => r.tags.list({ before: 'Cafe', limit: 1, siteUuids: ['u'] }),
    ],
    count: [
      (r) => r.tags.count(),
      (r) => r.tags.count({ parent: 'CAFE' }),
      (r) => r.tags.count({ parent: odd, siteUuids: ['s'], limit: 1 }),
    ],
    insert: [(r) => r.tags.insert(newTag(odd))],
    insertMany: [(r) => r.tags.insertMany([newTag('many'), newTag('other', { siteUuids: ['s'] })])],
    update: [
      (r) => r.tags.update('CAFE', { blocked: false, expiresAt: null, label: null }),
      (r) => r.tags.update('none', { blocked: true }),
      (r) => r.tags.update('C0DE', { siteUuids: [], groupUuids: [], maxActive: 1 }),
    ],
    delete: [(r) => r.tags.delete('BEEF'), (r) => r.tags.delete('none')],
    noteUnknown: [(r) => r.tags.noteUnknown('f00d', 'CP1', huge), (r) => r.tags.noteUnknown(odd, odd, low)],
    listUnknown: [(r) => r.tags.listUnknown()],
    forgetUnknown: [(r) => r.tags.forgetUnknown('F00d'), (r) => r.tags.forgetUnknown('none')],
  },
  tagImports: {
    find: [(r) => r.tagImports.find()],
    insert: [(r) => r.tagImports.insert(newTagImport('other', { columns: [...importedColumns] }))],
    update: [
      (r) => r.tagImports.update('import', { touchedAt: huge, rows: 2, caller: odd }),
      (r) => r.tagImports.update('import', { columns: ['label'] }),
      (r) => r.tagImports.update('none', { bad: 1 }),
      (r) => r.tagImports.update('import', {}),
    ],
    findLine: [(r) => r.tagImports.findLine('STAGED'), (r) => r.tagImports.findLine(odd)],
    stage: [
      (r) =>
        r.tagImports.stage([
          { tag: newTag(odd, { label: odd, expiresAt: huge }), line: 4, action: 'create' },
          { tag: newTag('x', { siteUuids: ['s', 's'] }), line: 5, action: 'leave' },
        ]),
      (r) => r.tagImports.stage([]),
    ],
    apply: [(r) => r.tagImports.apply([...importedColumns])],
    clear: [(r) => r.tagImports.clear()],
  },
  sessions: {
    nextTransactionId: [(r) => r.sessions.nextTransactionId(), (r) => r.sessions.nextTransactionId()],
    findByUuid: [(r) => r.sessions.findByUuid('session-1'), (r) => r.sessions.findByUuid(odd)],
    findByTransactionId: [2, huge, huge - 1, low].map((id) => (r) => r.sessions.findByTransactionId(id)),
    findRegister: [1, huge, 2 ** 31, low].map((id) => (r) => r.sessions.findRegister(id)),
    findRepeatedStart: [odd.toUpperCase(), null, 'x'].map(
      (tag) => (r) => r.sessions.findRepeatedStart(newSession(1, { tag, connector: huge })),
    ),
    listOpen: [
      (r) => r.sessions.listOpen('station-CP1'),
      (r) => r.sessions.listOpen('station-CP1', huge),
      (r) => r.sessions.listOpen(odd, low),
    ],
    listOpenByTag: ['TAG1', odd.toUpperCase(), ''].map((tag) => (r) => r.sessions.listOpenByTag(tag)),
    listAllOpen: [(r) => r.sessions.listAllOpen()],
    listEndedSince: [
      (r) => r.sessions.listEndedSince({ startedFrom: low, endedFrom: low }, 100),
      (r) => r.sessions.listEndedSince({ startedFrom: createdAt + 2000, endedFrom: createdAt }, 1),
      (r) => r.sessions.listEndedSince({ startedFrom: low, endedFrom: huge }, 0),
    ],
    findStop: [
      (r) => r.sessions.findStop(stopped),
      (r) => r.sessions.findStop({ ...stopped, stoppedAs: -1 }),
      (r) => r.sessions.findStop({ ...stopped, stoppedAs: low }),
    ],
    listGuesses: [
      (r) => r.sessions.listGuesses('station-CP1', { stoppedAt: createdAt + 11_000, meterStopWh: 7 }),
      (r) => r.sessions.listGuesses('station-CP1', { stoppedAt: huge, meterStopWh: huge }),
    ],
    listOrphanStops: [
      (r) => r.sessions.listOrphanStops('station-CP1', { from: low, to: huge }),
      (r) => r.sessions.listOrphanStops('station-CP1', { from: createdAt + 11_000, to: huge }),
    ],
    list: [
      (r) => r.sessions.list({}),
      (r) => r.sessions.list({}, { limit: 2 }),
      (r) => r.sessions.list({}, { limit: 2, after: newSession(2) }),
      (r) => r.sessions.list({}, { after: { startedAt: huge, transactionId: low } }),
      (r) => r.sessions.list({ stationId: 'CP1', connector: huge, tag: odd, state: 'active' }),
      (r) => r.sessions.list({ siteUuid: 's', from: low, to: huge }),
      (r) => r.sessions.list({ userEmail: 'ADA@example.ORG' }),
      (r) => r.sessions.list({ userEmail: odd, userUuid: odd }),
      (r) => r.sessions.list({ siteUuids: ['s', 'u'] }),
      (r) => r.sessions.list({ siteUuids: [] }),
    ],
    count: [(r) => r.sessions.count({}), (r) => r.sessions.count({ from: low, to: createdAt + 2000 })],
    insert: [(r) => r.sessions.insert(newSession(5_000_000_000, { suspicion: odd }))],
    update: [
      (r) => r.sessions.update('session-1', { tag: null, stoppedAt: 1, meterStopWh: low, stopReason: odd }),
      (r) => r.sessions.update('none', { tag: odd }),
    ],
  },
  samples: {
    insert: [(r) => r.samples.insert([newSample(2, 1), newSample(null, 1, { stationUuid: odd })])],
    findLatest: [1, 2, 2 ** 31].map((id) => (r) => r.samples.findLatest(id)),
    listLatestOfOpen: [(r) => r.samples.listLatestOfOpen()],
    listRegistersAt: [
      (r) => r.samples.listRegistersAt([], undefined),
      (r) => r.samples.listRegistersAt([low, 0, createdAt + 2500, huge], undefined),
      (r) =>
        r.samples.listRegistersAt([createdAt + 500, createdAt + 2500, createdAt + 10_000], {
          startedFrom: low,
          endedFrom: createdAt,
        }),
    ],
    listBySession: [
      (r) => r.samples.listBySession(1),
      (r) => r.samples.listBySession(1, { limit: 3 }),
      (r) => r.samples.listBySession(1, { offset: 73 }),
      (r) => r.samples.listBySession(1, { limit: 2, offset: 1 }),
      (r) => r.samples.listBySession(huge, { limit: 0 }),
    ],
    countOrphans: [(r) => r.samples.countOrphans()],
    listOrphans: [
      (r) => r.samples.listOrphans('station-CP1', { limit: 5 }),
      (r) => r.samples.listOrphans('station-CP1', { connector: 1, from: low, to: huge, limit: 2 }),
    ],
  },
  remoteStarts: {
    insert: [
      (r) =>
        r.remoteStarts.insert({
          stationUuid: odd,
          connector: huge,
          tag: '',
          requestedAt: low,
          profile: null,
        }),
    ],
    take: [
      (r) => r.remoteStarts.take('s', huge, odd, 0),
      (r) => r.remoteStarts.take('s', 1, odd, 0),
      (r) => r.remoteStarts.take('s', 1, odd, 0),
    ],
    remove: [(r) => r.remoteStarts.remove(odd, '', low), (r) => r.remoteStarts.remove('s', odd, huge)],
    removeBefore: [(r) => r.remoteStarts.removeBefore(huge)],
  },
  unknownStations: {
    note: ['x', odd].map((id) => (r) => {
      return r.unknownStations.note({ id, address: odd, protocol: null, at: low });
    }),
    list: [(r) => r.unknownStations.list()],
    forget: [(r) => r.unknownStations.forget(odd), (r) => r.unknownStations.forget('none')],
  },
  breaches: {
    note: [
      (r) => r.breaches.note('station-CP1', [newBreach('CP1', { place: odd, detail: '', lastAt: low })]),
      (r) => {
        const many = Array.from({ length: 100 }, (_, i) => newBreach('CP1', { place: `/${i}`, lastAt: i }));
        return r.breaches.note('station-CP1', many);
      },
      (r) => r.breaches.note('none', []),
    ],
    listByStation: [(r) => r.breaches.listByStation('station-CP1'), (r) => r.breaches.listByStation('none')],
    deleteByStation: [(r) => r.breaches.deleteByStation('station-CP1')],
  },
  events: {
    insert: [
      (r) => {
        const station = { stationUuid: odd, stationId: odd, connector: low };
        return r.events.insert({ at: 1, receivedAt: 2, ...station, kind: '', detail: odd });
      },
    ],
    list: [
      (r) => r.events.list({}, { limit: huge }),
      (r) => r.events.list({ stationId: odd }, { limit: 1 }),
      (r) => r.events.list({ kind: 'station' }, { limit: 9, before: 2 }),
      (r) => r.events.list({ kind: 'station.booted', siteUuid: 's' }, { limit: 9 }),
      (r) => r.events.list({ siteUuids: ['s', 'u'] }, { limit: 9 }),
      (r) => r.events.list({ siteUuids: [] }, { limit: 9 }),
      (r) => r.events.list({ kind: 'station.boot', from: low, to: huge }, { limit: 9, before: huge }),
    ],
    listAfter: [
      (r) => r.events.listAfter({}, { after: 1, limit: huge }),
      (r) => r.events.listAfter({ stationId: 'CP1', kind: odd }, { after: low, limit: 2 }),
    ],
    lastSequence: [(r) => r.events.lastSequence()],
    count: [(r) => r.events.count({}), (r) => r.events.count({ kind: 'station', from: 0, to: 1 })],
  },
  connections: {
    insert: [(r) => r.connections.insert(newStay(odd, { reason: odd, code: huge, initiator: 'protocol' }))],
    end: ['a', 'b', 'none'].map((uuid) => (r) => {
      return r.connections.end({ uuid, closedAt: huge, code: 1, initiator: 'server', reason: odd });
    }),
    findByUuid: [(r) => r.connections.findByUuid('a'), (r) => r.connections.findByUuid(odd)],
    listOpen: [(r) => r.connections.listOpen(9), (r) => r.connections.listOpen(1)],
    list: [
      (r) => r.connections.list({}, { limit: huge }),
      (r) => r.connections.list({}, { limit: 1, after: { openedAt: huge, uuid: 'c' } }),
      (r) => r.connections.list({ stationId: 'CP1', from: 8, to: huge, open: true }, { limit: 9 }),
      (r) => r.connections.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) => r.connections.list({ code: 1006, initiator: 'lost', open: false }, { limit: 9 }),
    ],
    count: [(r) => r.connections.count({}), (r) => r.connections.count({ from: 8, to: 9, open: true })],
  },
  faults: {
    insert: [(r) => r.faults.insert(newFault(odd, { connector: low }))],
    update: [
      (r) => r.faults.update('a', { endedAt: huge, info: null, vendorErrorCode: null, status: odd }),
      (r) => r.faults.update('b', {}),
      (r) => r.faults.update('none', { vendorErrorCode: odd }),
    ],
    findByUuid: [(r) => r.faults.findByUuid('a'), (r) => r.faults.findByUuid(odd)],
    findLatest: [1, huge, low].map((connector) => (r) => r.faults.findLatest('station-CP1', connector)),
    list: [
      (r) => r.faults.list({}, { limit: huge }),
      (r) => r.faults.list({}, { limit: 1, after: { beganAt: huge, uuid: 'c' } }),
      (r) => r.faults.list({ stationId: 'CP1', connector: huge, from: 7, to: 9 }, { limit: 9 }),
      (r) => r.faults.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) => r.faults.list({ error: odd.toUpperCase(), active: true }, { limit: 9 }),
      (r) => r.faults.list({ error: 'ä', active: false }, { limit: 9 }),
    ],
    count: [(r) => r.faults.count({}), (r) => r.faults.count({ from: 8, to: 9, active: true })],
  },
  certificates: {
    insert: [
      (r) => r.certificates.insert(newCertificate('a', { serial: odd })),
      (r) => r.certificates.insert(newCertificate('d', { notBefore: low, pem: odd })),
    ],
    update: [
      (r) => r.certificates.update('b', { revokedAt: huge, reason: 'key-compromise', installedAt: 1 }),
      (r) => r.certificates.update('a', {}),
      (r) => r.certificates.update(odd, { certFile: odd }),
    ],
    find: ['a', 'A', odd].map((fingerprint) => (r) => r.certificates.find(fingerprint)),
    listBySerial: ['4a', odd].map((serial) => (r) => r.certificates.listBySerial(serial)),
    list: [
      (r) => r.certificates.list({}, { limit: huge }),
      (r) => r.certificates.list({}, { limit: 1, after: { issuedAt: createdAt, fingerprint: 'b' } }),
      (r) => r.certificates.list({ stationId: 'CP1', kind: 'station', revoked: false }, { limit: 9 }),
      (r) => r.certificates.list({ revoked: true, endsAfter: 5, endsBy: huge }, { limit: 9 }),
      (r) => r.certificates.list({ siteUuids: ['site-Hof'] }, { limit: 9 }),
    ],
    count: [(r) => r.certificates.count({}), (r) => r.certificates.count({ kind: 'ca' })],
  },
  signingRequests: {
    insert: [(r) => r.signingRequests.insert(newSigningRequest({ stationId: odd }))],
    find: [1, huge].map((id) => (r) => r.signingRequests.find(id)),
    findOpen: ['station-CP1', odd].map((uuid) => (r) => r.signingRequests.findOpen(uuid)),
    listDue: [createdAt, huge].map((now) => (r) => r.signingRequests.listDue(now, 9)),
    update: [
      (r) => r.signingRequests.update(1, { state: 'installed', endedAt: huge, failure: odd }),
      (r) => r.signingRequests.update(2, {}),
    ],
    keepNewest: [(r) => r.signingRequests.keepNewest('station-CP1', 1)],
  },
  diagnostics: {
    insert: [(r) => r.diagnostics.insert(newDiagnostics({ fileName: odd, sizeBytes: huge }))],
    find: [1, huge].map((id) => (r) => r.diagnostics.find(id)),
    findOpen: [
      (r) => r.diagnostics.findOpen('station-CP1', 'GetDiagnostics'),
      (r) => r.diagnostics.findOpen('station-CP1', 'GetLog'),
      (r) => r.diagnostics.findOpen(odd, 'GetLog'),
    ],
    update: [
      (r) => r.diagnostics.update(1, { state: 'failed', reported: odd, endedAt: huge, action: 'GetLog' }),
      (r) => r.diagnostics.update(2, {}),
      (r) => r.diagnostics.update(huge, { sizeBytes: huge }),
    ],
    endOlder: [
      (r) =>
        r.diagnostics.endOlder(
          { id: huge, stationUuid: 'station-CP1', action: 'GetDiagnostics' },
          { state: 'failed', reported: odd, endedAt: low },
        ),
    ],
    endAll: [(r) => r.diagnostics.endAll({ state: 'failed', reported: null, endedAt: huge })],
    list: [
      (r) => r.diagnostics.list({}, { limit: huge }),
      (r) => r.diagnostics.list({ stationId: 'CP1' }, { limit: 1, before: huge }),
      (r) => r.diagnostics.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) => r.diagnostics.list({ stationId: odd }, { limit: 9, before: 1 }),
    ],
    count: [(r) => r.diagnostics.count({}), (r) => r.diagnostics.count({ stationId: odd })],
    listOld: [(r) => r.diagnostics.listOld(huge, huge), (r) => r.diagnostics.listOld(0, 1)],
    delete: [(r) => r.diagnostics.delete(1), (r) => r.diagnostics.delete(huge)],
  },
  settings: {
    list: [(r) => r.settings.list()],
    findUpdatedAt: [
      (r) => r.settings.findUpdatedAt('backup.directory'),
      (r) => r.settings.findUpdatedAt('backup.keep'),
    ],
    set: [
      (r) => r.settings.set('backup.directory', '', low),
      (r) => r.settings.set('backup.keep', odd, huge),
    ],
    remove: [(r) => r.settings.remove('backup.directory'), (r) => r.settings.remove('backup.time')],
  },
  configurations: {
    find: [(r) => r.configurations.find('station-CP1'), (r) => r.configurations.find(odd)],
    put: [
      (r) => r.configurations.put({ ...emptyConfiguration('station-CP1'), desired: { a: odd }, attempts: 1 }),
      (r) => r.configurations.put(emptyConfiguration(odd)),
    ],
    listDue: [
      (r) => r.configurations.listDue(huge, huge),
      (r) => r.configurations.listDue(huge, 1),
      (r) => r.configurations.listDue(low, 9),
    ],
    deleteByStation: [
      (r) => r.configurations.deleteByStation('station-cp1'),
      (r) => r.configurations.deleteByStation('none'),
    ],
    listTemplates: [(r) => r.configurations.listTemplates()],
    putTemplate: [
      (r) => r.configurations.putTemplate({ match: { vendor: 'äb*' }, configuration: { b: '' } }, huge),
      (r) => r.configurations.putTemplate({ match: { model: odd }, configuration: { b: odd } }, low),
    ],
    removeTemplate: [
      (r) => r.configurations.removeTemplate({ vendor: 'Äb*' }),
      (r) => r.configurations.removeTemplate({ model: 'none' }),
    ],
  },
  retention: {
    listUnthinned: [(r) => r.retention.listUnthinned(huge, huge), (r) => r.retention.listUnthinned(0, 1)],
    listInstants: [
      (r) => r.retention.listInstants(1, { limit: huge }),
      (r) => r.retention.listInstants(1, { after: 70, limit: 2 }),
    ],
    removeSamples: [
      (r) => r.retention.removeSamples(1, { from: low, to: 3 }),
      (r) => r.retention.removeSamples(1, { from: 74, to: huge }),
      (r) => r.retention.removeSamples(huge - 1, { from: low, to: huge }),
    ],
    markThinned: [(r) => r.retention.markThinned(2, huge), (r) => r.retention.markThinned(low, 1)],
    removeOrphanSamples: [(r) => r.retention.removeOrphanSamples(oldest)],
    removeEvents: [(r) => r.retention.removeEvents(oldest), (r) => r.retention.removeEvents(oldest)],
    removeConnections: [oldest, oldest].map((page) => (r) => r.retention.removeConnections(page)),
    removeFaults: [oldest, oldest].map((page) => (r) => r.retention.removeFaults(page)),
    removeAlarms: [oldest, oldest].map((page) => (r) => r.retention.removeAlarms(page)),
    removeSessionNotices: [oldest, oldest].map((page) => (r) => r.retention.removeSessionNotices(page)),
    removeAudit: [oldest, oldest].map((page) => (r) => r.retention.removeAudit(page)),
  },
  localLists: {
    find: ['station-CP1', 'none'].map((uuid) => (r) => r.localLists.find(uuid)),
    save: [
      (r) => {
        const entry = { tag: odd, status: 'Blocked', expiresAt: low, parent: odd } as const;
        return r.localLists.save(newSentList('station-CP1', { contentKey: odd, entries: [entry] }));
      },
      (r) => r.localLists.save(newSentList('none', { isCertain: false, sentAt: null })),
    ],
    markUncertain: ['station-cp1', odd].map((uuid) => (r) => r.localLists.markUncertain(uuid, 9, huge)),
    listStale: [
      (r) => r.localLists.listStale(['other', odd], { limit: 9 }),
      (r) => r.localLists.listStale(['basis'], { limit: 1, after: 'station-CP1' }),
    ],
    listBases: [(r) => r.localLists.listBases()],
    markOutdated: ['station-CP1', odd].map((uuid) => (r) => r.localLists.markOutdated(uuid)),
    deleteByStation: ['station-CP1', odd].map((uuid) => (r) => r.localLists.deleteByStation(uuid)),
  },
  reservations: {
    insert: [(r) => r.reservations.insert(newReservation({ reason: odd }))],
    findById: [1, huge].map((id) => (r) => r.reservations.findById(id)),
    listOpen: ['station-CP1', odd].map((uuid) => (r) => r.reservations.listOpen(uuid)),
    list: [
      (r) => r.reservations.list({}, { limit: 9 }),
      (r) => r.reservations.list({ stationId: 'CP1', connector: 1, openAt: low }, { limit: 1 }),
      (r) => r.reservations.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) =>
        r.reservations.list({ tag: odd.toUpperCase(), openAt: huge - 1 }, { limit: 9, after: { id: 2 } }),
    ],
    count: [(r) => r.reservations.count({}), (r) => r.reservations.count({ openAt: 0, tag: 'x' })],
    update: [
      (r) => r.reservations.update(1, { state: 'lost', endedAt: low, reason: odd, transactionId: huge }),
      (r) => r.reservations.update(2, {}),
      (r) => r.reservations.update(huge, { reason: null }),
    ],
    listOverdue: [(r) => r.reservations.listOverdue(0, 9), (r) => r.reservations.listOverdue(huge, 1)],
    findOldestEnd: [(r) => r.reservations.findOldestEnd()],
    removeEnded: [oldest, oldest].map(({ limit }) => {
      return (r) => r.reservations.removeEnded({ endedBefore: huge, limit });
    }),
  },
  chargingProfiles: {
    put: [
      (r) => r.chargingProfiles.put(newProfile(1, {}, { stationUuid: 'station-cp1', connector: 7 })),
      (r) => r.chargingProfiles.put(newProfile(2, { stackLevel: huge }, { sentAt: huge })),
    ],
    listByStation: ['CP1', 'none'].map((id) => (r) => r.chargingProfiles.listByStation(`station-${id}`)),
    list: [
      (r) => r.chargingProfiles.list({ openAt: 9 }, { limit: huge }),
      (r) => r.chargingProfiles.list({ openAt: 8, siteUuid: 's' }, { limit: 2 }),
      (r) => r.chargingProfiles.list({ openAt: 8, siteUuids: ['s'] }, { limit: 2 }),
      (r) => r.chargingProfiles.list({ openAt: 8, stationUuid: 'station-_' }, { limit: 2 }),
      (r) => {
        const after = { stationId: 'CP1', ...newProfile(1) };
        return r.chargingProfiles.list({ openAt: 0 }, { limit: 2, after });
      },
    ],
    count: [0, 9].map((openAt) => (r) => r.chargingProfiles.count({ openAt, siteUuid: 's' })),
    remove: [
      (r) => r.chargingProfiles.remove('station-_', 2),
      (r) => r.chargingProfiles.remove('station-_', low),
    ],
    removeOver: [9, 9].map((now) => (r) => r.chargingProfiles.removeOver('station-CP1', now)),
    deleteByStation: [(r) => r.chargingProfiles.deleteByStation('station-CP1')],
  },
  firmwareImages: {
    insert: [(r) => r.firmwareImages.insert(newImage(odd))],
    findByUuid: ['image-2.0', odd].map((uuid) => (r) => r.firmwareImages.findByUuid(uuid)),
    find: ['ä', '2.0', odd].map(
      (version) => (r) => r.firmwareImages.find({ vendor: 'ACME', model: 'box', version }),
    ),
    list: [(r) => r.firmwareImages.list(), (r) => r.firmwareImages.list({ vendor: 'ACME', version: 'ä' })],
    delete: ['image-2.0', 'none'].map((uuid) => (r) => r.firmwareImages.delete(uuid)),
  },
  outbox: {
    insert: [(r) => r.outbox.insert(newOutboxMessage({ recipient: odd, createdAt: huge }))],
    find: [1, huge].map((id) => (r) => r.outbox.find(id)),
    update: [
      (r) => r.outbox.update(1, { state: 'dead', lastError: odd, endedAt: huge, nextAttemptAt: null }),
      (r) => r.outbox.update(2, {}),
      (r) => r.outbox.update(huge, { attempts: huge }),
    ],
    findFirstPending: [
      (r) => r.outbox.findFirstPending({ channel: 'mail', recipient: 'Ada@Example.org' }),
      (r) => r.outbox.findFirstPending({ channel: 'webhook', recipient: 'https://ä.example' }),
    ],
    findThreadStart: [
      (r) => r.outbox.findThreadStart({ channel: 'mail', recipient: 'ADA@example.org' }, odd),
      (r) => r.outbox.findThreadStart({ channel: 'mail', recipient: odd }, odd),
    ],
    listDue: [
      (r) => r.outbox.listDue('mail', { now: createdAt, horizon: createdAt, limit: 9 }),
      (r) => r.outbox.listDue('mail', { now: createdAt - 1, horizon: huge, limit: 9 }),
      (r) => r.outbox.listDue('webhook', { now: huge, horizon: huge, limit: 1 }),
    ],
    findNextAttempt: [(r) => r.outbox.findNextAttempt('mail'), (r) => r.outbox.findNextAttempt('webhook')],
    listPending: [(r) => r.outbox.listPending(huge), (r) => r.outbox.listPending(1)],
    listExpired: [
      (r) => r.outbox.listExpired('mail', { now: huge, limit: huge }),
      (r) => r.outbox.listExpired('webhook', { now: createdAt, limit: 1 }),
    ],
    list: [
      (r) => r.outbox.list({}, { limit: huge }),
      (r) => r.outbox.list({ state: 'sent' }, { limit: 1, before: huge }),
      (r) => r.outbox.list({ recipient: 'ADA@EXAMPLE.ORG', channel: 'mail' }, { limit: 9, before: 3 }),
      (r) => r.outbox.list({ recipient: 'https://Ä.example' }, { limit: 9 }),
    ],
    count: [(r) => r.outbox.count({}), (r) => r.outbox.count({ state: 'pending', recipient: odd })],
    findOldestEnd: [(r) => r.outbox.findOldestEnd()],
    removeEnded: [
      (r) => r.outbox.removeEnded({ endedBefore: huge, limit: 1 }),
      (r) => r.outbox.removeEnded({ endedBefore: low, limit: 9 }),
    ],
  },
  firmwareRollouts: {
    nextId: [(r) => r.firmwareRollouts.nextId()],
    insert: [(r) => r.firmwareRollouts.insert(newRollout(5), [newTarget(5, odd), newTarget(5, 'x')])],
    update: [
      (r) => r.firmwareRollouts.update(huge, { state: 'stopped', wave: huge, endedAt: huge }),
      (r) => r.firmwareRollouts.update(1, {}),
      (r) => r.firmwareRollouts.update(low, { wave: 1 }),
    ],
    find: [1, huge, low].map((id) => (r) => r.firmwareRollouts.find(id)),
    list: [
      (r) => r.firmwareRollouts.list({ limit: 9 }, { siteUuids: ['s'] }),
      (r) => r.firmwareRollouts.list({ limit: huge }),
      (r) => r.firmwareRollouts.list({ limit: 1, before: huge }),
    ],
    listOpen: [(r) => r.firmwareRollouts.listOpen()],
    removeOld: [(r) => r.firmwareRollouts.removeOld(1), (r) => r.firmwareRollouts.removeOld(0)],
    tally: [1, huge, low].map((id) => (r) => r.firmwareRollouts.tally(id)),
    findOpenTarget: ['CP1', '_', odd].map((id) => (r) => r.firmwareRollouts.findOpenTarget(`station-${id}`)),
    listTargets: [
      (r) => r.firmwareRollouts.listTargets({}, { limit: huge }),
      (r) => r.firmwareRollouts.listTargets({ rolloutId: huge, wave: 1 }, { limit: 1, offset: 1 }),
      (r) =>
        r.firmwareRollouts.listTargets({ stationId: 'CP1', states: ['offered', 'failed'] }, { limit: 9 }),
      (r) => r.firmwareRollouts.listTargets({ siteUuids: ['s'] }, { limit: 9 }),
    ],
    listOverdue: [
      (r) => r.firmwareRollouts.listOverdue(9, 5),
      (r) => r.firmwareRollouts.listOverdue(8, 5),
      (r) => r.firmwareRollouts.listOverdue(huge, 0),
    ],
    updateTarget: [
      (r) =>
        r.firmwareRollouts.updateTarget(newTarget(huge, '_'), {
          state: 'failed',
          detail: odd,
          endedAt: huge,
        }),
      (r) => r.firmwareRollouts.updateTarget(newTarget(1, 'CP1'), {}),
      (r) => r.firmwareRollouts.updateTarget(newTarget(low, 'CP1'), { failures: 1 }),
    ],
    countUses: ['image-2.0', 'image-Ä', odd].map((uuid) => (r) => r.firmwareRollouts.countUses(uuid)),
  },
};

/** What can be seen of the whole fleet. */
async function everything(r: Repositories): Promise<unknown> {
  const sessions = await r.sessions.list({});
  const samples: unknown[] = [];
  for (const { transactionId } of sessions) samples.push(await r.samples.listBySession(transactionId));
  return {
    sites: await r.sites.list(),
    floors: await r.floors.list(),
    stations: await r.stations.list(),
    connectors: await r.connectors.list({}, { withStation: true }),
    groups: await r.groups.list(),
    tags: [await r.tags.list(), await r.tags.listUnknown()],
    sessions: [sessions, await r.sessions.count({})],
    samples,
    unknownStations: await r.unknownStations.list(),
    breaches: await r.breaches.listByStation('station-CP1'),
    connections: await r.connections.list({}, { limit: 100 }),
    faults: await r.faults.list({}, { limit: 100 }),
    events: await r.events.list({}, { limit: 100 }),
    settings: await r.settings.list(),
    configurations: [
      await r.configurations.find('station-CP1'),
      await r.configurations.find(odd),
      await r.configurations.listTemplates(),
    ],
    firmware: [
      await r.firmwareImages.list(),
      await r.firmwareRollouts.list({ limit: 100 }),
      await r.firmwareRollouts.listTargets({}, { limit: 100 }),
    ],
    localLists: await Promise.all(['station-CP1', 'station-cp1', odd].map((uuid) => r.localLists.find(uuid))),
    certificates: await r.certificates.list({}, { limit: 100 }),
    signingRequests: await r.signingRequests.listDue(huge, 100),
    reservations: await r.reservations.list({}, { limit: 100 }),
    chargingProfiles: await r.chargingProfiles.list({ openAt: 0 }, { limit: 100 }),
  };
}

it('makes the same tables on PostgreSQL', async () => {
  const { version, rows } = await describeContent(server().executor);
  expect(version).toBe(migrations.at(-1)?.version);
  expect(Object.keys(rows)).toEqual(tableNames);
  expect(rows).toMatchObject({ migration: migrations.length, counter: 1, session: 0 });
});

it.each(Object.entries(questions))('%s answer the same on both', async (_, methods) => {
  const [onSqlite, onPostgres] = await Promise.all(
    engines.map(({ within }) =>
      within(async (r) => {
        await fill(r);
        const answers: [string, unknown][] = [];
        for (const [method, asked] of Object.entries<readonly Question[]>(methods)) {
          for (const ask of asked) answers.push([method, await ask(r)]);
        }
        return { answers, left: await everything(r) };
      }),
    ),
  );
  expect(onPostgres).toEqual(onSqlite);
});
