import fs from 'node:fs/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { Caller } from '../domain/people/caller.js';
import type { OperationRunner } from '../operations/runner.js';
import { addOperationRoutes } from './api/operation-routes.js';
import { tellingAll } from './api/problem.js';
import { type MetricsText, metricsType } from './metrics-text.js';

/** Largest input of an operation. */
const bodyMaxBytes = 10 * 1024 * 1024;

export interface ControlApiOptions {
  readonly runner: OperationRunner;
  /** Who everybody is that can reach it. */
  readonly caller: Caller;
  readonly log: Log;
  readonly metrics?: MetricsText;
}

/**
 * The operations over HTTP: `POST /api/v1/<noun>/<verb>` with the input as JSON. The answer is the output as JSON, or
 * one item per line (application/x-ndjson) for those that stream. A failure is a problem (RFC 9457) with `code` and
 * `suggestions`; once a stream has begun it is a last line `{"$error": {code, message, suggestions}}`.
 * `GET /metrics` is for Prometheus.
 */
export function createControlApi({ runner, caller, log, metrics }: ControlApiOptions): FastifyInstance {
  const api = fastify({ bodyLimit: bodyMaxBytes, forceCloseConnections: true });
  addOperationRoutes(api, { runner, callerOf: () => caller, log, toFleetError: tellingAll(log) });
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
