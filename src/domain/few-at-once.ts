export interface FewAtOnceOptions {
  readonly maxRunning: number;
  readonly maxWaiting: number;
  /** What those are told who find no place to wait. */
  readonly tooMany: () => Error;
}

/** Lets a few works run at a time; the others wait in order, as many of them as there are places. */
export class FewAtOnce {
  readonly #options: FewAtOnceOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: FewAtOnceOptions) {
    this.#options = options;
  }

  /** @throws what `tooMany` gives, and what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waits takes the place over, so that nobody gets in between.
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #turn(): Promise<void> {
    const { maxRunning, maxWaiting, tooMany } = this.#options;
    if (this.#running < maxRunning) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= maxWaiting) throw tooMany();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
