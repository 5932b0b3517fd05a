import { FleetError } from '../domain/errors.js';
import type { ListQuery } from '../operations/list.js';
import type { MessageInput, MessageView } from '../operations/record/message.js';
import { type OpenFleetOptions, servedFleet, serverStopped } from './open-fleet.js';
import { ConnectionLost } from './remote/http-transport.js';

/** What was recorded, from the running server or else from the files, without opening the store. */
export async function* listMessages(
  options: OpenFleetOptions,
  input: MessageInput,
): AsyncGenerator<readonly MessageView[]> {
  const fleet = await servedFleet(options);
  if (!fleet) {
    const { listLocalMessages } = await import('../server/local-messages.js');
    yield* listLocalMessages(options.dataDir, input, options.signal);
    return;
  }
  try {
    yield* fleet.batches('message.list', input);
  } finally {
    await fleet.close();
  }
}

/**
 * What was recorded, then what comes. It ends only with an error.
 * @throws FleetError SERVER_UNREACHABLE when there is no server, or no longer
 */
export async function* followMessages(
  options: OpenFleetOptions,
  input: MessageInput,
): AsyncGenerator<readonly MessageView[]> {
  const fleet = await servedFleet(options);
  if (!fleet) {
    throw new FleetError('SERVER_UNREACHABLE', 'No server is running, so no messages can come.', {
      suggestions: ['evfleet serve', 'Without --follow, what was recorded is listed all the same.'],
    });
  }
  try {
    yield* fleet.batches('message.follow', input);
  } catch (error) {
    const isGone = error instanceof FleetError && error.code === 'SERVER_UNREACHABLE';
    // A server elsewhere says itself why it cannot be reached, or that it stops.
    const isSaid = options.server !== undefined && !(error instanceof ConnectionLost);
    if (!isGone || isSaid) throw error;
  } finally {
    await fleet.close();
  }
  throw serverStopped(options.server);
}

/** Messages that are gathered at most, to be put in order or laid out. */
const gatheredMax = 100_000;

/**
 * All messages at once, the first `limit` in the order of `sort`.
 * @throws FleetError USAGE when there are too many for the memory
 */
export async function gatherMessages(
  batches: AsyncIterable<readonly MessageView[]>,
  { sort, limit }: Pick<ListQuery, 'sort' | 'limit'>,
): Promise<{ items: readonly MessageView[]; total: number }> {
  const { applyListQuery } = await import('../operations/list.js');
  const { messageFields } = await import('../operations/record/message.js');
  const kept = Math.min(limit ?? gatheredMax, gatheredMax);
  const order = { limit: kept, ...(sort !== undefined && { sort }) };
  let items: MessageView[] = [];
  let total = 0;
  for await (const batch of batches) {
    total += batch.length;
    if (total > gatheredMax && (limit === undefined || limit > kept)) {
      throw new FleetError('USAGE', `More than ${gatheredMax.toLocaleString('en')} messages match.`, {
        suggestions: ['--limit 1000', 'Narrow them with --from and --action.'],
      });
    }
    items.push(...batch);
    if (items.length > 2 * gatheredMax) ({ items } = applyListQuery(items, order, messageFields));
  }
  return { ...applyListQuery(items, order, messageFields), total };
}
