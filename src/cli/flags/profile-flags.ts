import { Flags } from '@oclif/core';
import {
  type ProfileDraft,
  type ProfilePath,
  type ProfileProblem,
  profileIntegerMax,
  profilePurposes,
  profileRateMax,
  rateUnits,
} from '../../domain/charging/charging-profile.js';
import { readProfile } from '../../domain/charging/read-charging-profile.js';
import { parseDuration } from '../../domain/duration.js';
import { FleetError } from '../../domain/errors.js';
import { number, toSeconds } from '../values.js';
import { durationFlag, instantFlag, integer, withOwnEnv } from './flags.js';

/** What `--period` takes, for messages and help. */
const periodForm = '0=16A,1h=10A';

const kinds = { absolute: 'Absolute', relative: 'Relative', recurring: 'Recurring' } as const;
const recurrences = { daily: 'Daily', weekly: 'Weekly' } as const;

/** A charging profile in flags; a file says all of it and more. */
export const profileFlags = withOwnEnv('profile', {
  purpose: Flags.option({
    options: profilePurposes,
    helpGroup: 'PROFILE',
    summary:
      'ChargePointMaxProfile: the station as a whole; TxDefaultProfile (default): any session; TxProfile: one that runs.',
  })(),
  limit: number({
    helpGroup: 'PROFILE',
    min: 0,
    max: profileRateMax,
    exclusive: ['period'],
    summary: 'The one limit, with at most one decimal.',
  }),
  unit: Flags.option({
    options: rateUnits,
    helpGroup: 'PROFILE',
    summary: 'Unit of limits; A by default.',
  })(),
  period: Flags.string({
    helpGroup: 'PROFILE',
    helpValue: periodForm,
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Limits that change: from when on, counted from the start, 0 first; may be repeated.',
  }),
  phases: integer({ helpGroup: 'PROFILE', min: 1, max: 3, summary: 'Phases that may be used; 3 otherwise.' }),
  'stack-level': integer({
    helpGroup: 'PROFILE',
    min: 0,
    max: profileIntegerMax,
    summary: 'Of several profiles with one purpose the highest level counts; 0 by default.',
  }),
  kind: Flags.option({
    options: Object.keys(kinds) as (keyof typeof kinds)[],
    helpGroup: 'PROFILE',
    summary: 'Count from --start, from the start of charging, or again and again; as the other flags tell.',
  })(),
  recurrency: Flags.option({
    options: Object.keys(recurrences) as (keyof typeof recurrences)[],
    helpGroup: 'PROFILE',
    summary: 'How often a recurring profile begins anew.',
  })(),
  start: instantFlag({ helpGroup: 'PROFILE', towards: 'future', summary: 'When the first period begins.' }),
  duration: durationFlag({
    helpGroup: 'PROFILE',
    minMs: 1000,
    maxMs: profileIntegerMax * 1000,
    summary: 'How long the limits hold from the start; for ever otherwise.',
  }),
  'valid-from': instantFlag({ helpGroup: 'PROFILE', towards: 'future', summary: 'Not before then.' }),
  'valid-to': instantFlag({ helpGroup: 'PROFILE', towards: 'future', summary: 'Not after then.' }),
  'min-rate': number({
    helpGroup: 'PROFILE',
    min: 0,
    max: profileRateMax,
    summary: 'Below this the car charges badly.',
  }),
  id: integer({
    helpGroup: 'PROFILE',
    min: 1,
    max: profileIntegerMax,
    summary: 'Id of the profile at the station; one that is free, otherwise.',
  }),
});

/** What `profileFlags` parse to. */
export interface ProfileFlagValues {
  readonly purpose?: ProfileDraft['chargingProfilePurpose'] | undefined;
  readonly limit?: number | undefined;
  readonly unit?: 'A' | 'W' | undefined;
  readonly period?: readonly string[] | undefined;
  readonly phases?: number | undefined;
  readonly 'stack-level'?: number | undefined;
  readonly kind?: keyof typeof kinds | undefined;
  readonly recurrency?: keyof typeof recurrences | undefined;
  readonly start?: number | undefined;
  readonly duration?: number | undefined;
  readonly 'valid-from'?: number | undefined;
  readonly 'valid-to'?: number | undefined;
  readonly 'min-rate'?: number | undefined;
  readonly id?: number | undefined;
}

