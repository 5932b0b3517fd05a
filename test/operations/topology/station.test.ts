import { describe, expect, it } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { runningSession, sampleSession } from '../../helpers/sample-session.js';
import { openOperations } from '../../helpers/test-operations.js';

async function withPlaces() {
  const opened = await openOperations();
  const { fleet } = opened;
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('site.create', { name: 'Berlin' });
  await fleet.run('floor.create', { site: 'Solna', name: 'P1' });
  await fleet.run('floor.create', { site: 'Berlin', name: 'P1' });
  return opened;
}

it('creates a station that nobody has heard of yet', async () => {
  const { fleet } = await openOperations();
  const { outcome, item } = await fleet.run('station.create', { id: 'CP1' });
  expect(outcome).toBe('created');
  expect(item).toMatchObject({
    id: 'CP1',
    name: 'CP1',
    site: null,
    registration: 'accepted',
    online: false,
    state: 'new',
    lastSeen: null,
    groups: [],
  });
  expect(item.connectors).toMatchObject([{ connector: 1, mode: 'rfid', status: null, state: 'offline' }]);
  expect(await fleet.run('station.show', { id: 'CP1' })).toEqual(item);
});

it('creates a station only once; ids have a case', async () => {
  const { fleet } = await openOperations();
  await fleet.run('station.create', { id: 'CP1', name: 'Garage', connectors: 2 });
  await failure(fleet.run('station.create', { id: 'CP1' }), 'EXISTS');
  const skipped = await fleet.run('station.create', { id: 'CP1', name: 'Other', ifExists: 'skip' });
  expect(skipped).toMatchObject({ outcome: 'skipped', item: { name: 'Garage' } });
  const updated = await fleet.run('station.create', {
    id: 'CP1',
    heartbeatIntervalS: 60,
    ifExists: 'update',
  });
  expect(updated).toMatchObject({ outcome: 'updated', item: { name: 'Garage', heartbeatInterval: 60 } });
  expect(updated.item.connectors).toHaveLength(2);
  expect((await fleet.run('station.create', { id: 'cp1' })).outcome).toBe('created');
});

it.each([
  [{ id: '' }, /empty/],
  [{ id: 'a/b' }, /"\/"/],
  [{ id: 'a:b' }, /":"/],
  [{ id: '..' }, /URL/],
  [{ id: 'x'.repeat(49) }, /at most 48/],
  [{ id: 'CP1', name: '' }, /station name/],
  [{ id: 'CP1', connectors: 1001 }, /connectors/],
  [{ id: 'CP1', heartbeatIntervalS: 0 }, /heartbeatIntervalS/],
  [{ id: 'CP1', floor: 'P1' }, /floor needs its site/],
  [{ id: 'CP1', site: null, floor: 'P1' }, /floor needs its site/],
])('refuses %j', async (input, message) => {
  const { fleet } = await withPlaces();
  expect((await failure(fleet.run('station.create', input), 'USAGE')).message).toMatch(message);
});

it('suggests the station that was meant', async () => {
  const { fleet } = await openOperations();
  await fleet.run('station.create', { id: 'GARAGE-1' });
  for (const name of ['station.show', 'station.delete'] as const) {
    const error = await failure(fleet.run(name, { id: 'GARGE-1' }), 'NOT_FOUND');
    expect(error.suggestions).toEqual(['evfleet station show GARAGE-1', 'evfleet station list']);
  }
  expect(await fleet.run('station.delete', { id: 'X', ignoreNotFound: true })).toEqual({ deleted: false });
});

