import { clearing } from '../alarms/clearing.js';
import { chargingMessages } from '../alarms/conditions/charging-messages.js';
import { conditions } from '../alarms/conditions/conditions.js';
import { notRegistered } from '../alarms/conditions/not-registered.js';
import { dailyDigest } from '../alarms/digest.js';
import { OutageBacks } from '../alarms/outages/outage-backs.js';
import { OutageRefresh } from '../alarms/outages/outage-refresh.js';
import { OutageSteps } from '../alarms/outages/outage-steps.js';
import { outages } from '../alarms/outages/outages.js';
import { unwatchedOutages } from '../alarms/outages/unwatched-outages.js';
import type { WatchClock } from '../alarms/watch.js';
import { Watcher } from '../alarms/watcher.js';
import type { Clock, NewId } from '../domain/clock.js';
import type { EventFeed } from '../domain/event-feed.js';
import type { Log } from '../domain/log.js';
import type { Store } from '../domain/repositories.js';
import { BackgroundJob } from './jobs/background-job.js';

/** What comes before the dot in the kinds of events that somebody may be told of; of all others there are many more. */
const topics: ReadonlySet<string> = new Set([
  'station',
  'fault',
  'alarm',
  'session',
  'security',
  'certificate',
  'firmware',
  'configuration',
]);

/** Watches the fleet, and tells people of it. */
export function createWatcher(options: {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly clock: WatchClock;
  readonly newId: NewId;
  readonly log: Log;
}): Watcher {
  return new Watcher({
    ...options,
    concerns: (kind) => topics.has(kind.split('.', 1)[0] ?? ''),
    handlers: [outages, conditions, chargingMessages],
    tasks: [
      unwatchedOutages(),
      new OutageRefresh(),
      new OutageSteps(),
      new OutageBacks(),
      clearing,
      notRegistered(),
      dailyDigest(),
    ],
  });
}

const intervalMs = 3600_000;
const rowsPerStep = 100;

/** How long outages are kept that are over: only so that those who were told of them can be told that they are. */
const keptMs = 30 * 24 * 3600_000;

/** Removes outages of long ago, every hour, and ends those of stations that were deleted. */
export function createOutageRetentionJob({
  store,
  clock,
  log,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}): BackgroundJob {
  return new BackgroundJob({
    name: 'outages',
    clock,
    log,
    firstDelayMs: 60_000,
    retryDelayMs: intervalMs,
    async run(signal) {
      const now = clock.now();
      let isMore = true;
      while (isMore && !signal.aborted) {
        isMore = await store.write(async (r) => {
          const ended = await r.outages.endOrphans(now, rowsPerStep);
          const removed = await r.outages.removeEnded({ endedBefore: now - keptMs, limit: rowsPerStep });
          return ended === rowsPerStep || removed === rowsPerStep;
        });
      }
      return intervalMs;
    },
  });
}
