import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import type { StoredFiles } from '../../domain/station/file-exchange.js';
import { BackgroundJob } from '../jobs/background-job.js';

const firstDelayMs = 60_000;
const intervalMs = 3_600_000;

/** Requests that are looked at in one transaction. */
const perStep = 50;

/** Removes what stations uploaded longer ago than `diagnostics.retention`, with the request for it. */
export function createDiagnosticsRetentionJob({
  store,
  files,
  clock,
  log,
}: {
  readonly store: Store;
  readonly files: StoredFiles;
  readonly clock: Clock;
  readonly log: Log;
}): BackgroundJob {
  return new BackgroundJob({
    name: 'retention of diagnostics',
    clock,
    log,
    firstDelayMs,
    retryDelayMs: intervalMs,
    async run(signal) {
      const settings = effectiveSettings(await store.read((r) => r.settings.list()));
      const before = clock.now() - settings['diagnostics.retention'];
      let removed = 0;
      for (;;) {
        const old = await store.read((r) => r.diagnostics.listOld(before, perStep));
        // The file first: a request without one is found again, a file without a request never.
        for (const { storedAs } of old) await files.remove(storedAs);
        await store.write(async (r) => {
          for (const { id } of old) await r.diagnostics.delete(id);
        });
        removed += old.length;
        if (old.length < perStep || signal.aborted) break;
      }
      if (removed > 0) log.info('old diagnostics removed', { requests: removed });
      return intervalMs;
    },
  });
}

/** Offers live in memory: those of a server that is no more are found by no station. */
export function endDiagnosticsOfBefore(store: Store, clock: Clock): Promise<void> {
  const end = { state: 'failed' as const, reported: 'the server was restarted', endedAt: clock.now() };
  return store.write((r) => r.diagnostics.endAll(end));
}
