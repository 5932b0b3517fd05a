import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayHoursMax, energyByHour, hoursSince } from '../../../src/domain/charging/energy-by-hour.js';
import type { MeteredSession, RegisterAt } from '../../../src/domain/charging/session-repositories.js';

const hourMs = 3600_000;

function session(change: Partial<MeteredSession> = {}): MeteredSession {
  const registers = { meterStartWh: 1000, meterStopWh: 5000, meterLastWh: null };
  return { transactionId: 1, siteUuid: 's', startedAt: 0, stoppedAt: 4 * hourMs, ...registers, ...change };
}

const hours = [0, 1, 2, 3].map((hour) => hour * hourMs);
const now = 4 * hourMs;

function inHours(one: MeteredSession, registers: readonly RegisterAt[] = []): number[] | undefined {
  return energyByHour([one], registers, { hours, now }).get(one.siteUuid);
}

const at = (hour: number, energyWh: number | null) => ({ transactionId: 1, at: hour * hourMs, energyWh });

describe('energy by the hour', () => {
  it.each<[string, MeteredSession, RegisterAt[], number[]]>([
    ['comes evenly where nothing was metered', session(), [], [1000, 1000, 1000, 1000]],
    ['comes when it was metered', session(), [at(1, 4000), at(2, 5000), at(3, 5000)], [3000, 1000, 0, 0]],
    ['has no more than the session', session(), [at(1, 9000), at(2, 0), at(3, 2000)], [4000, 0, 0, 0]],
    ['is told by what is known', session(), [at(1, null), at(2, 2000), at(3, null)], [1000, 0, 2000, 1000]],
    ['of before is left out', session({ startedAt: -4 * hourMs }), [], [500, 500, 500, 500]],
    [
      'runs on until now',
      session({ stoppedAt: null, meterStopWh: null, meterLastWh: 5000 }),
      [],
      [1000, 1000, 1000, 1000],
    ],
    [
      'ends now at the latest',
      session({ startedAt: 2 * hourMs, stoppedAt: 99 * hourMs }),
      [],
      [0, 0, 2000, 2000],
    ],
    [
      'of a stop before its start is of that hour',
      session({ startedAt: 9 * hourMs, stoppedAt: 1.5 * hourMs }),
      [],
      [0, 4000, 0, 0],
    ],
  ])('%s', (_, one, registers, expected) => {
    expect(inHours(one, registers)).toEqual(expected);
  });

  it.each([{ meterStopWh: 900 }, { meterStopWh: 1000 }, { meterStopWh: 9_000_000 }])(
    'counts nothing for registers that cannot be: $meterStopWh',
    (change) => {
      expect(inHours(session(change))).toBeUndefined();
    },
  );

  it('is of each site, and of none', () => {
    const all = [session(), session({ siteUuid: null }), session()];
    const bySite = energyByHour(all, [], { hours, now });
    expect([...bySite]).toEqual([
      ['s', [2000, 2000, 2000, 2000]],
      [null, [1000, 1000, 1000, 1000]],
    ]);
  });

  it('is never negative, and comes to what the session took, whatever was metered', () => {
    const register = fc.record({ hour: fc.integer({ min: 0, max: 3 }), energyWh: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.array(register), fc.integer({ min: 0, max: 3 * hourMs }), (registers, startedAt) => {
        const metered = registers.map(({ hour, energyWh }) => at(hour, energyWh));
        const wh = inHours(session({ startedAt }), metered) ?? [];
        expect(wh.every((one) => one >= 0)).toBe(true);
        expect(wh.reduce((sum, one) => sum + one, 0)).toBeCloseTo(4000);
      }),
    );
  });
});

it.each([
  ['begins with its first hour', 0, 1],
  ['has a part of an hour', 1.5 * hourMs, 2],
  ['has an hour that just began', 2 * hourMs, 3],
  ['has 25 hours when the clock is put back', 24.9 * hourMs, 25],
  ['has no more than that', 99 * hourMs, dayHoursMax],
  ['has one at least', -hourMs, 1],
])('a day %s', (_, past, count) => {
  const from = Date.UTC(2026, 9, 24, 22);
  const found = hoursSince(from, from + past);
  expect(found).toHaveLength(count);
  expect(found[0]).toBe(from);
});
