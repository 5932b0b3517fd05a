import type { Socket } from 'node:net';
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import { FailureDelay } from '../../domain/failure-delay.js';
import type { Log } from '../../domain/log.js';
import type { Caller } from '../../domain/people/caller.js';
import type { OperationRunner } from '../../operations/runner.js';
import { type MetricsText, metricsType } from '../metrics-text.js';
import { newUuid } from '../system.js';
import { type ApiLimits, bodyLimits } from './api-options.js';
import { BodyRoom } from './body-room.js';
import { type FindCaller, KeyGate } from './key-gate.js';
import { type LogIn, LoginDesk } from './login-desk.js';
import { abortedWithClient, addOperationRoutes, openApiPath } from './operation-routes.js';
import { apiRoot } from './operation-table.js';
import { requestError, sendError, tellingReference } from './problem.js';
import { TooManyRequests } from './too-many-requests.js';

export interface RemoteApiOptions {
  readonly runner: OperationRunner;
  readonly findCaller: FindCaller;
  readonly logIn: LogIn;
  readonly limits: ApiLimits;
  readonly clock: Clock;
  /** One that a stranger cannot fill: csms/limited-log.ts. */
  readonly log: Log;
  /** Whether it is served by HTTPS. */
  readonly isTls: boolean;
  readonly metrics?: MetricsText | undefined;
  /** Told of the connections at whose other end is somebody with a key. */
  readonly onKnown?: (socket: Socket, user: string) => void;
}

const noop = (): void => undefined;

const loginPath = `${apiRoot}/login`;
const loginMaxBytes = 4096;

const loginInput = TypeCompiler.Compile(
  Type.Object(
    {
      email: Type.String({ minLength: 1, maxLength: 254 }),
      password: Type.String({ minLength: 1, maxLength: 1024 }),
      label: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
    },
    { additionalProperties: false },
  ),
);

/** For browsers, which have no business here; and that no proxy keeps anything. */
const safetyHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/**
 * The operations for those who administer from elsewhere: as on the control socket, for whom a key stands for. Without
 * one there is the description of the API, and the login.
 */
export function createRemoteApi(options: RemoteApiOptions): FastifyInstance {
  const { runner, limits, clock, log, isTls, metrics } = options;
  const toFleetError = tellingReference(log, () => newUuid().slice(0, 8));
  const api = fastify({
    bodyLimit: limits.bodyMaxBytes,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => {
      const wrong = requestError(error);
      sendError(reply as FastifyReply, wrong?.error ?? toFleetError(error));
    },
  });
  // JSON is all there is.
  api.removeContentTypeParser('text/plain');
  const failures = new FailureDelay({
    free: limits.failuresFree,
    firstMs: 1000,
    maxMs: limits.failureDelayMaxMs,
    rememberedMax: limits.rememberedMax,
  });
  const gate = new KeyGate({ ...options, failures });
  const desk = new LoginDesk({ ...options, failures });
  const room = new BodyRoom({
    totalBytes: limits.bodiesTotalBytes,
    perUserBytes: limits.bodiesPerUserBytes,
  });
  const callers = new WeakMap<FastifyRequest, Caller>();
  const callerOf = (request: FastifyRequest): Caller => {
    const caller = callers.get(request);
    if (!caller) throw new FleetError('NOT_AUTHENTICATED', 'This needs a valid API key.');
    return caller;
  };

  api.addHook('onRequest', async (request, reply) => {
    reply.headers(safetyHeaders);
    if (isTls) reply.header('strict-transport-security', 'max-age=31536000');
    if (Buffer.byteLength(request.url) > limits.urlMaxBytes) {
      const error = new FleetError('USAGE', `The address has more than ${limits.urlMaxBytes} bytes.`);
      return sendError(reply, error, 414);
    }
    const { socket } = request.raw;
    const { remoteAddress: address } = socket;
    if (isPublic(request)) return gate.admitStranger(address);
    const { authorization } = request.headers;
    const { caller, leave: leaveGate } = await gate.admit({ address, authorization });
    const bytes = bodyBytes(request);
    const giveRoom = bytes > limits.bodySmallBytes ? room.take(caller.userUuid ?? caller.name, bytes) : noop;
    const leave = () => {
      leaveGate();
      giveRoom?.();
    };
    options.onKnown?.(socket, caller.userUuid ?? caller.name);
    // Who went away meanwhile leaves nothing behind.
    if (reply.raw.closed || socket.destroyed) leave();
    else reply.raw.once('close', leave);
    callers.set(request, caller);
    if (!giveRoom) throw new TooManyRequests('There is no room for so large an input right now.', 1000);
  });

  api.addHook('onSend', async (request, reply) => {
    // A connection is kept for those who are known only.
    if (!callers.has(request)) reply.header('connection', 'close');
  });

  addOperationRoutes(api, {
    runner,
    callerOf,
    log,
    toFleetError,
    bodyLimits,
    around: {
      'auth.password': (run, { request, signal }) => {
        const address = request.raw.socket.remoteAddress ?? 'unknown';
        return desk.attempt(run, {
          what: 'change of password',
          email: callerOf(request).name,
          address,
          signal,
        });
      },
    },
    reading: { clock, timeoutMs: limits.readTimeoutMs, quietMs: limits.quietMs },
    permissionOf: (request) => {
      const caller = callerOf(request);
      const { authorization } = request.headers;
      const address = request.raw.socket.remoteAddress;
      const isAllowed = () => gate.isStill(caller, { address, authorization });
      return { clock, everyMs: limits.permissionMs, isAllowed };
    },
  });

  api.post(loginPath, { bodyLimit: loginMaxBytes }, async (request, reply) => {
    const { body } = request;
    if (!loginInput.Check(body)) {
      throw new FleetError('USAGE', 'A login takes email, password and perhaps label, all of them texts.');
    }
    const address = request.raw.socket.remoteAddress ?? 'unknown';
    return desk.logIn(body, { address, signal: abortedWithClient(reply) });
  });

  if (metrics) {
    api.get('/metrics', async (request, reply) => {
      checkSeesAll(callerOf(request));
      return reply.type(metricsType).send(await metrics.text());
    });
  }
  return api;
}

/** What a body may come to, before any of it is read. */
function bodyBytes({ headers, routeOptions }: FastifyRequest): number {
  const { bodyLimit } = routeOptions;
  const said = Number(headers['content-length'] ?? (headers['transfer-encoding'] ? bodyLimit : 0));
  return Math.min(said, bodyLimit);
}

function isPublic({ method, routeOptions }: FastifyRequest): boolean {
  const { url } = routeOptions;
  return (url === openApiPath && method === 'GET') || (url === loginPath && method === 'POST');
}

/** Metrics count all sites together. */
function checkSeesAll({ name, role, siteUuids }: Caller): void {
  if ((role === 'admin' || role === 'support') && siteUuids === null) return;
  throw new FleetError(
    'NOT_ALLOWED',
    `${name} is not for the whole fleet, and the metrics are of all of it.`,
  );
}
