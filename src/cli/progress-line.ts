import { inAscii } from '../views/ascii.js';
import { cut } from '../views/cut.js';
import { isUnicode } from '../views/terminal.js';

/** Where nobody watches, a line this often is enough. */
const quietIntervalMs = 10_000;

/** Faster than this nobody can read. */
const redrawMs = 100;

const clear = '\r\u001b[K';

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
    if (this.#stream.isTTY && process.env.TERM !== 'dumb') {
      if (this.#isOpen && this.#now() < this.#nextAt) return;
      this.#nextAt = this.#now() + redrawMs;
      // A second Ctrl-C ends the process on the spot; the prompt of the shell must not stand behind a bar.
      if (!this.#isOpen) process.once('exit', this.#clear);
      const shown = cut(line, (this.#stream.columns || 80) - 1);
      this.#stream.write(`\r${isUnicode(process.env) ? shown : inAscii(shown)}\u001b[K`);
      this.#isOpen = true;
    } else if (this.#now() >= this.#nextAt) {
      this.#stream.write(`${line}\n`);
      this.#nextAt = this.#now() + quietIntervalMs;
    }
  }

  /** Clears the line, so that what comes next begins on a clean one. */
  end(): void {
    if (!this.#isOpen) return;
    process.off('exit', this.#clear);
    this.#clear();
    this.#isOpen = false;
  }

  readonly #clear = (): void => {
    this.#stream.write(clear);
  };
}
