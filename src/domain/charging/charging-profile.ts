/** Smart charging of OCPP 1.6 (§3.13, §7.8 to §7.14): profiles as stations get them, and what must hold of them. */

export const profilePurposes = ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile'] as const;
export const profileKinds = ['Absolute', 'Recurring', 'Relative'] as const;
export const recurrenceKinds = ['Daily', 'Weekly'] as const;
export const rateUnits = ['A', 'W'] as const;

export type ProfilePurpose = (typeof profilePurposes)[number];
type ProfileKind = (typeof profileKinds)[number];
type RecurrenceKind = (typeof recurrenceKinds)[number];
export type RateUnit = (typeof rateUnits)[number];

export interface ChargingPeriod {
  /** Seconds from the start of the schedule. */
  readonly startPeriod: number;
  /** In the unit of the schedule, at most one decimal. */
  readonly limit: number;
  /** 3 when absent. */
  readonly numberPhases?: number;
}

export interface ChargingSchedule {
  /** Seconds; the last period goes on for ever when absent. */
  readonly duration?: number;
  /** ISO 8601 in UTC. */
  readonly startSchedule?: string;
  readonly chargingRateUnit: RateUnit;
  readonly chargingSchedulePeriod: readonly ChargingPeriod[];
  readonly minChargingRate?: number;
}

export interface ChargingProfile {
  readonly chargingProfileId: number;
  readonly transactionId?: number;
  readonly stackLevel: number;
  readonly chargingProfilePurpose: ProfilePurpose;
  readonly chargingProfileKind: ProfileKind;
  readonly recurrencyKind?: RecurrenceKind;
  /** ISO 8601 in UTC. */
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly chargingSchedule: ChargingSchedule;
}

/** A profile as a person gives it: the id may be left to us, the level is 0 and the kind the usual one when absent. */
export type ProfileDraft = Omit<ChargingProfile, 'chargingProfileId' | 'stackLevel' | 'chargingProfileKind'> &
  Partial<Pick<ChargingProfile, 'chargingProfileId' | 'stackLevel' | 'chargingProfileKind'>>;

/** Where in a profile: names of fields and positions in lists. */
export type ProfilePath = readonly (string | number)[];

export interface ProfileProblem {
  readonly path: ProfilePath;
  /** Goes on where the place was named: `takes a whole number from 0`. */
  readonly message: string;
}

