import path from 'node:path';
import { type Files, hasCode, replaceFile, syncDirectory } from './files.js';
import { listSegments, segmentHeader, segmentName } from './journal-segment.js';
import { exportSnapshot } from './replay.js';
import type { Sqlite } from './sqlite.js';

/** Where the parts of a store lie in its data directory. */
export function storePaths(directory: string): { snapshot: string; journal: string } {
  return { snapshot: path.join(directory, 'evfleet.db'), journal: path.join(directory, 'journal') };
}

/**
 * Folds the journal into a new snapshot, then removes the segments it replaces. A crash in between leaves segments
 * whose records the snapshot already has; recovery skips them.
 * @param sequence of the last record that `sqlite` contains
 * @param canWait when it is only to make starts quick: on a full disk all stays as it was then
 * @returns size of the snapshot in bytes; undefined when there was no room for it
 */
export async function writeSnapshot(
  files: Files,
  directory: string,
  { sqlite, sequence, canWait }: { sqlite: Sqlite; sequence: number; canWait: boolean },
): Promise<number | undefined> {
  const { snapshot, journal } = storePaths(directory);
  const segments = await listSegments(files, journal);
  const bytes = exportSnapshot(sqlite, sequence);
  try {
    await replaceFile(files, snapshot, bytes);
  } catch (error) {
    if (canWait && hasCode(error, 'ENOSPC', 'EDQUOT')) return undefined;
    throw error;
  }
  await beginNextSegment(files, journal, sequence);
  await removeSegments(files, journal, segments);
  return bytes.length;
}

/**
 * Leaves the beginning of the next segment behind, unless it has begun: its number says that there must be a snapshot,
 * so that a store which lost it is not taken for a new one.
 */
export async function beginNextSegment(files: Files, journal: string, sequence: number): Promise<void> {
  try {
    const handle = await files.open(path.join(journal, segmentName(sequence + 1)), 'wx', 0o600);
    try {
      await handle.write(segmentHeader(sequence + 1));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  await syncDirectory(files, journal);
}

/** Removes segments that a snapshot contains, the oldest first: what a crash leaves of them still follows on. */
export async function removeSegments(
  files: Files,
  journal: string,
  segments: readonly string[],
): Promise<void> {
  for (const segment of segments) await files.unlink(segment);
  if (segments.length > 0) await syncDirectory(files, journal);
}
