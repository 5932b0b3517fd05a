import { effectiveSettings } from '../../domain/settings.js';
import { openAlarm } from '../alarm-book.js';
import type { TimedTask } from '../watch.js';

/** How often it is looked for stations that were created: nothing says so when one is. */
const lookEveryMs = 30_000;

/** Alarms that share a transaction, and a message. */
const stationsPerStep = 200;

/**
 * Stations that were created, and have not connected for the time of the setting. While no server ran they could not:
 * it counts from its start.
 */
export function notRegistered(): TimedTask {
  let lookAt = 0;
  return {
    name: 'stations that never connected',

    // The clock may have been set back.
    nextAt: async (_, now) => Math.min(lookAt, now + lookEveryMs),

    async run(context) {
      const { r, now, startedAt } = context;
      const graceMs = effectiveSettings(await r.settings.list())['alarms.not-registered-after'];
      lookAt = now + lookEveryMs;
      if (now < startedAt + graceMs) return false;
      const late = await r.alarms.listNeverConnected({ until: now - graceMs, limit: stationsPerStep });
      for (const { uuid, id, createdAt } of late) {
        const place = { station: { uuid, id }, connector: null, condition: '' };
        await openAlarm(context, { kind: 'not-registered', ...place, description: '', at: createdAt });
      }
      if (late.length === stationsPerStep) lookAt = now;
      return late.length === stationsPerStep;
    },
  };
}
