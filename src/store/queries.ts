import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from './schema.js';

/**
 * Builds queries and compiles them; it is connected to nothing. The one place that knows the dialect: PostgreSQL
 * needs another compiler here and another `Executor`.
 */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Runs compiled queries inside the current transaction. */
export interface Executor {
  all<Row>(query: CompiledQuery<Row>): Promise<Row[]>;
  /** For statements that change something; they are what the journal keeps. Gives the number of rows changed. */
  run(query: CompiledQuery<unknown>): Promise<number>;
}

export async function first<Row>(executor: Executor, query: CompiledQuery<Row>): Promise<Row | undefined> {
  return (await executor.all(query))[0];
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
