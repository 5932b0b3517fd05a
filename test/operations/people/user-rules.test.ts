import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src/domain/errors.js';
import { newUser } from '../../../src/domain/new-entities.js';
import type { Role } from '../../../src/domain/people/people.js';
import type { Input } from '../../../src/operations/fleet.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { openPeople, type Run } from '../people-fixture.js';

const people = {
  admin: ['admin'],
  otherAdmin: ['admin'],
  solnaAdmin: ['site-admin', 'Solna'],
  solnaColleague: ['site-admin', 'Solna'],
  bothAdmin: ['site-admin', 'Solna', 'Kista'],
  fleetSupport: ['support'],
  solnaSupport: ['support', 'Solna'],
  solnaDriver: ['driver', 'Solna'],
  kistaDriver: ['driver', 'Kista'],
  bothDriver: ['driver', 'Solna', 'Kista'],
  freeDriver: ['driver'],
} as const satisfies Record<string, readonly [Role, ...string[]]>;
type Name = keyof typeof people;

const emailOf = (name: string) => `${name.toLowerCase()}@example.org`;
const names = Object.keys(people) as Name[];

async function openAll() {
  const opened = await openPeople();
  await opened.write(async (r) => {
    const sites = await r.sites.list();
    for (const [index, name] of names.entries()) {
      const [role, ...siteNames] = people[name];
      const siteUuids = sites
        .filter((site) => siteNames.some((name) => name === site.name))
        .map(({ uuid }) => uuid);
      const user = newUser({ uuid: `user-${index}`, email: emailOf(name), createdAt: testStart });
      await r.users.insert({ ...user, role, siteUuids });
    }
  });
  return opened;
}

