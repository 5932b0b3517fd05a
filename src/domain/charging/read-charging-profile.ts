import { parseInstant } from '../instant.js';
import { nearest } from '../nearest.js';
import {
  checkProfile,
  type ProfileDraft,
  type ProfilePath,
  type ProfileProblem,
  profileIntegerMax,
  profileKinds,
  profilePeriodsMax,
  profilePurposes,
  profileRateMax,
  rateUnits,
  recurrenceKinds,
} from './charging-profile.js';

/**
 * Reads a profile that a person or a program gives: its shape first, then what must hold of it. Unknown names, wrong
 * types and everything else that is wrong is told at once, each with its place.
 * @param now milliseconds since the epoch
 */
export function readProfile(
  value: unknown,
  now: number,
): { readonly profile: ProfileDraft } | { readonly problems: readonly ProfileProblem[] } {
  const problems: ProfileProblem[] = [];
  const draft = profile(value, [], problems) as ProfileDraft;
  if (problems.length === 0) problems.push(...checkProfile(draft, now));
  return problems.length === 0 ? { profile: draft } : { problems };
}

/** Gives the value as it is kept, and adds to `problems` what is wrong with it. */
type Reader = (value: unknown, path: ProfilePath, problems: ProfileProblem[]) => unknown;

/** Nobody needs to read more at once. */
const problemsMax = 20;

function complain(problems: ProfileProblem[], path: ProfilePath, message: string): undefined {
  if (problems.length < problemsMax) problems.push({ path, message });
}

function integer(min: number, max: number): Reader {
  return (value, path, problems) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? value
      : complain(problems, path, `takes a whole number from ${min} to ${max}, not ${show(value)}`);
}

const rate: Reader = (value, path, problems) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= profileRateMax)) {
    return complain(problems, path, `takes a number from 0 to ${profileRateMax}, not ${show(value)}`);
  }
  const rounded = Math.round(value * 10) / 10;
  // Only what arithmetic leaves (0.1 + 0.2) is rounded away.
  if (Math.abs(rounded - value) < 1e-9) return rounded;
  return complain(problems, path, `takes at most one decimal, not ${show(value)}`);
};

function oneOf(values: readonly string[]): Reader {
  return (value, path, problems) => {
    if (typeof value === 'string' && values.includes(value)) return value;
    const near = nearest(String(value), values);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return complain(problems, path, `takes ${values.join(', ')}, not ${show(value)}${hint}`);
  };
}

const withZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Files outlive the zone that they were written in, so the zone has to be said. */
const instant: Reader = (value, path, problems) => {
  const ms =
    typeof value === 'string' && withZone.test(value)
      ? parseInstant(value, { nowMs: 0, zone: 'utc' })
      : undefined;
  if (ms !== undefined) return new Date(ms).toISOString();
  const form = 'an instant with its zone such as 2026-11-20T14:00:00Z';
  return complain(problems, path, `takes ${form}, not ${show(value)}`);
};

function list(item: Reader, max: number): Reader {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return complain(problems, path, `takes a list, not ${show(value)}`);
    if (value.length > max) return complain(problems, path, `takes at most ${max} entries`);
    return value.map((entry, at) => item(entry, [...path, at], problems));
  };
}

function fields(readers: Readonly<Record<string, Reader>>, required: readonly string[]): Reader {
  return (value, path, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return complain(problems, path, `takes fields (${required.join(', ')}, ...), not ${show(value)}`);
    }
    const entries = Object.entries(value).filter(([, content]) => content !== undefined);
    const read = entries.map(([name, content]) => {
      const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
      if (reader) return [name, reader(content, [...path, name], problems)];
      const near = nearest(name, Object.keys(readers));
      complain(problems, [...path, name], `is unknown${near === undefined ? '' : `; did you mean ${near}?`}`);
      return [name, undefined];
    });
    for (const name of required) {
      if (!entries.some(([known]) => known === name)) complain(problems, [...path, name], 'is missing');
    }
    return Object.fromEntries(read);
  };
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'fields';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

const schedule = fields(
  {
    duration: integer(1, profileIntegerMax),
    startSchedule: instant,
    chargingRateUnit: oneOf(rateUnits),
    chargingSchedulePeriod: list(
      fields({ startPeriod: integer(0, profileIntegerMax), limit: rate, numberPhases: integer(1, 3) }, [
        'startPeriod',
        'limit',
      ]),
      profilePeriodsMax,
    ),
    minChargingRate: rate,
  },
  ['chargingRateUnit', 'chargingSchedulePeriod'],
);

const profile = fields(
  {
    chargingProfileId: integer(1, profileIntegerMax),
    transactionId: integer(1, profileIntegerMax),
    stackLevel: integer(0, profileIntegerMax),
    chargingProfilePurpose: oneOf(profilePurposes),
    chargingProfileKind: oneOf(profileKinds),
    recurrencyKind: oneOf(recurrenceKinds),
    validFrom: instant,
    validTo: instant,
    chargingSchedule: schedule,
  },
  ['chargingProfilePurpose', 'chargingSchedule'],
);
