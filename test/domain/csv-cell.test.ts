import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defuse, undefuse } from '../../src/domain/csv-cell.js';

it.each([
  ['=1+1', "'=1+1"],
  ['@home', "'@home"],
  ['\tx', "'\tx"],
  ["'=1", "''=1"],
  ['-5', '-5'],
  ['+1e3', '+1e3'],
  ["'tis", "'tis"],
  ['plain', 'plain'],
])('no spreadsheet runs %s as a formula', (text, cell) => {
  expect(defuse(text)).toBe(cell);
});

it('gives back what there was, whatever it was', () => {
  const text = fc.string({ unit: fc.constantFrom("'", '=', '-', '+', '@', '\t', '\r', '1', '.', 'x') });
  fc.assert(fc.property(text, (value) => undefuse(defuse(value)) === value));
});
