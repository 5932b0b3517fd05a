import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describeEnd, type Reservation } from '../../domain/charging/reservation.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import { BackgroundJob } from './background-job.js';

/** How late the end of a reservation may be written down; what is shown goes by the clock. */
const intervalMs = 15_000;

/** How many are ended, or removed, in one transaction. */
const perStep = 100;

/** Ends reservations whose time has come, and removes what has been over for long enough. */
export function createReservationJob({
  store,
  clock,
  log,
}: {
  store: Store;
  clock: Clock;
  log: Log;
}): BackgroundJob {
  return new BackgroundJob({
    name: 'reservations',
    clock,
    log,
    firstDelayMs: intervalMs,
    retryDelayMs: intervalMs,
    async run(signal) {
      const now = clock.now();
      const overdue = () => store.read((r) => r.reservations.listOverdue(now, perStep));
      // Looked for first: a change costs a sync.
      for (let found = await overdue(); found.length > 0 && !signal.aborted; found = await overdue()) {
        await store.write((r) => expireAll(r, now));
        await endOfTurn();
      }
      const settings = effectiveSettings(await store.read((r) => r.settings.list()));
      const endedBefore = now - settings['retention.reservations'];
      const oldest = await store.read((r) => r.reservations.findOldestEnd());
      if (oldest !== undefined && oldest < endedBefore) {
        let removed = perStep;
        while (removed === perStep && !signal.aborted) {
          removed = await store.write((r) => r.reservations.removeEnded({ endedBefore, limit: perStep }));
          await endOfTurn();
        }
      }
      return intervalMs;
    },
  });
}

/** Those that are still open in this transaction. */
async function expireAll(r: Repositories, now: number): Promise<void> {
  for (const reservation of await r.reservations.listOverdue(now, perStep)) await expire(r, reservation, now);
}

async function expire(r: Repositories, reservation: Reservation, now: number): Promise<void> {
  const { id, stationUuid, stationId, connector, expiresAt } = reservation;
  await r.reservations.update(id, { state: 'expired', endedAt: expiresAt });
  await r.events.insert({
    at: expiresAt,
    receivedAt: now,
    stationUuid,
    stationId,
    connector,
    kind: 'reservation.ended',
    detail: JSON.stringify(describeEnd({ ...reservation, state: 'expired' })),
  });
}
