import { expect, it } from 'vitest';
import type { LiveFleet } from '../../../src/operations/operation.js';
import { testStart } from '../../helpers/fake-clock.js';
import { runningSession } from '../../helpers/sample-session.js';
import { openOperations } from '../../helpers/test-operations.js';

it('shows an empty fleet', async () => {
  const { fleet } = await openOperations();
  expect(await fleet.run('fleet.status', {})).toEqual({
    time: '2026-05-04T10:00:00.000Z',
    served: false,
    sites: [],
    stations: [],
    counts: {
      sites: 0,
      stations: 0,
      connectors: 0,
      online: 0,
      offline: 0,
      available: 0,
      charging: 0,
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
  const live = {
    isOnline: (uuid) => online.has(uuid),
    connectionId: (uuid) => (online.has(uuid) ? uuid : undefined),
    lastSeenAt: (uuid) => (online.has(uuid) ? testStart : undefined),
    stationChanged: async () => undefined,
    disconnect: () => undefined,
    shownSecurity: () => undefined,
    checkCall: () => undefined,
    call: () => Promise.reject(new Error('not needed')),
    waitFor: async () => undefined,
  } satisfies LiveFleet;
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
    available: 1,
    charging: 1,
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
