import path from 'node:path';
import { type Files, replaceFile, syncDirectory } from './files.js';
import { listSegments } from './journal-segment.js';
import { sequenceCounter } from './recovery.js';
import type { Sqlite } from './sqlite.js';

/** Where the parts of a store lie in its data directory. */
export function storePaths(directory: string): { snapshot: string; journal: string } {
  return { snapshot: path.join(directory, 'evfleet.db'), journal: path.join(directory, 'journal') };
}

/**
 * Folds the journal into a new snapshot, then removes the segments it replaces. A crash in between leaves segments
 * whose records the snapshot already has; recovery skips them.
 * @param sequence of the last record that `sqlite` contains
 * @returns size of the snapshot in bytes
 */
export async function writeSnapshot(
  files: Files,
  directory: string,
  sqlite: Sqlite,
  sequence: number,
): Promise<number> {
  const { snapshot, journal } = storePaths(directory);
  const segments = await listSegments(files, journal);
  sqlite.run(
    'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [sequenceCounter, sequence],
  );
  const bytes = sqlite.export();
  await replaceFile(files, snapshot, bytes);
  for (const segment of segments) await files.unlink(segment);
  await syncDirectory(files, journal);
  return bytes.length;
}
