import { describe, expect, it } from 'vitest';
import { type Caller, systemCaller } from '../../../src/domain/people/caller.js';
import type { Fleet, Input } from '../../../src/operations/fleet.js';
import { failure } from '../../helpers/failure.js';
import { openOperations } from '../../helpers/test-operations.js';

type Lines = Input<'tag-import.append'>['lines'];
type Begin = Input<'tag-import.begin'>;

async function stocked() {
  const operations = await openOperations();
  const { fleet } = operations;
  for (const name of ['Solna', 'Kista']) await fleet.run('site.create', { name });
  await fleet.run('group.create', { name: 'Night' });
  await fleet.run('user.create', { email: 'Ada@example.org', role: 'driver' });
  return operations;
}

/** One part, and whatever it comes to. */
async function importLines(
  fleet: Fleet,
  lines: Lines,
  { columns = [], ifExists = 'fail', dryRun = false }: Partial<Begin> & { dryRun?: boolean } = {},
) {
  const { importId } = await fleet.run('tag-import.begin', { columns, ifExists });
  const { faults } = await fleet.run('tag-import.append', { importId, lines });
  if (faults.length > 0) return { faults };
  return fleet.run('tag-import.finish', { importId, dryRun });
}

const everything: Begin['columns'] = [
  'label',
  'user',
  'blocked',
  'expiresAt',
  'parent',
  'maxActive',
  'sites',
  'groups',
];

const full = {
  line: 2,
  tag: 'A1',
  label: 'Pool',
  user: 'ADA@example.org',
  blocked: true,
  expiresAt: 1_900_000_000_000,
  parent: 'FAMILY',
  maxActive: 2,
  sites: ['solna', 'Kista', 'Solna'],
  groups: ['NIGHT'],
};

const shown = {
  tag: 'A1',
  status: 'blocked',
  label: 'Pool',
  user: 'Ada@example.org',
  expires: '2030-03-17T17:46:40.000Z',
  parent: 'FAMILY',
  maxActive: 2,
  sites: ['Kista', 'Solna'],
  groups: ['Night'],
};

