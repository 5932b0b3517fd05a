import { FleetError } from '../domain/errors.js';
import { type Files, hasCode, isSystemError } from './files.js';
import { StatementDictionary } from './journal-record.js';
import { damaged, firstSequenceOf, listSegments, readSegment } from './journal-segment.js';
import { Sqlite } from './sqlite.js';

/** Row of table `counter` with the sequence of the last journal record that a snapshot contains. */
export const sequenceCounter = 'journalSequence';

export interface Recovery {
  readonly sqlite: Sqlite;
  /** Sequence of the newest record in the store. */
  readonly sequence: number;
  readonly snapshotBytes: number;
  readonly journalBytes: number;
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
  const snapshot = await readSnapshot(files, snapshotFile);
  const { sqlite, sequence: snapshotSequence } = await loadSnapshot(snapshot, snapshotFile);
  const segments = await listSegments(files, journalDirectory);
  let sequence = snapshotSequence;
  let replayedRecords = 0;
  let tornBytes = 0;
  let journalBytes = 0;
  let tail: Recovery['tail'];
  let isInterruptedCompaction = false;
  try {
    sqlite.run('BEGIN', []);
    for (const [index, file] of segments.entries()) {
      const isLast = index === segments.length - 1;
      const firstSequence = firstSequenceOf(file);
      if (firstSequence > sequence + 1) {
        throw damaged(file, 0, `record ${sequence + 1} is missing, the next one is ${firstSequence}`);
      }
      const content = readSegment(file, await files.readFile(file), { isLast });
      const dictionary = new StatementDictionary();
      for (const record of content.records) {
        const statements = dictionary.decode(record.payload);
        if (record.sequence <= sequence) continue;
        for (const { sql, parameters } of statements) sqlite.run(sql, parameters);
        sequence = record.sequence;
        replayedRecords += 1;
      }
      journalBytes += content.soundBytes;
      tornBytes += content.tornBytes;
      if (!isLast) continue;
      isInterruptedCompaction = firstSequence + content.records.length !== sequence + 1;
      if (content.soundBytes > 0) tail = { file, bytes: content.soundBytes, dictionary };
    }
    sqlite.run('COMMIT', []);
  } catch (error) {
    sqlite.close();
    if (error instanceof FleetError || isSystemError(error)) throw error;
    throw new FleetError(
      'STORE_DAMAGED',
      `Record ${sequence + 1} of the journal cannot be replayed: ${String(error)}.`,
      {
        cause: error,
        suggestions: ['Copy the whole data directory aside, then bring back the last backup.'],
      },
    );
  }
  return {
    sqlite,
    sequence,
    snapshotBytes: snapshot?.length ?? 0,
    journalBytes,
    replayedRecords,
    tornBytes,
    tail,
    isInterruptedCompaction,
  };
}

async function readSnapshot(files: Files, file: string): Promise<Buffer | undefined> {
  try {
    return await files.readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function loadSnapshot(
  snapshot: Buffer | undefined,
  file: string,
): Promise<{ sqlite: Sqlite; sequence: number }> {
  if (!snapshot) return { sqlite: await Sqlite.open(), sequence: 0 };
  try {
    const sqlite = await Sqlite.open(snapshot);
    const [row] = sqlite.all('SELECT value FROM counter WHERE name = ?', [sequenceCounter]);
    if (!row) throw new Error('it is the file of another program');
    return { sqlite, sequence: Number(row.value) };
  } catch (error) {
    throw new FleetError('STORE_DAMAGED', `${file} is not a readable evfleet store: ${String(error)}.`, {
      cause: error,
      suggestions: [
        'Check --data-dir.',
        'Copy the whole data directory aside, then bring back the last backup.',
      ],
    });
  }
}
