import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the event loop is looked at; also how exact the result is. */
const resolutionMs = 10;

/** How long other things had to wait because something kept the event loop busy, since it was last asked for. */
export class EventLoopLag {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  start(): void {
    this.#histogram.enable();
  }

  take(): { readonly maxS: number; readonly p99S: number } {
    const maxS = lagS(this.#histogram.max);
    const p99S = lagS(this.#histogram.percentile(99));
    this.#histogram.reset();
    return { maxS, p99S };
  }

  close(): void {
    this.#histogram.disable();
  }
}

/** The timer itself waits for its interval, which is no lag. */
function lagS(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs) / 1000;
}
