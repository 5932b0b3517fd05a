import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkLimits,
  checkPlace,
  completeProfile,
  formatProfilePath,
  type ProfileDraft,
  profileKinds,
  profilePurposes,
  rateUnits,
  recurrenceKinds,
  toChargingLimits,
} from '../../../src/domain/charging/charging-profile.js';
import { describeSchedule } from '../../../src/domain/charging/charging-words.js';
import { readProfile } from '../../../src/domain/charging/read-charging-profile.js';
import { checkRequest } from '../../../src/ocpp/v16/validate.js';

const now = Date.parse('2026-05-04T10:00:00Z');
const second = 'chargingSchedule.chargingSchedulePeriod[1]';

function draft(change: object = {}, schedule: object = {}): unknown {
  return {
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingSchedule: {
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      ...schedule,
    },
    ...change,
  };
}

function periods(...starts: number[]): object {
  return { chargingSchedulePeriod: starts.map((startPeriod) => ({ startPeriod, limit: 16 })) };
}

function problems(value: unknown): string[] {
  const read = readProfile(value, now);
  return 'problems' in read
    ? read.problems.map(({ path, message }) => `${formatProfilePath(path)} ${message}`)
    : [];
}

const maximum = { chargingProfilePurpose: 'ChargePointMaxProfile' };
const recurring = { chargingProfileKind: 'Recurring' };
const startSchedule = '2026-05-04T00:00:00Z';

describe('a profile is taken when', () => {
  it.each([
    ['it has what is needed', draft()],
    ['periods ascend from 0', draft({}, periods(0, 60, 3600))],
    ['it is recurring with recurrence and start', draft({ recurrencyKind: 'Daily' }, { startSchedule })],
    ['it is valid from now on', draft({ validTo: '2026-05-04T10:00:01+00:00' })],
    ['its start is in the past and its end is not', draft({}, { startSchedule, duration: 36_001 })],
    ['one decimal is not exactly one in binary', draft({}, { minChargingRate: 0.1 + 0.2 })],
    ['it is the maximum of the station', draft(maximum)],
    ['it is for a session', draft({ chargingProfilePurpose: 'TxProfile', transactionId: 7 })],
  ])('%s', (_, value) => {
    expect(problems(value)).toEqual([]);
  });
});

describe('a profile is refused, and the place named, when', () => {
  it.each<[string, unknown, string]>([
    ['it is nothing', null, ' takes fields'],
    ['it is a list', [], ' takes fields'],
    ['something is missing', { chargingProfilePurpose: 'TxProfile' }, 'chargingSchedule is missing'],
    ['a name is unknown', draft({ stacklevel: 1 }), 'stacklevel is unknown; did you mean stackLevel?'],
    ['a name is one of every object', draft(JSON.parse('{"__proto__":1}')), '__proto__ is unknown'],
    [
      'a purpose is unknown',
      draft({ chargingProfilePurpose: 'TxDefault' }),
      'did you mean TxDefaultProfile?',
    ],
    ['a number is text', draft({ stackLevel: '1' }), 'stackLevel takes a whole number'],
    ['a level is negative', draft({ stackLevel: -1 }), 'not -1'],
    ['an id is 0', draft({ chargingProfileId: 0 }), 'chargingProfileId takes a whole number from 1'],
    ['there are no periods', draft({}, periods()), 'chargingSchedulePeriod needs at least one period'],
    ['the first period is late', draft({}, periods(60)), 'startPeriod must be 0 in the first period'],
    ['a period comes twice', draft({}, periods(0, 60, 60)), 'must ascend: 60 does not come after 60'],
    ['periods are out of order', draft({}, periods(0, 60, 30)), 'must ascend: 30 does not come after 60'],
    [
      'a period is beyond the duration',
      draft({}, { ...periods(0, 60), duration: 60 }),
      `${second}.startPeriod never`,
    ],
    [
      'a limit has two decimals',
      draft({}, { minChargingRate: 6.25 }),
      'minChargingRate takes at most one decimal',
    ],
    ['a limit is negative', draft({}, { minChargingRate: -0.1 }), 'takes a number from 0'],
    [
      'there are four phases',
      draft({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit: 1, numberPhases: 4 }] }),
      'numberPhases takes a whole number from 1 to 3, not 4',
    ],
    ['it has ended', draft({ validTo: '2026-05-04T10:00:00Z' }), 'validTo is in the past'],
    [
      'it ends before it begins',
      draft({ validFrom: '2026-05-06T00:00:00Z', validTo: '2026-05-05T00:00:00Z' }),
      'validTo must be later than validFrom',
    ],
    [
      'its schedule is over',
      draft({}, { startSchedule, duration: 36_000 }),
      'makes the schedule end in the past',
    ],
    [
      'an instant has no zone',
      draft({ validTo: '2027-05-04T10:00:00' }),
      'validTo takes an instant with its zone',
    ],
    ['a day does not exist', draft({ validTo: '2027-02-29T10:00:00Z' }), 'validTo takes an instant'],
    ['it is recurring without recurrence', draft(recurring, { startSchedule }), 'recurrencyKind is needed'],
    ['it is recurring without a start', draft({ recurrencyKind: 'Weekly' }), 'startSchedule is needed'],
    [
      'a recurrence does not recur',
      draft({ recurrencyKind: 'Daily', chargingProfileKind: 'Absolute' }),
      'recurrencyKind is only for the kind Recurring',
    ],
    [
      'a day has more than a day',
      draft({ recurrencyKind: 'Daily' }, { startSchedule, duration: 86_401 }),
      'takes at most 86400 for a daily profile',
    ],
    [
      'a period is beyond the day',
      draft({ recurrencyKind: 'Daily' }, { startSchedule, ...periods(0, 86_400) }),
      'startPeriod never comes',
    ],
    [
      'a relative one has a start',
      draft({ chargingProfileKind: 'Relative' }, { startSchedule }),
      'startSchedule is not for the kind Relative',
    ],
    [
      'the maximum is relative',
      draft({ ...maximum, chargingProfileKind: 'Relative' }),
      'chargingProfileKind cannot be Relative',
    ],
    [
      'another than a TxProfile names a session',
      draft({ transactionId: 7 }),
      'transactionId is only for a TxProfile',
    ],
  ])('%s', (_, value, problem) => {
    expect(problems(value).join('\n')).toContain(problem);
  });
});

