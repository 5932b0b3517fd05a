import { build, type Executor, first } from '../queries.js';

/** Tables whose rows have a number and an end, and are kept for a while after it. */
type EndedTable = 'outbox' | 'reservation';

/** When the first row to end ended, milliseconds since the epoch; undefined when none has. */
export async function findOldestEnd(executor: Executor, table: EndedTable): Promise<number | undefined> {
  const query = build
    .selectFrom(table)
    .select('endedAt')
    .where('endedAt', 'is not', null)
    .orderBy('endedAt')
    .limit(1);
  return (await first(executor, query.compile()))?.endedAt ?? undefined;
}

/** Removes rows that ended before an instant (ms), those that ended first before others; gives how many. */
export function removeEnded(
  executor: Executor,
  table: EndedTable,
  { endedBefore, limit }: { readonly endedBefore: number; readonly limit: number },
): Promise<number> {
  const oldest = build
    .selectFrom(table)
    .select('id')
    .where('endedAt', '<', endedBefore)
    .orderBy('endedAt')
    .orderBy('id')
    .limit(limit);
  return executor.run(build.deleteFrom(table).where('id', 'in', oldest).compile());
}
