import { Recent } from './recent.js';

export interface FailureDelayOptions {
  /** So many failures cost nothing. */
  readonly free: number;
  /** After the first one that does; doubled with each further one. */
  readonly firstMs: number;
  readonly maxMs: number;
  readonly rememberedMax: number;
}

/** Without a further failure all is forgotten. */
const forgottenAfterMs = 15 * 60_000;

interface Failures {
  readonly count: number;
  readonly lastAt: number;
}

/** How long each name has to wait because of what it got wrong lately. */
export class FailureDelay {
  readonly #options: FailureDelayOptions;
  readonly #failures: Recent<Failures>;

  constructor(options: FailureDelayOptions) {
    this.#options = options;
    this.#failures = new Recent(options.rememberedMax);
  }

  /** How long a wait its failures are worth. */
  delayMs(name: string, now: number): number {
    const failures = this.#remembered(name, now);
    const { free, firstMs, maxMs } = this.#options;
    if (!failures || failures.count < free) return 0;
    return Math.min(maxMs, firstMs * 2 ** (failures.count - free));
  }

  /** What is left of that since the last failure. */
  waitMs(name: string, now: number): number {
    const lastAt = this.#remembered(name, now)?.lastAt ?? now;
    return Math.max(0, lastAt + this.delayMs(name, now) - now);
  }

  /** How long ago the last failure was; undefined: there was none lately. */
  sinceLastMs(name: string, now: number): number | undefined {
    const failures = this.#remembered(name, now);
    return failures && now - failures.lastAt;
  }

  failed(name: string, now: number): void {
    const { free, firstMs, maxMs } = this.#options;
    // Further ones change nothing any more.
    const countMax = free + Math.max(0, Math.ceil(Math.log2(maxMs / firstMs)));
    const count = Math.min(countMax, (this.#remembered(name, now)?.count ?? 0) + 1);
    this.#failures.set(name, { count, lastAt: now });
  }

  forget(name: string): void {
    this.#failures.delete(name);
  }

  #remembered(name: string, now: number): Failures | undefined {
    const failures = this.#failures.get(name);
    if (!failures) return undefined;
    const age = now - failures.lastAt;
    // A clock that was set back must not make anybody wait for hours.
    return age >= 0 && age < forgottenAfterMs ? failures : undefined;
  }
}
