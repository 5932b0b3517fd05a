import { join } from 'node:path';
import { FleetError } from '../domain/errors.js';
import type { MessageInput, MessageView } from '../operations/message.js';
import type { OpenFleetOptions } from './open-fleet.js';

/** What was recorded, from the running server or else from the files, without opening the store. */
export async function* listMessages(
  options: OpenFleetOptions,
  input: MessageInput,
): AsyncGenerator<readonly MessageView[]> {
  const fleet = await connect(options);
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
  const fleet = await connect(options);
  if (!fleet) {
    throw new FleetError('SERVER_UNREACHABLE', 'No server is running, so no messages can come.', {
      suggestions: ['evfleet serve', 'Without --follow, what was recorded is listed all the same.'],
    });
  }
  try {
    yield* fleet.batches('message.follow', input);
  } catch (error) {
    if (!(error instanceof FleetError && error.code === 'SERVER_UNREACHABLE')) throw error;
  } finally {
    await fleet.close();
  }
  throw new FleetError('SERVER_UNREACHABLE', 'The server has stopped.', { suggestions: ['evfleet serve'] });
}

async function connect({ dataDir, signal }: OpenFleetOptions) {
  const { connectFleet } = await import('./http-fleet.js');
  return connectFleet({ socketPath: join(dataDir, 'control.sock'), signal });
}
