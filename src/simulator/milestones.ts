interface Waiter {
  readonly reached: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** More tests and drivers than this never wait for one station. */
const MAX_WAITERS = 1_000;

/** Lets callers wait until something has become true; looks whenever the station says that it changed. */
export class Milestones {
  readonly #waiters = new Set<Waiter>();
  #isCheckDue = false;
  #ended: Error | undefined;

  /**
   * Resolves as soon as `reached` returns true, at once if it does already.
   * @throws the signal's reason, or an error when the station stops first
   */
  until(reached: () => boolean, signal?: AbortSignal): Promise<void> {
    if (reached()) return Promise.resolve();
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#waiters.size >= MAX_WAITERS) return Promise.reject(new RangeError('Too many waiters'));
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
        finish();
      };
      const onAbort = (): void => settle(() => reject(signal?.reason));
      const waiter: Waiter = {
        reached,
        resolve: () => settle(resolve),
        reject: (error) => settle(() => reject(error)),
      };
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Something changed. */
  readonly check = (): void => {
    for (const waiter of [...this.#waiters]) if (waiter.reached()) waiter.resolve();
  };

  /** Something changed, and who made it change has yet to act on it: looks once that is done. */
  readonly checkSoon = (): void => {
    if (this.#isCheckDue) return;
    this.#isCheckDue = true;
    setImmediate(() => {
      this.#isCheckDue = false;
      this.check();
    });
  };

  /** Nothing will change any more: everybody who still waits gets `error`. */
  end(error: Error): void {
    this.#ended = error;
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}
