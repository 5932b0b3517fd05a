import type { Clock } from '../../domain/clock.js';
import { between, type Random } from '../random.js';
import type { VirtualStation } from '../station.js';
import { sleep } from '../timers.js';
import type { TagPool } from './tag-pool.js';

export interface DriverOptions {
  readonly station: VirtualStation;
  readonly connectorId: number;
  readonly tags: TagPool;
  readonly random: Random;
  readonly clock: Clock;
  readonly speed: number;
  /** How often somebody comes to charge; undefined = until the end. */
  readonly sessions: number | undefined;
  readonly signal: AbortSignal;
}

const MINUTE_MS = 60_000;

/** The people who come to one connector, one after the other. All times are simulated time. */
export class Driver {
  readonly #options: DriverOptions;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  /** Resolves after the last session, or when the station or the simulation ends. Never rejects. */
  async run(): Promise<void> {
    const { sessions = Infinity, signal } = this.#options;
    try {
      await this.#until(() => this.#options.station.mayCharge);
      await this.#pause(0, 2 * MINUTE_MS);
      for (let session = 0; session < sessions && !signal.aborted; session += 1) {
        if (session > 0) await this.#pause(MINUTE_MS, 10 * MINUTE_MS);
        await this.#session();
      }
    } catch (error) {
      // The station was switched off, or the simulation was: there is nothing left to drive.
      if (!this.#hasEnded) throw error;
    }
  }

  get #hasEnded(): boolean {
    return this.#options.signal.aborted || this.#options.station.hasStopped;
  }

  async #session(): Promise<void> {
    const { station, connectorId, tags } = this.#options;
    await this.#until(() => this.#isAwaited || station.connector(connectorId).status === 'Available');
    const tag = tags.take();
    try {
      station.plugIn(connectorId);
      await this.#wait(2_000, 15_000);
      // A remote start may have been quicker.
      const verdict = this.#isCharging ? 'Accepted' : await station.presentTag(connectorId, tag);
      if (verdict === 'Accepted') await this.#charge();
    } finally {
      tags.giveBack(tag);
    }
    await this.#wait(5_000, MINUTE_MS);
    station.unplug(connectorId);
  }

  /** Stays until the driver comes back, which is soon when the car is full; or until somebody else ends it. */
  async #charge(): Promise<void> {
    const { station, connectorId, random } = this.#options;
    const isOver = (): boolean => !this.#isCharging;
    const stayMs = between(random, 20 * MINUTE_MS, 120 * MINUTE_MS);
    await this.#within(stayMs, () => isOver() || station.connector(connectorId).isFull);
    if (!isOver()) await this.#within(between(random, 0, 5 * MINUTE_MS), isOver);
    const { idTag } = station.connector(connectorId);
    if (idTag !== undefined && !this.#hasEnded) await station.presentTag(connectorId, idTag);
  }

  get #isCharging(): boolean {
    return this.#options.station.connector(this.#options.connectorId).idTag !== undefined;
  }

  /** A remote start has been accepted and waits for a car: somebody stands there with an app in the hand. */
  get #isAwaited(): boolean {
    const { station, connectorId } = this.#options;
    const { status, isPlugged } = station.connector(connectorId);
    return status === 'Preparing' && !isPlugged;
  }

  /** Until the next one comes, who may be sent for. */
  #pause(fromMs: number, toMs: number): Promise<void> {
    return this.#within(between(this.#options.random, fromMs, toMs), () => this.#isAwaited);
  }

  #until(reached: () => boolean): Promise<void> {
    return this.#options.station.until(reached, this.#options.signal);
  }

  /** Waits until something is reached, but not longer than `durationMs`. */
  async #within(durationMs: number, reached: () => boolean): Promise<void> {
    const { clock, speed, signal } = this.#options;
    let isLate = false;
    // Not AbortSignal.any: on Node 20 each one leaves a trace in a signal that lives as long as the simulation.
    const end = new AbortController();
    const onAbort = (): void => end.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const cancel = clock.schedule(durationMs / speed, () => {
      isLate = true;
      end.abort();
    });
    try {
      signal.throwIfAborted();
      await this.#options.station.until(reached, end.signal);
    } catch (error) {
      if (!isLate) throw error;
    } finally {
      cancel();
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #wait(fromMs: number, toMs: number): Promise<void> {
    const { clock, random, speed, signal } = this.#options;
    await sleep(clock, between(random, fromMs, toMs) / speed, signal);
    signal.throwIfAborted();
  }
}
