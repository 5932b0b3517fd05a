import { describe, expect, it } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { sampleSession } from '../../helpers/sample-session.js';
import { openPeople } from '../people-fixture.js';

describe('a user', () => {
  it('is created with what is known, shown, changed and deleted', async () => {
    const { fleet } = await openPeople();
    const { outcome, item } = await fleet.run('user.create', { email: 'Ada@Example.org' });
    expect(outcome).toBe('created');
    expect(item).toMatchObject({
      email: 'Ada@Example.org',
      firstName: null,
      lastName: null,
      role: 'driver',
      sites: [],
      status: 'active',
      hasPassword: false,
      emailAtAlarm: false,
      tags: [],
      createdAt: new Date(testStart).toISOString(),
    });
    const { item: changed } = await fleet.run('user.update', {
      email: 'ada@example.org',
      firstName: 'Ada',
      lastName: 'Berg',
      role: 'support',
      sites: ['solna', 'Kista', 'Solna'],
      emailAtAlarm: true,
      disabled: true,
      password: 'passw0rd',
    });
    expect(changed).toMatchObject({
      email: 'Ada@Example.org',
      firstName: 'Ada',
      lastName: 'Berg',
      role: 'support',
      sites: ['Kista', 'Solna'],
      status: 'disabled',
      hasPassword: true,
      emailAtAlarm: true,
    });
    const bare = { firstName: null, sites: [], disabled: false, password: null, emailAtAlarm: false };
    const undone = await fleet.run('user.update', { email: 'ada@example.org', ...bare });
    expect(undone.item).toMatchObject({
      firstName: null,
      lastName: 'Berg',
      sites: [],
      status: 'active',
      hasPassword: false,
      emailAtAlarm: false,
    });
    expect(await fleet.run('user.delete', { email: 'ADA@example.org' })).toEqual({ deleted: true });
    await failure(fleet.run('user.show', { email: 'ada@example.org' }), 'NOT_FOUND');
  });

  it('is one person however the address is written', async () => {
    const { fleet, user } = await openPeople();
    await user('Ada@example.org');
    await user('bo@example.org');
    expect((await failure(user('ada@EXAMPLE.org'), 'EXISTS')).message).toBe(
      'There is a user Ada@example.org already.',
    );
    const taken = fleet.run('user.update', { email: 'bo@example.org', newEmail: 'ADA@example.org' });
    const refused = await failure(taken, 'EXISTS');
    expect(refused.message).toBe('The e-mail address ADA@example.org is taken by another user.');
    expect(refused.suggestions[0]).toBe('evfleet user show ADA@example.org');
    const { item } = await fleet.run('user.update', {
      email: 'ada@example.org',
      newEmail: 'ada@Example.ORG',
    });
    expect(item.email).toBe('ada@Example.ORG');
  });

  it('that is there already is skipped or changed when that was asked for', async () => {
    const { fleet, user } = await openPeople();
    await user('ada@example.org', 'support');
    const again = { email: 'ADA@example.org', lastName: 'Berg' };
    expect(await fleet.run('user.create', { ...again, ifExists: 'skip' })).toMatchObject({
      outcome: 'skipped',
      item: { lastName: null },
    });
    expect(await fleet.run('user.create', { ...again, ifExists: 'update' })).toMatchObject({
      outcome: 'updated',
      item: { email: 'ada@example.org', lastName: 'Berg', role: 'support' },
    });
  });

  it.each([
    [{ email: 'ada' }, /exactly one @/],
    [{ email: 'ada@example.org\r\nBcc: x@y.z' }, /control characters/],
    [{ firstName: ' Ada' }, /^The first name " Ada" begins or ends with a space/],
    [{ lastName: 'x'.repeat(101) }, /^The last name .* at most 100/],
    [{ password: 'short1' }, /^The password has fewer than 8 characters/],
    [{ role: 'admin' as const, sites: ['Solna'] }, /An admin is for all sites/],
    [{ role: 'site-admin' as const }, /A site-admin is for some sites/],
    [{ role: 'boss' as never }, /^role: Expected one of admin, site-admin, support, driver/],
  ])('is not created from %j', async (wrong, message) => {
    const { fleet } = await openPeople();
    const error = await failure(fleet.run('user.create', { email: 'ada@example.org', ...wrong }), 'USAGE');
    expect(error.message).toMatch(message);
    expect((await fleet.run('user.list', {})).total).toBe(0);
  });

  it('names what is not there, and what was probably meant', async () => {
    const { fleet, user } = await openPeople();
    await user('ada@example.org');
    const nobody = await failure(fleet.run('user.show', { email: 'ad@example.org' }), 'NOT_FOUND');
    expect(nobody.suggestions).toContain('evfleet user show ada@example.org');
    const nowhere = fleet.run('user.update', { email: 'ada@example.org', sites: ['Sola'] });
    expect((await failure(nowhere, 'NOT_FOUND')).message).toBe('--site Sola: There is no site "Sola".');
    await failure(fleet.run('user.update', { email: 'ada@example.org' }), 'USAGE');
    expect(await fleet.run('user.delete', { email: 'no@example.org', ignoreNotFound: true })).toEqual({
      deleted: false,
    });
  });

  it('is listed by address, by role and by site', async () => {
    const { fleet, user } = await openPeople();
    await user('cy@example.org', 'support');
    await user('Bo@example.org', 'site-admin', ['Solna']);
    await user('ada@example.org', 'driver', ['Solna', 'Kista']);
    const emails = async (input: { role?: 'driver' | 'support'; site?: string; filter?: string[] }) =>
      (await fleet.run('user.list', input)).items.map(({ email }) => email);
    expect(await emails({})).toEqual(['ada@example.org', 'Bo@example.org', 'cy@example.org']);
    expect(await emails({ role: 'support' })).toEqual(['cy@example.org']);
    expect(await emails({ site: 'solna' })).toEqual(['ada@example.org', 'Bo@example.org']);
    expect(await emails({ site: 'Kista', role: 'support' })).toEqual([]);
    expect(await emails({ filter: ['status=disabled'] })).toEqual([]);
    await failure(emails({ site: 'Berlin' }), 'NOT_FOUND');
  });

  it('is not deleted while there are tags, and says which', async () => {
    const { fleet, user, write } = await openPeople();
    const { uuid } = await user('ada@example.org');
    for (const tag of ['T1', 'T2', 'T3', 'T4']) {
      await fleet.run('tag.create', { tag });
      await write((r) => r.tags.update(tag, { userUuid: uuid }));
    }
    expect((await fleet.run('user.show', { email: 'ada@example.org' })).tags).toEqual([
      'T1',
      'T2',
      'T3',
      'T4',
    ]);
    const error = await failure(fleet.run('user.delete', { email: 'ada@example.org' }), 'HAS_CHILDREN');
    expect(error.message).toBe('ada@example.org still has 4 tags: T1, T2, T3 and 1 more.');
    expect(error.suggestions[0]).toBe('evfleet tag delete T1');
  });

  it('that is deleted leaves sessions, and no keys', async () => {
    const { fleet, user, write } = await openPeople();
    const { uuid } = await user('ada@example.org', 'driver', ['Solna']);
    const session = { ...sampleSession(1), userUuid: uuid, userEmail: 'ada@example.org' };
    await write((r) => r.sessions.insert(session));
    const { id } = await fleet.run('api-key.create', { user: 'ada@example.org' });
    await fleet.run('user.delete', { email: 'ada@example.org' });
    expect(await write((r) => r.apiKeys.find(id))).toBeUndefined();
    expect((await write((r) => r.sessions.findByUuid(session.uuid)))?.userEmail).toBe('ada@example.org');
    expect(await fleet.run('site.delete', { name: 'Solna' })).toEqual({ deleted: true });
  });

  it('never shows a password, nor what is kept of it', async () => {
    const { fleet, user } = await openPeople();
    const created = await user('ada@example.org', 'support', [], 'passw0rd');
    const shown = await fleet.run('user.show', { email: 'ada@example.org' });
    const listed = await fleet.run('user.list', {});
    expect(JSON.stringify([created, shown, listed])).not.toMatch(/passw0rd|scrypt/);
  });
});

