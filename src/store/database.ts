import type { JournalStatement } from './journal-record.js';
import type { Values } from './queries.js';
import type { Sqlite } from './sqlite.js';
import { WriteBehind } from './write-behind.js';

/** Transactions, and statements of them, that SQLite commits together. */
const transactionsMax = 64;
const statementsMax = 2000;

/**
 * The database as transactions see it, one at a time.
 *
 * Several of them share one transaction of SQLite, whose commit costs more than most of them do: durability is the
 * journal's business, and nobody else looks into this memory. When one is undone, those before it are run again. Meter
 * values wait in a `WriteBehind` until somebody looks at what they belong to.
 */
export class Database {
  readonly #sqlite: Sqlite;
  readonly #onBehind: (error: unknown) => void;
  readonly #writeBehind = new WriteBehind();
  /** What was kept since SQLite's transaction began, to be run again. */
  #kept: JournalStatement[] = [];
  #transactions = 0;
  #isOpen = false;

  /** @param onBehind called when the database did not take what the journal has: they do not agree any more */
  constructor(sqlite: Sqlite, onBehind: (error: unknown) => void) {
    this.#sqlite = sqlite;
    this.#onBehind = onBehind;
  }

  all(sql: string, parameters: readonly unknown[]): Record<string, unknown>[] {
    this.#prepareFor(sql);
    return this.#sqlite.all(sql, parameters);
  }

  /** Gives the number of rows changed. */
  run(sql: string, parameters: readonly unknown[]): number {
    this.#prepareFor(sql);
    this.#open();
    return this.#sqlite.run(sql, parameters);
  }

  /** The transaction whose changes these are stays; the journal has them. */
  keep(changes: readonly JournalStatement[]): void {
    for (const change of changes) this.#kept.push(change);
    this.#transactions += 1;
    this.#commitIfMany();
  }

  /** Takes back what was changed since the last transaction that stays. */
  undo(): void {
    if (!this.#isOpen) return;
    this.#rollBack();
    this.#replay(this.#kept);
  }

  /** Takes meter values that the journal has. */
  addBehind(rows: readonly Values[], registers: ReadonlyMap<number, number>): void {
    this.#writeBehind.add(rows, registers);
    if (!this.#writeBehind.isFull) return;
    this.#catchUp();
    this.#commitIfMany();
  }

  /** Brings everything into SQLite for good: before its content is looked at as a whole. */
  settle(): void {
    this.#catchUp();
    this.#commit();
  }

  #prepareFor(sql: string): void {
    if (!this.#writeBehind.isEmpty && WriteBehind.concerns(sql)) this.#catchUp();
  }

  #catchUp(): void {
    const statements = this.#writeBehind.take();
    this.#replay(statements);
    // Should the transaction that is under way be undone: these are none of its changes.
    for (const statement of statements) this.#kept.push(statement);
  }

  #replay(statements: readonly JournalStatement[]): void {
    if (statements.length === 0) return;
    try {
      this.#open();
      for (const { sql, parameters } of statements) this.#sqlite.run(sql, parameters);
    } catch (error) {
      this.#onBehind(error);
      throw error;
    }
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#sqlite.run('BEGIN', []);
    this.#isOpen = true;
  }

  #commitIfMany(): void {
    if (this.#transactions >= transactionsMax || this.#kept.length >= statementsMax) this.#commit();
  }

  #commit(): void {
    if (this.#isOpen) this.#sqlite.run('COMMIT', []);
    this.#isOpen = false;
    this.#kept = [];
    this.#transactions = 0;
  }

  #rollBack(): void {
    this.#isOpen = false;
    try {
      this.#sqlite.run('ROLLBACK', []);
    } catch {
      // After some errors SQLite has rolled back by itself.
    }
  }
}
