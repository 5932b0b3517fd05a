import type { Station } from '../../domain/model.js';
import { note, type RuleContext } from './rule-context.js';

export type Boot = Pick<Station, 'vendor' | 'model' | 'serialNumber' | 'firmwareVersion'>;

/** Writes down what a booting station says of itself; gives the station as it is now, undefined if just deleted. */
export async function registerBoot(context: RuleContext, boot: Boot): Promise<Station | undefined> {
  const { r, station, receivedAt } = context;
  await r.stations.update(station.uuid, { ...boot, bootedAt: receivedAt, lastSeenAt: receivedAt });
  await note(context, 'station.booted', boot);
  return r.stations.findById(station.id);
}
