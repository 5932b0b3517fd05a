import { migrate } from '../../../src/store/migrations/migrate.js';
import { exportSnapshot } from '../../../src/store/replay.js';
import { Sqlite } from '../../../src/store/sqlite.js';
import { Transaction } from '../../../src/store/transaction.js';
import { testNow } from './open-store.js';

type Row = Readonly<Record<string, unknown>>;
export type Content = Readonly<Record<string, readonly Row[]>>;

/** The database that a program of store version `version` would have made, with one row in every table. */
export async function oldDatabase(version: number): Promise<Sqlite> {
  const sqlite = await Sqlite.open();
  await migrate(new Transaction(sqlite, 'write'), { isEmpty: true, now: testNow, upTo: version });
  sqlite.run('PRAGMA foreign_keys = OFF', []);
  for (const table of tablesOf(sqlite)) {
    if (table !== 'migration') insertAnything(sqlite, table);
  }
  sqlite.run('PRAGMA foreign_keys = ON', []);
  return sqlite;
}

/** Brings a database up to date, as opening its store does. */
export function bringUpToDate(sqlite: Sqlite): Promise<void> {
  return migrate(new Transaction(sqlite, 'write'), { isEmpty: false, now: testNow + 1 });
}

/** All rows by table. */
export function contentOf(sqlite: Sqlite): Content {
  return Object.fromEntries(
    tablesOf(sqlite).map((table) => [table, sqlite.all(`SELECT * FROM "${table}"`, [])]),
  );
}

/** As the content of `evfleet.db`. */
export function asSnapshot(sqlite: Sqlite): Uint8Array {
  return exportSnapshot(sqlite, 1);
}

function tablesOf(sqlite: Sqlite): string[] {
  return sqlite
    .all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", [])
    .map(({ name }) => String(name));
}

/** The same value for every text, so that every reference finds what it refers to. */
function insertAnything(sqlite: Sqlite, table: string): void {
  const columns = sqlite.all(`SELECT name, type FROM pragma_table_info('${table}')`, []);
  const values = columns.map(({ type }) => {
    switch (String(type).toLowerCase()) {
      case 'text':
        return 'x';
      case 'double precision':
        return 1.5;
      default:
        return 1;
    }
  });
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const marks = columns.map(() => '?').join(', ');
  sqlite.run(`INSERT INTO "${table}" (${names}) VALUES (${marks})`, values);
}
