import type { Compilable, SelectQueryBuilder } from 'kysely';
import type { Executor } from '../queries.js';
import type { Tables } from '../schema.js';

/** More rows than this never go at once; there is at most one too many after each insertion. */
const removedMax = 100;

/** Bounds a table that strangers can fill: rows beyond those that are kept go. */
export async function keepNewest<Table extends keyof Tables, Key>(
  executor: Executor,
  {
    surplus,
    remove,
  }: {
    /** Keys of the rows to remove: newest first, from an offset on. */
    surplus: SelectQueryBuilder<Tables, Table, Key>;
    remove: (key: Key) => Compilable;
  },
): Promise<void> {
  for (const key of await executor.all(surplus.limit(removedMax).compile())) {
    await executor.run(remove(key).compile());
  }
}
