import { expect } from 'vitest';
import type { VehicleOptions } from '../../src/simulator/charging/vehicle.js';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import type { VirtualStationOptions } from '../../src/simulator/station-options.js';
import { FakeClock } from './fake-clock.js';
import { type CallOutcome, ScriptedCentral } from './scripted-central.js';

/** Three phases, 11 kW, far from full. */
export const CAR: VehicleOptions = {
  batteryCapacityWh: 60_000,
  socPercent: 20,
  targetSocPercent: 100,
  acPhases: 3,
  acCurrentA: 16,
  dcPowerW: 100_000,
  rampMs: 5_000,
};

/** A central system, a clock and stations; `close` ends them and checks that nothing sent was out of order. */
export class Stage {
  readonly clock = new FakeClock();
  readonly unexpected: unknown[] = [];
  readonly #stations: VirtualStation[] = [];

  private constructor(readonly central: ScriptedCentral) {}

  static async open(): Promise<Stage> {
    return new Stage(await ScriptedCentral.start());
  }

  station(options: Partial<VirtualStationOptions> = {}): VirtualStation {
    const station = new VirtualStation({
      url: this.central.url,
      identity: 'S1',
      clock: this.clock,
      random: seededRandom(7),
      energyWh: 1_000,
      ...options,
      // Time jumps here, and a pong needs real time.
      configuration: { WebSocketPingInterval: '0', ...options.configuration },
      observer: { unexpected: (error) => this.unexpected.push(error), ...options.observer },
    });
    this.#stations.push(station);
    return station;
  }

  /** A station that is connected, accepted and has told all its statuses. */
  async accepted(options: Partial<VirtualStationOptions> = {}): Promise<VirtualStation> {
    const station = this.station(options);
    station.start();
    await station.untilAccepted();
    await station.untilFlushed();
    return station;
  }

  /** A station with a car that charges at connector 1. */
  async charging(options: Partial<VirtualStationOptions> = {}): Promise<VirtualStation> {
    const station = await this.accepted(options);
    station.plugIn(1, CAR);
    await station.presentTag(1, 'TAG-1');
    await station.untilTransaction(1);
    await station.untilFlushed();
    return station;
  }

  call(action: string, payload: unknown = {}): Promise<CallOutcome> {
    return this.central.call('S1', action, payload);
  }

  /** The status answered to a command. */
  async status(action: string, payload: unknown = {}): Promise<unknown> {
    const outcome = await this.call(action, payload);
    return outcome.payload === undefined ? outcome.error : outcome.payload.status;
  }

  /** Lets time pass in steps, every message being answered before the next one. */
  async pass(station: VirtualStation, durationMs: number, stepMs = 1_000): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += stepMs) {
      this.clock.advance(Math.min(stepMs, durationMs - passedMs));
      await station.untilFlushed();
    }
  }

  /** The statuses reported of one connector, in order. */
  statuses(connectorId: number): unknown[] {
    return this.central
      .payloads('StatusNotification')
      .filter((one) => one.connectorId === connectorId)
      .map((one) => one.status);
  }

  async close(): Promise<void> {
    for (const station of this.#stations) await station.stop({ sessions: 'drop' });
    await this.central.stop();
    expect(this.central.breaches).toEqual([]);
    expect(this.unexpected).toEqual([]);
    expect(this.clock.pending).toBe(0);
  }
}
