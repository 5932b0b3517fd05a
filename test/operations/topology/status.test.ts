import { expect, it } from 'vitest';
import type { LiveFleet } from '../../../src/operations/operation.js';
import { testStart } from '../../helpers/fake-clock.js';
import { runningSession, sampleSession } from '../../helpers/sample-session.js';
import { openOperations } from '../../helpers/test-operations.js';

const hourMs = 3600_000;

/** A running server in which these stations are connected. */
function liveFleet(online: ReadonlySet<string>): LiveFleet {
  return {
    isOnline: (uuid) => online.has(uuid),
    connectionId: (uuid) => (online.has(uuid) ? uuid : undefined),
    lastSeenAt: (uuid) => (online.has(uuid) ? testStart : undefined),
    stationChanged: async () => undefined,
    disconnect: () => undefined,
    shownSecurity: () => undefined,
    lastRefusal: () => undefined,
    checkCall: () => undefined,
    call: () => Promise.reject(new Error('not needed')),
    waitFor: async () => undefined,
  };
}

it('shows an empty fleet', async () => {
  const { fleet } = await openOperations();
  const from = testStart - 90 * 60_000;
  expect(await fleet.run('fleet.status', { from })).toEqual({
    time: '2026-05-04T10:00:00.000Z',
    served: false,
    powerKw: 0,
    maxPowerKw: null,
    today: { start: '2026-05-04T08:30:00.000Z', energyKwh: 0, hourlyEnergyKwh: [0, 0], sessions: 0 },
    sites: [],
    stations: [],
    counts: {
      sites: 0,
      stations: 0,
      connectors: 0,
      online: 0,
      offline: 0,
      neverConnected: 0,
      pending: 0,
      maintenance: 0,
      available: 0,
      occupied: 0,
      charging: 0,
      reserved: 0,
      unavailable: 0,
      faulted: 0,
      activeSessions: 0,
      unknownStations: 0,
      alarms: 0,
    },
    mailOff: 'mail.host is not set',
  });
});

it('shows the tree of sites, floors and stations, each station once', async () => {
  const online = new Set<string>();
  const live = liveFleet(online);
  const { fleet, write } = await openOperations({ live });
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('site.create', { name: 'Empty' });
  await fleet.run('floor.create', { site: 'Solna', name: 'P1' });
  const one = (await fleet.run('station.create', { id: 'CP1', site: 'Solna', floor: 'P1', connectors: 2 }))
    .item;
  const two = (await fleet.run('station.create', { id: 'CP2', site: 'Solna' })).item;
  await fleet.run('station.create', { id: 'CP3' });
  online.add(one.uuid ?? '').add(two.uuid ?? '');
  const report = { errorCode: 'NoError', vendorErrorCode: null, info: null, statusAt: testStart };
  await write(async (r) => {
    const uuid = one.uuid ?? '';
    await r.connectors.reportStatus({ stationUuid: uuid, connector: 1, status: 'Charging', ...report });
    await r.connectors.reportStatus({ stationUuid: uuid, connector: 2, status: 'Available', ...report });
    await r.connectors.reportStatus({
      stationUuid: two.uuid ?? '',
      connector: 1,
      status: 'Faulted',
      ...report,
    });
    await r.unknownStations.note({ id: 'CP9', address: null, protocol: null, at: 1 });
    const session = runningSession(7, { uuid, id: 'CP1' }, { meterLastWh: 3500, connector: 1 });
    await r.sessions.insert(session);
    const sample = { stationUuid: uuid, connector: 1, transactionId: 7, receivedAt: testStart, context: 'x' };
    const values = { energyWh: 3500, powerW: 7400, currentA: null, voltageV: null, soc: 55, other: null };
    await r.samples.insert([{ ...sample, ...values, takenAt: testStart }]);
  });
  const status = await fleet.run('fleet.status', {});
  expect(status.served).toBe(true);
  expect(status.sites.map(({ name }) => name)).toEqual(['Empty', 'Solna']);
  const solna = status.sites[1];
  expect(solna?.floors).toMatchObject([
    { name: 'P1', stations: [{ id: 'CP1', state: 'charging', online: true }] },
  ]);
  expect(solna?.floors[0]?.stations[0]?.connectors).toMatchObject([
    { connector: 1, state: 'charging', session: { transactionId: 7, energyKwh: 2.5, powerKw: 7.4, soc: 55 } },
    { connector: 2, state: 'available', session: null },
  ]);
  expect(solna?.stations).toMatchObject([{ id: 'CP2', state: 'faulted' }]);
  expect(status.stations).toMatchObject([{ id: 'CP3', state: 'new', online: false }]);
  expect(status.counts).toEqual({
    sites: 2,
    stations: 3,
    connectors: 4,
    online: 2,
    offline: 1,
    neverConnected: 1,
    pending: 0,
    maintenance: 0,
    available: 1,
    occupied: 0,
    charging: 1,
    reserved: 0,
    unavailable: 0,
    faulted: 1,
    activeSessions: 1,
    unknownStations: 1,
    alarms: 0,
  });
});

it('marks the stations at which somebody works, or at one of their connectors', async () => {
  const { fleet, clock } = await openOperations();
  for (const id of ['CP1', 'CP2', 'CP3']) await fleet.run('station.create', { id });
  await fleet.run('maintenance.create', { stationIds: ['CP1'], lastsMs: 60_000 });
  await fleet.run('maintenance.create', { stationIds: ['CP2'], connector: 1, lastsMs: 90_000 });
  await fleet.run('maintenance.create', {
    stationIds: ['CP3'],
    from: testStart + 80_000,
    to: testStart + 90_000,
  });
  const marks = async () =>
    (await fleet.run('fleet.status', {})).stations.map(({ maintenance }) => maintenance);
  expect(await marks()).toEqual([true, true, false]);
  clock.advance(60_000);
  expect(await marks()).toEqual([false, true, false]);
  clock.advance(20_000);
  expect(await marks()).toEqual([false, true, true]);
});

