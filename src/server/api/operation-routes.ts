import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/caller.js';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import type { Operation } from '../../operations/operation.js';
import type { OperationRunner } from '../../operations/runner.js';
import { describeError, requestError, sendError, toFleetError } from './problem.js';

export interface OperationRoutesOptions {
  readonly runner: OperationRunner;
  /** Who asks. @throws FleetError NOT_AUTHENTICATED when nobody knows */
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly log: Log;
}

/** Every operation at `POST /api/v1/<noun>/<verb>`, and problems for everything that fails. */
export function addOperationRoutes(
  api: FastifyInstance,
  { runner, callerOf, log }: OperationRoutesOptions,
): void {
  api.setErrorHandler((error, _request, reply) => {
    const wrong = requestError(error);
    return wrong ? sendError(reply, wrong.error, wrong.status) : sendError(reply, toFleetError(error, log));
  });
  api.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      new FleetError('NOT_FOUND', `There is nothing at ${request.method} ${pathOf(request)}.`),
    ),
  );

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const operation = operationAt(request, runner);
    const call = { caller: callerOf(request), signal: abortedWithClient(reply) };
    const input = request.body ?? {};
    if (operation.kind === 'unary') return reply.send(await runner.run(operation, input, call));
    const batches = runner.stream(operation, input, call);
    // The first batch decides whether this is an answer or an error with a status of its own.
    const first = await batches.next();
    return reply.type('application/x-ndjson').send(Readable.from(toLines(first, batches, log)));
  };
  api.post('/api/v1/*', answer);
}

const operationPath = /^\/api\/v1\/([a-z-]+(?:\/[a-z-]+)+)$/;

/** By the path as it was sent: what is encoded, doubled or ends with a slash is another path. */
function operationAt(request: FastifyRequest, runner: OperationRunner): Operation {
  const path = pathOf(request);
  const name = operationPath.exec(path)?.[1]?.replaceAll('/', '.');
  if (name === undefined) {
    throw new FleetError('NOT_FOUND', `There is nothing at ${request.method} ${path}.`, {
      suggestions: ['GET /api/v1/openapi.json tells of everything there is.'],
    });
  }
  return runner.find(name);
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url;
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
    yield `${JSON.stringify({ $error: describeError(toFleetError(error, log)) })}\n`;
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
