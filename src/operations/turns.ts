import type { LiveFleet } from './operation.js';

/** One thing at a time at each station of a fleet; what comes meanwhile waits, in order. */
export class Turns {
  /** The last that waits or is under way, by uuid of the station. */
  readonly #last = new WeakMap<LiveFleet, Map<string, Promise<unknown>>>();

  async take<T>(
    live: LiveFleet,
    stationUuid: string,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const last = this.#last.get(live) ?? new Map<string, Promise<unknown>>();
    this.#last.set(live, last);
    const before = last.get(stationUuid) ?? Promise.resolve();
    const own = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    // Whoever comes next waits, however this ends.
    const end = own.catch(() => undefined);
    last.set(stationUuid, end);
    try {
      return await own;
    } finally {
      if (last.get(stationUuid) === end) last.delete(stationUuid);
    }
  }
}
