import type { FastifyReply } from 'fastify';

/** Items of a page for whoever asks by `GET` and does not say how many. */
export const pageDefault = 100;

interface Page {
  readonly path: string;
  /** As it was sent. */
  readonly query: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** How many there are in all, and where the next ones are (RFC 8288). */
export function withPageHeaders(reply: FastifyReply, output: unknown, { path, query, input }: Page): void {
  if (!isPage(output)) return;
  const { items, total } = output;
  reply.header('x-total-count', total);
  const { limit, offset = 0 } = input;
  const next = Number(offset) + items.length;
  if (items.length === 0 || next >= total) return;
  const parameters = new URLSearchParams(query);
  parameters.set('limit', String(limit));
  parameters.set('offset', String(next));
  reply.header('link', `<${path}?${parameters}>; rel="next"`);
}

function isPage(output: unknown): output is { items: readonly unknown[]; total: number } {
  if (typeof output !== 'object' || output === null) return false;
  return (
    'items' in output && Array.isArray(output.items) && 'total' in output && typeof output.total === 'number'
  );
}
