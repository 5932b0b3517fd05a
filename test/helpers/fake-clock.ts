import type { Clock } from '../../src/domain/clock.js';

interface Timer {
  at: number;
  readonly delayMs: number;
  readonly action: () => void;
}

/** 2026-05-04 10:00 UTC, a Monday: the start of every test. */
export const testStart = Date.UTC(2026, 4, 4, 10);

/** A clock that stands still until a test turns it. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now = testStart;
  #jumpedMs = 0;

  now(): number {
    return this.#now;
  }

  /** Counts on, whatever the clock is set to. */
  monotonic(): number {
    return this.#now - this.#jumpedMs;
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** How many of them were asked for with this delay: those of one kind, whatever else waits. */
  pendingOf(delayMs: number): number {
    return [...this.#timers].filter((timer) => timer.delayMs === delayMs).length;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, delayMs, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Lets time pass; what becomes due runs in order, each at its moment. */
  advance(durationMs: number): void {
    const end = this.#now + durationMs;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.action();
    }
    this.#now = end;
  }

  /** Somebody sets the clock; what was scheduled comes no sooner and no later for that. */
  jump(byMs: number): void {
    this.#now += byMs;
    this.#jumpedMs += byMs;
    const timers = [...this.#timers];
    this.#timers.clear();
    for (const timer of timers) {
      timer.at += byMs;
      this.#timers.add(timer);
    }
  }

  /** As a station writes its time. */
  iso(offsetMs = 0): string {
    return new Date(this.#now + offsetMs).toISOString();
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
