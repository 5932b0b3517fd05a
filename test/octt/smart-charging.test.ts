import { expect, it } from 'vitest';
import { itemsOf } from '../../src/operations/batches.js';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Smart Charging. */

const where = { targets: { stationIds: ['OCTT'] }, timeoutMs: 30_000 };
const unknownKey = [
  'ChargeProfileMaxStackLevel',
  'ChargingScheduleAllowedChargingRateUnit',
  'ChargingScheduleMaxPeriods',
  'MaxChargingProfilesInstalled',
  'GetConfigurationMaxKeys',
];

async function begin(): Promise<Certification> {
  const bench = await Certification.begin();
  return bench
    .answers('GetConfiguration', { unknownKey })
    .answers('SetChargingProfile', { status: 'Accepted' });
}

async function only(items: AsyncIterable<readonly BulkOutcome[]>): Promise<BulkOutcome | undefined> {
  for await (const item of itemsOf(items)) return item;
  return undefined;
}

function set(bench: Certification, profile: object, place: { connector?: number; session?: string } = {}) {
  const input = { ...where, ...place, profile: { ...profile } };
  return only(bench.server.fleet.batches('profile.set', input));
}

function clear(bench: Certification, criteria: object) {
  return only(bench.server.fleet.batches('profile.clear', { ...where, ...criteria }));
}

const chargingSchedule = {
  chargingRateUnit: 'A' as const,
  chargingSchedulePeriod: [
    { startPeriod: 0, limit: 10 },
    { startPeriod: 60, limit: 6.1, numberPhases: 1 },
  ],
};

it('TC_056_CSMS: a default for sessions, valid from one instant to another', async () => {
  const bench = await begin();
  const profile = {
    chargingProfileId: 56,
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile' as const,
    chargingProfileKind: 'Absolute' as const,
    validFrom: bench.now,
    validTo: new Date(Date.parse(bench.now) + 86_400_000).toISOString(),
    chargingSchedule: { ...chargingSchedule, startSchedule: bench.now, duration: 86_400 },
  };
  expect(await set(bench, profile, { connector: 1 })).toMatchObject({ status: 'Accepted' });
  expect(await bench.asked('SetChargingProfile')).toEqual({ connectorId: 1, csChargingProfiles: profile });
});

it('TC_057_CSMS: a limit for the session that runs', async () => {
  const bench = await begin();
  const transactionId = await bench.charging();
  const draft = { chargingProfilePurpose: 'TxProfile', stackLevel: 1, chargingSchedule };
  expect(await set(bench, draft, { connector: 1 })).toMatchObject({ status: 'Accepted' });
  const { connectorId, csChargingProfiles: sent } = await bench.asked('SetChargingProfile');
  expect(connectorId).toBe(1);
  expect(sent).toMatchObject({ chargingProfilePurpose: 'TxProfile', transactionId });
  expect(sent).not.toHaveProperty('recurrencyKind');
  expect(['Absolute', 'Relative']).toContain(sent.chargingProfileKind);
  expect(sent.chargingSchedule).toEqual(chargingSchedule);
});

it('TC_059_CSMS: a limit goes with a remote start, for a session that has no id yet', async () => {
  const bench = await begin();
  bench.answers('RemoteStartTransaction', { status: 'Accepted' });
  const start = { stationId: 'OCTT', connector: 1, tag: 'VALID', timeoutMs: 30_000 };
  const profile = { chargingProfilePurpose: 'TxProfile', chargingSchedule };
  await bench.server.fleet.run('remote.start', { ...start, profile });
  const asked = await bench.asked('RemoteStartTransaction');
  expect(asked).toMatchObject({ connectorId: 1, idTag: 'VALID', chargingProfile: profile });
  expect(asked.chargingProfile).not.toHaveProperty('transactionId');
  expect(asked.chargingProfile?.chargingSchedule.chargingSchedulePeriod[0]?.startPeriod).toBe(0);
  await bench.charging();
});

it('TC_066_CSMS: the schedule that all profiles come to', async () => {
  const bench = await begin();
  bench.answers('GetCompositeSchedule', {
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: bench.now,
    chargingSchedule: { ...chargingSchedule, duration: 300 },
  });
  const schedule = await bench.server.fleet.run('profile.schedule', {
    stationId: 'OCTT',
    connector: 1,
    duration: 300,
    unit: 'A',
    timeoutMs: 30_000,
  });
  expect(await bench.asked('GetCompositeSchedule')).toEqual({
    connectorId: 1,
    duration: 300,
    chargingRateUnit: 'A',
  });
  expect(schedule).toMatchObject({
    unit: 'A',
    duration: 300,
    periods: [{ limit: 10 }, { limit: 6.1, numberPhases: 1 }],
  });
});

it('TC_067_CSMS: of three profiles one is cleared by its id, the others by criteria', async () => {
  const bench = await begin();
  bench.answers('ClearChargingProfile', { status: 'Accepted' });
  await bench.charging();
  for (const chargingProfilePurpose of ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']) {
    expect(await set(bench, { chargingProfilePurpose, chargingSchedule })).toMatchObject({ ok: true });
  }
  const ids = [];
  for (const count of [1, 2, 3]) {
    const { csChargingProfiles } = await bench.asked('SetChargingProfile', count);
    ids.push(csChargingProfiles.chargingProfileId);
  }
  expect(new Set(ids).size).toBe(3);

  expect(await clear(bench, { id: ids[0] })).toMatchObject({ status: 'Accepted' });
  expect(await bench.asked('ClearChargingProfile')).toEqual({ id: ids[0] });
  expect(await clear(bench, { connector: 0, purpose: 'TxDefaultProfile', stackLevel: 0 })).toMatchObject({
    status: 'Accepted',
  });
  expect(await bench.asked('ClearChargingProfile', 2)).toEqual({
    connectorId: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    stackLevel: 0,
  });
  const { items } = await bench.server.fleet.run('profile.list', {});
  expect(items.map(({ purpose }) => purpose)).toEqual(['TxProfile']);
});
