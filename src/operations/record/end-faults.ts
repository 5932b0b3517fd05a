import type { Repositories } from '../../domain/repositories.js';

/** More than one station can have at a time: one of each connector. */
const activeMax = 2000;

/** A station that is no more has no errors either: nobody would ever report their end. */
export async function endFaults(r: Repositories, stationId: string, now: number): Promise<void> {
  const active = await r.faults.list({ stationId, active: true }, { limit: activeMax });
  for (const { uuid, stationUuid, connector, errorCode, vendorErrorCode, beganAt } of active) {
    await r.faults.update(uuid, { endedAt: Math.max(beganAt, now) });
    const durationS = Math.round(Math.max(0, now - beganAt) / 1000);
    await r.events.insert({
      at: now,
      receivedAt: now,
      stationUuid,
      stationId,
      connector,
      kind: 'fault.ended',
      detail: JSON.stringify({ fault: uuid, errorCode, vendorErrorCode, durationS }),
    });
  }
}
