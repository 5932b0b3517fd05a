import { crc32 } from 'node:zlib';

/** One write statement with its parameters, ready to run again. */
export interface JournalStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What one committed transaction changed. */
export interface JournalRecord {
  /** Numbered from 1 without gaps over the life of the store. */
  readonly sequence: number;
  /**
   * The newest record known to be on disk when this one was written. Whatever is damaged at or before it had been
   * acknowledged; whatever comes after it may be the torn remains of a crash.
   */
  readonly syncedSequence: number;
  readonly payload: Buffer;
}

/** payload length (u32), CRC-32 of all that follows (u32), sequence (u64), synced sequence (u64); little-endian. */
export const recordHeaderBytes = 24;

/** A record longer than this is taken for damage, not for data. */
const recordMaxBytes = 256 * 1024 * 1024;

/** Header and payload in one buffer, to be appended by one write; `decodeRecord` reads it. */
export function encodeRecord(record: JournalRecord): Buffer {
  const bytes = Buffer.allocUnsafe(recordHeaderBytes + record.payload.length);
  bytes.writeUInt32LE(record.payload.length, 0);
  writeNumber(bytes, record.sequence, 8);
  writeNumber(bytes, record.syncedSequence, 16);
  record.payload.copy(bytes, recordHeaderBytes);
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
  return bytes;
}

/** The record that starts at `offset`, or undefined when no whole and sound one does. */
export function decodeRecord(bytes: Buffer, offset: number): JournalRecord | undefined {
  if (offset + recordHeaderBytes > bytes.length) return undefined;
  const length = bytes.readUInt32LE(offset);
  const end = offset + recordHeaderBytes + length;
  if (length > recordMaxBytes || end > bytes.length) return undefined;
  if (crc32(bytes.subarray(offset + 8, end)) !== bytes.readUInt32LE(offset + 4)) return undefined;
  return {
    sequence: readNumber(bytes, offset + 8),
    syncedSequence: readNumber(bytes, offset + 16),
    payload: bytes.subarray(offset + recordHeaderBytes, end),
  };
}

const high = 2 ** 32;

/** An unsigned integer of 64 bits, little-endian, as far as a number holds it: BigInt is many times slower. */
export function readNumber(bytes: Buffer, offset: number): number {
  return bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * high;
}

function writeNumber(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32LE(value % high, offset);
  bytes.writeUInt32LE(Math.floor(value / high), offset + 4);
}

const dictionaryMaxEntries = 4096;

/**
 * Writes each SQL text of a segment once and refers to it by number afterwards. Writer and reader fill it by the
 * same rule, so that a reader who has gone through a segment can go on writing it.
 */
export class StatementDictionary {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** @throws Error when no reader would take a record of this size; nothing has been learnt then */
  encode(statements: readonly JournalStatement[], maxBytes = recordMaxBytes): Buffer {
    const known = this.#texts.length;
    try {
      const entries = statements.map(({ sql, parameters }) => {
        const number = this.#numbers.get(sql);
        if (number !== undefined) return [number, parameters];
        this.#add(sql);
        return [sql, parameters];
      });
      const payload = Buffer.from(JSON.stringify(entries));
      if (payload.length > maxBytes) throw new Error(`The transaction is longer than ${maxBytes} bytes.`);
      return payload;
    } catch (error) {
      for (const sql of this.#texts.splice(known)) this.#numbers.delete(sql);
      throw error;
    }
  }

  decode(payload: Buffer): JournalStatement[] {
    const entries = JSON.parse(payload.toString()) as [string | number, unknown[]][];
    return entries.map(([text, parameters]) => {
      if (typeof text === 'string') {
        this.#add(text);
        return { sql: text, parameters };
      }
      const sql = this.#texts[text];
      if (sql === undefined) throw new Error(`statement ${text} was never introduced`);
      return { sql, parameters };
    });
  }

  #add(sql: string): void {
    if (this.#texts.length >= dictionaryMaxEntries) return;
    this.#numbers.set(sql, this.#texts.length);
    this.#texts.push(sql);
  }
}
