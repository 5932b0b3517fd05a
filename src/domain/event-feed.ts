/** Tells whoever follows the event log that something was added to it, once it is on disk. */
export class EventFeed {
  readonly #followers = new Set<() => void>();

  announce(): void {
    for (const wake of [...this.#followers]) wake();
  }

  /** Calls `listener` after each addition until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }
}
