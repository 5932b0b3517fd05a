import type { Clock } from '../domain/clock.js';

/** What one station may send. */
export interface FlowLimits {
  /** Messages a second that it may send for ever; 0 is no limit. */
  readonly messagesPerS: number;
  /** Messages that it may send at once after a quiet time. */
  readonly burst: number;
}

/** Calls of one station that may wait before its socket is not read any more, and below which it is read again. */
const waitingMax = 64;
const waitingLow = 16;

/** The same for the characters of those calls. */
const waitingLengthMax = 8 * 1024 * 1024;
const waitingLengthLow = 1024 * 1024;

/** Reading goes on when there is credit for so long, so that it does not stop again after one message. */
const resumeAfterMs = 100;

export interface FlowSource {
  pause(): void;
  resume(): void;
}

/**
 * How fast a station is read. One that sends more than its share, or faster than its messages can be dealt with, is
 * read more slowly: TCP makes it wait, nothing is lost or refused, and the others notice nothing.
 *
 * What was already read when reading stops is dealt with all the same; it counts, and is waited for.
 */
export class InboundFlow {
  readonly #source: FlowSource;
  readonly #limits: FlowLimits;
  readonly #clock: Clock;
  readonly #onThrottled: () => void;
  #credit: number;
  #creditAt: number;
  /** Set while the station is over its budget. */
  #cancelRefill: (() => void) | undefined;
  #isFull = false;

  constructor(source: FlowSource, limits: FlowLimits, clock: Clock, onThrottled: () => void) {
    this.#source = source;
    this.#limits = limits;
    this.#clock = clock;
    this.#onThrottled = onThrottled;
    this.#credit = limits.messagesPerS === 0 ? Number.POSITIVE_INFINITY : limits.burst;
    this.#creditAt = clock.now();
  }

  get isPaused(): boolean {
    return this.#isFull || this.#cancelRefill !== undefined;
  }

  /** Hot path: a frame came, and so much waits now. */
  received(waiting: number, waitingLength: number): void {
    this.#credit -= 1;
    if (this.#credit < 0 && this.#cancelRefill === undefined) this.#overdraw();
    if (!this.#isFull && (waiting > waitingMax || waitingLength > waitingLengthMax)) {
      this.#isFull = true;
      this.#source.pause();
    }
  }

  /** Hot path: one of the calls that waited is being dealt with; so much still waits. */
  taken(waiting: number, waitingLength: number): void {
    if (!this.#isFull || waiting > waitingLow || waitingLength > waitingLengthLow) return;
    this.#isFull = false;
    if (!this.isPaused) this.#source.resume();
  }

  /** Reads on without limits: for the end of a connection, which is read as well. */
  release(): void {
    this.#cancelRefill?.();
    this.#cancelRefill = undefined;
    this.#isFull = false;
    this.#credit = Number.POSITIVE_INFINITY;
    this.#source.resume();
  }

  #overdraw(): void {
    this.#refill();
    if (this.#credit >= 0) return;
    this.#source.pause();
    this.#onThrottled();
    this.#wait();
  }

  /** Counted only when the credit is used up: no clock is asked for every message. */
  #refill(): void {
    const now = this.#clock.now();
    // A clock that was put back gives nothing, and takes nothing.
    const earned = (Math.max(0, now - this.#creditAt) * this.#limits.messagesPerS) / 1000;
    this.#credit = Math.min(this.#limits.burst, this.#credit + earned);
    this.#creditAt = now;
  }

  #wait(): void {
    const delayMs = Math.ceil((-this.#credit * 1000) / this.#limits.messagesPerS) + resumeAfterMs;
    this.#cancelRefill = this.#clock.schedule(delayMs, () => {
      this.#cancelRefill = undefined;
      this.#refill();
      if (this.#credit < 0) this.#wait();
      else if (!this.isPaused) this.#source.resume();
    });
  }
}
