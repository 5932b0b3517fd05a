/** What a connector can give. */
export type Outlet =
  | { readonly kind: 'ac'; readonly phases: 1 | 3; readonly currentA: number }
  | { readonly kind: 'dc'; readonly powerW: number };

/** What the station allows at this moment; `Infinity` where nothing limits it. Currents are per phase. */
export interface Limit {
  readonly currentA: number;
  readonly powerW: number;
  readonly phases: number;
}

export const NO_LIMIT: Limit = { currentA: Infinity, powerW: Infinity, phases: 3 };

export const NOTHING: Limit = { currentA: 0, powerW: 0, phases: 3 };

export const NOMINAL_VOLTAGE_V = 230;

/** IEC 61851-1: the control pilot cannot offer less than 6 A; a station that has less offers nothing. */
export const MINIMUM_AC_CURRENT_A = 6;

/** The tighter of two limits in every respect. */
export function tighter(one: Limit, other: Limit): Limit {
  return {
    currentA: Math.min(one.currentA, other.currentA),
    powerW: Math.min(one.powerW, other.powerW),
    phases: Math.min(one.phases, other.phases),
  };
}

/** Phases that carry current when a car with `vehiclePhases` charges. */
export function phasesInUse(outlet: Outlet & { kind: 'ac' }, limit: Limit, vehiclePhases: number): number {
  const phases = Math.min(outlet.phases, vehiclePhases, limit.phases);
  return phases >= 3 ? 3 : 1;
}

/** Current per phase that an AC outlet offers, `volts` being the sum over the phases in use. 0 = suspended. */
export function offeredCurrentA(outlet: Outlet & { kind: 'ac' }, limit: Limit, volts: number): number {
  const currentA = Math.min(outlet.currentA, limit.currentA, limit.powerW / volts);
  return currentA >= MINIMUM_AC_CURRENT_A ? currentA : 0;
}

/** Power that an outlet offers under a limit, in W; a limit in A counts on the mains side. */
export function offeredPowerW(outlet: Outlet, limit: Limit): number {
  if (outlet.kind === 'dc') {
    return Math.min(outlet.powerW, limit.powerW, limit.currentA * limit.phases * NOMINAL_VOLTAGE_V);
  }
  const volts = phasesInUse(outlet, limit, 3) * NOMINAL_VOLTAGE_V;
  return offeredCurrentA(outlet, limit, volts) * volts;
}
