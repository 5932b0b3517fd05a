import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';

export interface BackgroundJobOptions {
  /** For the log: what failed. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly firstDelayMs: number;
  /** From a run that failed to the next. */
  readonly retryDelayMs: number;
  /** One run; gives the time until the next in milliseconds. When `signal` aborts, it ends as soon as it can. */
  run(signal: AbortSignal): Promise<number>;
}

/** Work that is done again and again while the server runs: never twice at once, and a failure only delays it. */
export class BackgroundJob {
  readonly #options: BackgroundJobOptions;
  readonly #abort = new AbortController();
  #cancel = (): void => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: BackgroundJobOptions) {
    this.#options = options;
  }

  start(): void {
    this.#arm(this.#options.firstDelayMs);
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#cancel();
    await this.#running;
  }

  #arm(delayMs: number): void {
    if (this.#abort.signal.aborted) return;
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      this.#running = this.#run();
    });
  }

  async #run(): Promise<void> {
    const { name, log, retryDelayMs, run } = this.#options;
    const { signal } = this.#abort;
    let delayMs = retryDelayMs;
    try {
      delayMs = await run(signal);
    } catch (error) {
      if (!signal.aborted) log.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#arm(delayMs);
  }
}
