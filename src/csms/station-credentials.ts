import { createHmac } from 'node:crypto';
import type { Station } from '../domain/model.js';
import { Recent } from '../domain/recent.js';
import { canonicalKey } from '../domain/station/authorization-key.js';
import { pendingHashes, type StationKeyHasher } from '../domain/station/station-key-hash.js';
import type { BasicCredentials } from './basic-credentials.js';
import { type Attempt, CredentialThrottle } from './credential-throttle.js';

export type KeyVerdict =
  | { readonly kind: 'right'; readonly hash: string }
  | { readonly kind: 'wrong' }
  /** Not looked at: too many wrong ones came before. */
  | { readonly kind: 'wait'; readonly waitMs: number };

export interface KeyQuestion {
  readonly id: string;
  /** Undefined when nobody of that id is known: that takes as long to find out as that a key is wrong. */
  readonly station: Pick<Station, 'authKeyHash' | 'pendingAuthKeyHash'> | undefined;
  readonly network: string;
  readonly credentials: BasicCredentials;
}

export interface StationCredentialsOptions {
  readonly hasher: StationKeyHasher;
  readonly now: () => number;
  /** Of this process: what is remembered of shown keys is of no use to anybody who does not have it. */
  readonly secret: Uint8Array;
  /** Default 20,000. */
  readonly rememberedMax?: number;
}

/**
 * Tells whether a station shows its key. Answers are remembered, so that a station that comes back, or tries the same
 * wrong key again and again, costs no computation.
 */
export class StationCredentials {
  readonly #options: StationCredentialsOptions;
  readonly #throttle = new CredentialThrottle();
  /** The hash that was matched, by a hash of all that the answer depends on. */
  readonly #right: Recent<string>;
  readonly #wrong: Recent<true>;

  constructor(options: StationCredentialsOptions) {
    this.#options = options;
    const { rememberedMax = 20_000 } = options;
    this.#right = new Recent(rememberedMax);
    this.#wrong = new Recent(rememberedMax);
  }

  /** @throws FleetError TOO_MANY_REQUESTS when it cannot be told now */
  async verify({ id, station, network, credentials }: KeyQuestion): Promise<KeyVerdict> {
    const { now } = this.#options;
    const kept = station ? hashesOf(station) : [];
    const key = canonicalKey(credentials.password);
    const question = this.#name(id, kept, credentials.user, key);
    const known = this.#right.get(question);
    if (known !== undefined) return { kind: 'right', hash: known };
    const attempt: Attempt = { name: [id, ...kept].join(' '), network };
    const isNamedRight = credentials.user.equals(Buffer.from(id));
    const candidates = isNamedRight ? kept : [];
    const made = await this.#matchMade(key, candidates);
    if (made !== undefined) {
      this.#right.set(question, made);
      return { kind: 'right', hash: made };
    }
    const waitMs = this.#throttle.waitMs(attempt, now());
    if (waitMs > 0) return { kind: 'wait', waitMs };
    this.#throttle.begin(attempt, now());
    const hash = this.#wrong.get(question) ? undefined : await this.#matchTyped(key, candidates);
    if (hash !== undefined) {
      this.#throttle.succeeded(attempt);
      this.#right.set(question, hash);
      return { kind: 'right', hash };
    }
    this.#throttle.failed(attempt, now());
    this.#wrong.set(question, true);
    return { kind: 'wrong' };
  }

  /**
   * Nobody guesses a key that was made here, so whoever shows one never waits: a station that comes by way of the same
   * address as somebody who guesses, a proxy's perhaps, must not be kept out by them.
   */
  async #matchMade(key: Buffer, kept: readonly string[]): Promise<string | undefined> {
    const { hasher } = this.#options;
    const cheap = kept.filter((hash) => hasher.isCheap(hash));
    for (const hash of cheap) if (await hasher.matches(key, hash)) return hash;
    return undefined;
  }

  /** A wrong key costs one slow computation, whatever is kept, and whether anything is. */
  async #matchTyped(key: Buffer, kept: readonly string[]): Promise<string | undefined> {
    const { hasher } = this.#options;
    const dear = kept.filter((hash) => !hasher.isCheap(hash));
    for (const hash of dear) if (await hasher.matches(key, hash)) return hash;
    if (dear.length === 0) await hasher.waste(key);
    return undefined;
  }

  #name(id: string, kept: readonly string[], user: Buffer, key: Buffer): string {
    const hash = createHmac('sha256', this.#options.secret);
    // Lengths keep parts apart that may hold any byte.
    for (const part of [Buffer.from([id, ...kept].join(' ')), user, key]) {
      hash.update(`${part.length}:`).update(part);
    }
    return hash.digest('base64');
  }
}

/** Of all keys that are good at present. */
export function hashesOf({
  authKeyHash,
  pendingAuthKeyHash,
}: Pick<Station, 'authKeyHash' | 'pendingAuthKeyHash'>): readonly string[] {
  return [...(authKeyHash === null ? [] : [authKeyHash]), ...pendingHashes(pendingAuthKeyHash)];
}
