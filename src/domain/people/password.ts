import { scrypt, timingSafeEqual } from 'node:crypto';
import type { NewSecret } from '../clock.js';
import { FleetError } from '../errors.js';
import { FewAtOnce } from '../few-at-once.js';

/** Parameters of scrypt (RFC 7914): it takes 128 · N · r bytes of memory, p times one after the other. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** As dear as N = 2^17 with p = 1, OWASP says of it, with 32 MiB instead of 128. */
export const defaultCost: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };

const minCharacters = 8;
const maxBytes = 1024;

const saltBytes = 16;
const hashBytes = 32;

/** Computations at a time: the thread pool that they run in is that of all file access, and has four threads. */
const maxRunning = 2;
/** More than that would wait for longer than anybody does. */
const maxWaiting = 32;

export type Scrypt = (password: string, salt: Buffer, cost: ScryptCost) => Promise<Buffer>;

export interface PasswordHasherOptions {
  readonly cost?: ScryptCost;
  readonly scrypt?: Scrypt;
}

interface Stored {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** @throws FleetError USAGE that says what a password needs; never the password */
export function checkPassword(password: string): void {
  const text = password.normalize('NFC');
  const complaint = complaintOf(text);
  if (complaint === undefined) return;
  throw new FleetError('USAGE', `The password ${complaint}.`, {
    suggestions: [`Take at least ${minCharacters} characters, among them a letter and a digit.`],
  });
}

function complaintOf(text: string): string | undefined {
  if ([...text].length < minCharacters) return `has fewer than ${minCharacters} characters`;
  if (Buffer.byteLength(text) > maxBytes) return `is longer than ${maxBytes} bytes`;
  if (!/\p{L}/u.test(text)) return 'has no letter';
  if (!/\p{Nd}/u.test(text)) return 'has no digit';
  if (/\p{Cc}/u.test(text)) return 'contains control characters';
  return undefined;
}

/**
 * Hashes passwords with scrypt and compares them: two at a time, others wait. What is kept reads
 * `scrypt$N$r$p$salt$hash`, so that a later version may ask for more of new ones. How somebody's keyboard composes an
 * umlaut makes no difference (NFC).
 */
export class PasswordHasher {
  readonly #cost: ScryptCost;
  readonly #scrypt: Scrypt;
  readonly #few = new FewAtOnce({ maxRunning, maxWaiting, tooMany });

  constructor({ cost = defaultCost, scrypt = nodeScrypt }: PasswordHasherOptions = {}) {
    this.#cost = cost;
    this.#scrypt = scrypt;
  }

  /** @throws FleetError TOO_MANY_REQUESTS when too many wait already */
  async hash(password: string, newSecret: NewSecret): Promise<string> {
    const salt = Buffer.from(newSecret(saltBytes));
    const { N, r, p } = this.#cost;
    const hash = await this.#compute(password, salt, this.#cost);
    return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
  }

  /**
   * Whether this is the password; it takes as long when there is none to compare with, and says no.
   * @throws FleetError TOO_MANY_REQUESTS when too many wait already
   */
  async matches(password: string, kept: string | null): Promise<boolean> {
    const stored = kept === null || Buffer.byteLength(password) > maxBytes ? undefined : parse(kept);
    const { cost, salt, hash } = stored ?? this.#nobody();
    const computed = await this.#compute(stored ? password : '', salt, cost);
    return timingSafeEqual(computed, hash) && stored !== undefined;
  }

  /** Whether a kept hash was made with other parameters than new ones are. */
  isOutdated(kept: string): boolean {
    const { N, r, p } = this.#cost;
    return !kept.startsWith(`scrypt$${N}$${r}$${p}$`);
  }

  #nobody(): Stored {
    return { cost: this.#cost, salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes) };
  }

  #compute(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
    return this.#few.run(() => this.#scrypt(password.normalize('NFC'), salt, cost));
  }
}

function tooMany(): FleetError {
  return new FleetError('TOO_MANY_REQUESTS', 'Too many passwords are being checked at once.', {
    suggestions: ['Try again in a few seconds.'],
  });
}

/** That of the process: they share its threads. */
export const passwordHasher = new PasswordHasher();

function parse(kept: string): Stored | undefined {
  const [name, N, r, p, salt, hash] = kept.split('$');
  if (name !== 'scrypt' || salt === undefined || hash === undefined) return undefined;
  const stored = {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
  return stored.hash.length === hashBytes ? stored : undefined;
}

function nodeScrypt(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  const maxmem = 128 * r * (N + p + 2) + 1024 * 1024;
  return new Promise((resolve, reject) =>
    scrypt(password, salt, hashBytes, { N, r, p, maxmem }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    ),
  );
}
