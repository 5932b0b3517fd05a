import { setFlagsFromString } from 'node:v8';
import { PGlite, types } from '@electric-sql/pglite';
import { type CompiledQuery, type DataTypeNode, PostgresQueryCompiler } from 'kysely';
import type { Repositories, Store } from '../../../src/domain/repositories.js';
import { migrate } from '../../../src/store/migrations/migrate.js';
import type { Executor } from '../../../src/store/queries.js';
import { createRepositories } from '../../../src/store/repositories/repositories.js';
import { testNow } from './open-store.js';
import { plainSettings } from './plain-settings.js';

/*
 * PostgreSQL, compiled to WebAssembly, behind the ports of the store. What is translated here is what an engine for
 * PostgreSQL has to translate; everything else is for the repositories to say in a way that both databases take:
 *
 * - placeholders: queries are compiled once more, from the tree they were built as
 * - `integer`: 64 bits wide in SQLite, and stations do send numbers that need more than 32
 * - int8 (every column that is wide, and counts) comes as text: all that evfleet keeps are safe integers
 * - the character U+0000, which PostgreSQL has no place for in a text
 * - the order of texts: the database must have the collation C (PGlite's has), as SQLite compares bytes
 */
class PostgresCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    this.append(node.dataType === 'integer' ? 'bigint' : String(node.dataType));
  }
}

/** Like any executor it is of no more use after a statement was refused: PostgreSQL has given the transaction up. */
class PostgresExecutor implements Executor {
  readonly #database: PGlite;
  /** By the text for SQLite: compiling is for once, as preparing is. */
  readonly #texts = new Map<string, string>();

  constructor(database: PGlite) {
    this.#database = database;
  }

  async all<Row>(query: CompiledQuery<Row>): Promise<Row[]> {
    return (await this.#query<Row>(query)).rows;
  }

  async run(query: CompiledQuery<unknown>): Promise<number> {
    return (await this.#query(query)).affectedRows ?? 0;
  }

  #query<Row>({ sql, query, queryId, parameters }: CompiledQuery<Row>) {
    let text = this.#texts.get(sql);
    if (text === undefined) {
      text = new PostgresCompiler().compileQuery(query, queryId).sql;
      this.#texts.set(sql, text);
    }
    return this.#database.query<Row>(text, parameters.map(withoutNul), {
      parsers: { [types.INT8]: Number },
    });
  }
}

function withoutNul(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}

/** A migrated database whose stores forget everything when they are done with, so that one will do for many tests. */
export class PostgresServer {
  readonly #database: PGlite;
  readonly executor: Executor;
  #isInUse = false;

  private constructor(database: PGlite) {
    this.#database = database;
    this.executor = new PostgresExecutor(database);
  }

  static async start(): Promise<PostgresServer> {
    // Optimizing PostgreSQL takes longer than these tests take without; it starts in half the time.
    setFlagsFromString('--liftoff-only');
    const server = new PostgresServer(await PGlite.create());
    await migrate(server.executor, { isEmpty: true, now: testNow });
    return server;
  }

  /** An empty one; there is one at a time, and what was in the one before it is gone. */
  async newStore(): Promise<Store> {
    await this.reset();
    await this.#database.exec('BEGIN');
    this.#isInUse = true;
    const work = <T>(todo: (r: Repositories) => Promise<T>) => this.#nested(todo);
    return { read: work, write: work };
  }

  async reset(): Promise<void> {
    if (!this.#isInUse) return;
    this.#isInUse = false;
    await this.#database.exec('ROLLBACK');
  }

  stop(): Promise<void> {
    return this.#database.close();
  }

  async #nested<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    await this.#database.exec('SAVEPOINT work');
    try {
      const result = await work(createRepositories(this.executor, plainSettings));
      await this.#database.exec('RELEASE SAVEPOINT work');
      return result;
    } catch (error) {
      await this.#database.exec('ROLLBACK TO SAVEPOINT work');
      throw error;
    }
  }
}
