import { FleetError } from '../domain/errors.js';
import { type Files, hasCode, isSystemError } from './files.js';
import { StatementDictionary } from './journal-record.js';
import { damaged, firstSequenceOf, readSegment, type SegmentContent } from './journal-segment.js';
import { Sqlite } from './sqlite.js';

/** Row of table `counter` with the sequence of the last journal record that a snapshot contains. */
export const sequenceCounter = 'journalSequence';

export interface Snapshot {
  readonly sqlite: Sqlite;
  /** Sequence of the last journal record in it; 0 when there is no snapshot yet. */
  readonly sequence: number;
  readonly bytes: number;
}

/**
 * Loads a snapshot; an empty database when there is none.
 * @throws FleetError STORE_DAMAGED when the file is no store
 */
export async function loadSnapshot(files: Files, file: string): Promise<Snapshot> {
  const content = await readIfThere(files, file);
  return content ? openSnapshot(content, file) : { sqlite: await Sqlite.open(), sequence: 0, bytes: 0 };
}

/**
 * Opens the content of a snapshot.
 * @param file where it comes from, for messages
 * @throws FleetError STORE_DAMAGED when it is no store
 */
export async function openSnapshot(content: Buffer, file: string): Promise<Snapshot> {
  let sqlite: Sqlite | undefined;
  try {
    sqlite = await Sqlite.open(content);
    const [row] = sqlite.all('SELECT value FROM counter WHERE name = ?', [sequenceCounter]);
    if (!row) throw new Error('it is the file of another program');
    return { sqlite, sequence: Number(row.value), bytes: content.length };
  } catch (error) {
    sqlite?.close();
    throw new FleetError('STORE_DAMAGED', `${file} is not a readable evfleet store: ${String(error)}.`, {
      cause: error,
      suggestions: [
        'Check --data-dir.',
        'Copy the whole data directory aside, then bring back the last backup.',
      ],
    });
  }
}

/** The database as the content of a snapshot file that says what it contains. */
export function exportSnapshot(sqlite: Sqlite, sequence: number): Uint8Array {
  sqlite.run(
    'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [sequenceCounter, sequence],
  );
  return sqlite.export();
}

interface ReplayedSegment {
  readonly file: string;
  readonly firstSequence: number;
  readonly content: SegmentContent;
  /** As the segment left it: whoever goes on writing the segment needs it. */
  readonly dictionary: StatementDictionary;
}

export interface Replay {
  /** Sequence of the last record that the database contains now. */
  readonly sequence: number;
  readonly records: number;
  readonly segments: readonly ReplayedSegment[];
}

/**
 * Runs what segments hold beyond `sequence` on a database, in one transaction of it.
 * @param lastMayBeTorn whether the last segment is one that a crash may have cut short
 * @throws FleetError STORE_DAMAGED when a record that was acknowledged is missing or cannot be read
 */
export async function replaySegments(
  files: Files,
  snapshot: Pick<Snapshot, 'sqlite' | 'sequence'>,
  segments: readonly string[],
  { lastMayBeTorn }: { lastMayBeTorn: boolean },
): Promise<Replay> {
  const { sqlite } = snapshot;
  const replayed: ReplayedSegment[] = [];
  let { sequence } = snapshot;
  let records = 0;
  sqlite.run('BEGIN', []);
  try {
    for (const [index, file] of segments.entries()) {
      const next = segments[index + 1];
      // Left by a compaction that did not come to its end: all of it is in the snapshot.
      if (next !== undefined && firstSequenceOf(next) <= snapshot.sequence + 1) continue;
      const firstSequence = firstSequenceOf(file);
      if (firstSequence > sequence + 1) {
        throw damaged(file, 0, `record ${sequence + 1} is missing, the next one is ${firstSequence}`);
      }
      const isLast = lastMayBeTorn && index === segments.length - 1;
      const content = readSegment(file, await files.readFile(file), { isLast });
      const dictionary = new StatementDictionary();
      for (const record of content.records) {
        const statements = dictionary.decode(record.payload);
        if (record.sequence <= sequence) continue;
        for (const { sql, parameters } of statements) sqlite.run(sql, parameters);
        sequence = record.sequence;
        records += 1;
      }
      replayed.push({ file, firstSequence, content, dictionary });
    }
    sqlite.run('COMMIT', []);
  } catch (error) {
    throw asDamage(error, sequence + 1);
  }
  return { sequence, records, segments: replayed };
}

function asDamage(error: unknown, sequence: number): unknown {
  if (error instanceof FleetError || isSystemError(error)) return error;
  return new FleetError(
    'STORE_DAMAGED',
    `Record ${sequence} of the journal cannot be replayed: ${String(error)}.`,
    {
      cause: error,
      suggestions: ['Copy the whole data directory aside, then bring back the last backup.'],
    },
  );
}

async function readIfThere(files: Files, file: string): Promise<Buffer | undefined> {
  try {
    return await files.readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
