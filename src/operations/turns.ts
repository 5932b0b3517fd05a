/** One thing at a time at each station; what comes meanwhile waits, in order, whoever asks for it. */
export class Turns {
  /** The last that waits or is under way, by uuid of the station, which no station of another fleet has. */
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(stationUuid: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(stationUuid) ?? Promise.resolve();
    const own = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    // Whoever comes next waits, however this ends.
    const end = own.catch(() => undefined);
    this.#last.set(stationUuid, end);
    try {
      return await own;
    } finally {
      if (this.#last.get(stationUuid) === end) this.#last.delete(stationUuid);
    }
  }
}
