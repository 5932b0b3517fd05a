import { expect, it } from 'vitest';
import {
  canonicalKey,
  readAuthorizationKey,
  spellKey,
} from '../../../src/domain/station/authorization-key.js';
import { profileOf, requiredProfile } from '../../../src/domain/station/security-profile.js';
import {
  joinHashes,
  pendingHashes,
  StationKeyHasher,
  stationKeyCost,
} from '../../../src/domain/station/station-key-hash.js';
import { failure } from '../../helpers/failure.js';
import { hexKey, keyBytes } from '../../helpers/station-key.js';

const random = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, i) => i * 7));

it.each([
  [hexKey, keyBytes],
  [hexKey.toUpperCase(), keyBytes],
  [hexKey.slice(0, 32), keyBytes.subarray(0, 16)],
  ['0123456789abcdef', Buffer.from('0123456789abcdef')],
  ['0123456789abcdef0', Buffer.from('0123456789abcdef0')],
  [hexKey.slice(0, 33), Buffer.from(hexKey.slice(0, 33))],
  ['a sentence, with spaces', Buffer.from('a sentence, with spaces')],
  ['ööööööööabcd', Buffer.from('ööööööööabcd')],
])('takes %s', (typed, key) => {
  expect(readAuthorizationKey(typed)).toEqual(key);
});

it.each([
  ['', 'is 0 bytes long, at least 16 are needed'],
  ['fifteen letters', 'is 15 bytes long, at least 16 are needed'],
  [`${hexKey}0`, 'is 41 bytes long, and stations take at most 40 of them'],
  ['sixteen letters\u0000', 'contains control characters'],
  [' sixteen letters ', 'begins or ends with a space'],
  ['0000000000000000000000000000000000000000', 'is the same few characters again and again'],
])('refuses %j, and does not repeat it', async (typed, why) => {
  const error = await failure(
    Promise.resolve().then(() => readAuthorizationKey(typed)),
    'USAGE',
  );
  expect(error.message).toBe(`The authorization key ${why}.`);
});

it('spells a key that was made so that it reads as itself', () => {
  expect(canonicalKey(Buffer.from(spellKey(keyBytes)))).toEqual(keyBytes);
});

it.each(['typed', 'made'])('tells a %s key from others by its hash', async (kind) => {
  const hasher = new StationKeyHasher({ cost: { N: 16, r: 1, p: 1 } });
  const hash =
    kind === 'made' ? hasher.hashGenerated(keyBytes, random) : await hasher.hashTyped(keyBytes, random);
  expect(hash).toMatch(kind === 'made' ? /^hmac\$[\w-]{22}\$[\w-]{43}$/ : /^scrypt\$16\$1\$1\$/);
  expect(hash).not.toContain(hexKey);
  expect(hasher.isCheap(hash)).toBe(kind === 'made');
  expect(await hasher.matches(keyBytes, hash)).toBe(true);
  const zero = Buffer.from([0]);
  for (const other of [Buffer.concat([keyBytes, zero]), keyBytes.subarray(1), Buffer.alloc(0)]) {
    expect(await hasher.matches(other, hash)).toBe(false);
  }
});

it('has salts, so that equal keys have other hashes', () => {
  const hasher = new StationKeyHasher();
  const other = (bytes: number) => Buffer.alloc(bytes, 9);
  expect(hasher.hashGenerated(keyBytes, random)).not.toBe(hasher.hashGenerated(keyBytes, other));
});

it('works with the parameters that are used', async () => {
  const hasher = new StationKeyHasher();
  const hash = await hasher.hashTyped(keyBytes, random);
  expect(hash).toContain(`scrypt$${stationKeyCost.N}$8$1$`);
  expect(await hasher.matches(keyBytes, hash)).toBe(true);
});

it('keeps several hashes that may be the one', () => {
  for (const hashes of [[], ['a'], ['a', 'b', 'c']])
    expect(pendingHashes(joinHashes(hashes))).toEqual(hashes);
});

it.each([
  [{ isEncrypted: false, keyHash: null, hasCertificate: false }, 0],
  [{ isEncrypted: true, keyHash: null, hasCertificate: false }, 0],
  [{ isEncrypted: false, keyHash: 'h', hasCertificate: false }, 1],
  [{ isEncrypted: true, keyHash: 'h', hasCertificate: false }, 2],
  [{ isEncrypted: true, keyHash: null, hasCertificate: true }, 3],
  [{ isEncrypted: true, keyHash: 'h', hasCertificate: true }, 3],
  [{ isEncrypted: false, keyHash: null, hasCertificate: true }, 0],
])('%j shows profile %i', (shown, profile) => {
  expect(profileOf(shown)).toBe(profile);
});

it.each([
  [0, null, 0, 0],
  [0, 'h', 0, 1],
  [2, 'h', 0, 2],
  [0, null, 2, 2],
  [3, null, 1, 3],
])(
  'profile %i with key %s in a fleet of at least %i must show %i',
  (securityProfile, authKeyHash, fleet, most) => {
    expect(requiredProfile({ securityProfile, authKeyHash }, fleet)).toBe(most);
  },
);
