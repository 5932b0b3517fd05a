import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  checkPassword,
  defaultCost,
  PasswordHasher,
  type Scrypt,
} from '../../../src/domain/people/password.js';
import { failure } from '../../helpers/failure.js';

const cheap = { N: 16, r: 1, p: 1 };
const dearer = { N: 32, r: 1, p: 1 };

it.each([
  ['passw0rd'],
  ['correct horse battery 1'],
  ['grün-Straße-7'],
  ['пароль12'],
  ['🚗🚗🚗🚗🚗🚗a1'],
  ['a1'.repeat(512)],
])('takes %s', (password) => {
  expect(() => checkPassword(password)).not.toThrow();
});

it.each([
  ['pass0rd', 'has fewer than 8 characters'],
  // Eight code units, but seven characters.
  ['🚗passw1', 'has fewer than 8 characters'],
  // Composed, these are seven.
  ['pässwo1'.normalize('NFD'), 'has fewer than 8 characters'],
  ['password', 'has no digit'],
  ['12345678', 'has no letter'],
  ['passw0rd\u0000', 'contains control characters'],
  [`${'a1'.repeat(512)}x`, 'is longer than 1024 bytes'],
  [`1${'ä'.repeat(512)}`, 'is longer than 1024 bytes'],
])('refuses %j, and does not repeat it', async (password, why) => {
  const error = await failure(
    Promise.resolve().then(() => checkPassword(password)),
    'USAGE',
  );
  expect(error.message).toBe(`The password ${why}.`);
});

it('tells the right password from others, without keeping it', async () => {
  const hasher = new PasswordHasher({ cost: cheap });
  const kept = await hasher.hash('passw0rd!', randomBytes);
  expect(kept).toMatch(/^scrypt\$16\$1\$1\$[\w-]{22}\$[\w-]{43}$/);
  expect(await hasher.hash('passw0rd!', randomBytes)).not.toBe(kept);
  expect(await hasher.matches('passw0rd!', kept)).toBe(true);
  for (const other of ['passw0rd', 'Passw0rd!', 'passw0rd! ', '']) {
    expect(await hasher.matches(other, kept)).toBe(false);
  }
});

it('takes an umlaut for the same however a keyboard composes it', async () => {
  const hasher = new PasswordHasher({ cost: cheap });
  const kept = await hasher.hash('Mörköö12'.normalize('NFD'), randomBytes);
  expect(await hasher.matches('Mörköö12'.normalize('NFC'), kept)).toBe(true);
  expect(await hasher.matches('Morkoo12', kept)).toBe(false);
});

it('understands what was kept with other parameters, and says that they are others', async () => {
  const old = await new PasswordHasher({ cost: cheap }).hash('passw0rd', randomBytes);
  const hasher = new PasswordHasher({ cost: dearer });
  expect(await hasher.matches('passw0rd', old)).toBe(true);
  expect(hasher.isOutdated(old)).toBe(true);
  expect(hasher.isOutdated(await hasher.hash('passw0rd', randomBytes))).toBe(false);
});

it('works as hard when there is nothing to compare with', async () => {
  const costs: unknown[] = [];
  const scrypt: Scrypt = async (_password, _salt, cost) => {
    costs.push(cost);
    return Buffer.alloc(32);
  };
  const hasher = new PasswordHasher({ scrypt });
  const kept = [null, '', 'scrypt$1$2', 'plain'];
  // Hashes of nothing but zeroes are what nobody is compared with.
  for (const text of kept) expect(await hasher.matches('passw0rd', text)).toBe(false);
  expect(await hasher.matches('x'.repeat(100_000), await hasher.hash('passw0rd', randomBytes))).toBe(false);
  expect(costs).toEqual(Array.from({ length: 6 }, () => defaultCost));
});

it('computes two at a time, lets 32 wait and refuses more', async () => {
  const ends: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const scrypt: Scrypt = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running -= 1;
    return Buffer.alloc(32);
  };
  const hasher = new PasswordHasher({ scrypt });
  const attempts = Array.from({ length: 34 }, () => hasher.matches('passw0rd', null));
  await failure(hasher.matches('passw0rd', null), 'TOO_MANY_REQUESTS');
  let done = 0;
  for (const attempt of attempts) void attempt.then(() => (done += 1));
  while (done < attempts.length) {
    ends.shift()?.();
    await new Promise(setImmediate);
  }
  expect(most).toBe(2);
  // There is room again, also after one that failed.
  const broken = new PasswordHasher({ scrypt: () => Promise.reject(new Error('no memory')) });
  for (let round = 0; round < 5; round += 1)
    await expect(broken.matches('x', null)).rejects.toThrow('no memory');
});

it('asks the system for as much memory as the real parameters take', async () => {
  const hasher = new PasswordHasher();
  const kept = await hasher.hash('passw0rd', randomBytes);
  expect(kept).toMatch(/^scrypt\$32768\$8\$3\$/);
  expect(await hasher.matches('passw0rd', kept)).toBe(true);
});
