import { expect, it } from 'vitest';
import { newTag } from '../../../src/domain/new-entities.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { openOperations } from '../../helpers/test-operations.js';

it('creates, shows, changes, blocks and deletes a tag, whatever the case', async () => {
  const { fleet } = await openOperations();
  const { item } = await fleet.run('tag.create', { tag: 'AbC1', label: 'Anna', parent: 'FAMILY' });
  expect(item).toMatchObject({
    tag: 'AbC1',
    status: 'accepted',
    label: 'Anna',
    expires: null,
    parent: 'FAMILY',
  });
  expect(await fleet.run('tag.show', { tag: 'ABC1' })).toEqual(item);
  expect((await fleet.run('tag.block', { tag: 'abc1' })).status).toBe('blocked');
  expect((await fleet.run('tag.list', { filter: ['status=blocked'] })).total).toBe(1);
  expect((await fleet.run('tag.unblock', { tag: 'abc1' })).status).toBe('accepted');
  const changed = await fleet.run('tag.update', { tag: 'abc1', label: null, parent: null });
  expect(changed).toMatchObject({ tag: 'AbC1', label: null, parent: null });
  expect(await fleet.run('tag.delete', { tag: 'ABC1' })).toEqual({ deleted: true, parentOf: 0 });
  expect(await fleet.run('tag.delete', { tag: 'ABC1', ignoreNotFound: true })).toEqual({
    deleted: false,
    parentOf: 0,
  });
});

it('spells a parent as the tag that it is: stations may compare it letter by letter', async () => {
  const { fleet } = await openOperations();
  await fleet.run('tag.create', { tag: 'FAMILY' });
  const { item } = await fleet.run('tag.create', { tag: 'A1', parent: 'family' });
  expect(item.parent).toBe('FAMILY');
  await fleet.run('tag.create', { tag: 'B1' });
  expect((await fleet.run('tag.update', { tag: 'B1', parent: 'Family' })).parent).toBe('FAMILY');
  // No tag at all, only a name that several have.
  expect((await fleet.run('tag.update', { tag: 'B1', parent: 'guests' })).parent).toBe('guests');
});

it('says how many tags name a deleted one as their parent', async () => {
  const { fleet } = await openOperations();
  await fleet.run('tag.create', { tag: 'A1', parent: 'family' });
  await fleet.run('tag.create', { tag: 'FAMILY' });
  await fleet.run('tag.create', { tag: 'B1', parent: 'FAMILY' });
  await fleet.run('tag.create', { tag: 'C1' });
  expect(await fleet.run('tag.delete', { tag: 'Family' })).toEqual({ deleted: true, parentOf: 2 });
  expect((await fleet.run('tag.show', { tag: 'B1' })).parent).toBe('FAMILY');
});

it.each([
  [{ limit: 2 }, ['A1', 'B1']],
  [{ limit: 2, offset: 1 }, ['B1', 'C1']],
  [{ limit: 0 }, []],
  [{ limit: 1, user: 'ada@example.org' }, ['B1']],
  [{ limit: 2, sort: '-tag' }, ['C1', 'B1']],
  [{ limit: 1, status: 'blocked' as const }, ['C1']],
  [{ limit: 1000 }, ['A1', 'B1', 'C1']],
])('lists the part of the tags that is asked for, and says how many match: %j', async (input, tags) => {
  const { fleet } = await openOperations();
  await fleet.run('user.create', { email: 'ada@example.org', role: 'driver' });
  await fleet.run('tag.create', { tag: 'C1', user: 'ada@example.org' });
  await fleet.run('tag.create', { tag: 'A1' });
  await fleet.run('tag.create', { tag: 'B1', user: 'ada@example.org' });
  await fleet.run('tag.block', { tag: 'C1' });
  const { items, total } = await fleet.run('tag.list', input);
  expect(items.map(({ tag }) => tag)).toEqual(tags);
  expect(total).toBe('user' in input ? 2 : 'status' in input ? 1 : 3);
});

it('expires a tag when its time has come', async () => {
  const { fleet, clock } = await openOperations();
  const expiresAt = testStart + 60_000;
  const { item } = await fleet.run('tag.create', { tag: 'A1', expiresAt });
  expect(item).toMatchObject({ status: 'accepted', expires: '2026-05-04T10:01:00.000Z' });
  clock.advance(60_000);
  expect((await fleet.run('tag.show', { tag: 'A1' })).status).toBe('expired');
  expect((await fleet.run('tag.block', { tag: 'A1' })).status).toBe('blocked');
  expect((await fleet.run('tag.update', { tag: 'A1', expiresAt: null })).expires).toBeNull();
});

it('creates a tag only once', async () => {
  const { fleet } = await openOperations();
  await fleet.run('tag.create', { tag: 'A1', label: 'x' });
  await failure(fleet.run('tag.create', { tag: 'a1' }), 'EXISTS');
  const create = (ifExists: 'skip' | 'update') =>
    fleet.run('tag.create', { tag: 'a1', label: 'y', ifExists });
  expect(await create('skip')).toMatchObject({ outcome: 'skipped', item: { label: 'x' } });
  expect(await create('update')).toMatchObject({ outcome: 'updated', item: { tag: 'A1', label: 'y' } });
});

it.each([
  ['its own parent', { tag: 'A1', parent: 'a1' }],
  ['too long', { tag: 'x'.repeat(21) }],
  ['a parent that is too long', { tag: 'A1', parent: 'x'.repeat(21) }],
  ['empty', { tag: '' }],
  ['an instant that no calendar has', { tag: 'A1', expiresAt: 9e15 }],
  ['an instant with a fraction', { tag: 'A1', expiresAt: 1.5 }],
])('refuses a tag: %s', async (_, input) => {
  const { fleet } = await openOperations();
  await failure(fleet.run('tag.create', input), 'USAGE');
});

