import type { Clock } from '../../domain/clock.js';
import type { TransferLimits } from './transfer-limits.js';
import { TransferRefusal } from './transfer-refusal.js';

/** Ends a transfer that stands still, or takes too long: aborts `signal` with the TransferRefusal that says so. */
export class TransferWatch {
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  readonly #limits: Pick<TransferLimits, 'idleTimeoutMs' | 'totalTimeoutMs'>;
  #movedAt: number;
  #cancelIdle = (): void => undefined;
  readonly #cancelTotal: () => void;

  constructor(clock: Clock, limits: Pick<TransferLimits, 'idleTimeoutMs' | 'totalTimeoutMs'>) {
    this.#clock = clock;
    this.#limits = limits;
    this.#movedAt = clock.now();
    const { idleTimeoutMs, totalTimeoutMs } = limits;
    this.#cancelTotal = clock.schedule(totalTimeoutMs, () =>
      this.end(new TransferRefusal('too-slow', `it took longer than ${totalTimeoutMs / 1000} s`)),
    );
    this.#armIdle(idleTimeoutMs);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Something came, or was taken. */
  moved(): void {
    this.#movedAt = this.#clock.now();
  }

  end(reason: TransferRefusal): void {
    this.dispose();
    this.#abort.abort(reason);
  }

  dispose(): void {
    this.#cancelIdle();
    this.#cancelTotal();
  }

  /** One timer for many chunks: it looks when it fires whether anything moved meanwhile. */
  #armIdle(delayMs: number): void {
    this.#cancelIdle = this.#clock.schedule(delayMs, () => {
      const { idleTimeoutMs } = this.#limits;
      const leftMs = this.#movedAt + idleTimeoutMs - this.#clock.now();
      if (leftMs > 0) this.#armIdle(leftMs);
      else this.end(new TransferRefusal('too-slow', `nothing moved for ${idleTimeoutMs / 1000} s`));
    });
  }
}
