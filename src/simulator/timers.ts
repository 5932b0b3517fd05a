import type { Clock } from '../domain/clock.js';

/** Above this Node fires at once instead of late. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** Named timers of one station: setting a name again replaces it, and none outlives `clearAll`. */
export class Timers {
  readonly #clock: Clock;
  readonly #cancels = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `action` once after `delayMs` of wall time, however long that is. */
  set(name: string, delayMs: number, action: () => void): void {
    this.clear(name);
    const nowMs = Math.min(LONGEST_DELAY_MS, Math.max(0, delayMs));
    const cancel = this.#clock.schedule(nowMs, () => {
      this.#cancels.delete(name);
      if (delayMs > nowMs) this.set(name, delayMs - nowMs, action);
      else action();
    });
    this.#cancels.set(name, cancel);
  }

  has(name: string): boolean {
    return this.#cancels.has(name);
  }

  clear(name: string): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }

  clearAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}

/** Resolves after `delayMs`, at once if that is nothing, or when `signal` aborts: look at the signal afterwards. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || delayMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.schedule(Math.min(LONGEST_DELAY_MS, Math.max(0, delayMs)), finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}
