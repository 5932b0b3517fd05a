import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProfileFile } from '../../../src/cli/files/profile-file.js';
import { type ProfileFlagValues, profileFromFlags } from '../../../src/cli/flags/profile-flags.js';
import { failure } from '../../helpers/failure.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const now = Date.parse('2026-05-04T10:00:00Z');

async function read(text: string | Buffer, name = 'p.yaml') {
  const file = path.join(await temporaryDirectory(), name);
  await writeFile(file, text);
  return readProfileFile(file, '--file', { signal: new AbortController().signal, now });
}

const night = `# At night
chargingProfilePurpose: TxDefaultProfile
stackLevel: 1
recurrencyKind: Daily
chargingSchedule:
  startSchedule: 2026-05-04T22:00:00+02:00
  chargingRateUnit: A
  chargingSchedulePeriod:
    - { startPeriod: 0, limit: 32 }
    - { startPeriod: 25200, limit: 10.5, numberPhases: 1 }
`;

describe('a profile in a file', () => {
  it('is read from YAML', async () => {
    expect(await read(night)).toEqual({
      chargingProfilePurpose: 'TxDefaultProfile',
      stackLevel: 1,
      recurrencyKind: 'Daily',
      chargingSchedule: {
        startSchedule: '2026-05-04T20:00:00.000Z',
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 32 },
          { startPeriod: 25_200, limit: 10.5, numberPhases: 1 },
        ],
      },
    });
  });

  it('is read from JSON, indented with tabs, from Windows', async () => {
    const profile = await read(night);
    const json = `\ufeff${JSON.stringify(profile, null, '\t').replaceAll('\n', '\r\n')}`;
    expect(await read(json, 'p.json')).toEqual(profile);
  });

  it.each([
    [
      'an unknown key',
      night.replace('stackLevel', 'stacklevel'),
      /p\.yaml:3:1: stacklevel is unknown; did you mean stackLevel\?$/,
    ],
    [
      'a wrong type',
      night.replace('limit: 32', 'limit: lots'),
      /p\.yaml:9:32: chargingSchedule\.chargingSchedulePeriod\[0\]\.limit takes a number/,
    ],
    ['a missing field', night.replace('limit: 32', ''), /p\.yaml:9:7: .*\[0\]\.limit is missing/],
    [
      'an empty value',
      night.replace('limit: 32', 'limit:'),
      /p\.yaml:9:\d+: .*limit takes a number from 0 to 10000000, not null/,
    ],
    ['what does not ascend', night.replace('25200', '0'), /p\.yaml:10:22: .*\[1\]\.startPeriod must ascend/],
    ['a key that comes twice', `${night}stackLevel: 2\n`, /p\.yaml:11:1: this key is given twice$/],
    ['what is no YAML', 'a: [1\nb: 2', /p\.yaml:2:\d+: /],
    ['two documents', `${night}---\n${night}`, /p\.yaml:11:1: /],
    ['nothing', '', /p\.yaml:1:1: the profile takes fields/],
    ['a tag of a language', 'a: !!js/function "f"', /p\.yaml:1:4: unresolved tag/],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x41]), /p\.yaml:1:1: /],
  ])('is refused with %s, with the place', async (_, text, message) => {
    expect((await failure(read(text), 'USAGE')).message.replace(/\.$/, '')).toMatch(message);
  });

  it('is refused when a few lines would become billions of values', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i += 1)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect((await failure(read(lines.join('\n')), 'USAGE')).message).toContain('too many aliases');
  });

  it('is refused when it is not there, or too large', async () => {
    const signal = new AbortController().signal;
    const missing = readProfileFile('/none.yaml', '--file', { signal, now });
    expect((await failure(missing, 'USAGE')).message).toBe(
      '--file cannot read /none.yaml: it does not exist.',
    );
    expect((await failure(read(`#${'x'.repeat(1024 * 1024)}`), 'USAGE')).message).toContain('1048576 bytes');
  });
});

const make = (flags: ProfileFlagValues) => profileFromFlags(flags, { purpose: 'TxDefaultProfile', now });

describe('a profile in flags', () => {
  it.each<[string, ProfileFlagValues, object]>([
    ['a limit', { limit: 16 }, { chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] }],
    [
      'a limit in watts',
      { limit: 11_000, unit: 'W', phases: 3 },
      { chargingRateUnit: 'W', chargingSchedulePeriod: [{ limit: 11_000, numberPhases: 3 }] },
    ],
    [
      'periods',
      { period: ['0=16A,3600=10A', '2h=6.5a'] },
      {
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [
          { startPeriod: 0 },
          { startPeriod: 3600, limit: 10 },
          { startPeriod: 7200, limit: 6.5 },
        ],
      },
    ],
    ['periods in watts', { period: ['0=3600W'] }, { chargingRateUnit: 'W' }],
    [
      'a duration and a lowest rate',
      { limit: 16, duration: 3_600_000, 'min-rate': 6 },
      { duration: 3600, minChargingRate: 6 },
    ],
  ])('is made of %s', (_, flags, schedule) => {
    expect(make(flags)).toMatchObject({
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingSchedule: schedule,
    });
  });

  it.each<[ProfileFlagValues, string]>([
    [{}, 'Nothing says how much may be charged.'],
    [{ limit: 16.25 }, '--limit takes at most one decimal, not 16.25.'],
    [{ period: ['16A'] }, '--period takes limits such as 0=16A,1h=10A, not "16A".'],
    [{ period: ['0=16A,,1h=6A'] }, '--period takes limits such as 0=16A,1h=10A, not "".'],
    [{ period: ['0=16A', '1h=3600W'] }, '--period takes limits in one unit, A or W, not in both.'],
    [
      { period: ['0=16'], unit: 'W', recurrency: 'daily' },
      '--start is needed for a recurring profile: it says from when on it repeats.',
    ],
    [{ period: ['1h=16A'] }, '--period, limit 1: must be 0 in the first period, not 3600.'],
    [{ period: ['0=16A,2h=8A,1h=6A'] }, '--period, limit 3: must ascend: 3600 does not come after 7200.'],
    [
      { limit: 16, kind: 'relative', start: now },
      '--start is not for the kind Relative: that counts from the start of charging.',
    ],
    [{ limit: 16, 'valid-to': now }, '--valid-to is in the past: 2026-05-04T10:00:00.000Z.'],
    [
      { limit: 16, kind: 'recurring', start: now },
      '--recurrency is needed for a recurring profile: Daily or Weekly.',
    ],
    [
      { limit: 16, purpose: 'ChargePointMaxProfile', kind: 'relative' },
      '--kind cannot be Relative for a ChargePointMaxProfile: a station has no start of charging.',
    ],
  ])('names the flag that is wrong: %o', async (flags, message) => {
    expect((await failure((async () => make(flags))(), 'USAGE')).message).toBe(message);
  });
});
