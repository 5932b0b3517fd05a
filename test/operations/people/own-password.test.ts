import { describe, expect, it } from 'vitest';
import { PasswordHasher } from '../../../src/domain/people/password.js';
import type { Role } from '../../../src/domain/people/people.js';
import { failure } from '../../helpers/failure.js';
import { openPeople } from '../people-fixture.js';

const email = 'ada@example.org';
const change = { oldPassword: 'passw0rd-1', newPassword: 'passw0rd-2' };

async function openOwn(role: Role = 'driver', sites: string[] = []) {
  const people = await openPeople();
  await people.user(email, role, sites, change.oldPassword);
  const kept = async () => {
    const user = await people.write((r) => r.users.findByEmail(email));
    return user?.passwordHash ?? null;
  };
  const isNow = async (password: string) => new PasswordHasher().matches(password, await kept());
  return { ...people, kept, isNow };
}

it.each<[Role, string[]]>([
  ['driver', []],
  ['support', []],
  ['support', ['Solna']],
  ['site-admin', ['Solna']],
  ['admin', []],
])('%s (sites %j) gets another password for the old one', async (role, sites) => {
  const { asUser, isNow } = await openOwn(role, sites);
  const run = await asUser(email);
  expect(await run('auth.password', change)).toEqual({ email, loginsEnded: 0 });
  expect(await isNow(change.newPassword)).toBe(true);
});

it('ends the logins with the old one, but not keys that were created, nor the one that asks', async () => {
  const { asUser, write, callerOf } = await openOwn();
  const { userUuid } = await callerOf(email);
  const key = (id: string, origin: 'login' | 'created') => ({
    ...{ id, origin, userUuid: userUuid ?? '', label: null, secretHash: id, readOnly: false },
    ...{ expiresAt: null, createdAt: 1, lastUsedAt: null, revokedAt: null },
  });
  for (const one of [key('mine', 'login'), key('old', 'login'), key('made', 'created')]) {
    await write((r) => r.apiKeys.insert(one));
  }
  const run = await asUser(email, { keyId: 'mine' });
  expect((await run('auth.password', change)).loginsEnded).toBe(1);
  const keys = await write((r) => r.apiKeys.list());
  expect(keys.filter(({ revokedAt }) => revokedAt !== null).map(({ id }) => id)).toEqual(['old']);
});

describe('changes nothing', () => {
  it.each([
    ['for another old one', { ...change, oldPassword: 'passw0rd-3' }, 'NOT_ALLOWED'],
    ['for a new one that will not do', { ...change, newPassword: 'password' }, 'USAGE'],
  ] as const)('%s', async (_, input, code) => {
    const { asUser, isNow } = await openOwn();
    const run = await asUser(email);
    await failure(run('auth.password', input), code);
    expect(await isNow(change.oldPassword)).toBe(true);
  });

  it('for somebody who has none, or may only read', async () => {
    const { asUser, fleet, kept } = await openOwn();
    const reader = await asUser(email, { readOnly: true });
    await failure(reader('auth.password', change), 'NOT_ALLOWED');
    await fleet.run('user.update', { email, password: null });
    const run = await asUser(email);
    await failure(run('auth.password', change), 'NOT_ALLOWED');
    expect(await kept()).toBeNull();
  });

  it('for who is on the machine, and says what to do there', async () => {
    const { fleet } = await openOwn();
    const error = await failure(fleet.run('auth.password', change), 'USAGE');
    expect(error.suggestions).toContain('evfleet user update EMAIL --ask-password');
  });
});

it('is recorded, without either password', async () => {
  const { asUser, fleet } = await openOwn();
  const run = await asUser(email);
  await failure(run('auth.password', { ...change, oldPassword: 'passw0rd-9' }), 'NOT_ALLOWED');
  await run('auth.password', change);
  const { items } = await fleet.run('audit.list', { operation: 'auth.password' });
  expect(items).toMatchObject([
    { actor: email, outcome: 'NOT_ALLOWED', input: { oldPassword: '***', newPassword: '***' } },
    { actor: email, outcome: 'ok', target: email, before: { password: '***' }, after: { password: '***' } },
  ]);
  expect(JSON.stringify(items)).not.toContain('passw0rd');
});
