import type { StationTime } from './station-time.js';

interface Line {
  readonly atMs: number;
  readonly text: string;
}

/** Old lines go: thousands of stations share one process. */
const MAX_LINES = 100;

/** The station's own diary, which GetDiagnostics uploads. */
export class StationLog {
  readonly #time: StationTime;
  readonly #lines: Line[] = [];

  constructor(time: StationTime) {
    this.#time = time;
  }

  add(text: string): void {
    this.#lines.push({ atMs: this.#time.now(), text });
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
  }

  /** The lines of a period, one per row; wall time, ms since the epoch. */
  text(fromMs: number, toMs: number): string {
    return this.#lines
      .filter((line) => line.atMs >= fromMs && line.atMs <= toMs)
      .map((line) => `${new Date(line.atMs).toISOString()} ${line.text}\n`)
      .join('');
  }
}
