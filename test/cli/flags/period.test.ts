import { expect, it } from 'vitest';
import { checkPeriod } from '../../../src/cli/flags/period.js';
import { FleetError } from '../../../src/domain/errors.js';

it('a period that ends before it begins is a usage error', () => {
  expect(() => checkPeriod({ from: 2, to: 1 })).toThrow(FleetError);
  expect(() => checkPeriod({ from: 2, to: 1 })).toThrow(/--to is earlier than --from/);
});

it.each([
  [{ from: 1, to: 2 }],
  [{ from: 1, to: 1 }],
  [{ from: 1 }],
  [{ to: 1 }],
  [{}],
  [{ from: '2', to: '1' }],
])('%j is none', (flags) => {
  expect(() => checkPeriod(flags)).not.toThrow();
});
