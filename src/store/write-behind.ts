import type { MeterSample } from '../domain/model.js';
import type { JournalStatement } from './journal-record.js';
import type { Values } from './queries.js';
import { insertSampleRows, toSampleRow } from './repositories/samples.js';
import { noteRegister } from './repositories/sessions.js';
import type { Sqlite } from './sqlite.js';
import { assertStorable } from './transaction.js';

/** Rows that wait at most: inserting them takes some milliseconds, during which nothing else is done. */
const rowsMax = 1024;

/**
 * Meter samples that the journal has and the database gets a little later, many at once: sorted by session and with one
 * update for each session, they cost a fraction. Whoever looks at the database has to `flush` first.
 */
export class WriteBehind {
  #rows: Values[] = [];
  readonly #registers = new Map<number, number>();

  get isFull(): boolean {
    return this.#rows.length >= rowsMax;
  }

  /**
   * What the journal has to be given for these samples.
   * @throws TypeError when a value cannot be kept; nothing has been taken then
   */
  statements(rows: readonly Values[], registers: ReadonlyMap<number, number>): JournalStatement[] {
    for (const row of rows) for (const value of row) assertStorable(value);
    const statements: JournalStatement[] = insertSampleRows(rows);
    for (const [transactionId, meterLastWh] of registers) {
      assertStorable(meterLastWh);
      statements.push(noteRegister({ transactionId, meterLastWh }));
    }
    return statements;
  }

  /** Takes what the journal has taken. */
  add(rows: readonly Values[], registers: ReadonlyMap<number, number>): void {
    for (const row of rows) this.#rows.push(row);
    for (const [transactionId, meterLastWh] of registers) this.#registers.set(transactionId, meterLastWh);
  }

  /** Brings the database up to date. @throws what SQLite does; the database is behind the journal then */
  flush(sqlite: Sqlite): void {
    if (this.#rows.length === 0 && this.#registers.size === 0) return;
    // Neighbours in the index; a stable sort, so that samples of one instant stay in order.
    this.#rows.sort(bySession);
    sqlite.run('BEGIN', []);
    try {
      for (const { sql, parameters } of insertSampleRows(this.#rows)) sqlite.run(sql, parameters);
      for (const [transactionId, meterLastWh] of this.#registers) {
        const { sql, parameters } = noteRegister({ transactionId, meterLastWh });
        sqlite.run(sql, parameters);
      }
      sqlite.run('COMMIT', []);
    } catch (error) {
      sqlite.run('ROLLBACK', []);
      throw error;
    }
    this.#rows = [];
    this.#registers.clear();
  }
}

export function toRows(samples: readonly MeterSample[]): Values[] {
  return samples.map(toSampleRow);
}

function bySession([a]: Values, [b]: Values): number {
  return Number(a) - Number(b);
}
