import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PasswordHasher, type Scrypt, type ScryptCost } from '../../../src/domain/people/password.js';
import type { Repositories, Store } from '../../../src/domain/repositories.js';
import { callerOfKey } from '../../../src/operations/people/authenticate.js';
import { type LogInInput, logIn } from '../../../src/operations/people/login.js';
import { failure } from '../../helpers/failure.js';
import { openPeople } from '../people-fixture.js';

const day = 86_400_000;
const right = { email: 'ada@example.org', password: 'passw0rd' };
const from = { address: '192.0.2.7' };

async function openDoor() {
  const people = await openPeople();
  const { clock, write } = people;
  const store: Store = { read: write, write };
  const computed: ScryptCost[] = [];
  const scrypt: Scrypt = async (password, salt, cost) => {
    computed.push(cost);
    return Buffer.from(password.padEnd(32, String(salt[0])).slice(0, 32));
  };
  const passwords = new PasswordHasher({ scrypt, cost: { N: 2, r: 1, p: 1 } });
  const person = async (email: string, password: string | null, change: { disabled?: boolean } = {}) => {
    await people.user(email, 'support');
    const passwordHash = password === null ? null : await passwords.hash(password, randomBytes);
    const user = await write((r) => r.users.findByEmail(email));
    await write((r) => r.users.update(user?.uuid ?? '', { passwordHash, ...change }));
    computed.length = 0;
  };
  const enter = (input: LogInInput, hasher = passwords) =>
    logIn({ store, clock, newSecret: randomBytes, passwords: hasher }, input, from);
  const whose = (key: string) => callerOfKey(store, key, { ...from, now: clock.now() });
  return { ...people, store, computed, scrypt, person, enter, whose };
}

describe('logging in', () => {
  it('gives a key that works for 90 days', async () => {
    const { clock, person, enter, whose } = await openDoor();
    await person('Ada@example.org', 'passw0rd');
    const { key, ...rest } = await enter({ ...right, email: ' ADA@example.org', label: 'laptop' });
    expect(rest).toEqual({
      id: key.slice(4, 16),
      email: 'Ada@example.org',
      role: 'support',
      expires: clock.iso(90 * day),
    });
    expect(await whose(key)).toMatchObject({ name: 'Ada@example.org', role: 'support', readOnly: false });
    clock.advance(90 * day - 1);
    expect(await whose(key)).toBeDefined();
    clock.advance(1);
    expect(await whose(key)).toBeUndefined();
  });

  it('leaves a key in the lists and an entry in the audit, neither with the secret', async () => {
    const { fleet, person, enter, write } = await openDoor();
    await person('ada@example.org', 'passw0rd');
    const { key, id } = await enter({ ...right, label: 'laptop' });
    const { items } = await fleet.run('api-key.list', {});
    expect(items).toMatchObject([{ id, user: 'ada@example.org', label: 'laptop', origin: 'login' }]);
    const [entry] = await write((r) => r.audit.list({ operation: 'auth.login' }, { limit: 10 }));
    expect(entry).toMatchObject({ actor: 'ada@example.org', address: '192.0.2.7', keyId: id, outcome: 'ok' });
    expect(JSON.stringify([items, entry])).not.toContain(key.slice(17));
  });

  it.each([
    ['an unknown user', { email: 'eve@example.org' }],
    ['a wrong password', { password: 'passw0rt' }],
    ['a password that nobody could have', { password: 'x'.repeat(5000) }],
    ['somebody disabled', { email: 'gone@example.org' }],
    ['somebody without a password', { email: 'nopass@example.org' }],
    ['no address at all', { email: '' }],
  ])('answers the same after the same work for %s', async (_, wrong) => {
    const { computed, person, enter, fleet } = await openDoor();
    await person('ada@example.org', 'passw0rd');
    await person('gone@example.org', 'passw0rd', { disabled: true });
    await person('nopass@example.org', null);
    const error = await failure(enter({ ...right, ...wrong }), 'NOT_AUTHENTICATED');
    expect(error.message).toBe('The e-mail address or the password is not right.');
    expect(error.suggestions).toHaveLength(1);
    expect(computed).toEqual([{ N: 2, r: 1, p: 1 }]);
    expect((await fleet.run('api-key.list', {})).total).toBe(0);
  });

  it('hashes a password anew once better parameters are asked for', async () => {
    const { scrypt, computed, person, enter } = await openDoor();
    await person('ada@example.org', 'passw0rd');
    const better = new PasswordHasher({ scrypt, cost: { N: 4, r: 1, p: 1 } });
    await enter(right, better);
    expect(computed.map(({ N }) => N)).toEqual([2, 4]);
    computed.length = 0;
    await enter(right, better);
    expect(computed.map(({ N }) => N)).toEqual([4]);
  });

  it('fails when the password is changed while it is being checked', async () => {
    const { store, scrypt, person, enter, write } = await openDoor();
    await person('ada@example.org', 'passw0rd');
    const slow: Scrypt = async (...all) => {
      const user = await store.read((r) => r.users.findByEmail('ada@example.org'));
      await write((r) => r.users.update(user?.uuid ?? '', { passwordHash: null }));
      return scrypt(...all);
    };
    const hasher = new PasswordHasher({ scrypt: slow, cost: { N: 2, r: 1, p: 1 } });
    await failure(enter(right, hasher), 'NOT_AUTHENTICATED');
  });

  it('keeps a hundred keys of a person, those that are over going first', async () => {
    const { clock, fleet, person, enter, whose } = await openDoor();
    await person('ada@example.org', 'passw0rd');
    const keys: string[] = [];
    const another = async () => {
      clock.advance(1000);
      keys.push((await enter(right)).key);
    };
    for (let count = 0; count < 100; count += 1) await another();
    const [first = '', second = ''] = keys;
    await fleet.run('api-key.revoke', { ids: [second.slice(4, 16)] });
    await another();
    expect(await whose(first)).toBeDefined();
    await another();
    expect(await whose(first)).toBeUndefined();
    expect((await fleet.run('api-key.list', {})).total).toBe(100);
    expect(await whose(keys.at(-1) ?? '')).toBeDefined();
  });

  it.each(['', 'two\nlines', 'x'.repeat(101)])('refuses the label %j', async (label) => {
    const { person, enter } = await openDoor();
    await person('ada@example.org', 'passw0rd');
    await failure(enter({ ...right, label }), 'USAGE');
  });
});