describe('an import', () => {
  it('makes tags of everything that a line says, and forgets that they were unknown', async () => {
    const { fleet, write } = await stocked();
    await write((r) => r.tags.noteUnknown('a1', 'CP1', 1));
    const result = await importLines(fleet, [full, { line: 3, tag: 'B2' }], { columns: everything });
    expect(result).toEqual({ created: 2, updated: 0, skipped: 0, unchanged: 0, dryRun: false });
    expect(await fleet.run('tag.show', { tag: 'A1' })).toMatchObject(shown);
    expect(await fleet.run('tag.show', { tag: 'B2' })).toMatchObject({
      status: 'accepted',
      sites: [],
      user: null,
    });
    expect((await fleet.run('tag.unknown', {})).total).toBe(0);
  });

  it('spells a parent as the tag that it is, as tag create does', async () => {
    const { fleet } = await stocked();
    await fleet.run('tag.create', { tag: 'FAMILY' });
    const lines = ['family', 'Guests'].map((parent, i) => ({ line: i + 2, tag: `A${i}`, parent }));
    await importLines(fleet, lines, { columns: ['parent'] });
    const { items } = await fleet.run('tag.list', {});
    expect(items.map(({ parent }) => parent)).toEqual(['FAMILY', 'Guests', null]);
  });

  it('changes nothing when it is dry, and says what it would', async () => {
    const { fleet } = await stocked();
    await fleet.run('tag.create', { tag: 'B2', label: 'x' });
    await fleet.run('tag.create', { tag: 'C3' });
    const lines = [full, { line: 3, tag: 'b2' }, { line: 4, tag: 'c3' }];
    const result = await importLines(fleet, lines, { columns: ['label'], ifExists: 'update', dryRun: true });
    expect(result).toEqual({ created: 1, updated: 1, skipped: 0, unchanged: 1, dryRun: true });
    expect((await fleet.run('tag.list', {})).items).toMatchObject([{ tag: 'B2', label: 'x' }, { tag: 'C3' }]);
  });

  it('leaves what exists alone with skip', async () => {
    const { fleet } = await stocked();
    await fleet.run('tag.create', { tag: 'a1', label: 'old' });
    const options = { columns: everything, ifExists: 'skip' as const };
    expect(await importLines(fleet, [full, { line: 3, tag: 'B2' }], options)).toMatchObject({
      created: 1,
      skipped: 1,
    });
    expect(await fleet.run('tag.show', { tag: 'A1' })).toMatchObject({ tag: 'a1', label: 'old', sites: [] });
  });

  it.each([
    ['columns that it has not', ['label'], { label: 'new' }, { ...shown, label: 'new' }],
    ['what an empty cell removes', ['label', 'user'], {}, { ...shown, label: null, user: null }],
    ['sites alone', ['sites'], { sites: ['Kista'] }, { ...shown, sites: ['Kista'] }],
    ['no sites any more', ['sites'], {}, { ...shown, sites: [] }],
    ['groups alone', ['groups'], {}, { ...shown, groups: [] }],
    ['neither', ['sites', 'groups'], {}, { ...shown, sites: [], groups: [] }],
    ['the status', ['blocked'], {}, { ...shown, status: 'accepted' }],
  ] as const)('updates, and keeps the rest: %s', async (_, columns, line, expected) => {
    const { fleet } = await stocked();
    await importLines(fleet, [full], { columns: everything });
    const before = await fleet.run('tag.show', { tag: 'A1' });
    const lines = [{ line: 2, tag: 'a1', ...line }] as Lines;
    const result = await importLines(fleet, lines, { columns: [...columns], ifExists: 'update' });
    expect(result).toMatchObject({ created: 0, updated: 1, unchanged: 0 });
    expect(await fleet.run('tag.show', { tag: 'A1' })).toEqual({ ...before, ...expected });
    const again = await importLines(fleet, lines, { columns: [...columns], ifExists: 'update' });
    expect(again).toMatchObject({ updated: 0, unchanged: 1 });
  });

  it.each([
    ['a tag that exists', { tag: 'old' }, 'tag', 'there is a tag OLD already'],
    ['an empty tag', { tag: '' }, 'tag', 'the tag "" is empty'],
    ['a tag too long', { tag: 'x'.repeat(21) }, 'tag', 'at most 20 are allowed'],
    ['a tag of this part', { tag: 'FIRST' }, 'tag', '"FIRST" is in line 2 already'],
    ['its own parent', { parent: 'NEW' }, 'parent', 'cannot be its own parent'],
    ['an unknown user', { user: 'x@y' }, 'user', 'there is no user "x@y"'],
    ['an unknown site', { sites: ['Sola'] }, 'sites', 'there is no site "Sola"; did you mean Solna?'],
    ['an unknown group', { groups: ['Nigt'] }, 'groups', 'there is no group "Nigt"; did you mean Night?'],
  ])('imports nothing for %s', async (_, line, column, message) => {
    const { fleet } = await stocked();
    await fleet.run('tag.create', { tag: 'OLD' });
    const { importId } = await fleet.run('tag-import.begin', { columns: everything });
    const lines = [
      { line: 2, tag: 'first' },
      { line: 7, tag: 'new', ...line },
    ];
    const { faults, faultCount } = await fleet.run('tag-import.append', { importId, lines });
    expect(faultCount).toBe(1);
    expect(faults).toMatchObject([{ line: 7, column, message: expect.stringContaining(message) }]);
    await failure(fleet.run('tag-import.finish', { importId }), 'USAGE');
    expect((await fleet.run('tag.list', {})).total).toBe(1);
  });

  it('tells of a tag that came in an earlier part', async () => {
    const { fleet } = await stocked();
    const { importId } = await fleet.run('tag-import.begin', { columns: [] });
    await fleet.run('tag-import.append', { importId, lines: [{ line: 2, tag: 'A1' }] });
    const { faults } = await fleet.run('tag-import.append', { importId, lines: [{ line: 900, tag: 'a1' }] });
    expect(faults).toEqual([{ line: 900, column: 'tag', message: '"a1" is in line 2 already' }]);
  });

  it('counts all faults of a part, and tells the first thousand', async () => {
    const { fleet } = await stocked();
    const { importId } = await fleet.run('tag-import.begin', { columns: ['user', 'sites'] });
    const line = (i: number) => ({ line: i + 2, tag: `T${i}`, user: `u${i}@x`, sites: ['Nowhere'] });
    const lines = Array.from({ length: 1000 }, (_, i) => line(i));
    const { faults, faultCount } = await fleet.run('tag-import.append', { importId, lines });
    expect([faults.length, faultCount]).toEqual([1000, 2000]);
  });

  it.each([
    ['one of the tags was created', (fleet: Fleet) => fleet.run('tag.create', { tag: 'a1' })],
    ['the user was deleted', (fleet: Fleet) => fleet.run('user.delete', { email: 'ada@example.org' })],
    ['a site was deleted', (fleet: Fleet) => fleet.run('site.delete', { name: 'Kista' })],
  ])('imports nothing when %s meanwhile', async (_, meanwhile) => {
    const { fleet } = await stocked();
    const { importId } = await fleet.run('tag-import.begin', { columns: everything });
    await fleet.run('tag-import.append', { importId, lines: [full, { line: 3, tag: 'B2' }] });
    await meanwhile(fleet);
    await failure(fleet.run('tag-import.finish', { importId }), 'CONFLICT');
    expect((await fleet.run('tag.list', { filter: ['tag=B2'] })).total).toBe(0);
    expect((await fleet.run('tag.list', { filter: ['label=Pool'] })).total).toBe(0);
  });

  it('takes as many lines as are allowed, and none more', async () => {
    const { fleet, write } = await stocked();
    const { importId, maxLines } = await fleet.run('tag-import.begin', { columns: [] });
    expect(maxLines).toBe(100_000);
    await write((r) => r.tagImports.update(importId, { rows: maxLines - 1 }));
    const append = (tag: string) => fleet.run('tag-import.append', { importId, lines: [{ line: 2, tag }] });
    await append('A1');
    const error = await failure(append('A2'), 'USAGE');
    expect(error.message).toBe('An import may have 100,000 lines at most.');
  });

  it('is over once it is finished, discarded, or another was begun', async () => {
    const { fleet } = await stocked();
    for (const end of ['finish', 'discard', 'begin'] as const) {
      const { importId } = await fleet.run('tag-import.begin', { columns: [] });
      if (end === 'begin') await fleet.run('tag-import.begin', { columns: [] });
      else await fleet.run(`tag-import.${end}`, { importId });
      await failure(fleet.run('tag-import.append', { importId, lines: [] }), 'CONFLICT');
    }
  });

  it('waits while somebody else imports, until a minute after that was broken off', async () => {
    const { fleetOf, clock } = await openOperations({ live: {} as never });
    const one = fleetOf(systemCaller('one', 'socket'));
    const other = fleetOf(systemCaller('other', 'socket'));
    await one.run('tag-import.begin', { columns: [] });
    clock.advance(59_999);
    const error = await failure(other.run('tag-import.begin', { columns: [] }), 'CONFLICT');
    expect(error.message).toContain('one is importing tags');
    const limited = fleetOf({ ...systemCaller('sam', 'socket'), role: 'site-admin', siteUuids: ['s'] });
    const unnamed = await failure(limited.run('tag-import.begin', { columns: [] }), 'CONFLICT');
    expect(unnamed.message).toMatch(/^Somebody else is importing tags, since /);
    clock.advance(1);
    await other.run('tag-import.begin', { columns: [] });
  });
});

