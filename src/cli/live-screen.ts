const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
/** Terminals that know it show the whole picture at once; others take no notice. */
const beginUpdate = '\u001b[?2026h';
const endUpdate = '\u001b[?2026l';

/** The alternate screen of a terminal, drawn over in place; what was there before comes back at the end. */
export class LiveScreen {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.write(enter);
    // A second Ctrl-C ends the process on the spot; the terminal must be usable all the same.
    process.once('exit', this.#leave);
  }

  /** Shows as many lines of the picture as fit, and how many did not. */
  draw(text: string): void {
    const lines = text.trimEnd().split('\n');
    const rows = Math.max(2, this.#stream.rows || 24);
    const shown =
      lines.length > rows ? [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more lines`] : lines;
    const picture = shown.map((line) => `${line}${clearLine}`).join('\n');
    this.#stream.write(`${beginUpdate}${home}${picture}${clearBelow}${endUpdate}`);
  }

  restore(): void {
    process.off('exit', this.#leave);
    this.#leave();
  }

  readonly #leave = (): void => {
    this.#stream.write(leave);
  };
}
