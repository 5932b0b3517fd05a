import { expect, it } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { openOperations } from '../../helpers/test-operations.js';

it('creates, lists, shows, changes and deletes a site', async () => {
  const { fleet } = await openOperations();
  const { outcome, item } = await fleet.run('site.create', { name: 'Solna', address: 'Gatan 1', lat: 59.3 });
  expect(outcome).toBe('created');
  expect(item).toMatchObject({
    name: 'Solna',
    address: 'Gatan 1',
    lat: 59.3,
    lon: null,
    floors: 0,
    stations: 0,
  });
  expect(item.createdAt).toBe('2026-05-04T10:00:00.000Z');
  expect(await fleet.run('site.list', {})).toEqual({ items: [item], total: 1 });
  expect(await fleet.run('site.show', { name: 'SOLNA' })).toEqual(item);
  const changed = await fleet.run('site.update', { name: 'solna', newName: 'Solna C', address: null });
  expect(changed).toEqual({ ...item, name: 'Solna C', address: null });
  expect(await fleet.run('site.delete', { name: 'Solna C' })).toEqual({ deleted: true });
  expect((await fleet.run('site.list', {})).items).toEqual([]);
});

it('creates a site only once, whatever the case', async () => {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'Solna', address: 'a' });
  const error = await failure(fleet.run('site.create', { name: 'SOLNA' }), 'EXISTS');
  expect(error.message).toBe('There is a site Solna already.');
  const skipped = await fleet.run('site.create', { name: 'solna', address: 'b', ifExists: 'skip' });
  expect(skipped).toMatchObject({ outcome: 'skipped', item: { name: 'Solna', address: 'a' } });
  const updated = await fleet.run('site.create', { name: 'solna', lat: 1, ifExists: 'update' });
  expect(updated).toMatchObject({ outcome: 'updated', item: { name: 'Solna', address: 'a', lat: 1 } });
});

it('suggests the site that was meant', async () => {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'Solna Centrum' });
  const error = await failure(fleet.run('site.show', { name: 'Solna Centrun' }), 'NOT_FOUND');
  expect(error.suggestions).toEqual(["evfleet site show 'Solna Centrum'", 'evfleet site list']);
  const far = await failure(fleet.run('site.delete', { name: 'Berlin' }), 'NOT_FOUND');
  expect(far.suggestions).toEqual(['evfleet site list']);
  expect(await fleet.run('site.delete', { name: 'Berlin', ignoreNotFound: true })).toEqual({
    deleted: false,
  });
});

it('does not rename a site to the name of another', async () => {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'A1' });
  await fleet.run('site.create', { name: 'B1' });
  await failure(fleet.run('site.update', { name: 'A1', newName: 'b1' }), 'EXISTS');
  expect((await fleet.run('site.update', { name: 'A1', newName: 'a1' })).name).toBe('a1');
});

it('refuses to delete a site that has floors or stations', async () => {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('floor.create', { site: 'Solna', name: 'P1' });
  const { message, suggestions } = await failure(fleet.run('site.delete', { name: 'Solna' }), 'HAS_CHILDREN');
  expect(message).toBe('Site Solna still has 1 floor.');
  expect(suggestions).toEqual(['evfleet floor list --site Solna']);
  await fleet.run('floor.delete', { site: 'Solna', name: 'P1' });
  await fleet.run('station.create', { id: 'CP1', site: 'Solna' });
  const error = await failure(
    fleet.run('site.delete', { name: 'Solna', ignoreNotFound: true }),
    'HAS_CHILDREN',
  );
  expect(error.message).toBe('Site Solna still has 1 station.');
  expect(error.suggestions).toEqual(['evfleet station list --site Solna']);
});

it.each([
  { name: '' },
  { name: 'x'.repeat(101) },
  { name: 'a\nb' },
  { name: 'ok', lat: 91 },
  { name: 'ok', lon: -181 },
  { name: 'ok', address: 'x'.repeat(501) },
])('refuses %j', async (input) => {
  const { fleet } = await openOperations();
  await failure(fleet.run('site.create', input), 'USAGE');
  expect((await fleet.run('site.list', {})).total).toBe(0);
});

it('asks for something to change', async () => {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'Solna' });
  await failure(fleet.run('site.update', { name: 'Solna' }), 'USAGE');
});
