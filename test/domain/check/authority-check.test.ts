import { expect, it } from 'vitest';
import { checkAuthority } from '../../../src/domain/check/authority-check.js';

const dayMs = 86_400_000;

it.each([
  [undefined, []],
  [1000 * dayMs, ['ok']],
  [399 * dayMs, ['warning']],
  [0, ['problem']],
])('an authority that ends in %s ms: %j', (endsIn, statuses) => {
  const now = Date.parse('2026-05-04T10:00:00Z');
  const results = checkAuthority(endsIn === undefined ? undefined : now + endsIn, now);
  expect(results.map(({ status }) => status)).toEqual(statuses);
});
