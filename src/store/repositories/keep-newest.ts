import { build, type Executor, first } from '../queries.js';

/** Bounds a table that strangers can fill: beyond `limit` rows the ones seen longest ago go. */
export async function keepNewest(
  executor: Executor,
  table: 'unknownTag' | 'unknownStation',
  limit: number,
): Promise<void> {
  const oldestKept = await first(
    executor,
    build
      .selectFrom(table)
      .select('lastSeenAt')
      .orderBy('lastSeenAt', 'desc')
      .offset(limit - 1)
      .limit(1)
      .compile(),
  );
  if (!oldestKept) return;
  await executor.run(build.deleteFrom(table).where('lastSeenAt', '<', oldestKept.lastSeenAt).compile());
}