it('tells everything that is wrong at once, but no more than a person reads', () => {
  expect(problems(draft({ stackLevel: 'x', validTo: 1 }))).toHaveLength(2);
  const many = Array.from({ length: 100 }, () => ({}));
  expect(problems(draft({}, { chargingSchedulePeriod: many }))).toHaveLength(20);
  expect(problems(draft({}, periods(...Array(1001).keys())))).toEqual([
    'chargingSchedule.chargingSchedulePeriod takes at most 1000 entries',
  ]);
});

describe('what is left out', () => {
  const complete = (value: unknown) =>
    completeProfile(value as ProfileDraft, { id: 3, transactionId: undefined, now });

  it('is level 0, and the start of charging for sessions', () => {
    expect(complete(draft())).toMatchObject({
      chargingProfileId: 3,
      stackLevel: 0,
      chargingProfileKind: 'Relative',
    });
  });

  it('is the present for the station, which has no start of charging', () => {
    expect(complete(draft(maximum))).toMatchObject({
      chargingProfileKind: 'Absolute',
      chargingSchedule: { startSchedule: '2026-05-04T10:00:00.000Z' },
    });
  });

  it('is absolute with a start, recurring with a recurrence', () => {
    expect(complete(draft({}, { startSchedule })).chargingProfileKind).toBe('Absolute');
    expect(complete(draft({ recurrencyKind: 'Daily' }, { startSchedule })).chargingProfileKind).toBe(
      'Recurring',
    );
  });
});

it.each([
  ['ChargePointMaxProfile', 0, true],
  ['ChargePointMaxProfile', 1, false],
  ['TxDefaultProfile', 0, true],
  ['TxDefaultProfile', 2, true],
  ['TxProfile', 0, false],
  ['TxProfile', 1, true],
] as const)('%s on connector %i: %s', (purpose, connector, fits) => {
  expect(checkPlace(purpose, connector) === undefined).toBe(fits);
});

