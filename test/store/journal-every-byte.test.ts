import { beforeAll, describe, expect, it } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { readSegment, segmentHeaderBytes } from '../../src/store/journal-segment.js';
import { recover } from '../../src/store/recovery.js';
import {
  codeOf,
  firstSegment,
  journalDirectory,
  snapshotFile,
  type WrittenJournal,
  writeJournal,
} from './support/journals.js';
import { MemoryDisk } from './support/memory-disk.js';

/** Records by commit: some hundred in all. */
const batches = [1, 1, 7, 1, 12, 3, 1, 1, 20, 5, 1, 7, 30, 1, 2, 40, 1, 1, 25, 8, 1, 5];
const lastBatch = batches.length - 1;

let journal: WrittenJournal;
let bytes: Buffer;

beforeAll(async () => {
  journal = await writeJournal(batches);
  bytes = journal.disk.get(firstSegment);
});

/** The record that the byte at `offset` belongs to, from 0. */
function recordAt(offset: number): number {
  return journal.ends.findIndex(({ end }) => offset < end);
}

function flipped(offset: number): Buffer {
  const changed = Buffer.from(bytes);
  // Never 0, and over the file every single bit and many of them at once.
  const mask = 1 + ((offset * 37) % 255);
  changed[offset] = (changed[offset] ?? 0) ^ mask;
  return changed;
}

/** Rows and their count after recovery, or the code of the error. */
async function recovered(content: Buffer): Promise<{ records: number; torn: number } | string> {
  const disk = new MemoryDisk();
  disk.put(firstSegment, content);
  try {
    const { sqlite, sequence, tornBytes } = await recover(disk.files, snapshotFile, journalDirectory);
    const [row] =
      sequence === 0
        ? [{ rows: 0, counted: 0 }]
        : sqlite.all(
            "select count(*) as rows, (select value from counter where name = 'rows') as counted from row",
            [],
          );
    sqlite.close();
    expect(row).toEqual({ rows: Math.max(0, sequence - 1), counted: Math.max(0, sequence - 1) });
    return { records: sequence, torn: tornBytes };
  } catch (error) {
    if (error instanceof FleetError) return error.code;
    throw error;
  }
}

describe('a journal cut off at any byte', () => {
  it('keeps exactly the records that are whole', () => {
    for (let length = 0; length <= bytes.length; length += 1) {
      const { records, soundBytes, tornBytes } = readSegment(firstSegment, bytes.subarray(0, length), {
        isLast: true,
      });
      expect(records.length).toBe(journal.ends.filter(({ end }) => end <= length).length);
      expect(soundBytes + tornBytes).toBe(length);
    }
  });

  it('is replayed to whole transactions', async () => {
    for (let length = 0; length <= bytes.length; length += 61) {
      const whole = journal.ends.filter(({ end }) => end <= length);
      const sound = whole.at(-1)?.end ?? (length < segmentHeaderBytes ? 0 : segmentHeaderBytes);
      expect(await recovered(bytes.subarray(0, length))).toEqual({
        records: whole.length,
        torn: length - sound,
      });
    }
  });

  it('is damaged when another segment follows', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const isWhole = length === segmentHeaderBytes || journal.ends.some(({ end }) => end === length);
      const code = codeOf(() => readSegment(firstSegment, bytes.subarray(0, length), { isLast: false }));
      // A cut between two records shows only in the number of the segment that follows; recovery compares them.
      expect(code).toBe(isWhole ? undefined : 'STORE_DAMAGED');
    }
  });
});

describe('a journal with one wrong byte', () => {
  it('is damaged if a later batch proves that the record had been acknowledged, else cut before it', () => {
    for (let offset = 0; offset < bytes.length; offset += 1) {
      const read = () => readSegment(firstSegment, flipped(offset), { isLast: true });
      const record = recordAt(offset);
      const isInLastBatch = journal.ends[record]?.batch === lastBatch;
      if (offset < segmentHeaderBytes || !isInLastBatch) expect(codeOf(read)).toBe('STORE_DAMAGED');
      else expect(read().records.length).toBe(record);
    }
  });

  it('is never replayed to anything but whole transactions', async () => {
    for (let offset = 3; offset < bytes.length; offset += 61) {
      const record = recordAt(offset);
      const isInLastBatch = journal.ends[record]?.batch === lastBatch;
      const found = await recovered(flipped(offset));
      if (offset < segmentHeaderBytes || !isInLastBatch) expect(found).toBe('STORE_DAMAGED');
      else expect(found).toMatchObject({ records: record });
    }
  });

  it('is damaged wherever it is once another segment follows', () => {
    for (let offset = 0; offset < bytes.length; offset += 1) {
      expect(codeOf(() => readSegment(firstSegment, flipped(offset), { isLast: false }))).toBe(
        'STORE_DAMAGED',
      );
    }
  });
});

describe('a journal whose first sector is gone', () => {
  it.each([0, 1, 7, 8])('from byte %i on is empty when nothing in it had been acknowledged', async (from) => {
    const { disk } = await writeJournal([3]);
    const content = Buffer.from(disk.get(firstSegment));
    content.fill(0, from, 64);
    expect(await recovered(content)).toEqual({ records: 0, torn: content.length });
  });

  it('is damaged when a later batch says otherwise', async () => {
    const { disk } = await writeJournal([3, 1]);
    const content = Buffer.from(disk.get(firstSegment));
    content.fill(0, 0, 64);
    expect(await recovered(content)).toBe('STORE_DAMAGED');
  });
});

describe('a commit that was written twice over by a crash', () => {
  it('counts once: what follows the last sound record is cut, zeros or old data', async () => {
    const tail = bytes.subarray(0, journal.ends[4]?.end ?? 0);
    for (const rest of [Buffer.alloc(4096), bytes.subarray(0, 100), Buffer.alloc(300, 0xff)]) {
      expect(await recovered(Buffer.concat([tail, rest]))).toEqual({ records: 5, torn: rest.length });
    }
  });
});
