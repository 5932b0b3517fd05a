import type { StoreInfo } from '../domain/store-admin.js';
import { type Files, hasCode } from './files.js';
import { listSegments } from './journal-segment.js';
import { storeVersion } from './migrations/store-version.js';
import { build, type Executor } from './queries.js';
import { tableNames } from './schema.js';
import { storePaths } from './snapshot.js';

/** Schema version and rows by table, in the current transaction. */
export async function describeContent(executor: Executor): Promise<Pick<StoreInfo, 'version' | 'rows'>> {
  const rows: Record<string, number> = {};
  for (const table of tableNames) {
    const count = build.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('rows'));
    const [row] = await executor.all(count.compile());
    rows[table] = row?.rows ?? 0;
  }
  return { version: await storeVersion(executor), rows };
}

/** How much lies on the disk. */
export async function measureFiles(
  files: Files,
  directory: string,
): Promise<Pick<StoreInfo, 'snapshotBytes' | 'segments' | 'journalBytes' | 'compactedAt'>> {
  const { snapshot, journal } = storePaths(directory);
  const segments = await listSegments(files, journal);
  let journalBytes = 0;
  for (const segment of segments) journalBytes += (await measure(files, segment))?.bytes ?? 0;
  const file = await measure(files, snapshot);
  return {
    snapshotBytes: file?.bytes ?? 0,
    segments: segments.length,
    journalBytes,
    compactedAt: file?.modifiedAt ?? null,
  };
}

/** Undefined when the file is not there, or not any more: a compaction may remove it at any moment. */
async function measure(
  files: Files,
  file: string,
): Promise<{ bytes: number; modifiedAt: number } | undefined> {
  try {
    const handle = await files.open(file, 'r');
    try {
      const { size, mtimeMs } = await handle.stat();
      return { bytes: size, modifiedAt: Math.round(mtimeMs) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
