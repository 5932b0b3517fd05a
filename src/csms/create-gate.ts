import { randomBytes } from 'node:crypto';
import { effectiveSettings } from '../domain/settings.js';
import { stationKeyHasher } from '../domain/station/station-key-hash.js';
import type { CsmsOptions } from './csms-options.js';
import type { LimitedLog } from './limited-log.js';
import type { RefusedStations } from './refused-stations.js';
import { StationCredentials } from './station-credentials.js';
import { StationGate } from './station-gate.js';

/** The gate of a central system: what stations have to show before they are let in. */
export function createGate(
  { store, minSecurityProfile = 0, newSecret = randomBytes, keyHasher = stationKeyHasher }: CsmsOptions,
  { now, log, refused }: { now: () => number; log: LimitedLog; refused: RefusedStations },
): StationGate {
  return new StationGate({
    store,
    now,
    log,
    credentials: new StationCredentials({ hasher: keyHasher, now, secret: newSecret(32) }),
    refused,
    minSecurityProfile,
    organization: async () =>
      effectiveSettings(await store.read((r) => r.settings.list()))['security.organization'],
  });
}
