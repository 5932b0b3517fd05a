import { joinSuspicions, replacedHardware } from '../../domain/charging/suspicion.js';
import type { Station } from '../../domain/model.js';
import { forgetReservations } from './end-reservations.js';
import { note, type RuleContext } from './rule-context.js';

export type Boot = Pick<Station, 'vendor' | 'model' | 'serialNumber' | 'firmwareVersion'>;

/** Writes down what a booting station says of itself; gives the station as it is now, undefined if just deleted. */
export async function registerBoot(context: RuleContext, boot: Boot): Promise<Station | undefined> {
  const { r, station, receivedAt } = context;
  const before = await r.stations.findById(station.id);
  await r.stations.update(station.uuid, { ...boot, bootedAt: receivedAt, lastSeenAt: receivedAt });
  await note(context, 'station.booted', boot);
  const was = before?.serialNumber ?? null;
  if (was !== null && boot.serialNumber !== null && was !== boot.serialNumber) {
    await noteReplacement(context, was, boot.serialNumber);
  }
  return r.stations.findById(station.id);
}

/** Other hardware under the same identity: it knows nothing of what is open, so that no stop is to be expected. */
async function noteReplacement(context: RuleContext, from: string, to: string): Promise<void> {
  const { r, station } = context;
  await note(context, 'station.replaced', { from, to });
  for (const { uuid, transactionId, connector, suspicion } of await r.sessions.listOpen(station.uuid)) {
    const reasons = joinSuspicions(suspicion, replacedHardware(from, to));
    await r.sessions.update(uuid, { state: 'suspect', suspicion: reasons });
    await note(context, 'session.suspect', { transactionId, suspicion: reasons }, { connector });
  }
  await forgetReservations(context);
  await r.localLists.deleteByStation(station.uuid);
  await r.chargingProfiles.deleteByStation(station.uuid);
}
