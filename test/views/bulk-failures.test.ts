import { describe, expect, it } from 'vitest';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import { BulkFailures } from '../../src/views/bulk-failures.js';

function outcome(number: number, words?: string): BulkOutcome {
  const stationId = `CP${number}`;
  const message = `${stationId} ${words ?? 'is back.'}`;
  const ok = words === undefined;
  return { stationId, ok, status: null, code: ok ? null : 'REFUSED', message, detail: null, suggestions: [] };
}
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('failures of many stations', () => {
  it('are told together by reason, the most common first', () => {
    const failures = new BulkFailures();
    failures.add([outcome(901, 'has never connected.'), outcome(1)]);
    failures.add(numbers(395).map((at) => outcome(at, 'refused: NoSuchSetting.')));
    failures.add([outcome(902, 'has never connected.')]);
    expect(failures.lines(400)).toEqual([
      '  CP0, CP1, CP2, CP3, CP4, CP5, CP6, CP7, CP8, CP9 and 385 more: refused: NoSuchSetting.',
      '  CP901, CP902: has never connected.',
    ]);
  });

  it('are ten reasons at most', () => {
    const failures = new BulkFailures();
    failures.add(numbers(1500).map((at) => outcome(at, `answered ${at}.`)));
    const lines = failures.lines(1500);
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('  1,490 stations for other reasons.');
  });

  it('are not told again when all of them are still to be seen, nor when there are none', () => {
    const failures = new BulkFailures();
    failures.add([outcome(1)]);
    expect(failures.lines(400)).toEqual([]);
    failures.add([outcome(2, 'is silent.')]);
    expect(failures.lines(20)).toEqual([]);
    expect(failures.lines(21)).toEqual(['  CP2: is silent.']);
  });
});
