import type { Registration, Station } from '../domain/model.js';
import type { Repositories } from '../domain/repositories.js';

/** Adds to the event log that somebody decided about a station; nothing when it stays as it was. */
export async function noteRegistration(
  r: Repositories,
  { uuid, id, registration: before }: Station,
  registration: Registration | undefined,
  now: number,
): Promise<void> {
  if (registration === undefined || registration === before) return;
  await r.events.insert({
    at: now,
    receivedAt: now,
    stationUuid: uuid,
    stationId: id,
    connector: null,
    kind: 'station.registration',
    detail: JSON.stringify({ registration, before }),
  });
}