/** `chargingSchedule.chargingSchedulePeriod[1].limit` */
export function formatProfilePath(path: ProfilePath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Many stations count with 32 bits. */
export const profileIntegerMax = 2 ** 31 - 1;
/** Far beyond what any station holds; what one does, it says itself (ChargingScheduleMaxPeriods). */
export const profilePeriodsMax = 1000;
/** Ten megawatts, or as many amperes. */
export const profileRateMax = 10_000_000;

const recurrenceS: Readonly<Record<RecurrenceKind, number>> = { Daily: 86_400, Weekly: 7 * 86_400 };

/**
 * What is wrong with a profile by itself, whatever station it is for; nothing when it may be sent.
 * @param now milliseconds since the epoch
 */
export function checkProfile(profile: ProfileDraft, now: number): ProfileProblem[] {
  return [
    ...checkKind(profile),
    ...checkValidity(profile, now),
    ...checkSchedule(profile, now),
    ...checkPeriods(profile.chargingSchedule.chargingSchedulePeriod, endOf(profile)),
  ];
}

/** What a profile of that kind may be installed on: connector 0 is the station. Undefined when it fits. */
export function checkPlace(purpose: ProfilePurpose, connector: number): string | undefined {
  if (purpose === 'ChargePointMaxProfile' && connector !== 0) {
    return 'A ChargePointMaxProfile is for the station as a whole: connector 0.';
  }
  if (purpose === 'TxProfile' && connector === 0) {
    return 'A TxProfile is for a session, on a connector from 1.';
  }
  return undefined;
}

/** The kind of a profile, also of one that does not say it. */
function profileKindOf(profile: ProfileDraft): ProfileKind {
  if (profile.chargingProfileKind !== undefined) return profile.chargingProfileKind;
  if (profile.recurrencyKind !== undefined) return 'Recurring';
  if (profile.chargingSchedule.startSchedule !== undefined) return 'Absolute';
  // What limits a session counts from its start; what limits the station has no session to count from.
  return profile.chargingProfilePurpose === 'ChargePointMaxProfile' ? 'Absolute' : 'Relative';
}

/** The profile to send. @param now where the schedule of a station starts when nothing else is said */
export function completeProfile(
  draft: ProfileDraft,
  { id, transactionId, now }: { id: number; transactionId?: number | undefined; now: number },
): ChargingProfile {
  const chargingProfileKind = profileKindOf(draft);
  const { chargingProfilePurpose, recurrencyKind, validFrom, validTo, chargingSchedule } = draft;
  const isMaximum = chargingProfilePurpose === 'ChargePointMaxProfile';
  const anchor =
    isMaximum && chargingSchedule.startSchedule === undefined
      ? { startSchedule: new Date(now).toISOString() }
      : {};
  const session = transactionId ?? draft.transactionId;
  return {
    chargingProfileId: id,
    ...(session !== undefined && { transactionId: session }),
    stackLevel: draft.stackLevel ?? 0,
    chargingProfilePurpose,
    chargingProfileKind,
    ...(recurrencyKind !== undefined && { recurrencyKind }),
    ...(validFrom !== undefined && { validFrom }),
    ...(validTo !== undefined && { validTo }),
    chargingSchedule: { ...chargingSchedule, ...anchor },
  };
}

/** Six digits: far above the ids of installed profiles, and still short in lists. */
const startProfileIds = { first: 100_000, count: 900_000 } as const;

/**
 * The id of a profile that goes with a remote start, which is not known as installed before its session begins: neither
 * that of an installed profile nor, within a quarter of an hour, that of another start at the station, which it would
 * replace.
 * @param now milliseconds since the epoch
 */
export function startProfileId(now: number): number {
  return startProfileIds.first + (now % startProfileIds.count);
}

function problem(path: ProfilePath, message: string): ProfileProblem {
  return { path, message };
}

function checkKind(profile: ProfileDraft): ProfileProblem[] {
  const { chargingProfilePurpose: purpose, recurrencyKind, transactionId, chargingSchedule } = profile;
  const kind = profileKindOf(profile);
  const start = ['chargingSchedule', 'startSchedule'];
  const problems: ProfileProblem[] = [];
  if (transactionId !== undefined && purpose !== 'TxProfile') {
    problems.push(problem(['transactionId'], `is only for a TxProfile, not for a ${purpose}`));
  }
  if (kind === 'Recurring') {
    if (recurrencyKind === undefined)
      problems.push(problem(['recurrencyKind'], 'is needed for a recurring profile: Daily or Weekly'));
    if (chargingSchedule.startSchedule === undefined)
      problems.push(problem(start, 'is needed for a recurring profile: it says from when on it repeats'));
  } else if (recurrencyKind !== undefined) {
    problems.push(problem(['recurrencyKind'], `is only for the kind Recurring, not for ${kind}`));
  }
  if (kind === 'Relative') {
    if (purpose === 'ChargePointMaxProfile') {
      const why = 'cannot be Relative for a ChargePointMaxProfile: a station has no start of charging';
      problems.push(problem(['chargingProfileKind'], why));
    }
    if (chargingSchedule.startSchedule !== undefined)
      problems.push(problem(start, 'is not for the kind Relative: that counts from the start of charging'));
  }
  return problems;
}

function checkValidity({ validFrom, validTo }: ProfileDraft, now: number): ProfileProblem[] {
  if (validTo === undefined) return [];
  const end = Date.parse(validTo);
  if (end <= now) return [problem(['validTo'], `is in the past: ${validTo}`)];
  if (validFrom !== undefined && Date.parse(validFrom) >= end) {
    return [problem(['validTo'], `must be later than validFrom, which is ${validFrom}`)];
  }
  return [];
}

function checkSchedule(profile: ProfileDraft, now: number): ProfileProblem[] {
  const { recurrencyKind, chargingSchedule } = profile;
  const { duration, startSchedule } = chargingSchedule;
  const path = ['chargingSchedule', 'duration'];
  if (duration === undefined) return [];
  if (recurrencyKind !== undefined && duration > recurrenceS[recurrencyKind]) {
    const most = recurrenceS[recurrencyKind];
    return [problem(path, `takes at most ${most} for a ${recurrencyKind.toLowerCase()} profile`)];
  }
  if (profileKindOf(profile) !== 'Absolute' || startSchedule === undefined) return [];
  const over = Date.parse(startSchedule) + duration * 1000;
  if (over > now) return [];
  return [problem(path, `makes the schedule end in the past, at ${new Date(over).toISOString()}`)];
}

/** Periods that begin after this many seconds never come. */
function endOf({ recurrencyKind, chargingSchedule: { duration } }: ProfileDraft): number {
  const round = recurrencyKind === undefined ? Number.POSITIVE_INFINITY : recurrenceS[recurrencyKind];
  return Math.min(round, duration ?? Number.POSITIVE_INFINITY);
}

function checkPeriods(periods: readonly ChargingPeriod[], endS: number): ProfileProblem[] {
  const list = ['chargingSchedule', 'chargingSchedulePeriod'];
  if (periods.length === 0) return [problem(list, 'needs at least one period')];
  return periods.flatMap(({ startPeriod }, at) => {
    const path = [...list, at, 'startPeriod'];
    const before = periods[at - 1]?.startPeriod;
    if (before === undefined) {
      return startPeriod === 0 ? [] : [problem(path, `must be 0 in the first period, not ${startPeriod}`)];
    }
    if (startPeriod <= before) {
      return [problem(path, `must ascend: ${startPeriod} does not come after ${before}`)];
    }
    if (startPeriod < endS) return [];
    return [problem(path, `never comes: ${startPeriod} is not before the end of the schedule, ${endS}`)];
  });
}

/** What a station can take; undefined where it did not say. */
export interface ChargingLimits {
  readonly maxStackLevel: number | undefined;
  readonly rateUnits: readonly RateUnit[] | undefined;
  readonly maxPeriods: number | undefined;
  readonly maxProfiles: number | undefined;
}

/**
 * Why a station would refuse the profile by what it says of itself; undefined when it may take it.
 * @param others how many other profiles are installed there already
 */
export function checkLimits(
  { stackLevel, chargingSchedule }: Pick<ChargingProfile, 'stackLevel' | 'chargingSchedule'>,
  { maxStackLevel, rateUnits: units, maxPeriods, maxProfiles }: ChargingLimits,
  others: number,
): string | undefined {
  const { chargingRateUnit: unit, chargingSchedulePeriod: periods } = chargingSchedule;
  if (maxStackLevel !== undefined && stackLevel > maxStackLevel) {
    return `takes stack levels from 0 to ${maxStackLevel} (ChargeProfileMaxStackLevel), not ${stackLevel}`;
  }
  if (units !== undefined && !units.includes(unit)) {
    return `takes limits in ${units.join(' and ')} (ChargingScheduleAllowedChargingRateUnit), not in ${unit}`;
  }
  if (maxPeriods !== undefined && periods.length > maxPeriods) {
    return `takes at most ${maxPeriods} periods (ChargingScheduleMaxPeriods), not ${periods.length}`;
  }
  if (maxProfiles !== undefined && others >= maxProfiles) {
    return `holds at most ${maxProfiles} profiles (MaxChargingProfilesInstalled), and ${others} are installed`;
  }
  return undefined;
}

/** The configuration keys in which a station says what it can take (OCPP 1.6 §9.4). */
export const chargingLimitKeys = [
  'ChargeProfileMaxStackLevel',
  'ChargingScheduleAllowedChargingRateUnit',
  'ChargingScheduleMaxPeriods',
  'MaxChargingProfilesInstalled',
] as const;

/** Reads the values of `chargingLimitKeys`; what makes no sense counts as not said. */
export function toChargingLimits(value: (key: string) => string | null | undefined): ChargingLimits {
  const count = (key: string) => {
    const text = value(key)?.trim() ?? '';
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  // Erratum 3.86: the words are Current and Power; stations also write the units themselves.
  const said = value('ChargingScheduleAllowedChargingRateUnit')?.toLowerCase() ?? '';
  const words = said.split(',').map((word) => word.trim());
  const units = rateUnits.filter((unit) =>
    words.some((word) => (unit === 'A' ? ['current', 'a'] : ['power', 'w']).includes(word)),
  );
  return {
    maxStackLevel: count('ChargeProfileMaxStackLevel'),
    rateUnits: units.length === 0 ? undefined : units,
    maxPeriods: count('ChargingScheduleMaxPeriods'),
    maxProfiles: count('MaxChargingProfilesInstalled'),
  };
}
