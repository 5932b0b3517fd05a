import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import initSqlJs, { type Database, type SqlValue, type Statement } from 'sql.js';

/** Durability is the journal's business; SQLite only has to be able to roll back. */
const pragmas = `
  PRAGMA journal_mode = MEMORY;
  PRAGMA synchronous = OFF;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -32768;
  PRAGMA foreign_keys = ON;
`;

const statementCacheMaxEntries = 512;

type Row = Record<string, unknown>;

interface CachedStatement {
  readonly statement: Statement;
  /** Of a query, once it has run: its columns, and a row without values. */
  shape: Shape | undefined;
}

interface Shape {
  readonly columns: readonly string[];
  readonly blank: Row;
}

/** SQLite in memory (sql.js), with prepared statements kept by their text. */
export class Sqlite {
  readonly #database: Database;
  readonly #statements = new Map<string, CachedStatement>();

  private constructor(database: Database) {
    this.#database = database;
    this.#database.exec(pragmas);
  }

  /** @param snapshot an SQLite file; an empty database when left out */
  static async open(snapshot?: Uint8Array): Promise<Sqlite> {
    const { Database } = await initSqlJs({ wasmBinary: await readEngine() });
    return new Sqlite(new Database(snapshot));
  }

  all(sql: string, parameters: readonly unknown[]): Row[] {
    const cached = this.#prepare(sql);
    const { statement } = cached;
    const rows: Row[] = [];
    try {
      statement.bind(parameters as SqlValue[]);
      while (statement.step()) {
        cached.shape ??= shapeOf(statement.getColumnNames());
        const { columns, blank } = cached.shape;
        const values = statement.get();
        // A copy that is filled in: V8 takes twice as long for a row that grows column by column.
        const row = { ...blank };
        for (let i = 0; i < columns.length; i += 1) row[columns[i] as string] = values[i];
        rows.push(row);
      }
    } finally {
      statement.reset();
    }
    return rows;
  }

  /** Runs a statement that returns nothing; gives the number of rows it changed. */
  run(sql: string, parameters: readonly unknown[]): number {
    const { statement } = this.#prepare(sql);
    try {
      statement.bind(parameters as SqlValue[]);
      statement.step();
    } finally {
      statement.reset();
    }
    return this.#database.getRowsModified();
  }

  /** The database as an SQLite file. Finalizes all statements and resets all pragmas: both are restored here. */
  export(): Uint8Array {
    this.#finalize();
    const bytes = this.#database.export();
    this.#database.exec(pragmas);
    return bytes;
  }

  close(): void {
    this.#finalize();
    this.#database.close();
  }

  #prepare(sql: string): CachedStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= statementCacheMaxEntries) this.#finalize();
    const cached: CachedStatement = {
      statement: this.#database.prepare(hideParameters(sql)),
      shape: undefined,
    };
    this.#statements.set(sql, cached);
    return cached;
  }

  #finalize(): void {
    for (const { statement } of this.#statements.values()) statement.free();
    this.#statements.clear();
  }
}

function shapeOf(columns: readonly string[]): Shape {
  return { columns, blank: Object.fromEntries(columns.map((column) => [column, null])) };
}

/**
 * SQLite plans a query by the values of its parameters: it compiles many queries anew whenever one is bound, which takes
 * up to a hundred times as long as running them. It does not look into functions.
 */
function hideParameters(sql: string): string {
  if (!/^select\b/i.test(sql)) return sql;
  return sql.replaceAll(/'[^']*'|"[^"]*"|\?/g, (token) => (token === '?' ? 'ifnull(?, null)' : token));
}

/** The built program has it beside itself (bin/third-party.js); sources take it from its package. */
async function readEngine(): Promise<ArrayBuffer> {
  const beside = fileURLToPath(new URL('sql-wasm.wasm', import.meta.url));
  const file = existsSync(beside)
    ? beside
    : createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  return new Uint8Array(await readFile(file)).buffer;
}
