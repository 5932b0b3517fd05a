import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Caller } from '../domain/caller.js';
import { errorCatalogue, FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { OperationRunner } from '../operations/runner.js';

/** Largest input of an operation. */
const bodyMaxBytes = 10 * 1024 * 1024;

export interface ControlApiOptions {
  readonly runner: OperationRunner;
  /** Who everybody is that can reach it. */
  readonly caller: Caller;
  readonly log: Log;
  readonly metrics?: MetricsText;
}

/** In the text format of Prometheus. */
export interface MetricsText {
  text(): Promise<string>;
}

const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The operations over HTTP: `POST /api/v1/<noun>/<verb>` with the input as JSON. The answer is the output as JSON, or
 * one item per line (application/x-ndjson) for those that stream. A failure is `{"error": {code, message,
 * suggestions}}` with the status of the catalogue; once a stream has begun it is a last line `{"$error": …}`.
 * `GET /metrics` is for Prometheus.
 */
export function createControlApi({ runner, caller, log, metrics }: ControlApiOptions): FastifyInstance {
  const api = fastify({ bodyLimit: bodyMaxBytes, forceCloseConnections: true });

  api.setErrorHandler((error, _request, reply) => sendError(reply, toFleetError(error, log)));
  api.setNotFoundHandler((request, reply) =>
    sendError(reply, new FleetError('NOT_FOUND', `There is nothing at ${request.method} ${request.url}.`)),
  );

  api.post<{ Params: { '*': string } }>('/api/v1/*', async (request, reply) => {
    const operation = runner.find(request.params['*'].replaceAll('/', '.'));
    const call = { caller, signal: abortedWithClient(reply) };
    const input = request.body ?? {};
    if (operation.kind === 'unary') return reply.send(await runner.run(operation, input, call));
    const batches = runner.stream(operation, input, call);
    // The first batch decides whether this is an answer or an error with a status of its own.
    const first = await batches.next();
    return reply.type('application/x-ndjson').send(Readable.from(toLines(first, batches, log)));
  });

  if (metrics) {
    api.get('/metrics', async (_request, reply) => reply.type(metricsType).send(await metrics.text()));
  }
  return api;
}

/** Room for the path in a socket address (unix(7)); Node cuts longer ones off in silence. */
const socketPathMaxBytes = 107;

/**
 * Serves the API on a Unix socket that only this user can open: that permission is the login.
 * @throws FleetError USAGE when the path is too long for a socket
 */
export async function listenOnSocket(api: FastifyInstance, socketPath: string): Promise<void> {
  const bytes = Buffer.byteLength(socketPath);
  if (bytes > socketPathMaxBytes) {
    throw new FleetError(
      'USAGE',
      `The path of the control socket has ${bytes} bytes, ${socketPathMaxBytes} are possible: ${socketPath}`,
      { suggestions: ['Choose a shorter --data-dir, for example a symbolic link to this directory.'] },
    );
  }
  // The store's lock is held, so whatever lies there belongs to a dead server.
  await fs.rm(socketPath, { force: true });
  await api.listen({ path: socketPath });
  await fs.chmod(socketPath, 0o600);
}

async function* toLines(
  first: IteratorResult<readonly unknown[]>,
  rest: AsyncGenerator<readonly unknown[]>,
  log: Log,
): AsyncGenerator<string> {
  try {
    for (let batch = first; !batch.done; batch = await rest.next()) {
      yield batch.value.map((item) => `${JSON.stringify(item)}\n`).join('');
    }
  } catch (error) {
    yield `${JSON.stringify({ $error: describe(toFleetError(error, log)) })}\n`;
  } finally {
    await rest.return(undefined);
  }
}

/** Bound to the answer and not to its socket, which serves many requests one after the other. */
function abortedWithClient({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(new FleetError('INTERRUPTED', 'The client went away.'));
  });
  return controller.signal;
}

function toFleetError(error: unknown, log: Log): FleetError {
  if (error instanceof FleetError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return new FleetError('USAGE', message, { cause: error });
  log.error(`operation failed: ${message}`);
  return new FleetError('UNEXPECTED', `The server failed: ${message}`, { cause: error });
}

function describe({ code, message, suggestions }: FleetError) {
  return { code, message, suggestions };
}

function sendError(reply: FastifyReply, error: FleetError): FastifyReply {
  return reply.status(errorCatalogue[error.code].http).send({ error: describe(error) });
}
