import { setImmediate as endOfTurn } from 'node:timers/promises';
import { gapLine } from './frame-line.js';
import type { LineReader } from './log-line.js';

/** What waits for one who reads slowly; beyond either, lines are counted and dropped. */
const waitingMaxLines = 10_000;
const waitingMaxCharacters = 4 * 1024 * 1024;

/** One who reads along: gets the lines that match as they are written. */
export class Follower {
  readonly #reader: LineReader;
  readonly #now: () => number;
  #lines: string[] = [];
  #characters = 0;
  #missed = 0;
  #hasEnded = false;
  #wake = (): void => undefined;

  constructor(reader: LineReader, now: () => number) {
    this.#reader = reader;
    this.#now = now;
  }

  /** @param line with its line break */
  push(line: string): void {
    const bare = line.slice(0, -1);
    if (!this.#reader.matches(bare)) return;
    const isFull =
      this.#lines.length >= waitingMaxLines || this.#characters + line.length > waitingMaxCharacters;
    if (isFull) this.#missed += 1;
    else {
      this.#lines.push(bare);
      this.#characters += line.length;
    }
    this.#wake();
  }

  /** Nothing comes any more. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /**
   * The lines since the last time, at least one; undefined at the end.
   * @throws the reason of `signal`
   */
  async take(signal: AbortSignal): Promise<string[] | undefined> {
    if (this.#lines.length === 0 && !this.#hasEnded) {
      await this.#news(signal);
      // What comes in the same turn goes out together.
      await endOfTurn();
    }
    signal.throwIfAborted();
    const lines = this.#lines;
    if (this.#missed > 0) lines.push(gapLine(this.#now(), this.#missed, 'read too slowly').slice(0, -1));
    this.#lines = [];
    this.#characters = 0;
    this.#missed = 0;
    return lines.length === 0 ? undefined : lines;
  }

  async #news(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve } = withResolver();
    this.#wake = resolve;
    signal.addEventListener('abort', resolve, { once: true });
    await promise;
    signal.removeEventListener('abort', resolve);
    this.#wake = () => undefined;
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
