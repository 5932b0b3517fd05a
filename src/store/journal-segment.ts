import path from 'node:path';
import { FleetError } from '../domain/errors.js';
import type { Files } from './files.js';
import { decodeRecord, type JournalRecord, readNumber, recordHeaderBytes } from './journal-record.js';

/** A segment is `<first sequence>.segment` in the journal directory: this header, then records end to end. */
const magic = Buffer.from('EVFJRNL1');
export const segmentHeaderBytes = 16;

/** Sixteen digits, so that names sort as numbers do. @param firstSequence of the first record in it */
export function segmentName(firstSequence: number): string {
  return `${String(firstSequence).padStart(16, '0')}.segment`;
}

/** Says the file name: all records before this one were on disk when the segment was begun. */
export function firstSequenceOf(file: string): number {
  return Number.parseInt(path.basename(file), 10);
}

/** Magic (8 bytes) and the number of the first record (u64, little-endian). */
export function segmentHeader(firstSequence: number): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes);
  magic.copy(header);
  header.writeBigUInt64LE(BigInt(firstSequence), 8);
  return header;
}

/** The segment files of a journal directory, oldest first. */
export async function listSegments(files: Files, directory: string): Promise<string[]> {
  const names = await files.readdir(directory);
  return names
    .filter((name) => /^\d{16}\.segment$/.test(name))
    .sort()
    .map((name) => path.join(directory, name));
}

export interface SegmentContent {
  readonly records: JournalRecord[];
  /** Bytes that belong to sound records; what lies beyond is a torn tail. */
  readonly soundBytes: number;
  readonly tornBytes: number;
}

/**
 * Reads one segment from memory.
 *
 * Only the last segment of a journal may end in a torn tail: there, bytes after the last sound record are the
 * remains of a commit that was under way in a crash and had been acknowledged to nobody.
 * @throws FleetError STORE_DAMAGED when something that had been acknowledged cannot be read any more
 */
export function readSegment(file: string, bytes: Buffer, options: { isLast: boolean }): SegmentContent {
  const records: JournalRecord[] = [];
  const first = firstSequenceOf(file);
  if (!bytes.subarray(0, segmentHeaderBytes).equals(segmentHeader(first))) {
    const isTorn = isUnfinished(bytes, first) && !findAcknowledgement(bytes, segmentHeaderBytes, first);
    if (options.isLast && isTorn) return { records, soundBytes: 0, tornBytes: bytes.length };
    throw damaged(file, 0, 'the segment header is not readable');
  }
  let offset = segmentHeaderBytes;
  while (offset < bytes.length) {
    const record = decodeRecord(bytes, offset);
    if (record === undefined || record.sequence !== first + records.length) break;
    records.push(record);
    offset += recordHeaderBytes + record.payload.length;
  }
  if (offset === bytes.length) return { records, soundBytes: offset, tornBytes: 0 };
  const lost = first + records.length;
  if (!options.isLast) throw damaged(file, offset, `record ${lost} is not readable`);
  const witness = findAcknowledgement(bytes, offset + 1, lost);
  if (witness !== undefined)
    throw damaged(file, offset, `record ${lost} is not readable, but record ${witness} after it is`);
  return { records, soundBytes: offset, tornBytes: bytes.length - offset };
}

/** A header of which only the first bytes were written: the rest is missing or zero. */
function isUnfinished(bytes: Buffer, firstSequence: number): boolean {
  const header = segmentHeader(firstSequence);
  const unlike = header.findIndex((byte, i) => byte !== bytes[i]);
  return bytes.subarray(unlike, segmentHeaderBytes).every((byte) => byte === 0);
}

/** A later sound record which says that `lost` was on disk when it was written. */
function findAcknowledgement(bytes: Buffer, from: number, lost: number): number | undefined {
  for (let offset = from; offset + recordHeaderBytes <= bytes.length; offset += 1) {
    // Cheap look at the numbers before the checksum over what may be megabytes.
    const sequence = readNumber(bytes, offset + 8);
    const synced = readNumber(bytes, offset + 16);
    if (sequence <= lost || sequence > lost + 1e9 || synced < lost || synced >= sequence) continue;
    if (decodeRecord(bytes, offset)) return sequence;
  }
  return undefined;
}

/** STORE_DAMAGED for a person, with what to do. @param offset bytes from the beginning of the file */
export function damaged(file: string, offset: number, what: string): FleetError {
  return new FleetError(
    'STORE_DAMAGED',
    `The store's journal is damaged: ${what} (${file}, byte ${offset}).`,
    {
      suggestions: [
        'Copy the whole data directory aside before you do anything else.',
        'Check the disk, and bring back the last backup of the data directory.',
      ],
    },
  );
}
