import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import type { FailureDelay } from '../../domain/failure-delay.js';
import type { Log } from '../../domain/log.js';
import { networkOf, plainAddress } from '../../domain/network.js';
import { parseApiKey } from '../../domain/people/api-key.js';
import type { Caller } from '../../domain/people/caller.js';
import { Recent } from '../../domain/recent.js';
import type { ApiLimits } from './api-options.js';
import { RateLimit } from './rate-limit.js';
import { TooManyRequests } from './too-many-requests.js';
import { UnderWay } from './under-way.js';

/** Whose key it is; undefined: nobody's, whatever the reason. */
export type FindCaller = (
  key: string,
  at: { readonly address: string; readonly now: number },
) => Promise<Caller | undefined>;

export interface Visit {
  readonly address: string | undefined;
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
}

export interface Admitted {
  readonly caller: Caller;
  /** To be called when the request is over. */
  readonly leave: () => void;
}

export interface KeyGateOptions {
  readonly findCaller: FindCaller;
  readonly limits: ApiLimits;
  readonly failures: FailureDelay;
  readonly clock: Clock;
  readonly log: Log;
}

/** What all keys of one person together may do, as a multiple of one: who makes a hundred gets no more than that. */
const keysWorth = 4;

const bearer = /^bearer +(\S{1,200})$/i;

/**
 * Lets in who shows a key. A network that shows wrong ones has to wait, longer each time; keys that were good from
 * there before still are, so that one bad client behind an address does not lock out the others.
 */
export class KeyGate {
  readonly #options: KeyGateOptions;
  readonly #strangers: RateLimit;
  readonly #keys: RateLimit;
  readonly #running: UnderWay;
  readonly #users: RateLimit;
  readonly #runningOfUsers: UnderWay;
  /** Hashes of network and key. */
  readonly #wereGood: Recent<true>;

  constructor(options: KeyGateOptions) {
    this.#options = options;
    const { limits } = options;
    const { rememberedMax } = limits;
    this.#strangers = new RateLimit(
      { perSecond: limits.strangerRate, burst: limits.strangerBurst },
      rememberedMax,
    );
    this.#keys = new RateLimit({ perSecond: limits.keyRate, burst: limits.keyBurst }, rememberedMax);
    this.#running = new UnderWay(limits.requestsPerKeyMax);
    const [perSecond, burst] = [limits.keyRate * keysWorth, limits.keyBurst * keysWorth];
    this.#users = new RateLimit({ perSecond, burst }, rememberedMax);
    this.#runningOfUsers = new UnderWay(limits.requestsPerKeyMax * keysWorth);
    this.#wereGood = new Recent(rememberedMax);
  }

  /** @throws TooManyRequests; FleetError NOT_AUTHENTICATED, the same for every reason */
  async admit({ address = 'unknown', authorization }: Visit): Promise<Admitted> {
    const { clock, failures } = this.#options;
    const network = networkOf(address);
    const key = bearer.exec(authorization ?? '')?.[1];
    if (key === undefined) {
      this.admitStranger(address);
      throw notAuthenticated();
    }
    const known = createHash('sha256').update(`${network} ${key}`).digest('base64');
    if (!this.#wereGood.get(known)) {
      const waitMs = failures.waitMs(network, clock.now());
      if (waitMs > 0) throw new TooManyRequests('Too many wrong keys or passwords came from there.', waitMs);
      this.admitStranger(address);
    }
    const caller = await this.#options.findCaller(key, {
      address: plainAddress(address),
      now: clock.now(),
    });
    if (!caller) {
      this.#wereGood.delete(known);
      this.#refused(network, address, key);
      throw notAuthenticated();
    }
    this.#wereGood.set(known, true);
    return { caller, leave: this.#begin(caller) };
  }

  /** Whether the key still stands for the same person with the same rights. */
  async isStill(caller: Caller, { address = 'unknown', authorization }: Visit): Promise<boolean> {
    const key = bearer.exec(authorization ?? '')?.[1];
    if (key === undefined) return false;
    const at = { address: plainAddress(address), now: this.#options.clock.now() };
    return isDeepStrictEqual(await this.#options.findCaller(key, at), caller);
  }

  /** For what needs no key. @throws TooManyRequests */
  admitStranger(address = 'unknown'): void {
    const waitMs = this.#strangers.take(networkOf(address), this.#options.clock.now());
    if (waitMs > 0)
      throw new TooManyRequests('Too many requests without a known key come from there.', waitMs);
  }

  #begin({ keyId, userUuid, name }: Caller): () => void {
    const { clock, limits } = this.#options;
    const [key, user] = [keyId ?? name, userUuid ?? name];
    const now = clock.now();
    const waitMs = this.#keys.take(key, now) || this.#users.take(user, now);
    if (waitMs > 0) {
      throw new TooManyRequests(
        `A key may ask ${limits.keyRate} times a second in the long run, and that is used up.`,
        waitMs,
      );
    }
    const leaveKey = this.#running.begin(key);
    const leaveUser = leaveKey && this.#runningOfUsers.begin(user);
    if (leaveKey && leaveUser) {
      return () => {
        leaveKey();
        leaveUser();
      };
    }
    leaveKey?.();
    if (leaveKey) throw new TooManyRequests('Too many requests of your keys are under way already.', 1000);
    throw new TooManyRequests(
      `${limits.requestsPerKeyMax} requests of this key are under way already.`,
      1000,
    );
  }

  #refused(network: string, address: string, key: string): void {
    const { failures, clock, log } = this.#options;
    failures.failed(network, clock.now());
    // The id of a key is no secret; what is no key at all may be one of something else.
    const keyId = parseApiKey(key)?.id;
    log.warn('API key refused', { address: plainAddress(address), ...(keyId !== undefined && { keyId }) });
  }
}

function notAuthenticated(): FleetError {
  return new FleetError('NOT_AUTHENTICATED', 'This needs a valid API key.', {
    suggestions: [
      'evfleet login, or evfleet api-key create on the machine of the server',
      'Authorization: Bearer evf_…',
    ],
  });
}
