import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { plainAddress } from './network.js';
import { describeError, toFleetError } from './problem.js';

export const linesType = 'application/x-ndjson';

export interface LinesOptions {
  readonly reply: FastifyReply;
  readonly log: Log;
  /** How long somebody may leave what is there unread; then the connection is cut. */
  readonly reading?: { readonly clock: Clock; readonly timeoutMs: number };
}

/**
 * An item per line, made as fast as they are read and no faster. A failure on the way is a last line
 * `{"$error": {code, message, suggestions}}`.
 * @throws FleetError what fails before the first batch, which is an answer with a status of its own
 */
export async function linesOf(
  batches: AsyncGenerator<readonly unknown[]>,
  options: LinesOptions,
): Promise<Readable> {
  const first = await batches.next();
  options.reply.type(linesType);
  return Readable.from(toLines(first, batches, options));
}

async function* toLines(
  first: IteratorResult<readonly unknown[]>,
  rest: AsyncGenerator<readonly unknown[]>,
  { reply, log, reading }: LinesOptions,
): AsyncGenerator<string> {
  const watch = () =>
    reading?.clock.schedule(reading.timeoutMs, () => {
      const address = plainAddress(reply.raw.socket?.remoteAddress ?? 'unknown');
      log.warn('API cut off: it does not read what it asked for', { address });
      reply.raw.destroy();
    });
  let stopWatching: (() => void) | undefined;
  try {
    for (let batch = first; !batch.done; batch = await rest.next()) {
      // What follows the yield runs once there is room for more.
      stopWatching = watch();
      yield batch.value.map((item) => `${JSON.stringify(item)}\n`).join('');
      stopWatching?.();
    }
  } catch (error) {
    yield `${JSON.stringify({ $error: describeError(toFleetError(error, log)) })}\n`;
  } finally {
    stopWatching?.();
    await rest.return(undefined);
  }
}