describe('the last admin', () => {
  const takeaways = [
    { role: 'driver' as const },
    { role: 'site-admin' as const, sites: ['Solna'] },
    { disabled: true },
  ];

  it.each(takeaways)('cannot be made %j', async (change) => {
    const { fleet, user } = await openPeople();
    await user('ada@example.org', 'admin');
    await user('bo@example.org', 'admin');
    await fleet.run('user.update', { email: 'bo@example.org', disabled: true });
    const error = await failure(
      fleet.run('user.update', { email: 'ada@example.org', ...change }),
      'CONFLICT',
    );
    expect(error.message).toBe('ada@example.org is the last admin that is left.');
    await fleet.run('user.update', { email: 'bo@example.org', disabled: false });
    await fleet.run('user.update', { email: 'ada@example.org', ...change });
  });

  it('cannot be deleted; one before the last and a disabled one can', async () => {
    const { fleet, user } = await openPeople();
    for (const name of ['ada', 'bo', 'cy']) await user(`${name}@example.org`, 'admin');
    await fleet.run('user.update', { email: 'cy@example.org', disabled: true });
    await fleet.run('user.delete', { email: 'bo@example.org' });
    await failure(fleet.run('user.delete', { email: 'ada@example.org' }), 'CONFLICT');
    await fleet.run('user.delete', { email: 'cy@example.org' });
    // What leaves an admin an admin is no question.
    await fleet.run('user.update', { email: 'ada@example.org', role: 'admin', lastName: 'Berg' });
  });

  it('may be missing from the beginning', async () => {
    const { fleet, user } = await openPeople();
    await user('ada@example.org', 'support');
    await fleet.run('user.delete', { email: 'ada@example.org' });
  });
});

