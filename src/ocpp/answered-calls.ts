import { crc32 } from 'node:zlib';

/** What tells one call from another: far more than chance could make equal. */
export interface Fingerprint {
  readonly text: number;
  readonly id: number;
  readonly length: number;
}

/** @param raw the whole frame as it came */
export function fingerprint(id: string, raw: string): Fingerprint {
  let hash = 0;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return { text: crc32(raw), id: hash, length: raw.length };
}

export function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.text === b.text && a.id === b.id && a.length === b.length;
}

/** How a call was answered. */
export interface GivenAnswer {
  readonly kind: 'result' | 'error';
  /** Undefined for `{}`, by far the most frequent one. */
  readonly text: string | undefined;
}

const numbersPerCall = 4;

/**
 * The calls that were answered last, so that one that is repeated gets the same answer: the oldest is overwritten. Numbers
 * in one piece of memory, because thousands of stations have one of these and every message looks through one: objects
 * would be in the way of the processor's caches and of every garbage collection.
 */
export class AnsweredCalls {
  readonly #limit: number;
  readonly #keptMs: number;
  #numbers: Float64Array | undefined;
  #answers: (GivenAnswer | undefined)[] = [];
  #next = 0;

  /** @param keptMs how long an answer is given again */
  constructor(limit: number, keptMs: number) {
    this.#limit = limit;
    this.#keptMs = keptMs;
  }

  /** @param now milliseconds on any clock */
  remember({ text, id, length }: Fingerprint, answer: GivenAnswer, now: number): void {
    if (this.#limit === 0) return;
    this.#numbers ??= new Float64Array(this.#limit * numbersPerCall);
    const at = this.#next * numbersPerCall;
    this.#numbers[at] = text;
    this.#numbers[at + 1] = id;
    // Of a place that was never used it is 0, and no frame is empty.
    this.#numbers[at + 2] = length;
    this.#numbers[at + 3] = now;
    this.#answers[this.#next] = answer;
    this.#next = (this.#next + 1) % this.#limit;
  }

  find({ text, id, length }: Fingerprint, now: number): GivenAnswer | undefined {
    const numbers = this.#numbers;
    if (numbers === undefined) return undefined;
    for (let at = 0; at < numbers.length; at += numbersPerCall) {
      if (numbers[at] !== text || numbers[at + 1] !== id || numbers[at + 2] !== length) continue;
      if (now - (numbers[at + 3] ?? 0) <= this.#keptMs) return this.#answers[at / numbersPerCall];
    }
    return undefined;
  }

  clear(): void {
    this.#numbers = undefined;
    this.#answers = [];
  }
}
