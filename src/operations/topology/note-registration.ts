import type { Registration, Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import type { OperationContext } from '../operation.js';

/** Adds to the event log that somebody decided about a station; nothing when it stays as it was. */
export async function noteRegistration(
  r: Repositories,
  { uuid, id, registration: before }: Station,
  registration: Registration | undefined,
  { caller, clock }: Pick<OperationContext, 'caller' | 'clock'>,
): Promise<void> {
  if (registration === undefined || registration === before) return;
  const now = clock.now();
  await r.events.insert({
    at: now,
    receivedAt: now,
    stationUuid: uuid,
    stationId: id,
    connector: null,
    kind: 'station.registration',
    detail: JSON.stringify({ registration, before, by: caller.name }),
  });
}
