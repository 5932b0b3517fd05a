import { expect, it } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { openOperations } from '../../helpers/test-operations.js';

async function withStations() {
  const { fleet } = await openOperations();
  for (const id of ['CP1', 'CP2', 'CP3']) await fleet.run('station.create', { id });
  await fleet.run('group.create', { name: 'Fast' });
  return fleet;
}

it('adds and removes stations', async () => {
  const fleet = await withStations();
  const added = await fleet.run('group.add', { name: 'fast', stationIds: ['CP3', 'CP1', 'CP1'] });
  expect(added).toMatchObject({ name: 'Fast', stations: ['CP1', 'CP3'] });
  expect(await fleet.run('group.show', { name: 'FAST' })).toEqual(added);
  expect((await fleet.run('group.list', {})).items).toMatchObject([{ name: 'Fast', stations: 2 }]);
  expect((await fleet.run('station.list', { group: 'Fast' })).items.map(({ id }) => id)).toEqual([
    'CP1',
    'CP3',
  ]);
  expect((await fleet.run('station.show', { id: 'CP1' })).groups).toEqual(['Fast']);
  const removed = await fleet.run('group.remove', { name: 'Fast', stationIds: ['CP1', 'CP2'] });
  expect(removed.stations).toEqual(['CP3']);
});

it('adds all or none', async () => {
  const fleet = await withStations();
  const stationIds = ['CP1', 'CP2', 'CPX'];
  const error = await failure(fleet.run('group.add', { name: 'Fast', stationIds }), 'NOT_FOUND');
  expect(error.message).toBe('There is no station "CPX".');
  expect((await fleet.run('group.show', { name: 'Fast' })).stations).toEqual([]);
  await failure(fleet.run('group.add', { name: 'Fast', stationIds: [] }), 'USAGE');
});

it('creates once, deletes, and leaves the stations alone', async () => {
  const fleet = await withStations();
  await fleet.run('group.add', { name: 'Fast', stationIds: ['CP1'] });
  await failure(fleet.run('group.create', { name: 'FAST' }), 'EXISTS');
  const outcome = async (ifExists: 'skip' | 'update') =>
    (await fleet.run('group.create', { name: 'FAST', ifExists })).outcome;
  expect(await outcome('skip')).toBe('skipped');
  expect(await outcome('update')).toBe('updated');
  expect(await fleet.run('group.delete', { name: 'Fast' })).toEqual({ deleted: true });
  expect(await fleet.run('group.delete', { name: 'Fast', ignoreNotFound: true })).toEqual({ deleted: false });
  expect((await fleet.run('station.list', {})).total).toBe(3);
});

it('suggests the group that was meant', async () => {
  const fleet = await withStations();
  const stationIds = ['CP1'];
  const runs = [
    fleet.run('group.show', { name: 'Fst' }),
    fleet.run('group.delete', { name: 'Fst' }),
    fleet.run('group.add', { name: 'Fst', stationIds }),
    fleet.run('group.remove', { name: 'Fst', stationIds }),
    fleet.run('station.list', { group: 'Fst' }),
  ];
  for (const error of await Promise.all(runs.map((run) => failure(run, 'NOT_FOUND')))) {
    expect(error.suggestions).toEqual(['evfleet group show Fast', 'evfleet group list']);
  }
});

it('stays while tags are for it, and says which', async () => {
  const fleet = await withStations();
  await fleet.run('group.create', { name: 'Slow' });
  await fleet.run('tag.create', { tag: 'A1', groups: ['Slow'] });
  await fleet.run('tag.create', { tag: 'B2', groups: ['Fast', 'Slow'] });
  await fleet.run('tag.create', { tag: 'C3' });
  const error = await failure(fleet.run('group.delete', { name: 'Fast' }), 'HAS_CHILDREN');
  expect(error.message).toBe('Some tags are accepted at stations of group Fast: B2.');
  await fleet.run('tag.update', { tag: 'B2', groups: ['Slow'] });
  expect(await fleet.run('group.delete', { name: 'Fast' })).toEqual({ deleted: true });
});
