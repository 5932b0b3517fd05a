import type { Repositories } from '../../../src/domain/repositories.js';
import { emptyConfiguration } from '../../../src/domain/station/configuration.js';
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
} from './fixtures.js';
import { huge, low, odd } from './odd-values.js';

/** Rows of every kind, with what is odd in them. */
export async function fill(r: Repositories): Promise<void> {
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
