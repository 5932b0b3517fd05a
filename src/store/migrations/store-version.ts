import { FleetError } from '../../domain/errors.js';
import { build, type Executor } from '../queries.js';
import { newestMigration } from './newest.js';

/** The version of the newest migration that the store has had; 0 before the first. */
export async function storeVersion(executor: Executor): Promise<number> {
  const newest = build.selectFrom('migration').select((table) => table.fn.max('version').as('version'));
  const [row] = await executor.all(newest.compile());
  return row?.version ?? 0;
}

/**
 * @returns the version of the store
 * @throws FleetError STORE_NEWER when a newer program has written it
 */
export async function assertNotNewer(executor: Executor): Promise<number> {
  const current = await storeVersion(executor);
  if (current <= newestMigration) return current;
  throw new FleetError(
    'STORE_NEWER',
    `The store was written by a newer evfleet (store version ${current}, this program knows ${newestMigration}).`,
    { suggestions: ['Use the newer evfleet, or another --data-dir.'] },
  );
}
