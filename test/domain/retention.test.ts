import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinnedRanges } from '../../src/domain/retention.js';

const startedAt = 1_780_000_000_000;
const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/** What is left of a session, thinned `pageSize` instants at a time. */
function thin(instants: readonly number[], pageSize = Number.MAX_SAFE_INTEGER): number[] {
  let kept = [...instants];
  let previous: number | undefined;
  for (let start = 0; start < instants.length; start += pageSize) {
    const page = instants.slice(start, start + pageSize);
    const isLast = start + pageSize >= instants.length;
    for (const { from, to } of thinnedRanges({ startedAt, instants: page, previous, isLast })) {
      kept = kept.filter((instant) => instant < from || instant > to);
    }
    previous = page.at(-1);
  }
  return kept;
}

/** Minutes since the start of the session. */
const at = (...minutes: number[]) => minutes.map((minute) => startedAt + minute * minuteMs);

describe('a thinned session', () => {
  it.each<[string, number[], number[]]>([
    ['nothing', [], []],
    ['one sample', [7], [7]],
    ['two of one quarter hour', [1, 2], [1, 2]],
    ['three of one quarter hour: first and last', [1, 2, 3], [1, 3]],
    ['a sample at the start and every 5 minutes', [0, 5, 10, 15, 20, 25, 30, 35], [0, 15, 30, 35]],
    ['quarter hours that end where the next begins', [0, 14.999, 15, 29.999, 30], [0, 15, 30]],
    ['gaps', [0, 1, 2, 100, 101, 102, 300], [0, 100, 300]],
    ['samples by a clock that was behind at the start', [-20, -16, -15, -1, 0, 1, 2], [-20, -15, 0, 2]],
    ['a last sample alone in its quarter hour', [0, 3, 16], [0, 16]],
  ])('keeps of %s', (_, before, after) => {
    expect(thin(at(...before))).toEqual(at(...after));
  });

  const sessions = fc
    .uniqueArray(fc.integer({ min: -quarterMs, max: 40 * quarterMs }), { maxLength: 300 })
    .map((offsets) => offsets.sort((a, b) => a - b).map((offset) => startedAt + offset));
  const quarterOf = (instant: number) => Math.floor((instant - startedAt) / quarterMs);

  it('keeps first and last, and otherwise the first of every quarter hour', () => {
    fc.assert(
      fc.property(sessions, (instants) => {
        const kept = thin(instants);
        expect(kept[0]).toBe(instants[0]);
        expect(kept.at(-1)).toBe(instants.at(-1));
        const firsts = instants.filter(
          (instant, i) => quarterOf(instant) !== quarterOf(instants[i - 1] ?? -1),
        );
        expect(kept.filter((instant) => !firsts.includes(instant)).length).toBeLessThanOrEqual(1);
        expect(firsts.every((instant) => kept.includes(instant))).toBe(true);
        const inner = kept.slice(0, -1).map(quarterOf);
        expect(new Set(inner).size).toBe(inner.length);
      }),
    );
  });

  it('loses nothing more when it is thinned again', () => {
    fc.assert(
      fc.property(sessions, (instants) => {
        const once = thin(instants);
        expect(thin(once)).toEqual(once);
      }),
    );
  });

  it('comes out the same however many instants are looked at in one step, and after a crash in between', () => {
    fc.assert(
      fc.property(sessions, fc.integer({ min: 1, max: 20 }), (instants, pageSize) => {
        expect(thin(instants, pageSize)).toEqual(thin(instants));
        // A crash: what the first pages lost is gone, and all begins anew.
        const previous = undefined;
        const page = instants.slice(0, pageSize);
        const isLast = pageSize >= instants.length;
        const ranges = thinnedRanges({ startedAt, instants: page, previous, isLast });
        const left = instants.filter(
          (instant) => !ranges.some(({ from, to }) => instant >= from && instant <= to),
        );
        expect(thin(left, pageSize)).toEqual(thin(instants));
      }),
    );
  });
});
