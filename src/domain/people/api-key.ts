import { createHash, timingSafeEqual } from 'node:crypto';
import type { NewSecret } from '../clock.js';
import { mask } from '../secret-names.js';

/**
 * A key reads `evf_<id>_<secret>`, of letters and digits only, so that a double click takes all of it: the id is 12
 * characters that lists show, the secret 43 characters that hold 256 random bits. The prefix is for those who look for
 * secrets where none should be.
 */
const form = /^evf_([a-z0-9]{12})_([A-Za-z0-9]{43})$/;
const keysInText = /evf_([a-z0-9]{12})_[A-Za-z0-9]+/g;

const idBytes = 8;
const idAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const idLength = 12;

const secretBytes = 32;
const secretAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const secretLength = 43;

export interface ApiKeyParts {
  readonly id: string;
  readonly secret: string;
}

/** A key as its owner gets to see it once: `evf_<id>_<secret>`, the secret with 256 random bits. */
export function newApiKey(newSecret: NewSecret): ApiKeyParts & { readonly key: string } {
  const id = spell(newSecret(idBytes), idAlphabet, idLength);
  const secret = spell(newSecret(secretBytes), secretAlphabet, secretLength);
  return { id, secret, key: `evf_${id}_${secret}` };
}

/** Undefined for what is no key at all. */
export function parseApiKey(key: string): ApiKeyParts | undefined {
  const [, id, secret] = form.exec(key) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/**
 * What is kept of a secret: its SHA-256 in hexadecimal. Slow hashes are for passwords, which can be guessed; 256 random
 * bits cannot, and every request has to be looked at.
 */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In constant time; with the hash `undefined` it takes as long, and is false. */
export function isSecretOf(secret: string, secretHash: string | undefined): boolean {
  const given = createHash('sha256').update(secret).digest();
  const kept = Buffer.from(secretHash ?? '', 'hex');
  const comparable = kept.length === given.length ? kept : Buffer.alloc(given.length);
  return timingSafeEqual(given, comparable) && comparable === kept;
}

/** A text without the secrets of the keys in it: for logs and the audit. */
export function maskKeys(text: string): string {
  return text.replace(keysInText, `evf_$1_${mask}`);
}

/** A number of so many bytes in the digits of an alphabet, as long as the largest would be; the rest is cut off. */
function spell(bytes: Uint8Array, alphabet: string, length: number): string {
  const base = BigInt(alphabet.length);
  let rest = bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text += alphabet[Number(rest % base)] ?? '';
    rest /= base;
  }
  return text;
}