describe('the limits of a station', () => {
  const said: Record<string, string> = {
    ChargeProfileMaxStackLevel: '3',
    ChargingScheduleAllowedChargingRateUnit: 'Current',
    ChargingScheduleMaxPeriods: '2',
    MaxChargingProfilesInstalled: '4',
  };
  const limits = toChargingLimits((key) => said[key]);
  const check = (change: { stackLevel?: number; unit?: 'A' | 'W'; count?: number; others?: number }) =>
    checkLimits(
      {
        stackLevel: change.stackLevel ?? 0,
        chargingSchedule: {
          chargingRateUnit: change.unit ?? 'A',
          chargingSchedulePeriod: Array.from({ length: change.count ?? 1 }, (_, at) => ({
            startPeriod: at,
            limit: 1,
          })),
        },
      },
      limits,
      change.others ?? 0,
    );

  it('are kept to, and one past them is not', () => {
    expect(check({ stackLevel: 3, count: 2, others: 3 })).toBeUndefined();
    expect(check({ stackLevel: 4 })).toContain('ChargeProfileMaxStackLevel');
    expect(check({ unit: 'W' })).toContain('ChargingScheduleAllowedChargingRateUnit');
    expect(check({ count: 3 })).toContain('ChargingScheduleMaxPeriods');
    expect(check({ others: 4 })).toContain('MaxChargingProfilesInstalled');
  });

  it('do not count when the station says none, or nonsense', () => {
    const nothing = {
      maxStackLevel: undefined,
      rateUnits: undefined,
      maxPeriods: undefined,
      maxProfiles: undefined,
    };
    expect(toChargingLimits(() => undefined)).toEqual(nothing);
    expect(toChargingLimits(() => 'unlimited')).toEqual(nothing);
  });

  it.each([
    ['Current', ['A']],
    ['Power, Current', ['A', 'W']],
    ['W', ['W']],
    ['a', ['A']],
  ])('are understood: %s', (value, units) => {
    expect(toChargingLimits(() => value).rateUnits).toEqual(units);
  });
});

it('is told in words', () => {
  const schedule = {
    duration: 7200,
    chargingRateUnit: 'A' as const,
    chargingSchedulePeriod: [
      { startPeriod: 0, limit: 16 },
      { startPeriod: 5400, limit: 10, numberPhases: 1 },
    ],
  };
  expect(describeSchedule(schedule)).toBe('16 A, from 1h30m on 10 A (1 phase), until 2h');
  expect(describeSchedule(schedule, 'Daily')).toMatch(/^daily 16 A, from 1h30m on /);
  const long = Array.from({ length: 6 }, (_, at) => ({ startPeriod: at, limit: at }));
  expect(describeSchedule({ ...schedule, chargingSchedulePeriod: long })).toMatch(
    /, from 3s on 3 A, 2 more, until 2h$/,
  );
});

it('what passes our check passes the schema of OCPP', () => {
  const instant = fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
  const rate = fc.oneof(
    fc.integer({ min: -1, max: 900 }).map((tenths) => tenths / 10),
    fc.double({ min: 0, max: 1e9 }),
  );
  const period = fc.record({
    startPeriod: fc.integer({ min: 0, max: 100_000 }),
    limit: rate,
    numberPhases: optional(fc.integer({ min: 1, max: 3 })),
  });
  const schedule = fc.record({
    duration: optional(fc.integer({ min: 1, max: 1e6 })),
    startSchedule: optional(instant),
    chargingRateUnit: fc.constantFrom(...rateUnits),
    chargingSchedulePeriod: fc
      .array(period, { minLength: 1, maxLength: 4 })
      .map((all) => all.map((one, at) => (at === 0 ? { ...one, startPeriod: 0 } : one))),
    minChargingRate: optional(rate),
  });
  const anything = fc.record({
    chargingProfileId: optional(fc.integer()),
    transactionId: optional(fc.integer({ min: 1 })),
    stackLevel: optional(fc.nat()),
    chargingProfilePurpose: fc.constantFrom(...profilePurposes),
    chargingProfileKind: optional(fc.constantFrom(...profileKinds)),
    recurrencyKind: optional(fc.constantFrom(...recurrenceKinds)),
    validFrom: optional(instant),
    validTo: optional(instant),
    chargingSchedule: schedule,
  });
  let taken = 0;
  fc.assert(
    fc.property(anything, (value) => {
      const read = readProfile(value, Date.parse('2000-01-01T00:00:00Z'));
      if ('problems' in read) return;
      taken += 1;
      const csChargingProfiles = completeProfile(read.profile, { id: 1, now });
      // As it goes over the wire, where absent is absent.
      const sent = JSON.parse(JSON.stringify({ connectorId: 0, csChargingProfiles }));
      expect(checkRequest('SetChargingProfile', sent)).toEqual(sent);
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(20);
});