describe('a site-admin', () => {
  const sam = (siteUuids: string[]): Caller => ({
    ...systemCaller('sam@example.org', 'socket'),
    role: 'site-admin',
    siteUuids,
  });

  async function limited() {
    const operations = await stocked();
    const { fleet, fleetOf } = operations;
    const { items } = await fleet.run('site.list', { filter: ['name=Solna'] });
    await fleet.run('user.create', { email: 'sol@example.org', role: 'driver', sites: ['Solna'] });
    await fleet.run('tag.create', { tag: 'FAR', sites: ['Kista'] });
    await fleet.run('tag.create', { tag: 'BOTH', sites: ['Kista', 'Solna'] });
    await fleet.run('tag.create', { tag: 'NEAR', sites: ['Solna'] });
    return { ...operations, theirs: fleetOf(sam(items.map(({ uuid }) => uuid))) };
  }

  it.each([
    ['nothing said: their sites', {}, { sites: ['Solna'], user: null }],
    ['one of their sites', { sites: ['Solna'] }, { sites: ['Solna'] }],
    ['a user of theirs', { user: 'sol@example.org' }, { user: 'sol@example.org', sites: ['Solna'] }],
  ])('creates a tag with %s, by command and by import', async (_, said, expected) => {
    const { theirs } = await limited();
    expect((await theirs.run('tag.create', { tag: 'A1', ...said })).item).toMatchObject(expected);
    const columns = Object.keys(said) as Begin['columns'];
    expect(await importLines(theirs, [{ line: 2, tag: 'B2', ...said }], { columns })).toMatchObject({
      created: 1,
    });
    expect(await theirs.run('tag.show', { tag: 'B2' })).toMatchObject(expected);
  });

  it.each([
    ['a site of others', { tag: 'A1', sites: ['Kista'] }, 'NOT_FOUND', 'no site'],
    ['a user of others', { tag: 'A1', user: 'ada@example.org' }, 'NOT_FOUND', 'no user'],
    ['a tag of others', { tag: 'FAR' }, 'CONFLICT', 'is not free'],
  ] as const)('cannot create a tag with %s', async (_, line, code, message) => {
    const { theirs } = await limited();
    await failure(theirs.run('tag.create', line as Input<'tag.create'>), code);
    for (const ifExists of ['fail', 'skip', 'update'] as const) {
      const columns = (['sites', 'user'] as const).filter((column) => column in line);
      const result = await importLines(theirs, [{ line: 5, ...line }] as Lines, { columns, ifExists });
      expect(result).toMatchObject({ faults: [{ line: 5, message: expect.stringContaining(message) }] });
    }
  });

  it('takes a parent that is a tag of others for one that nobody has', async () => {
    const { fleet, theirs } = await limited();
    await fleet.run('tag.create', { tag: 'KID', parent: 'FAR', sites: ['Kista'] });
    expect((await theirs.run('tag.create', { tag: 'A1', parent: 'far' })).item.parent).toBe('far');
    await importLines(theirs, [{ line: 2, tag: 'B2', parent: 'far' }], { columns: ['parent'] });
    expect((await theirs.run('tag.show', { tag: 'B2' })).parent).toBe('far');
    expect((await theirs.run('tag.update', { tag: 'NEAR', parent: 'near2' })).parent).toBe('near2');
    // Nor do they hear of tags of others that name one of theirs.
    await fleet.run('tag.update', { tag: 'KID', parent: 'NEAR' });
    expect(await theirs.run('tag.delete', { tag: 'NEAR' })).toEqual({ deleted: true, parentOf: 0 });
  });

  it('changes labels of tags that they see, and takes none from their site', async () => {
    const { theirs } = await limited();
    expect((await theirs.run('tag.update', { tag: 'NEAR', label: 'x' })).label).toBe('x');
    await failure(theirs.run('tag.update', { tag: 'NEAR', sites: [] }), 'NOT_ALLOWED');
    const lines = [{ line: 2, tag: 'near', label: 'y' }];
    const options = { columns: ['label'] as Begin['columns'], ifExists: 'update' as const };
    expect(await importLines(theirs, lines, options)).toMatchObject({ updated: 1 });
    expect(await theirs.run('tag.show', { tag: 'NEAR' })).toMatchObject({ label: 'y', sites: ['Solna'] });
    await failure(theirs.run('tag.show', { tag: 'FAR' }), 'NOT_FOUND');
  });

  it('lets nobody charge at the cost of other sites', async () => {
    const { fleet, theirs } = await limited();
    const user = 'sol@example.org';
    for (const [id, site] of [
      ['S1', 'Solna'],
      ['K1', 'Kista'],
    ] as const) {
      await fleet.run('station.create', { id, site });
      await fleet.run('group.create', { name: `Of ${site}` });
      await fleet.run('group.add', { name: `Of ${site}`, stationIds: [id] });
    }
    await fleet.run('group.create', { name: 'Mixed' });
    await fleet.run('group.add', { name: 'Mixed', stationIds: ['S1', 'K1'] });
    await theirs.run('tag.create', { tag: 'A1', user });
    for (const everywhere of [{ sites: [] }, { sites: [], groups: [] }]) {
      const refused = await failure(theirs.run('tag.update', { tag: 'A1', ...everywhere }), 'NOT_ALLOWED');
      expect(refused.message).toBe('Tag A1 would charge everywhere, not at your sites only.');
    }
    await failure(theirs.run('tag.update', { tag: 'A1', groups: ['Mixed'] }), 'NOT_ALLOWED');
    await failure(theirs.run('tag.create', { tag: 'A2', user, groups: ['Mixed'] }), 'NOT_ALLOWED');
    const own = await theirs.run('tag.update', { tag: 'A1', sites: [], groups: ['Of Solna'] });
    expect(own).toMatchObject({ sites: [], groups: ['Of Solna'] });
    const columns = ['sites', 'groups'] as Begin['columns'];
    const line = { line: 2, tag: 'A1' };
    expect(await importLines(theirs, [line], { columns, ifExists: 'update' })).toMatchObject({
      faults: [{ line: 2, message: expect.stringContaining('would charge everywhere') }],
    });
  });

  it('does not lose the places of others, and changes what is for everywhere already', async () => {
    const { fleet, theirs } = await limited();
    const user = 'sol@example.org';
    await fleet.run('station.create', { id: 'K1', site: 'Kista' });
    await fleet.run('group.create', { name: 'Of Kista' });
    await fleet.run('group.add', { name: 'Of Kista', stationIds: ['K1'] });
    await fleet.run('tag.create', { tag: 'KEPT', user, groups: ['Of Kista'] });
    await failure(theirs.run('tag.update', { tag: 'KEPT', sites: ['Solna'], groups: [] }), 'NOT_ALLOWED');
    await failure(theirs.run('tag.delete', { tag: 'KEPT' }), 'NOT_ALLOWED');
    await fleet.run('tag.create', { tag: 'ANY', user });
    expect(await theirs.run('tag.update', { tag: 'ANY', label: 'x' })).toMatchObject({ sites: [] });
    expect((await theirs.run('tag.block', { tag: 'ANY' })).status).toBe('blocked');
    await theirs.run('tag.delete', { tag: 'ANY' });
  });
});