it('shows the power now and the energy of the day, of each site and of all', async () => {
  const online = new Set<string>();
  const { fleet, write } = await openOperations({ live: liveFleet(online) });
  const solna = (await fleet.run('site.create', { name: 'Solna' })).item;
  const kista = (await fleet.run('site.create', { name: 'Kista' })).item;
  const one = (await fleet.run('station.create', { id: 'CP1', site: 'Solna', connectors: 2 })).item;
  const two = (await fleet.run('station.create', { id: 'CP2', site: 'Kista' })).item;
  for (const connector of [1, 2]) {
    await fleet.run('connector.update', { stationId: 'CP1', connector, maxPowerKw: 22 });
  }
  online.add(one.uuid ?? '').add(two.uuid ?? '');
  const from = testStart - 3.5 * hourMs;
  await write(async (r) => {
    const metered = async (
      transactionId: number,
      at: number,
      values: { energyWh: number; powerW?: number },
    ) => {
      const none = { powerW: null, currentA: null, voltageV: null, soc: null, other: null };
      const sample = {
        stationUuid: '',
        connector: 1,
        transactionId,
        context: 'x',
        takenAt: at,
        receivedAt: at,
      };
      await r.samples.insert([{ ...sample, ...none, ...values }]);
    };
    // Since yesterday; 4 kWh before the day began, 6 in the first hour, 1 in the second, nothing since.
    const ended = { startedAt: from - hourMs, stoppedAt: from + 2.5 * hourMs, siteUuid: solna.uuid };
    await r.sessions.insert(sampleSession(1, { ...ended, meterStartWh: 1000, meterStopWh: 12_000 }));
    await metered(1, from - 60_000, { energyWh: 5000 });
    await metered(1, from + hourMs, { energyWh: 11_000 });
    await metered(1, from + 1.5 * hourMs, { energyWh: 12_000 });
    // Runs, and tells no power: 3.6 kWh in an hour. Half of it in the hour under way.
    const at = { startedAt: testStart - hourMs, meterStartWh: 0, connector: 1 };
    const running = { ...at, siteUuid: solna.uuid, meterLastWh: 3600, userEmail: 'ada@example.org' };
    await r.sessions.insert(runningSession(2, { uuid: one.uuid ?? '', id: 'CP1' }, running));
    await metered(2, testStart - 0.5 * hourMs, { energyWh: 1800 });
    await metered(2, testStart - 120_000, { energyWh: 3540 });
    await metered(2, testStart - 60_000, { energyWh: 3600 });
    // Tells its power, but nothing on the way.
    const other = { ...at, siteUuid: kista.uuid, meterLastWh: 2000 };
    await r.sessions.insert(runningSession(3, { uuid: two.uuid ?? '', id: 'CP2' }, other));
    await metered(3, testStart, { energyWh: 2000, powerW: 7400 });
  });
  const status = await fleet.run('fleet.status', { from });
  expect(status.sites).toMatchObject([
    { name: 'Kista', powerKw: 7.4, maxPowerKw: null, today: { energyKwh: 2, hourlyEnergyKwh: [0, 0, 1, 1] } },
    {
      name: 'Solna',
      powerKw: 3.6,
      maxPowerKw: 44,
      today: { energyKwh: 10.6, hourlyEnergyKwh: [6, 1, 1.8, 1.8] },
    },
  ]);
  expect(status.sites[1]?.stations[0]?.connectors[0]?.session).toMatchObject({
    powerKw: 3.6,
    userEmail: 'ada@example.org',
  });
  expect(status).toMatchObject({ powerKw: 11, maxPowerKw: null });
  expect(status.today).toMatchObject({ energyKwh: 12.6, hourlyEnergyKwh: [6, 1, 2.8, 2.8], sessions: 3 });

  const ofSite = await fleet.run('fleet.status', { from, site: 'solna' });
  expect(ofSite.sites).toEqual([status.sites[1]]);
  expect(ofSite).toMatchObject({
    powerKw: 3.6,
    maxPowerKw: 44,
    stations: [],
    counts: { stations: 1, sites: 1 },
  });
  expect(ofSite.today).toMatchObject({ energyKwh: 10.6, sessions: 2 });
  await expect(fleet.run('fleet.status', { site: 'Solne' })).rejects.toThrow(/There is no site "Solne"/);

  online.clear();
  // Of what is offline nobody knows what flows.
  expect(await fleet.run('fleet.status', { from })).toMatchObject({ powerKw: 0 });
});

it.each([
  ['is that of whoever asks', testStart - hourMs, testStart - hourMs],
  ['has 25 hours', testStart - 25 * hourMs + 1, testStart - 25 * hourMs + 1],
  ['begins with its first instant', testStart, testStart],
  ['of a clock that is ahead is that of yesterday', testStart + 60_000, testStart + 60_000 - 24 * hourMs],
  ['of a clock that is behind is that of now', testStart - 24.5 * 24 * hourMs, testStart - 12 * hourMs],
])('a day %s', async (_, from, start) => {
  const { fleet } = await openOperations();
  expect((await fleet.run('fleet.status', { from })).today.start).toBe(new Date(start).toISOString());
});
