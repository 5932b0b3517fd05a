type Listener = () => void;

/** Tells whoever waits that a session has begun or ended, or that something has changed at a station. */
export class SessionChanges {
  readonly #waiting = new Set<Listener>();
  readonly #byStation = new Map<string, Set<Listener>>();

  notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** For those that wait for this station only: a fleet that boots must not wake each of them each time. */
  notifyStation(stationUuid: string): void {
    const waiting = this.#byStation.get(stationUuid);
    if (waiting) for (const wake of [...waiting]) wake();
  }

  /**
   * Calls `listener` until the returned function is called: at each change of a session, or, with a station, at each
   * change there.
   */
  subscribe(listener: Listener, stationUuid?: string): () => void {
    if (stationUuid === undefined) {
      this.#waiting.add(listener);
      return () => this.#waiting.delete(listener);
    }
    const waiting = this.#byStation.get(stationUuid) ?? new Set();
    this.#byStation.set(stationUuid, waiting.add(listener));
    return () => {
      waiting.delete(listener);
      if (waiting.size === 0 && this.#byStation.get(stationUuid) === waiting) {
        this.#byStation.delete(stationUuid);
      }
    };
  }
}
