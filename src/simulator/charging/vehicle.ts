import { between, pick, type Random } from '../random.js';
import {
  type Limit,
  MINIMUM_AC_CURRENT_A,
  NOMINAL_VOLTAGE_V,
  type Outlet,
  offeredCurrentA,
  offeredPowerW,
  phasesInUse,
} from './outlet.js';

/** One instant of energy flow. AC: one entry per phase of the outlet; DC: one entry. */
export interface Flow {
  readonly powerW: number;
  readonly voltagesV: readonly number[];
  readonly currentsA: readonly number[];
}

export const NO_FLOW: Flow = { powerW: 0, voltagesV: [], currentsA: [] };

export interface VehicleOptions {
  readonly batteryCapacityWh: number;
  /** State of charge at plug-in, 0 to 100. */
  readonly socPercent: number;
  /** The car stops asking for energy here, at most 100. */
  readonly targetSocPercent: number;
  readonly acPhases: 1 | 3;
  /** What the on-board charger takes per phase; at least 6 A. */
  readonly acCurrentA: number;
  readonly dcPowerW: number;
  /** Time from nothing to the full current, and back. */
  readonly rampMs: number;
}

const TAPER_FROM_PERCENT = 80;
const TAPER_FLOOR = 0.1;
const AC_EFFICIENCY = 0.9;
const DC_EFFICIENCY = 0.96;

/** A battery on wheels: asks for power, ramps, tapers, gets full. Knows nothing of OCPP. */
export class Vehicle {
  readonly #options: VehicleOptions;
  #socPercent: number;
  /** Share of the nominal draw that flows now; moves by at most one ramp per `rampMs`. */
  #drawn = 0;

  constructor(options: VehicleOptions) {
    if (!(options.batteryCapacityWh > 0) || !(options.rampMs > 0)) {
      throw new RangeError('A vehicle needs a battery and a ramp time above zero');
    }
    this.#options = options;
    this.#socPercent = Math.min(100, Math.max(0, options.socPercent));
  }

  get socPercent(): number {
    return this.#socPercent;
  }

  /** True once the car does not ask for energy any more. */
  get isFull(): boolean {
    return this.#socPercent >= Math.min(100, this.#options.targetSocPercent);
  }

  /** The flow at the end of a step of `stepMs`, under what the outlet has and the station allows. */
  draw(stepMs: number, outlet: Outlet, limit: Limit, voltagesV: readonly number[]): Flow {
    return outlet.kind === 'ac'
      ? this.#drawAc(stepMs, outlet, limit, voltagesV)
      : this.#drawDc(stepMs, outlet, limit);
  }

  /** Whether the station offers this car anything; if not, it is the station that suspends the charging. */
  isOffered(outlet: Outlet, limit: Limit): boolean {
    if (outlet.kind === 'dc') return offeredPowerW(outlet, limit) > 0;
    const volts = phasesInUse(outlet, limit, this.#options.acPhases) * NOMINAL_VOLTAGE_V;
    return offeredCurrentA(outlet, limit, volts) > 0;
  }

  /** Puts the energy of a step into the battery; `deliveredWh` is what the meter counted. */
  absorb(deliveredWh: number, kind: Outlet['kind']): void {
    const stored = deliveredWh * (kind === 'ac' ? AC_EFFICIENCY : DC_EFFICIENCY);
    this.#socPercent = Math.min(100, this.#socPercent + (100 * stored) / this.#options.batteryCapacityWh);
  }

  #drawAc(stepMs: number, outlet: Outlet & { kind: 'ac' }, limit: Limit, mainsV: readonly number[]): Flow {
    const voltagesV = mainsV.slice(0, outlet.phases);
    const phases = phasesInUse(outlet, limit, this.#options.acPhases);
    const volts = voltagesV.slice(0, phases).reduce((sum, voltage) => sum + voltage, 0);
    const nominalA = Math.min(outlet.currentA, this.#options.acCurrentA);
    const wantedA = Math.max(MINIMUM_AC_CURRENT_A, nominalA * this.#taper());
    const targetA = Math.min(nominalA, wantedA, offeredCurrentA(outlet, limit, volts));
    const currentA = nominalA * this.#ramp(stepMs, targetA / nominalA);
    return {
      powerW: volts * currentA,
      voltagesV,
      currentsA: voltagesV.map((_voltage, phase) => (phase < phases ? currentA : 0)),
    };
  }

  #drawDc(stepMs: number, outlet: Outlet & { kind: 'dc' }, limit: Limit): Flow {
    const nominalW = Math.min(outlet.powerW, this.#options.dcPowerW);
    const target = Math.min(offeredPowerW(outlet, limit) / nominalW, this.#taper());
    const powerW = nominalW * this.#ramp(stepMs, target);
    // A 400 V pack: its voltage climbs with the state of charge.
    const voltageV = 345 + 0.65 * this.#socPercent;
    return { powerW, voltagesV: [voltageV], currentsA: [powerW / voltageV] };
  }

  #taper(): number {
    const above = Math.max(0, this.#socPercent - TAPER_FROM_PERCENT) / (100 - TAPER_FROM_PERCENT);
    return Math.max(TAPER_FLOOR, 1 - above);
  }

  #ramp(stepMs: number, wanted: number): number {
    const target = this.isFull ? 0 : Math.max(0, wanted);
    const reach = stepMs / this.#options.rampMs;
    this.#drawn =
      target > this.#drawn ? Math.min(target, this.#drawn + reach) : Math.max(target, this.#drawn - reach);
    return this.#drawn;
  }
}

/** A car such as drives up to a public station: mostly three phases, half empty, content with 80 to 100 %. */
export function randomVehicle(random: Random): VehicleOptions {
  const plugInHybrid = random() < 0.15;
  return {
    batteryCapacityWh: plugInHybrid ? between(random, 9_000, 18_000) : between(random, 40_000, 95_000),
    socPercent: between(random, 8, 70),
    targetSocPercent: pick(random, [80, 90, 100, 100]),
    acPhases: plugInHybrid || random() < 0.2 ? 1 : 3,
    acCurrentA: pick(random, [16, 16, 32]),
    dcPowerW: pick(random, [50_000, 100_000, 125_000, 150_000]),
    rampMs: between(random, 3_000, 9_000),
  };
}
