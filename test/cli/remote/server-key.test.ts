import { expect, it } from 'vitest';
import { keyFor } from '../../../src/cli/remote/server-key.js';
import { FleetError } from '../../../src/domain/errors.js';

const server = {
  url: 'https://fleet.example.org',
  isTyped: true,
  caFile: undefined,
  isCaTyped: false,
  keyFile: undefined,
  isKeyFileTyped: false,
  allowsPlainHttp: false,
};

it.each([
  ['hunter2', 'EVFLEET_API_KEY holds no API key; they begin with evf_.'],
  // Cut off when it was copied: that it begins with evf_ is seen.
  ['evf_abc', /^EVFLEET_API_KEY holds no whole API key: /],
])('%j is no key, and is not said again', async (key, message) => {
  const { signal } = new AbortController();
  const error = await keyFor(server, { EVFLEET_API_KEY: key }, signal).catch((thrown: unknown) => thrown);
  if (!(error instanceof FleetError)) throw error;
  expect(error.code).toBe('USAGE');
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain(key);
});
