import type { FastifyReply } from 'fastify';
import { type ErrorCode, errorCatalogue, FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import { TooManyRequests } from './too-many-requests.js';

/** RFC 9457. */
export const problemType = 'application/problem+json';

/** A failure on the wire: the members of RFC 9457, and those of the application's own vocabulary. */
export interface Problem {
  /** Stable: `urn:evfleet:error:not-found`. */
  readonly type: string;
  /** The same for every problem of this type. */
  readonly title: string;
  readonly status: number;
  /** What failed and why. */
  readonly detail: string;
  readonly code: ErrorCode;
  readonly suggestions: readonly string[];
}

/** What HTTP itself has a status for, beside those of the catalogue. */
export type HttpStatus = 405 | 406 | 408 | 413 | 414 | 415 | 431;

const titles: Readonly<Record<ErrorCode, string>> = {
  UNEXPECTED: 'The server failed',
  STORE_DAMAGED: 'The store is damaged',
  STORE_FAILED: 'The store failed',
  USAGE: 'The request is not right',
  NOT_AUTHENTICATED: 'Who asks is not known',
  NOT_ALLOWED: 'Who asks may not do this',
  NOT_FOUND: 'There is no such thing',
  EXISTS: 'There is one already',
  HAS_CHILDREN: 'Something else depends on it',
  CONFLICT: 'Something else stands in the way',
  STORE_LOCKED: 'The store is locked',
  STORE_NEWER: 'The store is of a newer version',
  PORT_IN_USE: 'The port is in use',
  SERVER_UNREACHABLE: 'The server cannot do this now',
  STATION_OFFLINE: 'The station is offline',
  TOO_MANY_REQUESTS: 'Too many requests',
  TIMED_OUT: 'It took too long',
  SOME_FAILED: 'Some failed',
  REFUSED: 'The station refused',
  INTERRUPTED: 'It was interrupted',
};

function urnOf(code: ErrorCode): string {
  return `urn:evfleet:error:${code.toLowerCase().replaceAll('_', '-')}`;
}

export function toProblem({ code, message, suggestions }: FleetError, status?: HttpStatus): Problem {
  return {
    type: urnOf(code),
    title: titles[code],
    status: status ?? errorCatalogue[code].http,
    detail: message,
    code,
    suggestions,
  };
}

/** For those who have to wait for others, nobody knows for how long. */
const retryDefaultS = 2;

/** `SOME_FAILED` is no failure of the request: status 200, and `{"error": {code, message, suggestions}}`. */
export function sendError(reply: FastifyReply, error: FleetError, status?: HttpStatus): FastifyReply {
  if (error.code === 'SOME_FAILED') return reply.status(200).send({ error: describeError(error) });
  const problem = toProblem(error, status);
  if (error.code === 'TOO_MANY_REQUESTS') {
    reply.header('retry-after', error instanceof TooManyRequests ? error.retryAfterS : retryDefaultS);
  }
  if (error.code === 'NOT_AUTHENTICATED') reply.header('www-authenticate', 'Bearer realm="evfleet"');
  return reply
    .status(problem.status)
    .type(problemType)
    .send(Buffer.from(JSON.stringify(problem)));
}

/** As the last line of a stream tells it. */
export function describeError({ code, message, suggestions }: FleetError) {
  return { code, message, suggestions };
}

/** Makes something to tell of whatever failed; what is no FleetError is a mistake of ours, and logged. */
export type ToFleetError = (error: unknown) => FleetError;

/** For the administrator of the machine, who is told what the log is. */
export function tellingAll(log: Log): ToFleetError {
  return (error) => {
    if (error instanceof FleetError) return error;
    const message = messageOf(error);
    log.error(`operation failed: ${message}`);
    return new FleetError('UNEXPECTED', `The server failed: ${message}`, { cause: error });
  };
}

/** For everybody else: what the exception says may be of paths, queries or other people. */
export function tellingReference(log: Log, newReference: () => string): ToFleetError {
  return (error) => {
    if (error instanceof FleetError) return error;
    const reference = newReference();
    log.error(`operation failed: ${messageOf(error)}`, { reference });
    return new FleetError('UNEXPECTED', `The server failed, which is a mistake in it (${reference}).`, {
      cause: error,
      suggestions: [`Ask whoever runs it for the line of its log with reference ${reference}.`],
    });
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What is wrong with a body, by the codes of fastify, whose own words are about itself. */
const bodyWords: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body has to be JSON, with the header Content-Type: application/json.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty; an input without anything is {}.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this takes.',
};

/** What the HTTP layer found wrong with a request, undefined when it was not that. */
export function requestError(error: unknown): { error: FleetError; status?: HttpStatus } | undefined {
  if (!(error instanceof Error) || error instanceof FleetError || !('statusCode' in error)) return undefined;
  const status = Number(error.statusCode);
  if (!(status >= 400 && status < 500)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  const wrong = new FleetError('USAGE', bodyWords[code] ?? error.message, { cause: error });
  return isHttpStatus(status) ? { error: wrong, status } : { error: wrong };
}

function isHttpStatus(status: number): status is HttpStatus {
  return [405, 406, 408, 413, 414, 415, 431].includes(status);
}