describe('a key', () => {
  it('stands for its user as the user is now', async () => {
    const { fleet, user, whose, clock } = await openDoor();
    const { uuid } = await user('ada@example.org', 'support');
    const { key, id } = await fleet.run('api-key.create', { user: 'ada@example.org', readOnly: true });
    expect(await whose(key)).toEqual({
      name: 'ada@example.org',
      role: 'support',
      userUuid: uuid,
      siteUuids: null,
      readOnly: true,
      way: 'api',
      address: '192.0.2.7',
      keyId: id,
    });
    const solna = await fleet.run('site.show', { name: 'Solna' });
    const change = async (values: object) =>
      fleet.run('user.update', { email: 'ada@example.org', ...values });
    await change({ sites: ['Solna'] });
    expect(await whose(key)).toMatchObject({ role: 'support', siteUuids: [solna.uuid] });
    await change({ role: 'site-admin' });
    expect(await whose(key)).toMatchObject({ role: 'site-admin', siteUuids: [solna.uuid] });
    await change({ role: 'driver', sites: [] });
    expect(await whose(key)).toMatchObject({ role: 'driver', siteUuids: [] });
    await change({ role: 'admin' });
    expect(await whose(key)).toMatchObject({ role: 'admin', siteUuids: null });
    clock.advance(1000 * day);
    expect(await whose(key)).toBeDefined();
  });

  it('is nobody when it is wrong, over, or of somebody who is disabled or gone', async () => {
    const { fleet, user, whose, clock } = await openDoor();
    await user('ada@example.org');
    const email = { user: 'ada@example.org' };
    const { key, id } = await fleet.run('api-key.create', email);
    const other = await fleet.run('api-key.create', email);
    const short = await fleet.run('api-key.create', { ...email, expiresAt: clock.now() + 1000 });
    const gone = await fleet.run('api-key.create', email);
    await fleet.run('api-key.revoke', { ids: [gone.id] });
    const wrong = ['', 'evf_', key.slice(0, -1), `${key}x`, key.toUpperCase(), gone.key];
    const swapped = `evf_${id}_${other.key.slice(17)}`;
    const unknown = `evf_aaaaaaaaaaaa_${key.slice(17)}`;
    for (const text of [...wrong, swapped, unknown]) expect(await whose(text), text).toBeUndefined();
    expect(await whose(short.key)).toBeDefined();
    clock.advance(1000);
    expect(await whose(short.key)).toBeUndefined();
    await fleet.run('user.update', { email: 'ada@example.org', disabled: true });
    expect(await whose(key)).toBeUndefined();
    await fleet.run('user.update', { email: 'ada@example.org', disabled: false });
    expect(await whose(key)).toBeDefined();
    await fleet.run('user.delete', { email: 'ada@example.org' });
    expect(await whose(key)).toBeUndefined();
  });

  it('costs the same look-ups whether or not it exists', async () => {
    const { fleet, user, write, clock } = await openDoor();
    await user('ada@example.org');
    const { key } = await fleet.run('api-key.create', { user: 'ada@example.org' });
    const asked: string[] = [];
    const noting = <T extends object>(name: string, of: T): T =>
      new Proxy(of, {
        get(target, method) {
          asked.push(`${name}.${String(method)}`);
          return Reflect.get(target, method);
        },
      });
    const store: Store = {
      read: (work) =>
        write((r) =>
          work({ apiKeys: noting('apiKeys', r.apiKeys), users: noting('users', r.users) } as Repositories),
        ),
      write: () => Promise.reject(new Error('not needed')),
    };
    const from = { address: null, now: clock.now() };
    for (const text of [`evf_aaaaaaaaaaaa_${key.slice(17)}`, `${key.slice(0, -3)}aaa`]) {
      asked.length = 0;
      expect(await callerOfKey(store, text, from)).toBeUndefined();
      expect(asked).toEqual(['apiKeys.find', 'users.findByUuid']);
    }
  });

  it('notes that it was used at most once a minute, and only when it is right', async () => {
    const { fleet, user, whose, clock } = await openDoor();
    await user('ada@example.org');
    const { key } = await fleet.run('api-key.create', { user: 'ada@example.org' });
    const lastUsed = async () => (await fleet.run('api-key.list', {})).items[0]?.lastUsed;
    await whose(`${key.slice(0, -3)}aaa`);
    expect(await lastUsed()).toBeNull();
    const first = clock.iso();
    await whose(key);
    clock.advance(59_999);
    await whose(key);
    expect(await lastUsed()).toBe(first);
    clock.advance(1);
    await whose(key);
    expect(await lastUsed()).toBe(clock.iso());
  });
});

