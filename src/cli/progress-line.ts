import { cut } from '../views/cut.js';

/** Where nobody watches, a line this often is enough. */
const quietIntervalMs = 10_000;

/** Faster than this nobody can read. */
const redrawMs = 100;

/** Progress on stderr: one line that is written over on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #now: () => number;
  #nextAt: number;
  #isOpen = false;

  constructor(stream: NodeJS.WriteStream, now: () => number) {
    this.#stream = stream;
    this.#now = now;
    this.#nextAt = now() + quietIntervalMs;
  }

  show(line: string): void {
    if (this.#stream.isTTY) {
      if (this.#isOpen && this.#now() < this.#nextAt) return;
      this.#nextAt = this.#now() + redrawMs;
      this.#stream.write(`\r${cut(line, (this.#stream.columns || 80) - 1)}\u001b[K`);
      this.#isOpen = true;
    } else if (this.#now() >= this.#nextAt) {
      this.#stream.write(`${line}\n`);
      this.#nextAt = this.#now() + quietIntervalMs;
    }
  }

  /** Clears the line, so that what comes next begins on a clean one. */
  end(): void {
    if (this.#isOpen) this.#stream.write('\r\u001b[K');
    this.#isOpen = false;
  }
}
