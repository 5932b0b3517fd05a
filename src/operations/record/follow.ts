import { FleetError } from '../../domain/errors.js';
import type { EventFilter, RecordedEvent } from '../../domain/record-repositories.js';
import type { OperationContext } from '../operation.js';

/** Events read at once; whoever reads slowly makes the next reading wait, not the memory grow. */
const batchSize = 200;

/**
 * Events as they happen, until `signal` aborts or the server stops: first the newest `tail` that are there, then each new one once. Begins
 * with a batch that may be empty, which says that nothing is missed from then on.
 * @throws FleetError SERVER_UNREACHABLE without a running server
 */
export async function* followEvents(
  { store, feed, signal }: Pick<OperationContext, 'store' | 'feed' | 'signal'>,
  { filter, tail }: { filter: EventFilter; tail: number },
): AsyncGenerator<readonly RecordedEvent[]> {
  if (!feed) {
    throw new FleetError(
      'SERVER_UNREACHABLE',
      'No server is running, so nothing happens that could be followed.',
      {
        suggestions: ['evfleet serve', 'If it runs elsewhere, name its data directory with --data-dir.'],
      },
    );
  }
  let isStale = false;
  let wake = (): void => undefined;
  const look = (): void => {
    isStale = true;
    wake();
  };
  const unsubscribe = feed.subscribe(look);
  signal.addEventListener('abort', look);
  try {
    const begun = await store.read(async ({ events }) => ({
      last: await events.lastSequence(),
      earlier: tail > 0 ? await events.list(filter, { limit: tail }) : [],
    }));
    let { last } = begun;
    yield begun.earlier.reverse();
    while (!signal.aborted) {
      if (!isStale) {
        if (feed.hasEnded) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      isStale = false;
      const before = last;
      const { newest, found } = await store.read(async ({ events }) => {
        const newest = await events.lastSequence();
        // Numbers begin anew when retention has removed the last event.
        const after = newest < before ? 0 : before;
        return { newest, found: await events.listAfter(filter, { after, limit: batchSize }) };
      });
      // Fewer than were asked for: everything up to the newest has been looked at.
      const isAll = found.length < batchSize;
      last = isAll ? newest : (found.at(-1)?.sequence ?? newest);
      isStale ||= !isAll;
      if (found.length > 0) yield found;
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', look);
  }
}
