import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bar } from '../../src/views/bar.js';

it.each([
  [0, '', '░░░░'],
  [0.01, '█', '░░░'],
  [0.5, '██', '░░'],
  [0.99, '███', '░'],
  [1, '████', ''],
  [1.2, '████', ''],
  [-1, '', '░░░░'],
])('%d of what fits', (share, full, rest) => {
  expect(bar(share, 4)).toEqual({ full, rest });
});

it('is always as wide as it is to be', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.integer({ min: 2, max: 99 }), (share, width) => {
      const { full, rest } = bar(share, width);
      expect(full.length + rest.length).toBe(width);
    }),
  );
});
