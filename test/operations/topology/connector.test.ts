import { expect, it } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { runningSession } from '../../helpers/sample-session.js';
import { openOperations } from '../../helpers/test-operations.js';

it('lists connectors of the fleet, a site or a station', async () => {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('station.create', { id: 'CP1', connectors: 2, site: 'Solna' });
  await fleet.run('station.create', { id: 'CP2' });
  const count = async (input: { stationId?: string; site?: string }) =>
    (await fleet.run('connector.list', input)).total;
  expect(await count({})).toBe(3);
  expect(await count({ stationId: 'CP1' })).toBe(2);
  expect(await count({ site: 'Solna' })).toBe(2);
  expect(await count({ site: 'Solna', stationId: 'CP2' })).toBe(0);
  await failure(fleet.run('connector.list', { stationId: 'CP3' }), 'NOT_FOUND');
  await failure(fleet.run('connector.list', { site: 'Solnaa' }), 'NOT_FOUND');
});

it('changes how a connector is described', async () => {
  const { fleet } = await openOperations();
  await fleet.run('station.create', { id: 'CP1' });
  const key = { stationId: 'CP1', connector: 1 };
  const description = {
    name: 'left',
    mode: 'open',
    evseId: 'SE*1*E1',
    type: 'Type2',
    maxPowerKw: 22.08,
  } as const;
  expect(await fleet.run('connector.update', { ...key, ...description })).toMatchObject(description);
  const cleared = await fleet.run('connector.update', { ...key, evseId: null, maxPowerKw: null });
  expect(cleared).toMatchObject({ name: 'left', evseId: null, maxPowerKw: null });
});

it('says which connectors there are', async () => {
  const { fleet } = await openOperations();
  await fleet.run('station.create', { id: 'CP1', connectors: 2 });
  for (const connector of [0, 3, -1]) {
    const change = { stationId: 'CP1', connector, mode: 'open' } as const;
    const error = await failure(fleet.run('connector.update', change), 'NOT_FOUND');
    expect(error.message).toBe(`Station CP1 has no connector ${connector}; it has 1, 2.`);
  }
});

it.each([{ maxPowerKw: 0 }, { maxPowerKw: 10_001 }, { evseId: 'x'.repeat(49) }, {}])(
  'refuses the change %j',
  async (change) => {
    const { fleet } = await openOperations();
    await fleet.run('station.create', { id: 'CP1' });
    await failure(fleet.run('connector.update', { stationId: 'CP1', connector: 1, ...change }), 'USAGE');
  },
);

it('shows the newest of two sessions that were never stopped', async () => {
  const { fleet, write } = await openOperations();
  const { item } = await fleet.run('station.create', { id: 'CP1' });
  const station = { uuid: item.uuid ?? '', id: 'CP1' };
  // Replayed from a queue: the older session got the higher number.
  await write((r) => r.sessions.insert(runningSession(1, station, { startedAt: 2000 })));
  await write((r) => r.sessions.insert(runningSession(2, station, { startedAt: 1000 })));
  expect((await fleet.run('connector.list', {})).items).toMatchObject([{ transactionId: 1 }]);
  expect((await fleet.run('station.show', { id: 'CP1' })).connectors).toMatchObject([{ transactionId: 1 }]);
  const { stations } = await fleet.run('fleet.status', {});
  expect(stations[0]?.connectors).toMatchObject([{ transactionId: 1, session: { transactionId: 1 } }]);
});
