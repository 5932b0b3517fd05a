import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grouped } from '../../src/domain/grouped.js';

it('writes numbers as the English do', () => {
  expect([0, 7, 999, 1000, 25_000, 1_234_567, -1000].map((value) => grouped(value))).toEqual([
    '0',
    '7',
    '999',
    '1,000',
    '25,000',
    '1,234,567',
    '-1,000',
  ]);
  expect([grouped(1234.5, 1), grouped(850, 1), grouped(0.25, 2)]).toEqual(['1,234.5', '850.0', '0.25']);
});

it('writes whole numbers as the locale does', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => grouped(value) === value.toLocaleString('en')),
    { examples: [[-999], [1e15]] },
  );
});
