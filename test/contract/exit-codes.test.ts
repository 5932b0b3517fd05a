import { expect, it } from 'vitest';
import { errorCatalogue } from '../../src/domain/errors.js';

/** What scripts rely on. 3 (differences) and 143 (terminated) are no errors of the catalogue. */
const table = {
  1: ['UNEXPECTED', 'STORE_DAMAGED', 'STORE_FAILED'],
  2: ['USAGE'],
  4: ['NOT_AUTHENTICATED', 'NOT_ALLOWED'],
  5: ['NOT_FOUND'],
  6: ['EXISTS', 'HAS_CHILDREN', 'CONFLICT', 'STORE_LOCKED', 'STORE_NEWER', 'PORT_IN_USE'],
  7: ['SERVER_UNREACHABLE', 'STATION_OFFLINE', 'TOO_MANY_REQUESTS'],
  8: ['TIMED_OUT'],
  9: ['SOME_FAILED'],
  10: ['REFUSED'],
  130: ['INTERRUPTED'],
};

it('ends each error with the exit code that scripts know', () => {
  const byExit: Record<number, string[]> = {};
  for (const [code, { exit }] of Object.entries(errorCatalogue)) {
    byExit[exit] = [...(byExit[exit] ?? []), code];
  }
  expect(byExit).toEqual(table);
});

it('gives each error a status of HTTP that says whose fault it is', () => {
  for (const [code, { exit, http }] of Object.entries(errorCatalogue)) {
    const isOfServer = [1, 7, 8].includes(exit) && code !== 'TOO_MANY_REQUESTS';
    expect([code, Math.floor(http / 100)]).toEqual([code, exit === 9 ? 2 : isOfServer ? 5 : 4]);
  }
});
