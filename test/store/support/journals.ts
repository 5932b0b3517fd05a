import path from 'node:path';
import { FleetError } from '../../../src/domain/errors.js';
import { Journal } from '../../../src/store/journal.js';
import {
  encodeRecord,
  type JournalStatement,
  StatementDictionary,
} from '../../../src/store/journal-record.js';
import { segmentHeader, segmentName } from '../../../src/store/journal-segment.js';
import { sequenceCounter } from '../../../src/store/replay.js';
import { MemoryDisk } from './memory-disk.js';

const directory = '/store';
export const journalDirectory = path.join(directory, 'journal');
export const snapshotFile = path.join(directory, 'evfleet.db');
export const firstSegment = path.join(journalDirectory, segmentName(1));

/** Two tables that must agree: half a transaction shows. */
const schema: JournalStatement[] = [
  { sql: 'create table counter (name text primary key, value integer not null)', parameters: [] },
  { sql: 'create table row (n integer primary key)', parameters: [] },
  { sql: 'insert into counter values (?, ?), (?, ?)', parameters: ['rows', 0, sequenceCounter, 0] },
];

/** Record 1 makes the tables, record n writes row n and counts it. */
export function statementsOf(sequence: number): JournalStatement[] {
  if (sequence === 1) return schema;
  return [
    { sql: 'insert into row values (?)', parameters: [sequence] },
    { sql: 'update counter set value = value + 1 where name = ?', parameters: ['rows'] },
  ];
}

export interface WrittenJournal {
  readonly disk: MemoryDisk;
  /** Where each record of the only segment ends, and the last record of the batch it was synced with. */
  readonly ends: readonly { readonly end: number; readonly batch: number }[];
}

/** Writes records in batches of these sizes; the records of a batch share one sync. */
export async function writeJournal(batches: readonly number[]): Promise<WrittenJournal> {
  const disk = new MemoryDisk();
  const journal = new Journal({
    files: disk.files,
    directory: journalDirectory,
    lastSequence: 0,
    onFailure: (error) => {
      throw error;
    },
  });
  await journal.open();
  const ends: { end: number; batch: number }[] = [];
  const dictionary = new StatementDictionary();
  let end = segmentHeader(1).length;
  for (const [batch, size] of batches.entries()) {
    for (let i = 0; i < size; i += 1) {
      const sequence = journal.append(statementsOf(journal.sequence + 1));
      const payload = dictionary.encode(statementsOf(sequence));
      end += encodeRecord({ sequence, syncedSequence: 0, payload }).length;
      ends.push({ end, batch });
    }
    await journal.synced(journal.sequence);
  }
  await journal.close();
  if (disk.get(firstSegment).length !== end) throw new Error('the journal is not as long as it should be');
  return { disk, ends };
}

export function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof FleetError) return error.code;
    throw error;
  }
}
