import type { Random } from '../random.js';
import { type Limit, NOMINAL_VOLTAGE_V, type Outlet } from './outlet.js';
import { type Flow, NO_FLOW, type Vehicle } from './vehicle.js';

/** What a meter shows at one instant. */
export interface Reading {
  /** Lifetime register, whole Wh; never falls, not even between sessions. */
  readonly energyWh: number;
  readonly powerW: number;
  readonly voltagesV: readonly number[];
  readonly currentsA: readonly number[];
  readonly temperatureC: number;
  readonly outlet: Outlet;
  /** State of charge; a car tells it over DC charging only. */
  readonly socPercent?: number;
}

export interface MeterOptions {
  readonly outlet: Outlet;
  readonly random: Random;
  /** What the register shows at first. */
  readonly energyWh?: number;
}

/** Fine steps show the ramps; over longer stretches a ramp is a detail, and a fleet at high speed has many of them. */
const FINE_STEP_MS = 1_000;
const COARSE_STEP_MS = 5_000;
const FINE_UP_TO_MS = 10_000;
/** A process that slept must not be made to calculate for minutes: longer gaps get longer steps. */
const MAX_STEPS = 7_200;
const MS_PER_HOUR = 3_600_000;

/** The energy meter of one connector: integrates the power that a vehicle draws over simulated time. */
export class Meter {
  readonly #outlet: Outlet;
  readonly #random: Random;
  readonly #mainsV = [NOMINAL_VOLTAGE_V, NOMINAL_VOLTAGE_V, NOMINAL_VOLTAGE_V];
  #energyWh: number;
  #flow: Flow = NO_FLOW;
  #temperatureC = 22;
  #socPercent: number | undefined;

  constructor(options: MeterOptions) {
    this.#outlet = options.outlet;
    this.#random = options.random;
    this.#energyWh = Math.max(0, options.energyWh ?? 0);
  }

  /** Lets `durationMs` of simulated time pass. Without a vehicle, or without permission, nothing flows. */
  advance(durationMs: number, vehicle: Vehicle | undefined, limit: Limit): void {
    if (!(durationMs > 0)) return;
    const wantedMs = durationMs <= FINE_UP_TO_MS ? FINE_STEP_MS : COARSE_STEP_MS;
    const steps = Math.min(MAX_STEPS, Math.ceil(durationMs / wantedMs));
    const stepMs = durationMs / steps;
    for (let step = 0; step < steps; step += 1) this.#step(stepMs, vehicle, limit);
  }

  /** Opens the contactor: the flow ends at once, without a ramp. */
  interrupt(): void {
    this.#flow = NO_FLOW;
    this.#socPercent = undefined;
  }

  read(): Reading {
    const voltagesV = this.#outlet.kind === 'ac' ? this.#idleVoltagesV() : this.#flow.voltagesV;
    return {
      energyWh: Math.floor(this.#energyWh),
      powerW: this.#flow.powerW,
      voltagesV,
      currentsA: voltagesV.map((_voltage, phase) => this.#flow.currentsA[phase] ?? 0),
      temperatureC: this.#temperatureC,
      outlet: this.#outlet,
      ...(this.#outlet.kind === 'dc' && this.#socPercent !== undefined
        ? { socPercent: this.#socPercent }
        : {}),
    };
  }

  /** Mains are there without a car, too. */
  #idleVoltagesV(): readonly number[] {
    if (this.#flow.voltagesV.length > 0) return this.#flow.voltagesV;
    return this.#mainsV.slice(0, this.#outlet.kind === 'ac' ? this.#outlet.phases : 0);
  }

  #step(stepMs: number, vehicle: Vehicle | undefined, limit: Limit): void {
    this.#driftVoltages();
    const before = this.#flow.powerW;
    this.#flow = vehicle?.draw(stepMs, this.#outlet, limit, this.#mainsV) ?? NO_FLOW;
    // Trapezoid: exact for the linear ramps, and for everything between two of them.
    const deliveredWh = (((before + this.#flow.powerW) / 2) * stepMs) / MS_PER_HOUR;
    this.#energyWh += deliveredWh;
    vehicle?.absorb(deliveredWh, this.#outlet.kind);
    this.#socPercent = vehicle?.socPercent;
    this.#warm(stepMs);
  }

  /** Mains wander a volt or so around their nominal value and always come back. */
  #driftVoltages(): void {
    for (const [phase, voltage] of this.#mainsV.entries()) {
      const pull = (NOMINAL_VOLTAGE_V - voltage) * 0.1;
      this.#mainsV[phase] = voltage + pull + (this.#random() - 0.5) * 0.8;
    }
  }

  #warm(stepMs: number): void {
    const fullW = this.#outlet.kind === 'dc' ? this.#outlet.powerW : 230 * 3 * this.#outlet.currentA;
    const target = 22 + 28 * Math.min(1, this.#flow.powerW / fullW);
    this.#temperatureC += (target - this.#temperatureC) * Math.min(1, stepMs / 600_000);
  }
}
