import { describe, expect, it } from 'vitest';
import type { CompositeSchedule } from '../../src/operations/charging/profile-schedule.js';
import { chargingSchedule } from '../../src/views/charging-chart.js';
import { createTerminal } from '../../src/views/terminal.js';

const begin = Date.parse('2026-05-04T10:00:00Z');

function terminal(columns = 80, isTTY = true) {
  const env = { NO_COLOR: '1' };
  return createTerminal({ stdout: { isTTY, columns }, env, flags: { utc: true }, now: () => begin });
}

/** @param steps seconds from the start and the limit from there on */
function schedule(
  duration: number,
  steps: readonly (readonly [number, number])[],
  change: Partial<CompositeSchedule> = {},
): CompositeSchedule {
  const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString();
  return {
    stationId: 'CP001',
    connector: 1,
    unit: 'A',
    start: at(0),
    duration,
    minChargingRate: null,
    periods: steps.map(([second, limit], index) => ({
      start: at(second),
      end: at(steps[index + 1]?.[0] ?? duration),
      limit,
      numberPhases: null,
    })),
    ...change,
  };
}

const hour = schedule(3600, [
  [0, 16],
  [1800, 10],
  [2700, 32],
]);

describe('the schedule of a connector', () => {
  it('is drawn over time, and told in words', () => {
    expect(chargingSchedule(hour, terminal())).toMatchInlineSnapshot(`
      "CP001, connector 1: 1h from 2026-05-04 10:00:00Z

      32 A ┤                                                      ██████████████████
           │                                                      ██████████████████
           │                                                      ██████████████████
           │                                                      ██████████████████
      16 A ┤████████████████████████████████████                  ██████████████████
           │████████████████████████████████████▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄██████████████████
           │████████████████████████████████████████████████████████████████████████
           │████████████████████████████████████████████████████████████████████████
       0 A ┼──────────────────┴─────────────────┴─────────────────┴────────────────┴
            10:00           10:15             10:30             10:45          11:00

        2026-05-04 10:00:00Z  to  2026-05-04 10:30:00Z  16 A
        2026-05-04 10:30:00Z  to  2026-05-04 10:45:00Z  10 A
        2026-05-04 10:45:00Z  to  2026-05-04 11:00:00Z  32 A
      "
    `);
  });

  it.each([20, 40, 80, 200])('fits into %i columns', (columns) => {
    const lines = chargingSchedule(hour, terminal(columns)).split('\n').slice(2, 13);
    const widest = Math.max(...lines.map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(Math.max(columns, 36));
    expect(widest).toBeLessThanOrEqual(80);
  });

  it('says the day where there are several', () => {
    const days = schedule(3 * 86_400, [[0, 11_000]], { unit: 'W', connector: 0 });
    const said = chargingSchedule(days, terminal());
    expect(said).toMatch(/^CP001, all connectors together: 3d from 2026-05-04 10:00:00Z\n/);
    expect(said).toMatch(/05-04 10:00 .* 05-07 10:00\n/);
  });

  it('is nothing to draw when nothing may be charged, or nothing was told', () => {
    expect(chargingSchedule(schedule(60, [[0, 0]]), terminal())).toContain('0 A\n');
    expect(chargingSchedule(schedule(60, []), terminal())).toMatch(/No limit was told\.\n$/);
  });

  it('is a table for programs', () => {
    expect(chargingSchedule(hour, terminal(80, false))).toBe(
      [
        'start\tend\tlimit\tunit\tnumberPhases',
        '2026-05-04T10:00:00.000Z\t2026-05-04T10:30:00.000Z\t16\tA\t',
        '2026-05-04T10:30:00.000Z\t2026-05-04T10:45:00.000Z\t10\tA\t',
        '2026-05-04T10:45:00.000Z\t2026-05-04T11:00:00.000Z\t32\tA\t\n',
      ].join('\n'),
    );
  });
});
