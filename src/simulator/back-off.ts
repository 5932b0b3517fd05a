import { between, type Random } from './random.js';

export interface BackOffOptions {
  /** First delay. Default 1,000. */
  readonly minimumMs?: number;
  /** Longest delay. Default 60,000. */
  readonly maximumMs?: number;
}

/** Exponential back-off with jitter, so that stations do not come back all at the same moment. */
export class BackOff {
  readonly #minimumMs: number;
  readonly #maximumMs: number;
  readonly #random: Random;
  #attempts = 0;

  constructor(options: BackOffOptions, random: Random) {
    this.#minimumMs = options.minimumMs ?? 1_000;
    this.#maximumMs = options.maximumMs ?? 60_000;
    this.#random = random;
  }

  /** Failures since the last success. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The next delay in ms: between half of the exponential step and the whole. */
  next(): number {
    const step = Math.min(this.#maximumMs, this.#minimumMs * 2 ** Math.min(30, this.#attempts));
    this.#attempts += 1;
    return between(this.#random, step / 2, step);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
