import { expect } from 'vitest';
import { type ErrorCode, FleetError } from '../../src/domain/errors.js';

/** The FleetError that `work` fails with; fails the test when it is none, or has another code. */
export async function failure(work: Promise<unknown>, code: ErrorCode): Promise<FleetError> {
  const error = await work.then(
    (value) => new Error(`expected ${code}, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof FleetError)) throw error;
  expect(error.code, error.message).toBe(code);
  return error;
}
