/**
 * Every error code this program sends, in the spelling of OCPP 1.6 (OCPP-J 1.6 §4.2.3).
 *
 * `FormationViolation` and `OccurenceConstraintViolation` are spelled like that on the wire: stations match
 * them literally and the specification will not be corrected (OCPP-J errata 5.1, 5.2). The last two exist in
 * OCPP 2.x only.
 */
export const rpcErrorCodes = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
  'MessageTypeNotSupported',
  'RpcFrameworkError',
] as const;

export type RpcErrorCode = (typeof rpcErrorCodes)[number];

/** A code as received: ours where it is known, otherwise whatever the peer wrote. */
export type ReceivedErrorCode = RpcErrorCode | (string & {});

/** Which OCPP generation the peer speaks; decides how a code is spelled on the wire. */
export type ErrorSpelling = '1.6' | '2.x';

const spelledIn2x: ReadonlyMap<string, string> = new Map([
  ['FormationViolation', 'FormatViolation'],
  ['OccurenceConstraintViolation', 'OccurrenceConstraintViolation'],
]);

const unknownTo16: ReadonlyMap<string, RpcErrorCode> = new Map([
  ['MessageTypeNotSupported', 'GenericError'],
  ['RpcFrameworkError', 'FormationViolation'],
]);

const spelledIn16: ReadonlyMap<string, string> = new Map(
  [...spelledIn2x].map(([ours, theirs]) => [theirs, ours]),
);

const known: ReadonlySet<string> = new Set(rpcErrorCodes);

export function isRpcErrorCode(code: string): code is RpcErrorCode {
  return known.has(code);
}

/** The code to put on the wire. A code that the protocol does not have becomes one that it has. */
export function wireErrorCode(code: ReceivedErrorCode, spelling: ErrorSpelling): string {
  if (!isRpcErrorCode(code)) return 'GenericError';
  return (spelling === '2.x' ? spelledIn2x.get(code) : unknownTo16.get(code)) ?? code;
}

/** The code that a peer meant, whichever spelling it used; unknown ones are kept as they came. */
export function readErrorCode(code: string): ReceivedErrorCode {
  return spelledIn16.get(code) ?? code;
}

/**
 * A CALLERROR: thrown by a handler to answer one, and what a call fails with when the peer answered one.
 * `details` is free-form JSON; `{}` when there is nothing to add.
 */
export class RpcError extends Error {
  readonly code: ReceivedErrorCode;
  readonly description: string;
  readonly details: Record<string, unknown>;

  constructor(code: ReceivedErrorCode, description = '', details: Record<string, unknown> = {}) {
    super(description === '' ? code : `${code}: ${description}`);
    this.name = 'RpcError';
    this.code = code;
    this.description = description;
    this.details = details;
  }
}
