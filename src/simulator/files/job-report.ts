import type { StationParts } from '../station-parts.js';

export interface JobReportOptions<Status extends string> {
  /** Those of a job that goes on; with any other it is over. */
  readonly running: readonly Status[];
  readonly send: (status: Status | 'Idle', requestId: number | undefined) => Promise<unknown>;
}

/** How one job is getting on, told to the central system; what could not be told is told later. */
export class JobReport<Status extends string> {
  readonly #station: StationParts;
  readonly #options: JobReportOptions<Status>;
  #job = new AbortController();
  #requestId: number | undefined;
  #status: Status | 'Idle' = 'Idle';
  #isActive = false;
  #isUntold = false;

  constructor(station: StationParts, options: JobReportOptions<Status>) {
    this.#station = station;
    this.#options = options;
  }

  /** Whether a job was begun that is not over. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Gives up the job before. @returns what aborts when this one is given up */
  begin(requestId?: number): AbortSignal {
    this.giveUp();
    this.#job = new AbortController();
    this.#requestId = requestId;
    this.#isActive = true;
    return this.#job.signal;
  }

  giveUp(): void {
    this.#job.abort();
    this.#isActive = false;
    this.#status = 'Idle';
    this.#isUntold = false;
  }

  async tell(status: Status): Promise<void> {
    this.#status = status;
    this.#isActive = this.#options.running.includes(status);
    await this.#deliver();
  }

  /** Reports the present state once more, `Idle` when there is no job. */
  repeat(): void {
    const { background } = this.#station;
    const sent = this.#isActive
      ? this.#options.send(this.#status, this.#requestId)
      : this.#options.send('Idle', undefined);
    background.run(sent.catch(() => undefined));
  }

  /** Messages may be sent again: what happened meanwhile is told now. */
  resume(): void {
    if (this.#isUntold) this.#station.background.run(this.#deliver());
  }

  async #deliver(): Promise<void> {
    this.#isUntold = !this.#station.isOnline;
    if (this.#isUntold) return;
    const status = this.#status;
    try {
      await this.#options.send(status, this.#requestId);
    } catch {
      if (!this.#station.isOnline && status === this.#status) this.#isUntold = true;
    }
  }
}
