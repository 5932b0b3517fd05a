/** Work that goes on by itself: nothing floats, nothing rejects unseen, and it can be waited for. */
export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  readonly run = (work: Promise<unknown>): void => {
    const tracked: Promise<void> = work
      .then(() => undefined, this.#onError)
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  };

  /** Resolves when nothing runs any more, work started meanwhile included. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
