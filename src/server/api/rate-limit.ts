import { Recent } from '../../domain/recent.js';

export interface Rate {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a rest. */
  readonly burst: number;
}

/** What sums of binary fractions are off by. */
const rounding = 1e-6;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** How often each name may do something: a bucket of `burst` tokens that is filled at `perSecond`. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #buckets: Recent<Bucket>;

  constructor(rate: Rate, rememberedMax: number) {
    this.#rate = rate;
    this.#buckets = new Recent(rememberedMax);
  }

  /** Takes a token. 0: it was there; else nothing was taken, and in so many milliseconds one will be. */
  take(name: string, now: number): number {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(name);
    // A clock that was set back fills nothing, and takes nothing away.
    const passedS = bucket ? Math.max(0, now - bucket.at) / 1000 : 0;
    const tokens = bucket ? Math.min(burst, bucket.tokens + passedS * perSecond) : burst;
    if (tokens < 1 - rounding) {
      this.#buckets.set(name, { tokens, at: now });
      return Math.ceil(((1 - tokens - rounding) / perSecond) * 1000);
    }
    this.#buckets.set(name, { tokens: tokens - 1, at: now });
    return 0;
  }
}