describe('a new password', () => {
  it('ends the logins of the user, but not the created keys and not the login that changed it', async () => {
    const { fleet, person, enter, whose, as } = await openDoor();
    await person('ada@example.org', 'passw0rd');
    await fleet.run('user.update', { email: 'ada@example.org', role: 'admin' });
    const [mine, other] = [await enter(right), await enter(right)];
    const created = await fleet.run('api-key.create', { user: 'ada@example.org' });
    const caller = await whose(mine.key);
    if (!caller) throw new Error('the key does not work');
    const change = { email: 'ada@example.org', password: 'an0ther one' };
    expect((await as(caller)('user.update', change)).loginsEnded).toBe(1);
    expect(await whose(other.key)).toBeUndefined();
    expect(await whose(mine.key)).toBeDefined();
    expect((await fleet.run('user.update', { ...change, password: null })).loginsEnded).toBe(1);
    expect(await whose(mine.key)).toBeUndefined();
    expect(await whose(created.key)).toBeDefined();
    // Anything else ends none.
    expect((await fleet.run('user.update', { email: 'ada@example.org', lastName: 'B' })).loginsEnded).toBe(0);
  });
});

describe('logging out', () => {
  it.each([
    ['admin', []],
    ['site-admin', ['Solna']],
    ['support', ['Solna']],
    ['driver', []],
  ] as const)('revokes the key of a %s that asks, a read-only one too', async (role, sites) => {
    const { fleet, user, whose, as } = await openDoor();
    await user('ada@example.org', role, [...sites]);
    const { key, id } = await fleet.run('api-key.create', { user: 'ada@example.org', readOnly: true });
    const caller = await whose(key);
    if (!caller) throw new Error('the key does not work');
    expect(await as(caller)('auth.logout', {})).toEqual({ id });
    expect(await whose(key)).toBeUndefined();
    expect((await fleet.run('api-key.list', {})).items).toMatchObject([{ id, status: 'revoked' }]);
  });

  it('is nothing that the machine itself can do', async () => {
    const { fleet } = await openDoor();
    await failure(fleet.run('auth.logout', {}), 'USAGE');
  });
});
