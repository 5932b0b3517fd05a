import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import {
  type DesiredKey,
  desiredOf,
  emptyConfiguration,
  type StationConfiguration,
} from '../../domain/station/configuration.js';
import {
  bringAbout,
  type CallStation,
  type Endeavour,
  type Learned,
} from '../../domain/station/configuration-exchange.js';
import {
  complaintAbout,
  keyNameMaxLength,
  keyValueMaxLength,
} from '../../domain/station/configuration-keys.js';
import { settled } from '../../domain/station/configuration-retry.js';
import type { OperationContext } from '../operation.js';
import { notAccepted, reachable } from '../remote/remote-call.js';

/** What the operations on configuration have in common. */

export const timeoutInput = {
  /** How long the station may take for each answer. */
  timeoutMs: Type.Integer({ minimum: 100, maximum: 3_600_000 }),
};

export const keyName = Type.String({ minLength: 1, maxLength: keyNameMaxLength });
export const keyValue = Type.String({ maxLength: keyValueMaxLength });

/** @throws FleetError STATION_OFFLINE, or CONFLICT for a station that was rejected; pending ones may be configured */
export function callsTo(
  context: OperationContext,
  station: Station,
  { timeoutMs, signal = context.signal }: { timeoutMs: number; signal?: AbortSignal },
): CallStation {
  const live = reachable(context, station);
  if (station.registration === 'rejected') throw notAccepted(station);
  return (action, payload) => live.call(station, action, payload, { timeoutMs, signal });
}

/** What is known of its keys; nothing yet where it was never read. */
export async function configurationOf(r: Repositories, stationUuid: string): Promise<StationConfiguration> {
  return (await r.configurations.find(stationUuid)) ?? emptyConfiguration(stationUuid);
}

/** What a station should have, with what was applied to it alone, by folded key. */
export async function desiredAt(r: Repositories, station: Station): Promise<ReadonlyMap<string, DesiredKey>> {
  const { desired: own } = await configurationOf(r, station.uuid);
  return desiredOf(await r.configurations.listTemplates(), station, own);
}

/** Adds what was learned to what is known by now. */
export function remember(store: Store, { uuid, id }: Station, learned: Learned): Promise<void> {
  return store.write(async (r) => {
    // Deleted meanwhile, and perhaps created anew: then it is another one.
    if ((await r.stations.findById(id))?.uuid !== uuid) return;
    await r.configurations.put(learned(await configurationOf(r, uuid)));
  });
}

/** Sends what is desired of a station and differs, and writes down what came of it. */
export async function bringAboutAt(
  context: OperationContext,
  station: Station,
  desired: ReadonlyMap<string, DesiredKey>,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Endeavour> {
  const { store, clock } = context;
  const call = callsTo(context, station, options);
  const now = () => clock.now();
  const known = await store.read((r) => configurationOf(r, station.uuid));
  const endeavour = await bringAbout(call, { known, desired, bootedAt: station.bootedAt, now });
  await remember(store, station, settled(endeavour, desired, now()));
  return endeavour;
}

/** @throws FleetError USAGE for a value that a standard key does not take; never with a secret in it */
export function checkValues(values: readonly { key: string; value: string }[]): void {
  for (const { key, value } of values) {
    const complaint = complaintAbout(key, value);
    if (complaint === undefined) continue;
    throw new FleetError('USAGE', `${key} ${complaint}.`, {
      suggestions: ['--force sends it all the same'],
    });
  }
}
