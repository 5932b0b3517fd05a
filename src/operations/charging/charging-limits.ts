import {
  type ChargingLimits,
  chargingLimitKeys,
  toChargingLimits,
} from '../../domain/charging/charging-profile.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { emptyConfiguration, type StationConfiguration } from '../../domain/station/configuration.js';
import { readKeys } from '../../domain/station/configuration-exchange.js';
import { foldKeyName } from '../../domain/station/configuration-keys.js';
import type { LiveFleet, OperationContext } from '../operation.js';

/**
 * What a station says that it takes of charging profiles: as it said since its last boot, else it is asked, and the
 * answer remembered. A station that says nothing has no limits that are known.
 */
export async function chargingLimits(
  { store, clock }: Pick<OperationContext, 'store' | 'clock'>,
  live: LiveFleet,
  station: Station,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ChargingLimits> {
  const { uuid, bootedAt } = station;
  const find = () => store.read((r) => r.configurations.find(uuid));
  const known = (await find()) ?? emptyConfiguration(uuid);
  const missing = chargingLimitKeys.filter((key) => reported(known, key, bootedAt) === undefined);
  if (missing.length === 0) return limitsOf(known);
  try {
    const { learned } = await readKeys(
      (action, payload) => live.call(station, action, payload, options),
      missing,
      {
        known,
        bootedAt,
        now: () => clock.now(),
      },
    );
    return await store.write(async (r) => {
      const latest = learned((await r.configurations.find(uuid)) ?? emptyConfiguration(uuid));
      await r.configurations.put(latest);
      return limitsOf(latest);
    });
  } catch (error) {
    // What cannot be found out does not stand in the way: the station itself has the last word.
    if (error instanceof FleetError && error.code === 'REFUSED') return limitsOf(known);
    throw error;
  }
}

function limitsOf(configuration: StationConfiguration): ChargingLimits {
  return toChargingLimits((key) => reported(configuration, key, null)?.value);
}

/** Other firmware may have other limits, so that only what was said since the last boot counts. */
function reported({ reported: all }: StationConfiguration, wanted: string, bootedAt: number | null) {
  return all.find(
    ({ key, reportedAt }) => foldKeyName(key) === foldKeyName(wanted) && reportedAt >= (bootedAt ?? 0),
  );
}