describe('where a station stands', () => {
  const at = { site: 'Solna', floor: 'P1' };

  it.each([
    ['another name only', { name: 'New' }, at],
    ['the same site keeps the floor', { site: 'solna' }, at],
    ['another site leaves the floor', { site: 'Berlin' }, { site: 'Berlin', floor: null }],
    ['another site and its floor', { site: 'Berlin', floor: 'p1' }, { site: 'Berlin', floor: 'P1' }],
    ['no floor', { floor: null }, { site: 'Solna', floor: null }],
    ['nowhere', { site: null }, { site: null, floor: null }],
    ['the same floor by its name alone', { floor: 'P1' }, at],
  ])('%s', async (_, change, expected) => {
    const { fleet } = await withPlaces();
    await fleet.run('station.create', { id: 'CP1', ...at });
    expect(await fleet.run('station.update', { id: 'CP1', ...change })).toMatchObject(expected);
  });

  it('moves, to no floor unless one is named', async () => {
    const { fleet } = await withPlaces();
    await fleet.run('station.create', { id: 'CP1', ...at });
    const move = (to: { site: string; floor?: string }) => fleet.run('station.move', { id: 'CP1', ...to });
    expect(await move({ site: 'Berlin', floor: 'P1' })).toMatchObject({ site: 'Berlin', floor: 'P1' });
    expect(await move({ site: 'Berlin' })).toMatchObject({ site: 'Berlin', floor: null });
    await failure(move({ site: 'Berlin', floor: 'P9' }), 'NOT_FOUND');
    await failure(move({ site: 'Berlim' }), 'NOT_FOUND');
    expect(await fleet.run('station.show', { id: 'CP1' })).toMatchObject({ site: 'Berlin', floor: null });
  });

  it('is listed by site, with its number of connectors', async () => {
    const { fleet } = await withPlaces();
    await fleet.run('station.create', { id: 'CP1', ...at, connectors: 3 });
    await fleet.run('station.create', { id: 'CP2', site: 'Berlin' });
    const { items } = await fleet.run('station.list', { site: 'SOLNA' });
    expect(items).toMatchObject([{ id: 'CP1', site: 'Solna', floor: 'P1', connectors: 3 }]);
  });
});

it('adds and removes connectors, keeping what the others are', async () => {
  const { fleet } = await openOperations();
  await fleet.run('station.create', { id: 'CP1', connectors: 2 });
  await fleet.run('connector.update', { stationId: 'CP1', connector: 1, mode: 'open', evseId: 'SE*1' });
  const numbers = async (connectors: number) => {
    const station = await fleet.run('station.update', { id: 'CP1', connectors });
    return station.connectors.map(({ connector, mode }) => `${connector} ${mode}`);
  };
  expect(await numbers(4)).toEqual(['1 open', '2 rfid', '3 rfid', '4 rfid']);
  expect(await numbers(1)).toEqual(['1 open']);
});

it('lists by state, the strangers included', async () => {
  const { fleet, write } = await openOperations();
  await fleet.run('station.create', { id: 'CP1' });
  await fleet.run('station.create', { id: 'CP2', registration: 'pending' });
  await write((r) => r.unknownStations.note({ id: 'CP9', address: '10.0.0.9', protocol: 'ocpp1.6', at: 1 }));
  const ids = async (state: 'online' | 'offline' | 'accepted' | 'pending' | 'rejected' | 'unknown') =>
    (await fleet.run('station.list', { state })).items.map(({ id }) => id);
  expect(await ids('online')).toEqual([]);
  expect(await ids('offline')).toEqual(['CP1', 'CP2']);
  expect(await ids('accepted')).toEqual(['CP1']);
  expect(await ids('pending')).toEqual(['CP2']);
  expect(await ids('rejected')).toEqual([]);
  expect(await ids('unknown')).toEqual(['CP9']);
  await fleet.run('station.create', { id: 'CP9' });
  expect(await ids('unknown')).toEqual([]);
});

it('deletes a station but never its sessions, and not while one runs', async () => {
  const { fleet, write } = await openOperations();
  const { item } = await fleet.run('station.create', { id: 'CP1' });
  await fleet.run('group.create', { name: 'G' });
  await fleet.run('group.add', { name: 'G', stationIds: ['CP1'] });
  const station = { uuid: item.uuid ?? '', id: 'CP1' };
  await write(async (r) => {
    await r.sessions.insert(sampleSession(1, { stationUuid: station.uuid }));
    await r.sessions.insert(runningSession(2, station));
  });
  const error = await failure(
    fleet.run('station.delete', { id: 'CP1', ignoreNotFound: true }),
    'HAS_CHILDREN',
  );
  expect(error.suggestions).toEqual(['evfleet remote stop 2']);
  await write((r) => r.sessions.update(runningSession(2, station).uuid, { stoppedAt: 5, state: 'ended' }));
  await fleet.run('station.delete', { id: 'CP1' });
  expect((await fleet.run('session.list', { stationId: 'CP1' })).total).toBe(2);
  expect((await fleet.run('group.show', { name: 'G' })).stations).toEqual([]);
});
