import {
  type AnchoredProfile,
  type ChargingProfile,
  type ChargingSchedule,
  changePoints,
  isWellFormed,
  limitAt,
} from './charging-schedule.js';
import { type Limit, NO_LIMIT, NOMINAL_VOLTAGE_V, tighter } from './outlet.js';

interface Installed {
  readonly connectorId: number;
  readonly profile: ChargingProfile;
  readonly installedAtMs: number;
}

/** The transaction on a connector, as far as profiles care. */
export interface ProfileTarget {
  readonly connectorId: number;
  readonly transactionStartMs?: number;
  readonly transactionId?: number;
}

export interface ProfileCriteria {
  readonly id?: number;
  readonly connectorId?: number;
  readonly chargingProfilePurpose?: ChargingProfile['chargingProfilePurpose'];
  readonly stackLevel?: number;
}

export interface ProfileBounds {
  readonly maxStackLevel: number;
  readonly maxPeriods: number;
  readonly maxInstalled: number;
}

export interface CompositeRequest {
  readonly target: ProfileTarget;
  readonly fromMs: number;
  readonly durationS: number;
  readonly unit: 'A' | 'W';
  /** What the connector can give without any profile. */
  readonly capacity: Limit;
}

/**
 * Smart charging of one station (OCPP 1.6 §3.13): per purpose the highest stack level wins, a TxProfile goes before a
 * TxDefaultProfile, one for the connector before one for connector 0, and ChargePointMaxProfile caps the result.
 */
export class ChargingProfiles {
  readonly #bounds: ProfileBounds;
  #installed: readonly Installed[] = [];

  constructor(bounds: ProfileBounds) {
    this.#bounds = bounds;
  }

  /** Installs a profile, replacing one with the same id, or with the same purpose, level and connector. */
  set(target: ProfileTarget, profile: ChargingProfile, nowMs: number): boolean {
    if (!this.#isAllowed(target, profile)) return false;
    const { connectorId } = target;
    const kept = this.#installed.filter(
      (one) =>
        one.profile.chargingProfileId !== profile.chargingProfileId &&
        !(
          one.connectorId === connectorId &&
          one.profile.chargingProfilePurpose === profile.chargingProfilePurpose &&
          one.profile.stackLevel === profile.stackLevel
        ),
    );
    if (kept.length >= this.#bounds.maxInstalled) return false;
    this.#installed = [...kept, { connectorId, profile, installedAtMs: nowMs }];
    return true;
  }

  /** Removes what matches: the id alone if given, else all other criteria together. True if anything went. */
  clear(criteria: ProfileCriteria): boolean {
    const before = this.#installed.length;
    this.#installed = this.#installed.filter((one) => !matches(one, criteria));
    return this.#installed.length < before;
  }

  /** A transaction ended: its profiles end with it. */
  transactionEnded(connectorId: number): void {
    this.clear({ connectorId, chargingProfilePurpose: 'TxProfile' });
  }

  /** What one connector may take at `atMs` when `sharers` connectors share the station's maximum. */
  limit(target: ProfileTarget, atMs: number, sharers: number): Limit {
    const own = this.#winner(this.#transactionCandidates(target), atMs);
    const maximum = this.#winner(this.#candidates('ChargePointMaxProfile', target), atMs) ?? NO_LIMIT;
    const share = Math.max(1, sharers);
    return tighter(own ?? NO_LIMIT, {
      currentA: maximum.currentA / share,
      powerW: maximum.powerW / share,
      phases: maximum.phases,
    });
  }

  /** GetCompositeSchedule: what would hold from `fromMs` on, nothing else changing. */
  composite(request: CompositeRequest): ChargingSchedule {
    const { target, fromMs, durationS, unit, capacity } = request;
    const toMs = fromMs + durationS * 1_000;
    const points = this.#installed.flatMap((one) => changePoints(anchor(one, target), fromMs, toMs));
    const periods: { startPeriod: number; limit: number }[] = [];
    for (const atMs of [fromMs, ...[...new Set(points)].sort((one, other) => one - other)]) {
      const limit = rate(tighter(capacity, this.limit(target, atMs, 1)), unit);
      const startPeriod = Math.round((atMs - fromMs) / 1_000);
      // Two changes within one second are one change, as the schedule counts in whole seconds.
      if (periods.at(-1)?.startPeriod === startPeriod) periods.pop();
      if (periods.at(-1)?.limit !== limit) periods.push({ startPeriod, limit });
    }
    return { duration: durationS, chargingRateUnit: unit, chargingSchedulePeriod: periods };
  }

  #isAllowed(target: ProfileTarget, profile: ChargingProfile): boolean {
    const { connectorId } = target;
    const { chargingProfilePurpose: purpose, transactionId, chargingSchedule: schedule } = profile;
    if (!isWellFormed(profile) || profile.stackLevel > this.#bounds.maxStackLevel) return false;
    if (schedule.chargingSchedulePeriod.length > this.#bounds.maxPeriods) return false;
    if (purpose === 'ChargePointMaxProfile') return connectorId === 0;
    if (purpose === 'TxDefaultProfile') return true;
    if (connectorId === 0 || target.transactionStartMs === undefined) return false;
    return transactionId === undefined || transactionId === target.transactionId;
  }

  /** Nothing for connector 0: what limits one transaction says nothing about the station as a whole. */
  #transactionCandidates(target: ProfileTarget): AnchoredProfile[] {
    if (target.connectorId === 0) return [];
    return [...this.#candidates('TxProfile', target), ...this.#candidates('TxDefaultProfile', target)];
  }

  #candidates(purpose: ChargingProfile['chargingProfilePurpose'], target: ProfileTarget): AnchoredProfile[] {
    return this.#installed
      .filter((one) => one.profile.chargingProfilePurpose === purpose)
      .filter((one) => one.connectorId === 0 || one.connectorId === target.connectorId)
      .sort(
        (one, other) =>
          other.connectorId - one.connectorId || other.profile.stackLevel - one.profile.stackLevel,
      )
      .map((one) => anchor(one, target));
  }

  #winner(candidates: readonly AnchoredProfile[], atMs: number): Limit | undefined {
    for (const candidate of candidates) {
      const limit = limitAt(candidate, atMs);
      if (limit !== undefined) return limit;
    }
    return undefined;
  }
}

function anchor(one: Installed, target: ProfileTarget): AnchoredProfile {
  const { profile, installedAtMs } = one;
  const { transactionStartMs } = target;
  return { profile, installedAtMs, ...(transactionStartMs === undefined ? {} : { transactionStartMs }) };
}

function matches(one: Installed, criteria: ProfileCriteria): boolean {
  const { id, connectorId, chargingProfilePurpose: purpose, stackLevel } = criteria;
  if (id !== undefined) return one.profile.chargingProfileId === id;
  return (
    (connectorId === undefined || connectorId === one.connectorId) &&
    (purpose === undefined || purpose === one.profile.chargingProfilePurpose) &&
    (stackLevel === undefined || stackLevel === one.profile.stackLevel)
  );
}

/** One decimal, as the schema of `limit` demands. */
function rate(limit: Limit, unit: 'A' | 'W'): number {
  const volts = limit.phases * NOMINAL_VOLTAGE_V;
  const value =
    unit === 'A'
      ? Math.min(limit.currentA, limit.powerW / volts)
      : Math.min(limit.powerW, limit.currentA * volts);
  return Math.round(value * 10) / 10;
}
