import { describe, expect, it } from 'vitest';
import { believeTime } from '../../../src/domain/station/station-clock.js';

const now = Date.UTC(2026, 4, 4, 10);
const hour = 3600_000;

describe('believeTime', () => {
  it.each([
    ['now', now],
    ['an hour ago', now - hour],
    ['half a year ago, replayed from a queue', now - 180 * 24 * hour],
    ['a clock a day fast', now + 24 * hour],
    ['the oldest that is believed', Date.UTC(2012, 0, 1)],
  ])('%s', (_, reported) => {
    expect(believeTime(reported, now)).toEqual({ at: reported });
  });

  it.each([
    ['no time', undefined, /no readable time/],
    ['1970', 0, /clock says 1970-01-01T00:00:00.000Z/],
    ['the year 1', -62_135_596_800_000, /clock says 0001-01-01/],
    ['2011', Date.UTC(2012, 0, 1) - 1, /clock says 2011-12-31/],
    ['more than a day ahead', now + 24 * hour + 1, /clock says 2026-05-05/],
    ['beyond what a date can hold', 9e15, /clock says nonsense/],
  ])('%s is replaced by the time of receipt', (_, reported, doubt) => {
    const time = believeTime(reported, now);
    expect(time.at).toBe(now);
    expect(time.doubt).toMatch(doubt);
  });
});
