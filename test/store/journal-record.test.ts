import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRecord,
  encodeRecord,
  type JournalStatement,
  recordHeaderBytes,
  StatementDictionary,
} from '../../src/store/journal-record.js';

const parameter = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    // JSON has no negative zero, and neither has an integer column.
    .map((number) => number + 0),
);
const statement: fc.Arbitrary<JournalStatement> = fc.record({
  sql: fc.oneof(fc.constantFrom('insert', 'update', 'delete'), fc.string()),
  parameters: fc.array(parameter, { maxLength: 5 }),
});
const transactions = fc.array(fc.array(statement, { maxLength: 4 }), { maxLength: 12 });

describe('a record', () => {
  it('comes back as it was, wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        fc.nat(),
        fc.nat(40),
        (payload, sequence, syncedSequence, offset) => {
          const record = { sequence, syncedSequence, payload: Buffer.from(payload) };
          const bytes = Buffer.concat([Buffer.alloc(offset, 7), encodeRecord(record), Buffer.alloc(5, 9)]);
          expect(decodeRecord(bytes, offset)).toEqual(record);
        },
      ),
    );
  });

  it('is not taken when it is cut short or a bit of it has turned', () => {
    const whole = encodeRecord({ sequence: 12, syncedSequence: 11, payload: Buffer.from('[["a",[1]]]') });
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeRecord(whole.subarray(0, length), 0)).toBeUndefined();
    }
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const turned = Buffer.from(whole);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeRecord(turned, 0)).toBeUndefined();
    }
  });

  it('is not seen in the zeros that a power cut leaves at the end of a file', () => {
    expect(decodeRecord(Buffer.alloc(4096), 0)).toBeUndefined();
    expect(recordHeaderBytes).toBe(24);
  });
});

describe('the dictionary of a segment', () => {
  it('gives a reader the statements of the writer, record by record', () => {
    fc.assert(
      fc.property(transactions, (written) => {
        const writer = new StatementDictionary();
        const reader = new StatementDictionary();
        const payloads = written.map((statements) => writer.encode(statements));
        expect(payloads.map((payload) => reader.decode(payload))).toEqual(written);
      }),
    );
  });

  it('lets a reader go on as the writer', () => {
    fc.assert(
      fc.property(transactions, transactions, (before, after) => {
        const writer = new StatementDictionary();
        const successor = new StatementDictionary();
        const third = new StatementDictionary();
        const payloads = before.map((statements) => writer.encode(statements));
        for (const payload of payloads) successor.decode(payload);
        payloads.push(...after.map((statements) => successor.encode(statements)));
        expect(payloads.map((payload) => third.decode(payload))).toEqual([...before, ...after]);
      }),
    );
  });

  it('writes a text once', () => {
    const sql = 'insert into "meterSample" values (?)';
    const writer = new StatementDictionary();
    const statements = [
      { sql, parameters: [1] },
      { sql, parameters: [2] },
    ];
    expect(writer.encode(statements).toString()).toBe(
      JSON.stringify([
        [sql, [1]],
        [0, [2]],
      ]),
    );
    expect(writer.encode(statements).toString()).toBe('[[0,[1]],[0,[2]]]');
  });

  it('keeps working when it is full', () => {
    const writer = new StatementDictionary();
    const reader = new StatementDictionary();
    const numbered = (from: number) =>
      Array.from({ length: 100 }, (_, i) => ({ sql: `select ${from + i}`, parameters: [i] }));
    for (let from = 0; from < 4300; from += 100) {
      expect(reader.decode(writer.encode(numbered(from)))).toEqual(numbered(from));
    }
    // The 4,096th text got a number, the one after it is spelled out for ever.
    const at = (text: number) => writer.encode([{ sql: `select ${text}`, parameters: [] }]).toString();
    expect(at(4095)).toBe('[[4095,[]]]');
    expect(at(4096)).toBe('[["select 4096",[]]]');
    expect(at(4096)).toBe('[["select 4096",[]]]');
  });

  it('has learnt nothing from a transaction that the journal could not take', () => {
    const writer = new StatementDictionary();
    const reader = new StatementDictionary();
    reader.decode(writer.encode([{ sql: 'a', parameters: [] }]));
    const tooLong = [
      { sql: 'b', parameters: ['x'.repeat(100)] },
      { sql: 'c', parameters: [] },
    ];
    expect(() => writer.encode(tooLong, 100)).toThrow('longer than 100 bytes');
    expect(() => writer.encode([{ sql: 'b', parameters: [1n] }])).toThrow(TypeError);
    const next = [
      { sql: 'c', parameters: [] },
      { sql: 'b', parameters: [] },
      { sql: 'a', parameters: [] },
    ];
    expect(reader.decode(writer.encode(next))).toEqual(next);
  });

  it('refuses a number that was never introduced', () => {
    expect(() => new StatementDictionary().decode(Buffer.from('[[3,[]]]'))).toThrow('statement 3');
  });
});
