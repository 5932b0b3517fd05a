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
  const { sort, filter, offset = 0, limit = Number.POSITIVE_INFINITY } = query;
  if (sort === undefined && filter === undefined) {
    const { items, seen, isAll } = await readPart({ offset, limit }, source, signal);
    return { items, total: isAll ? seen : await source.count() };
  }
  const { items } = await readPart({ offset: 0, limit: Number.POSITIVE_INFINITY }, source, signal);
  return applyListQuery(items, query, source.fields);
}

interface Part<View> {
  readonly items: View[];
  /** Rows read, those that were skipped included. */
  readonly seen: number;
  /** Whether there are no more. */
  readonly isAll: boolean;
}

async function readPart<Row, View extends Record<string, unknown>>(
  { offset, limit }: { offset: number; limit: number },
  { page, view }: PagedSource<Row, View>,
  signal: AbortSignal,
): Promise<Part<View>> {
  const items: View[] = [];
  const end = offset + limit;
  let after: Row | undefined;
  let seen = 0;
  while (seen < end) {
    signal.throwIfAborted();
    const size = Math.min(pageSize, end - seen);
    const rows = await page(size, after);
    for (const row of rows.slice(Math.max(0, offset - seen))) items.push(view(row));
    seen += rows.length;
    after = rows.at(-1);
    if (rows.length < size) return { items, seen, isAll: true };
  }
  return { items, seen, isAll: false };
}
