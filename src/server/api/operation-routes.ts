import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import { nearest } from '../../domain/nearest.js';
import type { Caller } from '../../domain/people/caller.js';
import type { OperationRunner } from '../../operations/runner.js';
import { linesOf, type Reading } from './answer-lines.js';
import { openApiText } from './openapi.js';
import { apiRoot, operationAt, type ServedOperation, servedOperations } from './operation-table.js';
import { pageDefault, withPageHeaders } from './paging.js';
import { requestError, sendError, type ToFleetError } from './problem.js';
import { readQuery } from './query-input.js';
import { type Permission, whileAllowed } from './while-allowed.js';

export interface OperationRoutesOptions {
  readonly runner: OperationRunner;
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly log: Log;
  readonly toFleetError: ToFleetError;
  /** Largest inputs of the operations that need more than others. */
  readonly bodyLimits?: Readonly<Record<string, number>>;
  /** For whoever is not on this machine. */
  readonly reading?: Reading;
  /** For whom rights may end while they get a stream. */
  readonly permissionOf?: (request: FastifyRequest) => Permission;
  /** What a run of some operations goes through, which is `run`. */
  readonly around?: Readonly<Record<string, Around>>;
}

type Around = (
  run: () => Promise<unknown>,
  of: { readonly request: FastifyRequest; readonly signal: AbortSignal },
) => Promise<unknown>;

export const openApiPath = `${apiRoot}/openapi.json`;

/**
 * Every operation at `POST /api/v1/<noun>/<verb>`; those that change nothing and take nothing but words and numbers also
 * at `GET`, with their input as query. What fails is a problem.
 */
export function addOperationRoutes(api: FastifyInstance, options: OperationRoutesOptions): void {
  const {
    runner,
    callerOf,
    log,
    toFleetError,
    reading,
    permissionOf,
    around = {},
    bodyLimits = {},
  } = options;
  api.setErrorHandler((error, _request, reply) => {
    const wrong = requestError(error);
    return wrong ? sendError(reply, wrong.error, wrong.status) : sendError(reply, toFleetError(error));
  });
  api.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const found = operationAt(path);
    if (!found) return sendError(reply, nothingAt(request.method, path));
    return sendWrongMethod(reply, request.method, found);
  });

  const answer = async (
    { name, operation }: ServedOperation,
    input: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => {
    const caller = callerOf(request);
    const client = abortedWithClient(reply);
    if (operation.kind === 'unary') {
      const run = () => runner.run(operation, input, { caller, signal: client });
      const wrapped = around[name];
      return wrapped ? wrapped(run, { request, signal: client }) : run();
    }
    const open = (signal: AbortSignal) => runner.stream(operation, input, { caller, signal });
    const batches = permissionOf ? whileAllowed(open, client, permissionOf(request)) : open(client);
    return linesOf(batches, { reply, log, toFleetError, ...(reading && { reading }) });
  };

  const onPost = async (request: FastifyRequest, reply: FastifyReply) => {
    const found = foundAt(request);
    return reply.send(await answer(found, request.body ?? {}, request, reply));
  };
  api.post(`${apiRoot}/*`, onPost);
  for (const { name, path } of servedOperations) {
    const bodyLimit = bodyLimits[name];
    if (bodyLimit !== undefined) api.post(path, { bodyLimit }, onPost);
  }

  api.get(`${apiRoot}/*`, async (request, reply) => {
    const found = foundAt(request);
    if (!found.query) return sendWrongMethod(reply, 'GET', found);
    const query = request.url.slice(pathOf(request).length + 1);
    const input = { ...(found.isPaged && { limit: pageDefault }), ...readQuery(query, found.query) };
    const output = await answer(found, input, request, reply);
    if (found.isPaged) withPageHeaders(reply, output, { path: found.path, query, input });
    return reply.send(output);
  });

  api.get(openApiPath, async (_request, reply) => reply.type('application/json').send(openApiText()));
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url;
}

/** @throws FleetError NOT_FOUND */
function foundAt(request: FastifyRequest): ServedOperation {
  const path = pathOf(request);
  const found = operationAt(path);
  if (!found) throw nothingAt(request.method, path);
  return found;
}

function nothingAt(method: string, path: string): FleetError {
  const near = nearest(
    path,
    servedOperations.map((served) => served.path),
  );
  return new FleetError('NOT_FOUND', `There is nothing at ${method} ${path}.`, {
    suggestions: [near === undefined ? `GET ${openApiPath} tells what there is.` : `Did you mean ${near}?`],
  });
}

function sendWrongMethod(
  reply: FastifyReply,
  method: string,
  { path, query }: ServedOperation,
): FastifyReply {
  const allowed = query ? 'GET, POST' : 'POST';
  const error = new FleetError('USAGE', `${path} takes ${allowed.replace(', ', ' and ')}, not ${method}.`);
  return sendError(reply.header('allow', allowed), error, 405);
}

/** Bound to the answer and not to its socket, which serves many requests one after the other. */
export function abortedWithClient({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort(new FleetError('INTERRUPTED', 'The client went away.'));
  });
  return controller.signal;
}
