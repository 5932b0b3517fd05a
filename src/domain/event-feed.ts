/** Tells whoever follows the event log that something was added to it, once it is on disk. */
export class EventFeed {
  readonly #followers = new Set<() => void>();
  #hasEnded = false;

  /** Nothing comes any more: the server stops. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  announce(): void {
    for (const wake of [...this.#followers]) wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.announce();
  }

  /** Calls `listener` after each addition, and at the end, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }
}
