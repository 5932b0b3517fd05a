import { createdAt } from './fixtures.js';

/** Stations and people may use any integer that JavaScript can tell from its neighbours. */
export const huge = Number.MAX_SAFE_INTEGER;
export const low = Number.MIN_SAFE_INTEGER;
export const stopped = {
  stationUuid: 'station-CP1',
  meterStopWh: 7,
  from: createdAt,
  to: createdAt + 12_000,
  startedFrom: low,
};
export const together = { from: 5, to: createdAt, stepMs: 0 };
export const odd = `O'Neill "x" \\ %_? $1 ? Ä🔌`;
export const oldest = { receivedBefore: huge, limit: 1 };
