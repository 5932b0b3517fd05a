import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { Store } from '../domain/repositories.js';
import { effectiveSettings } from '../domain/settings.js';
import { MessageLog, type MessageLogLimits } from '../message-log/message-log.js';
import { BackgroundJob } from './jobs/background-job.js';

/** How soon changed settings count, and how often old files are looked for. */
const checkIntervalMs = 60_000;

/** The communication log of this server, kept within the settings from the first frame on. */
export async function openMessageLog({
  store,
  ...options
}: {
  readonly store: Store;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<MessageLog> {
  return new MessageLog({ ...options, limits: await limitsOf(store) });
}

/** Applies the settings to the log, again and again: also after they have changed, and when nothing is written. */
export function createMessageLogJob({
  store,
  messages,
  clock,
  log,
}: {
  readonly store: Store;
  readonly messages: MessageLog;
  readonly clock: Clock;
  readonly log: Log;
}): BackgroundJob {
  return new BackgroundJob({
    name: 'message log',
    clock,
    log,
    firstDelayMs: checkIntervalMs,
    retryDelayMs: checkIntervalMs,
    async run() {
      messages.setLimits(await limitsOf(store));
      const files = await messages.tidy();
      if (files > 0) log.info('old message files removed', { files });
      return checkIntervalMs;
    },
  });
}

async function limitsOf(store: Store): Promise<MessageLogLimits> {
  const settings = effectiveSettings(await store.read((r) => r.settings.list()));
  return { maxSize: settings['messages.max-size'], retentionMs: settings['messages.retention'] };
}