it('takes the sites from whom it makes an admin', async () => {
  const { fleet, user } = await openPeople();
  await user('ada@example.org', 'site-admin', ['Solna']);
  const { item } = await fleet.run('user.update', { email: 'ada@example.org', role: 'admin' });
  expect(item).toMatchObject({ role: 'admin', sites: [] });
});

describe('a site or group', () => {
  it('stays as long as users or tags are for it', async () => {
    const { fleet, user, write } = await openPeople();
    await user('ada@example.org', 'driver', ['Solna']);
    const users = await failure(fleet.run('site.delete', { name: 'Solna' }), 'HAS_CHILDREN');
    expect(users.message).toBe('Some are for site Solna: ada@example.org.');
    expect(users.suggestions).toEqual(['evfleet user list --site Solna']);
    await fleet.run('user.update', { email: 'ada@example.org', sites: [] });

    await fleet.run('group.create', { name: 'fast' });
    const [site, group] = await write(async (r) => [
      (await r.sites.findByName('Solna'))?.uuid ?? '',
      (await r.groups.findByName('fast'))?.uuid ?? '',
    ]);
    await fleet.run('tag.create', { tag: 'T1' });
    await write((r) => r.tags.update('T1', { siteUuids: [site ?? ''], groupUuids: [group ?? ''] }));
    const tags = await failure(fleet.run('site.delete', { name: 'Solna' }), 'HAS_CHILDREN');
    expect(tags.message).toBe('Some are for site Solna: tag T1.');
    const grouped = await failure(fleet.run('group.delete', { name: 'fast' }), 'HAS_CHILDREN');
    expect(grouped.message).toBe('Some tags are accepted at stations of group fast: T1.');

    await fleet.run('tag.delete', { tag: 'T1' });
    expect(await fleet.run('group.delete', { name: 'fast' })).toEqual({ deleted: true });
    expect(await fleet.run('site.delete', { name: 'Solna' })).toEqual({ deleted: true });
  });
});
