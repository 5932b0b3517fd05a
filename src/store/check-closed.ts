import { FleetError } from '../domain/errors.js';
import type { StoreCheck } from '../domain/store-admin.js';
import { asFleetError, hasCode, realFiles } from './files.js';
import { listSegments } from './journal-segment.js';
import { acquireLock } from './lock.js';
import { storePaths } from './snapshot.js';
import { jobsHere } from './store-job.js';

/**
 * Verifies a store that nobody has open, without changing a byte of it: opening it would already cut off a torn tail.
 * @throws FleetError NOT_FOUND when there is no store, STORE_LOCKED
 */
export async function checkClosedStore(options: {
  directory: string;
  lockTimeoutMs: number;
  signal?: AbortSignal;
}): Promise<StoreCheck> {
  const { directory, lockTimeoutMs, signal } = options;
  try {
    const { snapshot, journal } = storePaths(directory);
    await realFiles.readdir(journal);
    const lock = await acquireLock(directory, {
      command: 'store check',
      timeoutMs: lockTimeoutMs,
      ...(signal && { signal }),
    });
    try {
      const segments = await listSegments(realFiles, journal);
      const inspection = await jobsHere(realFiles)({
        kind: 'inspect',
        snapshot,
        segments,
        lastMayBeTorn: true,
      });
      return { ok: inspection.problems.length === 0, ...inspection };
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      throw new FleetError('NOT_FOUND', `There is no store in ${directory}.`, {
        cause: error,
        suggestions: ['--data-dir, to name another directory'],
      });
    }
    throw asFleetError(error, directory);
  }
}