/** What comes of it: `ok`, or the error, which names no site that was not named before. */
async function outcomeOf(work: Promise<unknown>): Promise<'ok' | ErrorCode> {
  return work.then(
    () => 'ok' as const,
    (error) => {
      expect(error.message).not.toMatch(/(?<!site "?)kista(?!driver)/i);
      return error.code;
    },
  );
}

/** What one person may do with another; left out: as with somebody who does not exist. */
const managed: Partial<Record<Name, Partial<Record<Name, 'ok' | 'NOT_ALLOWED'>>>> = {
  admin: Object.fromEntries(names.map((name) => [name, 'ok'])),
  solnaAdmin: {
    solnaAdmin: 'ok',
    solnaColleague: 'ok',
    bothAdmin: 'NOT_ALLOWED',
    solnaSupport: 'ok',
    solnaDriver: 'ok',
    bothDriver: 'NOT_ALLOWED',
  },
  bothAdmin: {
    solnaAdmin: 'ok',
    solnaColleague: 'ok',
    bothAdmin: 'ok',
    solnaSupport: 'ok',
    solnaDriver: 'ok',
    kistaDriver: 'ok',
    bothDriver: 'ok',
  },
};

const deeds: Record<string, (run: Run, email: string) => Promise<unknown>> = {
  'change the name': (run, email) => run('user.update', { email, lastName: 'Berg' }),
  'change the password': (run, email) => run('user.update', { email, password: 'passw0rd' }),
  'create it again, to change it': (run, email) =>
    run('user.create', { email, lastName: 'Berg', ifExists: 'update' }),
  'create a key': (run, email) => run('api-key.create', { user: email }),
  'list the keys': (run, email) => run('api-key.list', { user: email }),
  'delete the user': (run, email) => run('user.delete', { email }),
};

describe.each(Object.entries(deeds))('%s', (deed, act) => {
  it.each(['admin', 'solnaAdmin', 'bothAdmin'] as const)('as %s', async (actor) => {
    const { asUser } = await openAll();
    const run = await asUser(emailOf(actor));
    const known = managed[actor] ?? {};
    // Themselves first, as the other admin may be gone later; a caller that was deleted stays one in this test.
    const targets = [actor, ...names.filter((name) => name !== actor)];
    for (const target of targets) {
      // An address that is taken out of sight cannot be had, and the answer does not say by whom.
      const unseen = deed.startsWith('create it') ? 'EXISTS' : 'NOT_FOUND';
      const isLast = target === 'otherAdmin' && deed.startsWith('delete');
      const expected = isLast && actor === 'admin' ? 'CONFLICT' : (known[target] ?? unseen);
      expect([target, await outcomeOf(act(run, emailOf(target)))]).toEqual([target, expected]);
    }
  });

  it.each(['fleetSupport', 'solnaSupport', 'solnaDriver', 'freeDriver'] as const)('as %s', async (actor) => {
    const { asUser } = await openAll();
    const run = await asUser(emailOf(actor));
    const isOfKeys = deed.includes('key');
    for (const target of [...names, 'nobody']) {
      const expected = target === actor && isOfKeys ? 'ok' : 'NOT_ALLOWED';
      expect([target, await outcomeOf(act(run, emailOf(target)))]).toEqual([target, expected]);
    }
  });

  it('with a key that only reads', async () => {
    const { asUser } = await openAll();
    const run = await asUser(emailOf('admin'), { readOnly: true });
    const expected = deed === 'list the keys' ? 'ok' : 'NOT_ALLOWED';
    expect(await outcomeOf(act(run, emailOf('solnaDriver')))).toBe(expected);
  });
});

describe('a site-admin of Solna', () => {
  const create = (more: Omit<Input<'user.create'>, 'email'>) => (run: Run) =>
    run('user.create', { email: 'new@example.org', ...more });
  const update = (target: Name, more: Omit<Input<'user.update'>, 'email'>) => (run: Run) =>
    run('user.update', { email: emailOf(target), ...more });

  it.each<[string, (run: Run) => Promise<unknown>, 'ok' | ErrorCode]>([
    ['creates a driver', create({}), 'ok'],
    ['creates support for Solna', create({ role: 'support', sites: ['Solna'] }), 'ok'],
    ['creates a site-admin of Solna', create({ role: 'site-admin' }), 'ok'],
    ['creates no admin', create({ role: 'admin' }), 'NOT_ALLOWED'],
    ['creates nobody for Kista', create({ sites: ['Kista'] }), 'NOT_FOUND'],
    ['creates nobody for no site', create({ role: 'support', sites: [] }), 'NOT_ALLOWED'],
    ['makes a driver support', update('solnaDriver', { role: 'support' }), 'ok'],
    ['makes a driver site-admin', update('solnaDriver', { role: 'site-admin' }), 'ok'],
    ['makes nobody admin', update('solnaDriver', { role: 'admin' }), 'NOT_ALLOWED'],
    ['sends nobody to Kista', update('solnaDriver', { sites: ['Kista'] }), 'NOT_FOUND'],
    ['lets no support loose', update('solnaSupport', { sites: [] }), 'NOT_ALLOWED'],
    ['disables a driver', update('solnaDriver', { disabled: true }), 'ok'],
    ['changes the own password', update('solnaAdmin', { password: 'passw0rd' }), 'ok'],
    ['does not become admin', update('solnaAdmin', { role: 'admin' }), 'NOT_ALLOWED'],
    ['may become less', update('solnaAdmin', { role: 'support' }), 'ok'],
    ['does not get Kista', update('solnaAdmin', { sites: ['Solna', 'Kista'] }), 'NOT_FOUND'],
    ['takes no address from Kista', update('solnaDriver', { newEmail: emailOf('kistaDriver') }), 'EXISTS'],
  ])('%s', async (_, act, expected) => {
    const { asUser } = await openAll();
    expect(await outcomeOf(act(await asUser(emailOf('solnaAdmin'))))).toBe(expected);
  });

  it('creates people for the own sites unless told', async () => {
    const { asUser } = await openAll();
    for (const [name, sites] of [
      ['solnaAdmin', ['Solna']],
      ['bothAdmin', ['Kista', 'Solna']],
    ] as const) {
      const run = await asUser(emailOf(name));
      expect((await run('user.create', { email: `new-${name}@example.org` })).item.sites).toEqual(sites);
    }
  });

  it('sees who is for Solna, and of them only that', async () => {
    const { asUser } = await openAll();
    const run = await asUser(emailOf('solnaAdmin'));
    const { items } = await run('user.list', {});
    expect(items.map(({ email }) => email)).toEqual(
      ['bothAdmin', 'bothDriver', 'solnaAdmin', 'solnaColleague', 'solnaDriver', 'solnaSupport'].map(emailOf),
    );
    expect(JSON.stringify(items)).not.toContain('Kista');
    const shown = await run('user.show', { email: emailOf('bothDriver') });
    expect(shown.sites).toEqual(['Solna']);
  });
});

describe('keys', () => {
  it('are listed and revoked by their users, and by those in charge of them', async () => {
    const { fleet, asUser } = await openAll();
    const ids = new Map<string, string>();
    for (const name of names) {
      ids.set(name, (await fleet.run('api-key.create', { user: emailOf(name) })).id);
    }
    const seenBy: Partial<Record<Name, readonly Name[]>> = {
      admin: names,
      solnaAdmin: ['solnaAdmin', 'solnaColleague', 'solnaSupport', 'solnaDriver'],
      fleetSupport: ['fleetSupport'],
      solnaSupport: ['solnaSupport'],
      freeDriver: ['freeDriver'],
      bothDriver: ['bothDriver'],
    };
    for (const [actor, seen] of Object.entries(seenBy)) {
      const run = await asUser(emailOf(actor));
      const { items } = await run('api-key.list', {});
      expect(items.map(({ user }) => user).sort(), actor).toEqual(seen.map(emailOf).sort());
      for (const name of names) {
        const id = ids.get(name) ?? '';
        const expected = seen.includes(name) ? 'ok' : 'NOT_FOUND';
        expect([actor, name, await outcomeOf(run('api-key.revoke', { ids: [id] }))]).toEqual([
          actor,
          name,
          expected,
        ]);
      }
    }
  });

  it.each(names)('%s makes keys of their own, with their own role', async (name) => {
    const { asUser } = await openAll();
    const run = await asUser(emailOf(name));
    const created = await run('api-key.create', { label: 'mine' });
    expect(created).toMatchObject({ user: emailOf(name), role: people[name][0], label: 'mine' });
    expect(created.key).toContain(`evf_${created.id}_`);
    const readOnly = await asUser(emailOf(name), { readOnly: true });
    await failure(readOnly('api-key.create', {}), 'NOT_ALLOWED');
    await failure(readOnly('api-key.revoke', { ids: [created.id] }), 'NOT_ALLOWED');
  });
});

describe('whoami', () => {
  it.each([
    ['admin', null],
    ['bothAdmin', ['Kista', 'Solna']],
    ['fleetSupport', null],
    ['solnaSupport', ['Solna']],
    ['solnaDriver', ['Solna']],
    ['freeDriver', []],
  ] as const)('%s', async (name, sites) => {
    const { asUser } = await openAll();
    const run = await asUser(emailOf(name), { keyId: 'abc', readOnly: true });
    expect(await run('auth.whoami', {})).toEqual({
      name: emailOf(name),
      role: people[name][0],
      sites,
      readOnly: true,
      keyId: 'abc',
      expires: null,
      way: 'api',
    });
  });

  it.each(['admin', 'solnaDriver'] as const)('tells %s when the key ends', async (name) => {
    const { asUser } = await openAll();
    const made = await (await asUser(emailOf(name)))('api-key.create', { expiresAt: Date.UTC(2030, 0, 1) });
    const run = await asUser(emailOf(name), { keyId: made.id });
    expect(await run('auth.whoami', {})).toMatchObject({ expires: '2030-01-01T00:00:00.000Z' });
  });

  it('on the machine itself', async () => {
    const { fleet } = await openPeople();
    expect(await fleet.run('auth.whoami', {})).toEqual({
      name: 'tester',
      role: 'admin',
      sites: null,
      readOnly: false,
      keyId: null,
      expires: null,
      way: 'store',
    });
  });
});
