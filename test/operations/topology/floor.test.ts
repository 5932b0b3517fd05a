import { expect, it } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { openOperations } from '../../helpers/test-operations.js';

async function withSites() {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('site.create', { name: 'Berlin' });
  return fleet;
}

it('creates, lists, shows, changes and deletes a floor', async () => {
  const fleet = await withSites();
  const { item } = await fleet.run('floor.create', { site: 'solna', name: 'P1', level: -1 });
  expect(item).toMatchObject({ name: 'P1', site: 'Solna', level: -1, stations: 0 });
  await fleet.run('floor.create', { site: 'Berlin', name: 'P1' });
  expect((await fleet.run('floor.list', { site: 'Solna' })).items).toEqual([item]);
  expect((await fleet.run('floor.list', {})).total).toBe(2);
  expect(await fleet.run('floor.show', { site: 'Solna', name: 'p1' })).toEqual(item);
  const changed = await fleet.run('floor.update', { site: 'Solna', name: 'P1', newName: 'P2', level: null });
  expect(changed).toEqual({ ...item, name: 'P2', level: null });
  expect(await fleet.run('floor.delete', { site: 'Solna', name: 'P2' })).toEqual({ deleted: true });
});

it('creates a floor only once per site', async () => {
  const fleet = await withSites();
  await fleet.run('floor.create', { site: 'Solna', name: 'P1', level: 1 });
  await failure(fleet.run('floor.create', { site: 'Solna', name: 'p1' }), 'EXISTS');
  const skipped = await fleet.run('floor.create', { site: 'Solna', name: 'p1', level: 2, ifExists: 'skip' });
  expect(skipped).toMatchObject({ outcome: 'skipped', item: { level: 1 } });
  const updated = await fleet.run('floor.create', {
    site: 'Solna',
    name: 'p1',
    level: 2,
    ifExists: 'update',
  });
  expect(updated).toMatchObject({ outcome: 'updated', item: { name: 'P1', level: 2 } });
  await fleet.run('floor.create', { site: 'Solna', name: 'P2' });
  await failure(fleet.run('floor.update', { site: 'Solna', name: 'P2', newName: 'P1' }), 'EXISTS');
});

it('suggests what was meant', async () => {
  const fleet = await withSites();
  await fleet.run('floor.create', { site: 'Solna', name: 'Basement' });
  const error = await failure(fleet.run('floor.show', { site: 'Solna', name: 'Bassment' }), 'NOT_FOUND');
  expect(error.suggestions).toEqual(['Did you mean Basement?', 'evfleet floor list --site Solna']);
  await failure(fleet.run('floor.show', { site: 'Nowhere', name: 'Basement' }), 'NOT_FOUND');
  const gone = { site: 'Berlin', name: 'Basement', ignoreNotFound: true };
  expect(await fleet.run('floor.delete', gone)).toEqual({ deleted: false });
});

it('refuses to delete a floor with stations', async () => {
  const fleet = await withSites();
  await fleet.run('floor.create', { site: 'Solna', name: 'P1' });
  await fleet.run('station.create', { id: 'CP1', site: 'Solna', floor: 'P1' });
  await failure(fleet.run('floor.delete', { site: 'Solna', name: 'P1' }), 'HAS_CHILDREN');
});
