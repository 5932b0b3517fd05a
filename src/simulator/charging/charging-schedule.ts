import { type Limit, NO_LIMIT } from './outlet.js';

/** OCPP 1.6 `ChargingProfile`. */
export interface ChargingProfile {
  readonly chargingProfileId: number;
  readonly transactionId?: number;
  readonly stackLevel: number;
  readonly chargingProfilePurpose: 'ChargePointMaxProfile' | 'TxDefaultProfile' | 'TxProfile';
  readonly chargingProfileKind: 'Absolute' | 'Recurring' | 'Relative';
  readonly recurrencyKind?: 'Daily' | 'Weekly';
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly chargingSchedule: ChargingSchedule;
}

export interface ChargingSchedule {
  /** Seconds. */
  readonly duration?: number;
  readonly startSchedule?: string;
  readonly chargingRateUnit: 'A' | 'W';
  readonly chargingSchedulePeriod: readonly SchedulePeriod[];
  readonly minChargingRate?: number;
}

interface SchedulePeriod {
  /** Seconds from the start of the schedule. */
  readonly startPeriod: number;
  readonly limit: number;
  readonly numberPhases?: number;
}

/** A profile with the moments that its schedule can count from; wall time, ms. */
export interface AnchoredProfile {
  readonly profile: ChargingProfile;
  readonly installedAtMs: number;
  readonly transactionStartMs?: number;
}

const RECURRENCE_MS = { Daily: 86_400_000, Weekly: 7 * 86_400_000 };
/** Change points looked at per profile: a daily profile over a year would otherwise be unbounded work. */
const MAX_CHANGE_POINTS = 500;

/** Whether the schedule can be followed at all: ordered periods from 0 on, a recurrence that says of what. */
export function isWellFormed(profile: ChargingProfile): boolean {
  const { chargingSchedule: schedule, chargingProfilePurpose: purpose, chargingProfileKind: kind } = profile;
  const starts = schedule.chargingSchedulePeriod.map((period) => period.startPeriod);
  const ordered = starts.every((start, index) => index === 0 || start > (starts[index - 1] ?? 0));
  if (starts[0] !== 0 || !ordered || profile.stackLevel < 0) return false;
  if (schedule.chargingSchedulePeriod.some((period) => period.limit < 0)) return false;
  if (kind === 'Recurring')
    return profile.recurrencyKind !== undefined && schedule.startSchedule !== undefined;
  return !(kind === 'Relative' && purpose === 'ChargePointMaxProfile');
}

/** What the profile allows at `atMs`; undefined when it has nothing to say then. */
export function limitAt(anchored: AnchoredProfile, atMs: number): Limit | undefined {
  const { profile } = anchored;
  if (profile.validFrom !== undefined && atMs < Date.parse(profile.validFrom)) return undefined;
  if (profile.validTo !== undefined && atMs >= Date.parse(profile.validTo)) return undefined;
  const originMs = origin(anchored, atMs);
  if (originMs === undefined || atMs < originMs) return undefined;
  const schedule = profile.chargingSchedule;
  const elapsedS = (atMs - originMs) / 1_000;
  if (schedule.duration !== undefined && elapsedS >= schedule.duration) return undefined;
  const period = schedule.chargingSchedulePeriod.findLast((one) => one.startPeriod <= elapsedS);
  return period === undefined ? undefined : toLimit(schedule.chargingRateUnit, period);
}

/** The moments in (fromMs, toMs) at which the profile's answer may change. */
export function changePoints(anchored: AnchoredProfile, fromMs: number, toMs: number): number[] {
  const { profile } = anchored;
  const { duration, chargingSchedulePeriod } = profile.chargingSchedule;
  const offsets = chargingSchedulePeriod.map((period) => period.startPeriod * 1_000);
  if (duration !== undefined) offsets.push(duration * 1_000);
  const points = [profile.validFrom, profile.validTo].flatMap((at) =>
    at === undefined ? [] : [Date.parse(at)],
  );
  const everyMs = recurrenceMs(profile);
  let originMs = origin(anchored, fromMs);
  while (originMs !== undefined && originMs < toMs && points.length < MAX_CHANGE_POINTS) {
    for (const offset of offsets) points.push(originMs + offset);
    originMs = everyMs === undefined ? undefined : originMs + everyMs;
  }
  return points.filter((point) => point > fromMs && point < toMs);
}

function origin(anchored: AnchoredProfile, atMs: number): number | undefined {
  const { profile, installedAtMs, transactionStartMs } = anchored;
  const { startSchedule } = profile.chargingSchedule;
  if (profile.chargingProfileKind === 'Relative') return transactionStartMs;
  // Absolute without a start counts from the start of charging (OCPP 1.6 §7.13).
  if (startSchedule === undefined) return transactionStartMs ?? installedAtMs;
  const startMs = Date.parse(startSchedule);
  const everyMs = recurrenceMs(profile);
  if (everyMs === undefined || atMs < startMs) return startMs;
  return startMs + Math.floor((atMs - startMs) / everyMs) * everyMs;
}

function recurrenceMs(profile: ChargingProfile): number | undefined {
  if (profile.chargingProfileKind !== 'Recurring' || profile.recurrencyKind === undefined) return undefined;
  return RECURRENCE_MS[profile.recurrencyKind];
}

function toLimit(unit: 'A' | 'W', period: SchedulePeriod): Limit {
  const phases = period.numberPhases ?? NO_LIMIT.phases;
  return unit === 'A'
    ? { currentA: period.limit, powerW: Infinity, phases }
    : { currentA: Infinity, powerW: period.limit, phases };
}
