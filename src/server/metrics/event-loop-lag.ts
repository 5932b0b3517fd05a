import { createHistogram } from 'node:perf_hooks';

/** How often the event loop is looked at; also how exact the result is. */
const resolutionMs = 10;

/**
 * How long other things had to wait because something kept the event loop busy, since it was last asked for. With a
 * timer of its own: Node's monitorEventLoopDelay forgets what is under way when it is reset, and that is the very
 * moment when somebody scrapes.
 */
export class EventLoopLag {
  readonly #histogram = createHistogram();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = 0;
  #maxMs = 0;

  start(): void {
    this.#lookedAt = performance.now();
    this.#timer = setInterval(() => this.#look(), resolutionMs).unref();
  }

  take(): { readonly maxS: number; readonly p99S: number } {
    // What keeps the loop busy now counts, too.
    const maxMs = Math.max(this.#maxMs, this.#timer ? this.#lagMs() : 0);
    const p99Ms = Math.min(maxMs, this.#histogram.percentile(99) / 1000);
    this.#maxMs = 0;
    this.#histogram.reset();
    return { maxS: maxMs / 1000, p99S: p99Ms / 1000 };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const lagMs = this.#lagMs();
    this.#lookedAt = performance.now();
    if (lagMs > this.#maxMs) this.#maxMs = lagMs;
    // It takes whole numbers from 1 on: microseconds.
    this.#histogram.record(Math.max(1, Math.round(lagMs * 1000)));
  }

  /** The timer itself waits for its interval, which is no lag. */
  #lagMs(): number {
    return Math.max(0, performance.now() - this.#lookedAt - resolutionMs);
  }
}
