import type { JournalStatement } from './journal-record.js';
import type { Values } from './queries.js';
import { insertSampleRows } from './repositories/samples.js';
import { noteRegister } from './repositories/sessions.js';
import { assertStorable } from './transaction.js';

/** Rows that wait at most: inserting them takes some milliseconds, during which nothing else is done. */
const rowsMax = 1024;

/**
 * Meter samples that the journal has and the database gets a little later, many at once: sorted by session and with one
 * update for each session, they cost a fraction.
 */
export class WriteBehind {
  #rows: Values[] = [];
  readonly #registers = new Map<number, number>();

  /** Whether a statement looks at or changes what waits here. */
  static concerns(sql: string): boolean {
    return /meterSample|session/i.test(sql);
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0 && this.#registers.size === 0;
  }

  get isFull(): boolean {
    return this.#rows.length >= rowsMax;
  }

  /** Takes what the journal has taken. */
  add(rows: readonly Values[], registers: ReadonlyMap<number, number>): void {
    for (const row of rows) this.#rows.push(row);
    for (const [transactionId, meterLastWh] of registers) this.#registers.set(transactionId, meterLastWh);
  }

  /** What has to be run to bring the database up to date; nothing waits any more. */
  take(): JournalStatement[] {
    if (this.isEmpty) return [];
    // Neighbours in the index; a stable sort, so that samples of one instant stay in order.
    const rows = this.#rows.sort(bySession);
    const statements = toStatements(rows, this.#registers);
    this.#rows = [];
    this.#registers.clear();
    return statements;
  }
}

/** Statements that insert samples and note the registers that they moved. */
export function toStatements(
  rows: readonly Values[],
  registers: ReadonlyMap<number, number>,
): JournalStatement[] {
  const statements: JournalStatement[] = insertSampleRows(rows);
  for (const [transactionId, meterLastWh] of registers) {
    statements.push(noteRegister({ transactionId, meterLastWh }));
  }
  return statements;
}

/** @throws TypeError when a value cannot be kept */
export function assertStorableRows(rows: readonly Values[], registers: ReadonlyMap<number, number>): void {
  for (const row of rows) for (const value of row) assertStorable(value);
  for (const meterLastWh of registers.values()) assertStorable(meterLastWh);
}

function bySession([a]: Values, [b]: Values): number {
  return Number(a) - Number(b);
}
