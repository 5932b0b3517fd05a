import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  hashOfSecret,
  isSecretOf,
  maskKeys,
  newApiKey,
  parseApiKey,
} from '../../../src/domain/people/api-key.js';

it('makes keys that are read again', () => {
  for (let round = 0; round < 100; round += 1) {
    const { key, id, secret } = newApiKey(randomBytes);
    expect(key).toMatch(/^evf_[a-z2-7]{12}_[A-Za-z0-9]{43}$/);
    expect(parseApiKey(key)).toEqual({ id, secret });
  }
});

it('loses no bit of the secret', () => {
  const secretOf = (bytes: Uint8Array) =>
    newApiKey((length) => (length === 32 ? bytes : new Uint8Array(length))).secret;
  const zero = new Uint8Array(32);
  const seen = new Set([secretOf(zero), secretOf(zero.map(() => 255))]);
  for (let bit = 0; bit < 256; bit += 1) {
    seen.add(secretOf(zero.map((_, index) => (index === bit >> 3 ? 1 << (bit & 7) : 0))));
  }
  expect(seen.size).toBe(258);
});

it.each([
  '',
  'evf_',
  'evf_abcdefghijkl',
  `evf_abcdefghijkl_${'x'.repeat(42)}`,
  `evf_abcdefghijkl_${'x'.repeat(44)}`,
  `evf_ABCDEFGHIJKL_${'x'.repeat(43)}`,
  ` evf_abcdefghijkl_${'x'.repeat(43)}`,
  `evf_abcdefghijkl_${'x'.repeat(43)}\n`,
  `evf_abcdefghijkl_${'x'.repeat(42)}é`,
])('%j is no key', (text) => {
  expect(parseApiKey(text)).toBeUndefined();
});

it('knows a secret by its hash only', () => {
  const { secret } = newApiKey(randomBytes);
  const hash = hashOfSecret(secret);
  expect(hash).not.toContain(secret);
  expect(isSecretOf(secret, hash)).toBe(true);
  expect(isSecretOf(newApiKey(randomBytes).secret, hash)).toBe(false);
  for (const unfit of [undefined, '', 'abc', hash.slice(2), '0'.repeat(64)]) {
    expect(isSecretOf(secret, unfit)).toBe(false);
  }
});

it('leaves of keys in a text what is no secret', () => {
  const { key, id, secret } = newApiKey(randomBytes);
  const masked = maskKeys(`Bearer ${key}, "${key}" and evf_${id}_short`);
  expect(masked).toBe(`Bearer evf_${id}_***, "evf_${id}_***" and evf_${id}_***`);
  expect(masked).not.toContain(secret);
});
