import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { plainAddress } from '../../domain/network.js';
import { describeError, type ToFleetError } from './problem.js';

export const linesType = 'application/x-ndjson';

export interface Reading {
  readonly clock: Clock;
  /** How long somebody may leave what is there unread; then the connection is cut. */
  readonly timeoutMs: number;
  /** After so long without an item comes an empty line, for those on the way who cut off what is silent. */
  readonly quietMs: number;
}

export interface LinesOptions {
  readonly reply: FastifyReply;
  readonly log: Log;
  readonly toFleetError: ToFleetError;
  /** Unless given, everybody has all the time. */
  readonly reading?: Reading;
}

type Batch = IteratorResult<readonly unknown[]>;

/**
 * An item per line, made as fast as they are read and no faster. A failure on the way is a last line
 * `{"$error": {code, message, suggestions}}`.
 * @throws FleetError what fails before the first line, which is an answer with a status of its own
 */
export async function linesOf(
  batches: AsyncGenerator<readonly unknown[]>,
  options: LinesOptions,
): Promise<Readable> {
  const first = nextOf(batches);
  const isQuiet = (await orQuiet(first, options.reading)) === undefined;
  options.reply.type(linesType);
  return Readable.from(toLines({ first, isQuiet }, batches, options));
}

async function* toLines(
  { first, isQuiet }: { first: Promise<Batch>; isQuiet: boolean },
  rest: AsyncGenerator<readonly unknown[]>,
  { reply, log, toFleetError, reading }: LinesOptions,
): AsyncGenerator<string> {
  const watch = () =>
    reading?.clock.schedule(reading.timeoutMs, () => {
      const address = plainAddress(reply.raw.socket?.remoteAddress ?? 'unknown');
      log.warn('API cut off: it does not read what it asked for', { address });
      reply.raw.destroy();
    });
  let stopWatching: (() => void) | undefined;
  try {
    // The head of the answer goes with it.
    if (isQuiet) yield '\n';
    let next = first;
    for (;;) {
      const batch = await orQuiet(next, reading);
      if (batch?.done) return;
      // What follows the yield runs once there is room for more.
      stopWatching = watch();
      yield batch ? batch.value.map((item) => `${JSON.stringify(item)}\n`).join('') : '\n';
      stopWatching?.();
      if (batch) next = nextOf(rest);
    }
  } catch (error) {
    yield `${JSON.stringify({ $error: describeError(toFleetError(error)) })}\n`;
  } finally {
    stopWatching?.();
    await rest.return(undefined);
  }
}

/** A batch that fails when nobody waits for it any more is no news. */
function nextOf(batches: AsyncGenerator<readonly unknown[]>): Promise<Batch> {
  const next = batches.next();
  next.catch(() => undefined);
  return next;
}

/** The batch; undefined when it is not there after a while. */
async function orQuiet(next: Promise<Batch>, reading: Reading | undefined): Promise<Batch | undefined> {
  if (!reading) return next;
  const { clock, quietMs } = reading;
  let cancel = (): void => undefined;
  const quiet = new Promise<undefined>((resolve) => {
    cancel = clock.schedule(quietMs, () => resolve(undefined));
  });
  try {
    return await Promise.race([next, quiet]);
  } finally {
    cancel();
  }
}
