import { describeEnd } from '../../domain/charging/reservation.js';
import type { Repositories } from '../../domain/repositories.js';

/** A station that is no more keeps nothing free. */
export async function endReservations(r: Repositories, stationUuid: string, now: number): Promise<void> {
  for (const reservation of await r.reservations.listOpen(stationUuid)) {
    const { id, stationId, connector, expiresAt } = reservation;
    const isExpired = expiresAt <= now;
    const ending = {
      state: isExpired ? ('expired' as const) : ('lost' as const),
      endedAt: isExpired ? expiresAt : now,
      reason: isExpired ? null : 'the station was deleted',
    };
    await r.reservations.update(id, ending);
    await r.events.insert({
      at: ending.endedAt,
      receivedAt: now,
      stationUuid,
      stationId,
      connector,
      kind: 'reservation.ended',
      detail: JSON.stringify(describeEnd({ ...reservation, ...ending })),
    });
  }
}