it('refuses to change a tag to its own parent, or nothing', async () => {
  const { fleet } = await openOperations();
  await fleet.run('tag.create', { tag: 'A1' });
  await failure(fleet.run('tag.update', { tag: 'A1', parent: 'a1' }), 'USAGE');
  await failure(fleet.run('tag.update', { tag: 'A1' }), 'USAGE');
});

it('suggests the tag that was meant', async () => {
  const { fleet } = await openOperations();
  await fleet.run('tag.create', { tag: '04A2B3C4' });
  const tag = '04A2B3C5';
  const runs = [
    fleet.run('tag.show', { tag }),
    fleet.run('tag.block', { tag }),
    fleet.run('tag.unblock', { tag }),
    fleet.run('tag.delete', { tag }),
    fleet.run('tag.update', { tag, label: 'x' }),
  ];
  for (const error of await Promise.all(runs.map((run) => failure(run, 'NOT_FOUND')))) {
    expect(error.suggestions[0]).toBe('evfleet tag show 04A2B3C4');
  }
});

it('lists refused tags until somebody creates them', async () => {
  const { fleet, write } = await openOperations();
  await write(async (r) => {
    await r.tags.noteUnknown('NEW1', 'CP1', testStart);
    await r.tags.noteUnknown('new1', 'CP1', testStart + 1000);
    await r.tags.noteUnknown('NEW1', 'CP2', testStart + 2000);
  });
  const { items } = await fleet.run('tag.unknown', { sort: 'stationId' });
  expect(items).toMatchObject([
    { tag: 'NEW1', stationId: 'CP1', attempts: 2, lastSeen: '2026-05-04T10:00:01.000Z' },
    { stationId: 'CP2', attempts: 1 },
  ]);
  await fleet.run('tag.create', { tag: 'new1' });
  expect((await fleet.run('tag.unknown', {})).total).toBe(0);
});

it('gives a tag to a user, sites and groups, and takes it from them', async () => {
  const { fleet } = await openOperations();
  await fleet.run('user.create', { email: 'Ada@example.org', role: 'driver' });
  for (const name of ['Solna', 'Kista']) await fleet.run('site.create', { name });
  await fleet.run('group.create', { name: 'Night' });
  const places = { sites: ['solna', 'Kista', 'SOLNA'], groups: ['night'] };
  const given = { user: 'ada@EXAMPLE.org', maxActive: 2, ...places };
  const { item } = await fleet.run('tag.create', { tag: 'A1', ...given });
  const shown = { user: 'Ada@example.org', maxActive: 2, sites: ['Kista', 'Solna'], groups: ['Night'] };
  expect(item).toMatchObject(shown);
  expect(await fleet.run('tag.update', { tag: 'A1', sites: ['Kista'] })).toMatchObject({
    ...shown,
    sites: ['Kista'],
  });
  const none = { user: null, maxActive: null, sites: [], groups: [] };
  expect(await fleet.run('tag.update', { tag: 'A1', ...none })).toMatchObject(none);
});

it.each([
  ['a user', { user: 'x@example.org' }],
  ['a site', { sites: ['Solna'] }],
  ['a group', { groups: ['Night'] }],
])('refuses a tag of %s that there is not', async (_, input) => {
  const { fleet } = await openOperations();
  await failure(fleet.run('tag.create', { tag: 'A1', ...input }), 'NOT_FOUND');
  expect((await fleet.run('tag.list', {})).total).toBe(0);
});

it.each([
  ['a user', { user: 'ADA@example.org' }, ['A', 'D']],
  ['a site: accepted there, or of users who are for it', { site: 'Solna' }, ['A', 'B', 'D']],
  ['a status', { status: 'blocked' }, ['B', 'D']],
  ['all of these', { user: 'ada@example.org', site: 'solna', status: 'blocked' }, ['D']],
  ['nothing', {}, ['A', 'B', 'C', 'D']],
] as const)('lists and exports the tags of %s', async (_, filter, expected) => {
  const { fleet } = await openOperations();
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('user.create', { email: 'ada@example.org', role: 'driver', sites: ['Solna'] });
  await fleet.run('tag.create', { tag: 'D', user: 'ada@example.org' });
  await fleet.run('tag.create', { tag: 'C' });
  await fleet.run('tag.create', { tag: 'B', sites: ['Solna'] });
  await fleet.run('tag.create', { tag: 'A', user: 'ada@example.org', sites: ['Solna'] });
  for (const tag of ['B', 'D']) await fleet.run('tag.block', { tag });
  const { items, total } = await fleet.run('tag.list', { ...filter, limit: 3 });
  expect([items.map(({ tag }) => tag), total]).toEqual([expected.slice(0, 3), expected.length]);
  const exported: string[] = [];
  for await (const { tag } of fleet.stream('tag.export', filter)) exported.push(tag);
  expect(exported).toEqual(expected);
});

it('lists and exports more tags than are read at once', async () => {
  const { fleet, write } = await openOperations();
  const all = Array.from({ length: 1001 }, (_, i) => `T${String(i).padStart(4, '0')}`);
  await write((r) => r.tags.insertMany(all.map((tag) => newTag({ tag, createdAt: 1 }))));
  const exported: string[] = [];
  for await (const { tag } of fleet.stream('tag.export', {})) exported.push(tag);
  expect(exported).toEqual(all);
  expect((await fleet.run('tag.list', {})).total).toBe(1001);
});
