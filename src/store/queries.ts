import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  type Insertable,
  Kysely,
  type SelectQueryBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { Tables } from './schema.js';

/**
 * Builds queries and compiles them for SQLite; it is connected to nothing. All that is built has to mean the same to
 * PostgreSQL. The one other place that knows a dialect is an `Executor`: that of another database compiles
 * `CompiledQuery.query` for itself, once for every text.
 */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/**
 * Runs compiled queries inside the current transaction. When one is refused, the transaction has failed: PostgreSQL
 * takes nothing more in it.
 */
export interface Executor {
  all<Row>(query: CompiledQuery<Row>): Promise<Row[]>;
  /** For statements that change something; they are what the journal keeps. Gives the number of rows changed. */
  run(query: CompiledQuery<unknown>): Promise<number>;
}

/** The first row, if there is one; all are read, so the query sees to it that they are not many. */
export async function first<Row>(executor: Executor, query: CompiledQuery<Row>): Promise<Row | undefined> {
  return (await executor.all(query))[0];
}

/** How many rows a query finds that selects nothing yet. */
export async function countRows<Table extends keyof Tables>(
  executor: Executor,
  query: SelectQueryBuilder<Tables, Table, object>,
): Promise<number> {
  const counted = query.select(sql<number>`count(*)`.as('n')).compile() as CompiledQuery<{ n: number }>;
  return (await first(executor, counted))?.n ?? 0;
}

/** An update without changes is nothing to do; as SQL it would be malformed. */
export function isEmpty(change: object): boolean {
  return Object.values(change).every((value) => value === undefined);
}

class Placeholder {
  constructor(readonly name: string) {}
}

/**
 * Compiles a query once and gives a function that fills in its parameters: for hot paths, where building a query
 * costs more than running it. `construct` gets a stand-in for every parameter it reads.
 */
export function prepared<Parameters extends Record<string, unknown>, Row>(
  construct: (parameters: Parameters) => Compilable<Row>,
): (parameters: Parameters) => CompiledQuery<Row> {
  let template: CompiledQuery<Row> | undefined;
  return (values) => {
    template ??= construct(
      new Proxy({} as Parameters, { get: (_, name) => new Placeholder(String(name)) }),
    ).compile();
    const { query, queryId, sql, parameters } = template;
    const filled = parameters.map((value) => (value instanceof Placeholder ? values[value.name] : value));
    return { query, queryId, sql, parameters: filled };
  };
}

/**
 * Compiles updates of one row by its key once for every set of columns that is changed: gives the statement, or
 * undefined when there is nothing to change.
 */
export function preparedUpdate<Table extends keyof Tables & string, Key extends keyof Tables[Table] & string>(
  table: Table,
  key: Key,
): (
  value: Tables[Table][Key] & string,
  change: Partial<Tables[Table]>,
) => CompiledQuery<unknown> | undefined {
  const templates = new Map<string, CompiledQuery<unknown>>();
  return (value, change) => {
    const columns = Object.keys(change).filter(
      (column) => change[column as keyof Tables[Table]] !== undefined,
    );
    if (columns.length === 0) return undefined;
    const shape = columns.join();
    let template = templates.get(shape);
    if (template === undefined) {
      // Only the shape counts; the values are put in below.
      const nothing = Object.fromEntries(columns.map((column) => [column, null]));
      template = build
        .updateTable(table as 'station')
        .set(nothing)
        .where(key as 'uuid', '=', value)
        .compile();
      templates.set(shape, template);
    }
    const { query, queryId, sql } = template;
    const values = columns.map((column) => change[column as keyof Tables[Table]]);
    return { query, queryId, sql, parameters: [...values, value] };
  };
}

/** Statements for so many rows at once; more rows take several, so that few different ones have to be prepared. */
const rowsPerStatement = [64, 8, 1] as const;

/** The values of one row, in the order of the columns. */
export type Values = readonly (string | number | boolean | null)[];

/** Compiles inserts of many rows once: gives the statements that insert `rows`. */
export function preparedInsert<Table extends keyof Tables & string>(
  table: Table,
  columns: readonly (keyof Tables[Table] & string)[],
): (rows: readonly Tables[Table][]) => CompiledQuery<unknown>[] {
  const insert = preparedInsertOfValues(table, columns);
  return (rows) => insert(rows.map((row) => columns.map((column) => row[column] as Values[number])));
}

/** The same for rows whose values stand in the order of `columns`. */
export function preparedInsertOfValues<Table extends keyof Tables & string>(
  table: Table,
  columns: readonly (keyof Tables[Table] & string)[],
): (rows: readonly Values[]) => CompiledQuery<unknown>[] {
  const templates = new Map<number, CompiledQuery<unknown>>();
  const template = (size: number) => {
    const known = templates.get(size);
    if (known) return known;
    // Only the shape counts; the values are put in below.
    const row = Object.fromEntries(columns.map((column) => [column, null]));
    const rows = Array.from({ length: size }, () => row) as unknown as Insertable<Tables[Table]>[];
    const compiled = build.insertInto(table).values(rows).compile();
    templates.set(size, compiled);
    return compiled;
  };
  return (rows) => {
    const statements: CompiledQuery<unknown>[] = [];
    let next = 0;
    for (const size of rowsPerStatement) {
      for (; rows.length - next >= size; next += size) {
        const { query, queryId, sql } = template(size);
        const parameters: unknown[] = [];
        for (let at = next; at < next + size; at += 1) parameters.push(...(rows[at] ?? []));
        statements.push({ query, queryId, sql, parameters });
      }
    }
    return statements;
  };
}
