import { MailCarrier } from '../alarms/delivery/mail-carrier.js';
import { OutboxSender } from '../alarms/delivery/outbox-sender.js';
import { WebhookCarrier } from '../alarms/delivery/webhook-carrier.js';
import type { Clock } from '../domain/clock.js';
import type { EventFeed } from '../domain/event-feed.js';
import type { Log } from '../domain/log.js';
import type { Store } from '../domain/repositories.js';
import { effectiveSettings } from '../domain/settings.js';
import { BackgroundJob } from './jobs/background-job.js';
import { systemRandom } from './system.js';

/** Sends what the outbox holds. Mail programs are loaded with the first mail. */
export function createOutboxSender(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly changes: EventFeed;
}): OutboxSender {
  const { clock } = options;
  const carriers = [new MailCarrier(), new WebhookCarrier({ clock })];
  return new OutboxSender({ ...options, carriers, random: systemRandom });
}

const intervalMs = 3600_000;
const rowsPerStep = 256;

/** Removes messages that were sent, given up or dropped long ago, every hour. */
export function createOutboxRetentionJob({
  store,
  clock,
  log,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}): BackgroundJob {
  return new BackgroundJob({
    name: 'outbox retention',
    clock,
    log,
    firstDelayMs: 45_000,
    retryDelayMs: intervalMs,
    async run(signal) {
      const settings = effectiveSettings(await store.read((r) => r.settings.list()));
      const endedBefore = clock.now() - settings['retention.outbox'];
      let removed = rowsPerStep;
      while (removed === rowsPerStep && !signal.aborted) {
        // Looked for first: a change costs a sync.
        const oldest = await store.read((r) => r.outbox.findOldestEnd());
        if (oldest === undefined || oldest >= endedBefore) break;
        removed = await store.write((r) => r.outbox.removeEnded({ endedBefore, limit: rowsPerStep }));
      }
      return intervalMs;
    },
  });
}
