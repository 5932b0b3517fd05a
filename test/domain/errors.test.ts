import { expect, it } from 'vitest';
import { errorCatalogue, FleetError, isErrorCode } from '../../src/domain/errors.js';

it('keeps the exit codes that scripts rely on', () => {
  const exits = Object.entries(errorCatalogue).map(([code, { exit }]) => [code, exit]);
  expect(Object.fromEntries(exits)).toEqual({
    UNEXPECTED: 1,
    STORE_DAMAGED: 1,
    STORE_FAILED: 1,
    USAGE: 2,
    NOT_AUTHENTICATED: 4,
    NOT_ALLOWED: 4,
    NOT_FOUND: 5,
    EXISTS: 6,
    HAS_CHILDREN: 6,
    CONFLICT: 6,
    STORE_LOCKED: 6,
    STORE_NEWER: 6,
    PORT_IN_USE: 6,
    SERVER_UNREACHABLE: 7,
    STATION_OFFLINE: 7,
    TOO_MANY_REQUESTS: 7,
    TIMED_OUT: 8,
    SOME_FAILED: 9,
    REFUSED: 10,
    INTERRUPTED: 130,
  });
});

it('carries cause and suggestions', () => {
  const cause = new Error('deep');
  const error = new FleetError('NOT_FOUND', 'There is no x.', { suggestions: ['evfleet x list'], cause });
  expect(error).toMatchObject({ exitCode: 5, suggestions: ['evfleet x list'], cause });
  expect(new FleetError('USAGE', 'no').suggestions).toEqual([]);
});

it('does not take inherited names for codes', () => {
  expect(isErrorCode('USAGE')).toBe(true);
  expect(isErrorCode('toString')).toBe(false);
  expect(isErrorCode(7)).toBe(false);
});
