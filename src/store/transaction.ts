import { clearImmediate, setImmediate } from 'node:timers';
import type { CompiledQuery } from 'kysely';
import type { JournalStatement } from './journal-record.js';
import type { Executor } from './queries.js';
import type { Sqlite } from './sqlite.js';

/** One turn at the database: what the repositories of a piece of work run on, until it ends. */
export class Transaction implements Executor {
  /** What it changed, in order: the record that the journal will keep. */
  readonly changes: JournalStatement[] = [];
  readonly #sqlite: Sqlite;
  #state: 'read' | 'write' | 'ended';

  constructor(sqlite: Sqlite, kind: 'read' | 'write') {
    this.#sqlite = sqlite;
    this.#state = kind;
  }

  async all<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    if (this.#state === 'ended') throw new Error('A query ran outside of its transaction.');
    return this.#sqlite.all(query.sql, query.parameters) as Row[];
  }

  async run({ sql, parameters }: CompiledQuery<unknown>): Promise<number> {
    if (this.#state !== 'write') throw new Error('A change ran outside of a write transaction.');
    parameters.forEach(assertStorable);
    const changed = this.#sqlite.run(sql, parameters);
    this.changes.push({ sql, parameters });
    return changed;
  }

  end(): void {
    this.#state = 'ended';
  }
}

/** Replaying the journal must give the same rows: only values go in that come back from JSON as they were. */
function assertStorable(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return;
  throw new TypeError(`The store cannot keep the value ${String(value)} (${typeof value}).`);
}

/**
 * Gives up on work that is not finished when this turn of the event loop is. Repositories answer within the turn, so
 * such work awaits something else: at best it holds everybody up, and if it is the store itself, for ever.
 */
export function withinTurn<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const overdue = setImmediate(() =>
      reject(
        new Error(
          'A transaction awaited something other than its repositories (the store itself?); it is rolled back.',
        ),
      ),
    );
    work.then(resolve, reject).finally(() => clearImmediate(overdue));
  });
}
