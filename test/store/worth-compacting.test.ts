import { expect, it } from 'vitest';
import { isWorthCompacting } from '../../src/store/worth-compacting.js';

const options = { directory: '/nowhere', command: 'test', lockTimeoutMs: 0, now: () => 0 };
const kib = 1024;

it.each([
  // A new store: the migrations are not replayed again and again.
  { journal: 1, snapshot: 0, isWorth: true },
  { journal: 0, snapshot: 0, isWorth: false },
  { journal: 64 * kib, snapshot: 100 * kib, isWorth: false },
  { journal: 65 * kib, snapshot: 100 * kib, isWorth: true },
  // To write a large snapshot takes longer than to replay a little.
  { journal: 200 * kib, snapshot: 4096 * kib, isWorth: false },
  { journal: 210 * kib, snapshot: 4096 * kib, isWorth: true },
])('$journal bytes beside $snapshot: $isWorth', ({ journal, snapshot, isWorth }) => {
  expect(isWorthCompacting({ journalBytes: journal, snapshotBytes: snapshot }, options)).toBe(isWorth);
});
