import { createHash, createHmac, scrypt, timingSafeEqual } from 'node:crypto';
import type { NewSecret } from '../clock.js';
import { FleetError } from '../errors.js';
import { FewAtOnce } from '../few-at-once.js';
import type { ScryptCost } from '../people/password.js';

/**
 * Some 20 ms and 8 MiB: less than for passwords of people, because a fleet of thousands comes back at once, and because
 * a key has at least 16 characters.
 */
export const stationKeyCost: ScryptCost = { N: 2 ** 13, r: 8, p: 1 };

const saltBytes = 16;
const hashBytes = 32;

/** The threads that they run in are those of all file access. */
const maxRunning = 2;
/** At least as many as admissions that are under way at once. */
const maxWaiting = 256;

/** Between the hashes in `pendingAuthKeyHash`. */
const separator = ' ';

export interface StationKeyHasherOptions {
  readonly cost?: ScryptCost;
  /** Computations that may wait. Default 256. */
  readonly maxWaiting?: number;
}

/**
 * What is kept of the keys of stations. One that was made here has 160 random bits and is kept as
 * `hmac$salt$hash`, which costs nothing to compare; one that somebody typed as `scrypt$N$r$p$salt$hash`. Keys are those
 * of `canonicalKey`.
 */
export class StationKeyHasher {
  readonly #cost: ScryptCost;
  readonly #few: FewAtOnce;

  constructor({ cost = stationKeyCost, maxWaiting: waiting = maxWaiting }: StationKeyHasherOptions = {}) {
    this.#cost = cost;
    this.#few = new FewAtOnce({ maxRunning, maxWaiting: waiting, tooMany });
  }

  hashGenerated(key: Buffer, newSecret: NewSecret): string {
    const salt = Buffer.from(newSecret(saltBytes));
    return ['hmac', salt.toString('base64url'), hmac(salt, key).toString('base64url')].join('$');
  }

  /** @throws FleetError TOO_MANY_REQUESTS when too many wait already */
  async hashTyped(key: Buffer, newSecret: NewSecret): Promise<string> {
    const salt = Buffer.from(newSecret(saltBytes));
    const { N, r, p } = this.#cost;
    const hash = await this.#scrypt(key, salt, this.#cost);
    return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
  }

  /** Whether comparing with it costs next to nothing. */
  isCheap(kept: string): boolean {
    return kept.startsWith('hmac$');
  }

  /** @throws FleetError TOO_MANY_REQUESTS when too many wait already */
  async matches(key: Buffer, kept: string): Promise<boolean> {
    const [name, ...parts] = kept.split('$');
    if (name === 'hmac') {
      const [salt = '', hash = ''] = parts;
      return isEqual(hmac(Buffer.from(salt, 'base64url'), key), hash);
    }
    const [N, r, p, salt = '', hash = ''] = parts;
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    return isEqual(await this.#scrypt(key, Buffer.from(salt, 'base64url'), cost), hash);
  }

  /** Works as long as for a typed key, so that nobody can tell by the time who is known. @throws as `matches` */
  async waste(key: Buffer): Promise<void> {
    await this.#scrypt(key, Buffer.alloc(saltBytes), this.#cost);
  }

  #scrypt(key: Buffer, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
    // HMAC, of which scrypt is made, takes a key and the same with zeroes behind it for one.
    const fixed = createHash('sha256').update(key).digest();
    const maxmem = 128 * r * (N + p + 2) + 1024 * 1024;
    return this.#few.run(
      () =>
        new Promise((resolve, reject) =>
          scrypt(fixed, salt, hashBytes, { N, r, p, maxmem }, (error, hash) =>
            error ? reject(error) : resolve(hash),
          ),
        ),
    );
  }
}

/** That of the process: they share its threads. */
export const stationKeyHasher = new StationKeyHasher();

/** The hashes of keys of which the station may have any one: none was answered since the last it is known to have. */
export function pendingHashes(kept: string | null): readonly string[] {
  return kept === null || kept === '' ? [] : kept.split(separator);
}

/** As the store keeps them: see `pendingHashes`. Null for none. */
export function joinHashes(hashes: readonly string[]): string | null {
  return hashes.length === 0 ? null : hashes.join(separator);
}

function hmac(salt: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', salt).update(key).digest();
}

function isEqual(computed: Buffer, kept: string): boolean {
  const hash = Buffer.from(kept, 'base64url');
  return hash.length === computed.length && timingSafeEqual(computed, hash);
}

function tooMany(): FleetError {
  return new FleetError('TOO_MANY_REQUESTS', 'Too many keys of stations are being checked at once.', {
    suggestions: ['Try again in a few seconds.'],
  });
}
