import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, isStrictTime, parseTime } from '../../../src/ocpp/v16/time.js';
import { cpuMsOf } from '../../helpers/cpu-time.js';

const noon = Date.UTC(2026, 2, 29, 12, 0, 0);

describe('parseTime', () => {
  it.each<[string, number]>([
    ['2026-03-29T12:00:00Z', noon],
    ['2026-03-29T12:00:00.5Z', noon + 500],
    ['2026-03-29T12:00:00.123456789Z', noon + 123],
    ['2026-03-29T12:00:00.1239999999999999999999999999999999999999999999Z', noon + 123],
    ['2026-03-29T14:00:00+02:00', noon],
    ['2026-03-29T14:00:00+0200', noon],
    ['2026-03-29T14:00:00+02', noon],
    ['2026-03-29T06:30:00-05:30', noon],
    ['2026-03-29T12:00:00', noon],
    ['2026-03-29T12:00:00.000', noon],
    ['2026-03-29 12:00:00', noon],
    ['2026-03-29 12:00:00 UTC', noon],
    ['2026-03-29t12:00:00z', noon],
    ['2026-03-29T12:00Z', noon],
    ['2026-03-29T12:00:00,250Z', noon + 250],
    ['2026-3-29T9:05:00Z', Date.UTC(2026, 2, 29, 9, 5)],
    ['  2026-03-29T12:00:00Z\n', noon],
    ['2026-03-29', Date.UTC(2026, 2, 29)],
    ['2026-03-28T24:00:00Z', Date.UTC(2026, 2, 29)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['1970-01-01T00:00:00Z', 0],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['9999-12-31T23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
  ])('reads %j', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    '',
    'now',
    'null',
    '1774785600',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-03-29T25:00:00Z',
    '2026-03-29T24:00:01Z',
    '2026-03-29T12:60:00Z',
    '2026-03-29T12:00:61Z',
    '2026-03-29T12:00:00+24:00',
    '2026-03-29T12:00:00+02:60',
    '2026-03-29T12:00:00.Z',
    '2026-03-29T12:00:00Zulu',
    '29.03.2026 12:00',
    '٢٠٢٦-03-29T12:00:00Z',
  ])('knows that %j is no time', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('says undefined for a missing time', () => {
    expect(parseTime(undefined)).toBeUndefined();
  });

  it('reads back what it writes, and agrees with Date on it', () => {
    const range = { min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z') };
    fc.assert(
      fc.property(fc.date({ ...range, noInvalidDate: true }), (date) => {
        const text = formatTime(date.getTime());
        expect(text.endsWith('Z')).toBe(true);
        expect(parseTime(text)).toBe(date.getTime());
        expect(isStrictTime(text)).toBe(true);
      }),
    );
  });

  it('never throws and needs no long time for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void parseTime(text)));
    const tookMs = cpuMsOf(() => {
      expect(parseTime(`2026-03-29T12:00:00.${'1'.repeat(1_000_000)}!`)).toBeUndefined();
      expect(parseTime(`${' '.repeat(1_000_000)}x`)).toBeUndefined();
    });
    expect(tookMs).toBeLessThan(1_000);
  });
});

describe('isStrictTime', () => {
  it.each(['2026-03-29T12:00:00Z', '2026-03-29T12:00:00.1+14:00', '2024-02-29T23:59:59-00:00'])(
    'accepts %s',
    (text) => {
      expect(isStrictTime(text)).toBe(true);
    },
  );

  it.each([
    '2026-03-29T12:00:00',
    '2026-03-29 12:00:00Z',
    '2026-03-29T12:00Z',
    '2026-03-29',
    '2026-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-03-29T24:00:00Z',
    '2026-03-29T12:00:60Z',
    '2026-03-29T12:00:00z',
    '2026-03-29T12:00:00+0200',
  ])('does not accept %s', (text) => {
    expect(isStrictTime(text)).toBe(false);
  });
});

describe('formatTime', () => {
  it('always writes UTC with Z', () => {
    expect(formatTime(noon + 7)).toBe('2026-03-29T12:00:00.007Z');
  });

  it('refuses what is no time', () => {
    expect(() => formatTime(Number.NaN)).toThrow(RangeError);
  });
});
