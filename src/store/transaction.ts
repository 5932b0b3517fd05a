import type { CompiledQuery } from 'kysely';
import type { JournalStatement } from './journal-record.js';
import type { Executor } from './queries.js';

/** What statements run on. */
export interface Engine {
  all(sql: string, parameters: readonly unknown[]): Record<string, unknown>[];
  /** Gives the number of rows changed. */
  run(sql: string, parameters: readonly unknown[]): number;
}

/** One turn at the database: what the repositories of a piece of work run on, until it ends. */
export class Transaction implements Executor {
  /** What it changed, in order: the record that the journal will keep. */
  readonly changes: JournalStatement[] = [];
  readonly #engine: Engine;
  #state: 'read' | 'write' | 'ended';

  constructor(engine: Engine, kind: 'read' | 'write') {
    this.#engine = engine;
    this.#state = kind;
  }

  async all<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    if (this.#state === 'ended') throw new Error('A query ran outside of its transaction.');
    return this.#engine.all(query.sql, query.parameters) as Row[];
  }

  async run({ sql, parameters }: CompiledQuery<unknown>): Promise<number> {
    if (this.#state !== 'write') throw new Error('A change ran outside of a write transaction.');
    parameters.forEach(assertStorable);
    const changed = this.#engine.run(sql, parameters);
    this.changes.push({ sql, parameters });
    return changed;
  }

  end(): void {
    this.#state = 'ended';
  }
}

/**
 * Replaying the journal must give the same rows: only values go in that come back from JSON as they were.
 * @throws TypeError for any other
 */
export function assertStorable(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return;
  throw new TypeError(`The store cannot keep the value ${String(value)} (${typeof value}).`);
}

/**
 * Gives up on work that is not finished when its turn of the event loop is. Repositories answer within the turn, so
 * such work awaits something else: at best it holds everybody up, and if it is the store itself, for ever.
 *
 * One look per turn of the loop is enough: whatever is under way then is overdue.
 */
export class Overseer {
  #giveUp: ((error: Error) => void) | undefined;
  #look: NodeJS.Immediate | undefined;

  /** @throws Error as a rejection when `work` is overdue; there is only one work at a time */
  watch<T>(work: Promise<T>): Promise<T> {
    this.#look ??= setImmediate(() => this.#lookNow());
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      work.then(resolve, reject);
    });
  }

  /** The work is done, one way or the other. */
  rest(): void {
    this.#giveUp = undefined;
  }

  #lookNow(): void {
    this.#look = undefined;
    this.#giveUp?.(
      new Error(
        'A transaction awaited something other than its repositories (the store itself?); it is rolled back.',
      ),
    );
  }
}