/**
 * The profile that flags describe.
 * @param purpose when no flag says it
 * @param now milliseconds since the epoch
 * @throws FleetError USAGE that names the flag
 */
export function profileFromFlags(
  flags: ProfileFlagValues,
  { purpose, now }: { readonly purpose: ProfileDraft['chargingProfilePurpose']; readonly now: number },
): ProfileDraft {
  const { unit, periods } = readPeriods(flags);
  const read = readProfile(
    {
      chargingProfileId: flags.id,
      stackLevel: flags['stack-level'],
      chargingProfilePurpose: flags.purpose ?? purpose,
      chargingProfileKind: flags.kind && kinds[flags.kind],
      recurrencyKind: flags.recurrency && recurrences[flags.recurrency],
      validFrom: toIso(flags['valid-from']),
      validTo: toIso(flags['valid-to']),
      chargingSchedule: {
        duration: toSeconds(flags.duration),
        startSchedule: toIso(flags.start),
        chargingRateUnit: unit,
        chargingSchedulePeriod: periods,
        minChargingRate: flags['min-rate'],
      },
    },
    now,
  );
  if (!('problems' in read)) return read.profile;
  const words = read.problems.map((problem) => inFlags(problem, flags));
  throw new FleetError('USAGE', words.join(' '), { suggestions: ['evfleet profile set --help'] });
}

interface Period {
  readonly startPeriod: number;
  readonly limit: number;
  readonly numberPhases: number | undefined;
}

function readPeriods(flags: ProfileFlagValues): { unit: 'A' | 'W'; periods: Period[] } {
  const { limit, period = [], phases: numberPhases } = flags;
  let unit = flags.unit;
  if (limit !== undefined) return { unit: unit ?? 'A', periods: [{ startPeriod: 0, limit, numberPhases }] };
  const periods = period
    .flatMap((text) => text.split(','))
    .map((text) => {
      const match = /^\s*([^=\s]+)\s*=\s*(\d+(?:\.\d+)?)\s*([AW])?\s*$/i.exec(text);
      const startPeriod = toStart(match?.[1] ?? '');
      if (!match || startPeriod === undefined) {
        throw new FleetError(
          'USAGE',
          `--period takes limits such as ${periodForm}, not ${JSON.stringify(text)}.`,
        );
      }
      const said = match[3]?.toUpperCase();
      if (said === 'A' || said === 'W') {
        unit ??= said;
        if (unit !== said)
          throw new FleetError('USAGE', '--period takes limits in one unit, A or W, not in both.');
      }
      return { startPeriod, limit: Number(match[2]), numberPhases };
    });
  if (periods.length > 0) return { unit: unit ?? 'A', periods };
  throw new FleetError('USAGE', 'Nothing says how much may be charged.', {
    suggestions: ['--limit 16 --unit A', `--period ${periodForm}`, '--file profile.yaml'],
  });
}

/** Seconds: a bare number, or a duration. */
function toStart(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const ms = parseDuration(text);
  return ms === undefined || ms % 1000 !== 0 ? undefined : ms / 1000;
}

function toIso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

const flagOf: Readonly<Record<string, string>> = {
  chargingProfileKind: '--kind',
  recurrencyKind: '--recurrency',
  validFrom: '--valid-from',
  validTo: '--valid-to',
  stackLevel: '--stack-level',
  duration: '--duration',
  startSchedule: '--start',
  minChargingRate: '--min-rate',
  chargingProfileId: '--id',
};

function inFlags({ path, message }: ProfileProblem, flags: ProfileFlagValues): string {
  return `${flagAt(path, flags)} ${message}.`;
}

function flagAt(path: ProfilePath, { limit, period }: ProfileFlagValues): string {
  const position = path.find((step) => typeof step === 'number');
  if (position !== undefined && limit !== undefined) return '--limit';
  if (position !== undefined && period !== undefined) return `--period, limit ${Number(position) + 1}:`;
  return flagOf[String(path.at(-1))] ?? '--period';
}
