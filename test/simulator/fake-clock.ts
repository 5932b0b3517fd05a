import type { Clock } from '../../src/domain/clock.js';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that stands still until a test turns it. */
export class FakeClock implements Clock {
  #nowMs: number;
  #order = 0;
  #timers: Timer[] = [];

  constructor(startMs = Date.UTC(2026, 2, 1, 12)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.#timers.length;
  }

  schedule(delayMs: number, action: () => void): () => void {
    this.#order += 1;
    const timer: Timer = { atMs: this.#nowMs + delayMs, order: this.#order, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Lets time pass; fires what becomes due, in order, each at its moment. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      const due = next;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.action();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    return this.#timers
      .filter((timer) => timer.atMs <= endMs)
      .sort((one, other) => one.atMs - other.atMs || one.order - other.order)[0];
  }
}
