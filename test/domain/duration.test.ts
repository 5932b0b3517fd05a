import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/domain/duration.js';

describe('parseDuration', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
    [' 1H ', 3_600_000],
    ['0s', 0],
    ['0.0004s', 0],
  ])('%j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    '',
    ' ',
    '30',
    's',
    '-5s',
    '5 m',
    '1m1h',
    '1h1h',
    '1w',
    '1e3s',
    '5m x',
    '.5h',
    '99999999999999d',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

test.each([
  [0, '0s'],
  [350, '350ms'],
  [999.9, '999ms'],
  [45_000, '45s'],
  [59_999, '59s'],
  [60_000, '1m 00s'],
  [187_000, '3m 07s'],
  [3_900_000, '1h 05m'],
  [86_399_999, '23h 59m'],
  [187_200_000, '2d 04h'],
  [-45_000, '-45s'],
  [-0.5, '0s'],
])('%d ms is written %j', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
