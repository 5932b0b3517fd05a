import type { Files } from './files.js';
import type { StatementDictionary } from './journal-record.js';
import { listSegments } from './journal-segment.js';
import { loadSnapshot, type Replay, replaySegments } from './replay.js';
import type { Sqlite } from './sqlite.js';

export interface Recovery {
  readonly sqlite: Sqlite;
  /** Sequence of the newest record in the store. */
  readonly sequence: number;
  readonly snapshotBytes: number;
  readonly snapshotSequence: number;
  readonly journalBytes: number;
  readonly segments: number;
  readonly replayedRecords: number;
  /** Length of the unfinished commit that was cut off; 0 after a clean stop. */
  readonly tornBytes: number;
  readonly tail: { file: string; bytes: number; dictionary: StatementDictionary } | undefined;
  /**
   * Segments are left that the snapshot already contains and behind which the journal cannot go on, because the next
   * record is not the next of theirs.
   */
  readonly isInterruptedCompaction: boolean;
}

/**
 * Brings the store back as it was when the last acknowledged commit was: loads the snapshot, then replays what the
 * journal has beyond it.
 * @throws FleetError STORE_DAMAGED when acknowledged data cannot be read
 */
export async function recover(
  files: Files,
  snapshotFile: string,
  journalDirectory: string,
): Promise<Recovery> {
  const snapshot = await loadSnapshot(files, snapshotFile);
  const { sqlite } = snapshot;
  try {
    const segments = await listSegments(files, journalDirectory);
    const replay = await replaySegments(files, snapshot, segments, { lastMayBeTorn: true });
    return {
      sqlite,
      sequence: replay.sequence,
      snapshotBytes: snapshot.bytes,
      snapshotSequence: snapshot.sequence,
      journalBytes: sum(replay, ({ soundBytes }) => soundBytes),
      segments: segments.length,
      replayedRecords: replay.records,
      tornBytes: sum(replay, ({ tornBytes }) => tornBytes),
      ...lastOf(replay),
    };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function sum({ segments }: Replay, of: (content: Replay['segments'][number]['content']) => number): number {
  return segments.reduce((total, { content }) => total + of(content), 0);
}

function lastOf({ segments, sequence }: Replay): Pick<Recovery, 'tail' | 'isInterruptedCompaction'> {
  const last = segments.at(-1);
  if (!last) return { tail: undefined, isInterruptedCompaction: false };
  const { file, firstSequence, content, dictionary } = last;
  return {
    tail: content.soundBytes > 0 ? { file, bytes: content.soundBytes, dictionary } : undefined,
    isInterruptedCompaction: firstSequence + content.records.length !== sequence + 1,
  };
}
