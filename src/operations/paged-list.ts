import { applyListQuery, type ListQuery } from './list.js';

/** Rows that are read at once: other work comes in between. */
const pageSize = 500;

export interface PagedSource<Row, View extends Record<string, unknown>> {
  /** The rows in their order, behind `after`. */
  readonly page: (limit: number, after: Row | undefined) => Promise<readonly Row[]>;
  readonly count: () => Promise<number>;
  readonly view: (row: Row) => View;
  readonly fields: readonly string[];
}

/** A list of what may be very long, read page by page and no further than it was asked for. */
export async function pagedList<Row, View extends Record<string, unknown>>(
  query: ListQuery,
  source: PagedSource<Row, View>,
  signal: AbortSignal,
): Promise<{ items: View[]; total: number }> {
  const { sort, filter, limit = Number.POSITIVE_INFINITY } = query;
  if (sort === undefined && filter === undefined) {
    const items = await readUpTo(limit, source, signal);
    return { items, total: items.length < limit ? items.length : await source.count() };
  }
  return applyListQuery(await readUpTo(Number.POSITIVE_INFINITY, source, signal), query, source.fields);
}

async function readUpTo<Row, View extends Record<string, unknown>>(
  limit: number,
  { page, view }: PagedSource<Row, View>,
  signal: AbortSignal,
): Promise<View[]> {
  const views: View[] = [];
  let after: Row | undefined;
  while (views.length < limit) {
    signal.throwIfAborted();
    const size = Math.min(pageSize, limit - views.length);
    const rows = await page(size, after);
    for (const row of rows) views.push(view(row));
    after = rows.at(-1);
    if (rows.length < size) break;
  }
  return views;
}
