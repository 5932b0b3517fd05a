import { setMaxListeners } from 'node:events';
import { FleetError } from '../domain/errors.js';

export type StopSignal = 'SIGINT' | 'SIGTERM';

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const satisfies Record<StopSignal, number>;

/** The reader of our standard output went away (`| head`): no failure, there is just nobody left to write for. */
export class PipeClosed extends Error {
  constructor() {
    super('The reader of the output went away.');
    this.name = 'PipeClosed';
  }
}

/** Turns SIGINT, SIGTERM and an output that takes no more into one AbortSignal. A second signal ends the process at once. */
export class Interruption {
  readonly #controller = new AbortController();
  #received: StopSignal | undefined;

  constructor() {
    // Every request under way listens, and a bulk action has many; that is no leak to warn of.
    setMaxListeners(0, this.signal);
  }

  /** Its reason is a FleetError INTERRUPTED, PipeClosed, or what else standard output failed with. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get received(): StopSignal | undefined {
    return this.#received;
  }

  get exitCode(): number | undefined {
    return this.#received && exitCodes[this.#received];
  }

  get pipeClosed(): boolean {
    return this.signal.reason instanceof PipeClosed;
  }

  /** Standard output takes nothing more, though somebody wants it: a disk is full. */
  get outputLost(): boolean {
    const { aborted, reason } = this.signal;
    return aborted && !(reason instanceof FleetError) && !this.pipeClosed;
  }

  listen(): void {
    process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal);
    // Before that of oclif, which throws.
    process.stdout.prependListener('error', this.#onOutputError);
  }

  dispose(): void {
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal);
    process.stdout.off('error', this.#onOutputError);
  }

  readonly #onSignal = (signal: StopSignal): void => {
    if (this.#received) process.exit(exitCodes[signal]);
    this.#received = signal;
    const message = signal === 'SIGINT' ? 'Interrupted.' : 'Terminated.';
    this.#controller.abort(new FleetError('INTERRUPTED', message));
  };

  readonly #onOutputError = (error: NodeJS.ErrnoException): void => {
    this.#controller.abort(error.code === 'EPIPE' ? new PipeClosed() : error);
  };
}
