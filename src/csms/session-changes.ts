/** Tells whoever waits that a session has begun or ended. */
export class SessionChanges {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Calls `listener` at each change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#waiting.add(listener);
    return () => this.#waiting.delete(listener);
  }
}
