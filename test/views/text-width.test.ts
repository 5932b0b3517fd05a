import { expect, test } from 'vitest';
import { cut } from '../../src/views/cut.js';
import { padded, textWidth } from '../../src/views/text-width.js';

const family = '👩‍👩‍👧';

test.each([
  ['', 0],
  ['CP001', 5],
  ['café', 4],
  ['cafe\u0301', 4],
  ['充电桩', 6],
  ['東京駅前', 8],
  ['ﾄｳｷｮｳ', 5],
  ['서울', 4],
  ['محطة', 4],
  ['⚡', 2],
  ['🔌 A', 4],
  [family, 2],
  ['🇸🇪', 2],
  ['👍🏽', 2],
  ['❤️', 2],
  ['●▶‖○', 4],
  ['a\u200bb', 2],
  ['\u001b[31mred\u001b[39m', 3],
])('%j takes %i cells', (text, cells) => {
  expect(textWidth(text)).toBe(cells);
});

test.each([
  ['Lobby', 5, 'Lobby'],
  ['Lobby', 4, 'Lob…'],
  ['東京駅前', 8, '東京駅前'],
  ['東京駅前', 7, '東京駅…'],
  ['東京駅前', 6, '東京…'],
  [`${family}${family}${family}`, 5, `${family}${family}…`],
  ['cafe\u0301 noir', 5, 'cafe\u0301…'],
  ['The barn', 5, 'The…'],
  ['\u001b[31mred light\u001b[39m', 6, '\u001b[31mred l\u001b[0m…'],
  ['\u001b[31mred\u001b[39m', 3, '\u001b[31mred\u001b[39m'],
])('%j cut to %i cells', (text, cells, expected) => {
  expect(cut(text, cells)).toBe(expected);
  expect(textWidth(cut(text, cells))).toBeLessThanOrEqual(cells);
});

test('is filled up to a width, on either side', () => {
  expect(padded('駅', 4)).toBe('駅  ');
  expect(padded('駅', 4, 'right')).toBe('  駅');
  expect(padded('station', 4)).toBe('station');
});
