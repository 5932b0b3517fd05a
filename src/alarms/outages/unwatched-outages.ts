import { openAlarm } from '../alarm-book.js';
import type { TimedTask } from '../watch.js';
import { connectionSteps, isGoodbye, nextStepAt, offlineAfterMs } from './outages.js';

/** Stations that share a transaction. */
const stationsPerStep = 50;

/**
 * Stations that nobody saw going: those that were out of contact when their fleet was watched for the first time, or
 * were accepted while they were. Once they have had time to come back to this server they are alarms, and have the
 * steps that are still to come; what would have been told before is no news.
 */
export function unwatchedOutages(): TimedTask {
  let lookAt: number | undefined;
  let isDone = false;
  return {
    name: 'stations that were offline before',

    async nextAt(_, now) {
      if (isDone) return undefined;
      // The clock may be set back.
      lookAt = Math.min(lookAt ?? Number.POSITIVE_INFINITY, now + offlineAfterMs);
      return lookAt;
    },

    async run(context) {
      const { r, rules, now, newId } = context;
      const steps = await connectionSteps(rules);
      const found = await r.outages.listUnwatched(stationsPerStep);
      for (const { stationUuid, stationId, since } of found) {
        const [last] = await r.connections.list({ stationId }, { limit: 1 });
        const deliberate = last?.stationUuid === stationUuid && isGoodbye(last);
        const outage = { uuid: newId(), stationUuid, stationId, since, countsFrom: since, deliberate };
        const unknown = { heldMs: null, stormUuid: null, endedAt: null, backAt: null };
        await r.outages.insert({ ...outage, nextStepAt: nextStepAt(outage, now, steps), ...unknown });
        if (deliberate) continue;
        const station = { uuid: stationUuid, id: stationId };
        const place = { station, connector: null, condition: '' };
        await openAlarm(context, { kind: 'connection-lost', ...place, description: '', at: since });
      }
      isDone = found.length < stationsPerStep;
      return !isDone;
    },
  };
}
