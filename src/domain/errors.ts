/**
 * The closed catalogue of what can go wrong, in the application's own vocabulary.
 *
 * `exit` is the process exit code of a command, `http` the status of the control API. Wire errors of OCPP
 * are another vocabulary (src/ocpp/rpc-error.ts); src/csms maps between the two.
 */
export const errorCatalogue = {
  UNEXPECTED: { exit: 1, http: 500 },
  STORE_DAMAGED: { exit: 1, http: 500 },
  STORE_FAILED: { exit: 1, http: 500 },
  USAGE: { exit: 2, http: 400 },
  NOT_AUTHENTICATED: { exit: 4, http: 401 },
  NOT_ALLOWED: { exit: 4, http: 403 },
  NOT_FOUND: { exit: 5, http: 404 },
  EXISTS: { exit: 6, http: 409 },
  HAS_CHILDREN: { exit: 6, http: 409 },
  CONFLICT: { exit: 6, http: 409 },
  STORE_LOCKED: { exit: 6, http: 409 },
  STORE_NEWER: { exit: 6, http: 409 },
  PORT_IN_USE: { exit: 6, http: 409 },
  SERVER_UNREACHABLE: { exit: 7, http: 503 },
  STATION_OFFLINE: { exit: 7, http: 503 },
  TOO_MANY_REQUESTS: { exit: 7, http: 429 },
  TIMED_OUT: { exit: 8, http: 504 },
  SOME_FAILED: { exit: 9, http: 200 },
  REFUSED: { exit: 10, http: 422 },
  INTERRUPTED: { exit: 130, http: 499 },
} as const satisfies Record<string, { exit: number; http: number }>;

export type ErrorCode = keyof typeof errorCatalogue;

export interface FleetErrorOptions {
  /** Commands or steps to try next, most useful first, each a full sentence fragment or command line. */
  readonly suggestions?: readonly string[];
  readonly cause?: unknown;
}

/** An error meant for a person: `message` says what failed and why, `suggestions` what to do next. */
export class FleetError extends Error {
  readonly code: ErrorCode;
  readonly suggestions: readonly string[];

  constructor(code: ErrorCode, message: string, options: FleetErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FleetError';
    this.code = code;
    this.suggestions = options.suggestions ?? [];
  }

  get exitCode(): number {
    return errorCatalogue[this.code].exit;
  }
}

/** Whether it is in the catalogue: what another version of a server says may not be. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCatalogue, value);
}
