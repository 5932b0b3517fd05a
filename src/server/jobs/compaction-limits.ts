import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings, type Settings } from '../../domain/settings.js';
import type { CompactionLimits } from '../../store/store-files.js';
import { BackgroundJob } from './background-job.js';

const checkIntervalMs = 60_000;

export const defaultCompactionLimits = limitsOf(effectiveSettings(new Map()));

/** Has the store compact as the settings say, also after they have changed. */
export function createCompactionLimitsJob({
  store,
  clock,
  log,
}: {
  store: Store & { setCompactionLimits(limits: CompactionLimits): void };
  clock: Clock;
  log: Log;
}): BackgroundJob {
  return new BackgroundJob({
    name: 'compaction settings',
    clock,
    log,
    firstDelayMs: 0,
    retryDelayMs: checkIntervalMs,
    async run() {
      store.setCompactionLimits(limitsOf(effectiveSettings(await store.read((r) => r.settings.list()))));
      return checkIntervalMs;
    },
  });
}

function limitsOf(settings: Settings): CompactionLimits {
  return { bytes: settings['store.compact-bytes'], segments: settings['store.compact-segments'] };
}
