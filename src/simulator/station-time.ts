import type { Clock } from '../domain/clock.js';
import { sleep } from './timers.js';

/**
 * The two times of a virtual station.
 *
 * Wall time belongs to everything that a central system can see or be hurt by: timestamps, heartbeats, boot retries,
 * call time-outs, resends, back-off, and every instant or schedule it sends (reservations, charging profiles). It is
 * always honest, so no message ever comes from the future.
 *
 * Simulated time runs `speed` times faster and belongs to the physical world: the car, the meter, the time between
 * two samples, the patience of drivers. At speed 60 an hour of charging reads as a session of one minute with an
 * hour's energy.
 */
export class StationTime {
  readonly #clock: Clock;
  readonly #speed: number;

  constructor(clock: Clock, speed: number) {
    if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError('speed has to be a number above zero');
    this.#clock = clock;
    this.#speed = speed;
  }

  /** Wall time, ms since the epoch. */
  now(): number {
    return this.#clock.now();
  }

  /** Wall time as OCPP wants it. */
  timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  /** Waits so much wall time, or until `signal` aborts: look at the signal afterwards. Never rejects. */
  wait(wallMs: number, signal: AbortSignal): Promise<void> {
    return sleep(this.#clock, wallMs, signal);
  }

  /** How much simulated time passes in so much wall time. */
  simulatedMs(wallMs: number): number {
    return wallMs * this.#speed;
  }

  /** How long to wait for so much simulated time. */
  wallMs(simulatedMs: number): number {
    return simulatedMs / this.#speed;
  }
}
