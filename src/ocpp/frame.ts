import {
  type ErrorSpelling,
  type ReceivedErrorCode,
  type RpcErrorCode,
  readErrorCode,
  wireErrorCode,
} from './rpc-error.js';

export type Payload = Record<string, unknown>;

/** A message id as it stands on the wire. Some stations send numbers although OCPP-J 1.6 §4.1.4 wants strings. */
export type WireId = string | number;

export interface CallFrame {
  readonly kind: 'call';
  readonly id: string;
  /** The id as the peer wrote it: the answer has to carry exactly this. */
  readonly wireId: WireId;
  readonly action: string;
  readonly payload: Payload;
}

interface ResultFrame {
  readonly kind: 'result';
  readonly id: string;
  readonly payload: Payload;
}

interface ErrorFrame {
  readonly kind: 'error';
  readonly id: string;
  readonly code: ReceivedErrorCode;
  readonly description: string;
  readonly details: Payload;
}

/** A message type number that this program does not know: to be ignored (OCPP-J 1.6 §4.1.3). */
interface UnknownFrame {
  readonly kind: 'unknown';
  readonly messageType: number;
}

/**
 * Not a usable message. A malformed call with a readable id can be answered by a CALLERROR with `code`; a malformed
 * answer must not be answered, but its id tells which call it ends.
 */
export interface MalformedFrame {
  readonly kind: 'malformed';
  readonly of?: 'call' | 'answer';
  readonly id?: string;
  readonly wireId?: WireId;
  readonly code: RpcErrorCode;
  readonly reason: string;
}

export type Frame = CallFrame | ResultFrame | ErrorFrame | UnknownFrame | MalformedFrame;

/** Longest message id that may be sent (OCPP-J 1.6 §4.1.4). */
const maxSentIdLength = 36;
/** Longest message id that is accepted: stations exceed 36, but an id is kept and echoed, so there is an end. */
export const maxReceivedIdLength = 255;
/**
 * Deepest nesting of a frame, its own array included. OCPP needs 8; DataTransfer and details may bring their own. Frames
 * of at most `harmlessLength` characters are not looked at: what fits into them is no burden.
 */
export const maxDepth = 64;
export const harmlessLength = 1024;
/** Longest error description that may be sent: the limit of OCPP 2.0.1; 1.6 has none. */
const maxSentDescriptionLength = 255;

/**
 * Reads one text frame. Never throws, whatever the text; time and memory are linear in its length.
 *
 * Tolerated because stations do it: `null` or missing payload (read as `{}`), CALLERRORs without their last one or two
 * elements, ids longer than 36 characters, numeric ids, both spellings of the error codes, surplus elements.
 */
export function parseFrame(text: string): Frame {
  // Before parsing: eight million nested arrays would parse, but into hundreds of megabytes.
  if (nestsTooDeep(text)) return malformedText(text, `nested deeper than ${maxDepth} levels`);
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return malformedText(text, text.trim() === '' ? 'empty message' : 'not valid JSON');
  }
  if (!Array.isArray(frame))
    return { kind: 'malformed', code: 'FormationViolation', reason: 'not a JSON array' };
  const [messageType, wireId]: unknown[] = frame;
  if (typeof messageType !== 'number') {
    return { kind: 'malformed', code: 'FormationViolation', reason: 'no message type number' };
  }
  if (messageType !== 2 && messageType !== 3 && messageType !== 4) return { kind: 'unknown', messageType };
  if (!isWireId(wireId)) {
    return {
      kind: 'malformed',
      of: messageType === 2 ? 'call' : 'answer',
      code: 'FormationViolation',
      reason: 'no usable message id',
    };
  }
  if (messageType === 2) return callFrame(wireId, frame);
  return messageType === 3 ? resultFrame(wireId, frame) : errorFrame(wireId, frame);
}

/**
 * The text of a CALL.
 * @throws RangeError when the id is empty or longer than 36 characters, TypeError when the payload is no JSON object
 */
export function encodeCall(id: string, action: string, payload: Payload): string {
  if (id === '' || id.length > maxSentIdLength) {
    throw new RangeError(`a message id has 1 to ${maxSentIdLength} characters, not ${id.length}`);
  }
  if (!isPayload(payload)) throw new TypeError(`the payload of ${action} is not an object`);
  return JSON.stringify([2, id, action, payload]);
}

/**
 * The text of a CALLRESULT. The id is echoed as it came, even when too long: another one would answer nothing.
 * @throws TypeError when the payload is no JSON object
 */
export function encodeResult(id: WireId, payload: Payload): string {
  if (!isPayload(payload)) throw new TypeError('the payload of an answer is not an object');
  // Piece by piece, which is quicker than an array made for the purpose.
  return `[3,${encodeId(id)},${JSON.stringify(payload)}]`;
}

/** Ids as nearly all stations make them: nothing in them has to be escaped. */
const plainId = /^[\w:.-]*$/;

function encodeId(id: WireId): string {
  return typeof id === 'string' && plainId.test(id) ? `"${id}"` : JSON.stringify(id);
}

export interface OutgoingError {
  readonly code: ReceivedErrorCode;
  readonly description?: string;
  readonly details?: Payload;
}

/** The text of a CALLERROR, always with all five elements. The id is echoed as it came. */
export function encodeError(id: WireId, error: OutgoingError, spelling: ErrorSpelling = '1.6'): string {
  const description = (error.description ?? '').slice(0, maxSentDescriptionLength);
  const details = isPayload(error.details) ? error.details : {};
  return JSON.stringify([4, id, wireErrorCode(error.code, spelling), description, details]);
}

function callFrame(wireId: WireId, frame: readonly unknown[]): CallFrame | MalformedFrame {
  const id = String(wireId);
  const [, , action, sent] = frame;
  if (typeof action !== 'string' || action === '') {
    return {
      kind: 'malformed',
      of: 'call',
      id,
      wireId,
      code: 'FormationViolation',
      reason: 'no action name',
    };
  }
  const payload = sent ?? {};
  if (!isPayload(payload)) {
    const reason = `the payload of ${action.slice(0, 50)} is not an object`;
    return { kind: 'malformed', of: 'call', id, wireId, code: 'FormationViolation', reason };
  }
  return { kind: 'call', id, wireId, action, payload };
}

function resultFrame(wireId: WireId, frame: readonly unknown[]): ResultFrame | MalformedFrame {
  const id = String(wireId);
  const payload = frame[2] ?? {};
  if (!isPayload(payload)) {
    return {
      kind: 'malformed',
      of: 'answer',
      id,
      code: 'FormationViolation',
      reason: 'the answer is not an object',
    };
  }
  return { kind: 'result', id, payload };
}

function errorFrame(wireId: WireId, frame: readonly unknown[]): ErrorFrame | MalformedFrame {
  const id = String(wireId);
  if (frame.length < 3) {
    return {
      kind: 'malformed',
      of: 'answer',
      id,
      code: 'FormationViolation',
      reason: 'an error without its code',
    };
  }
  const [, , code, description, details] = frame;
  return {
    kind: 'error',
    id,
    code: typeof code === 'string' && code !== '' ? readErrorCode(code) : 'GenericError',
    description: typeof description === 'string' ? description : '',
    details: isPayload(details) ? details : {},
  };
}

function isWireId(value: unknown): value is WireId {
  if (typeof value === 'string') return value.length <= maxReceivedIdLength;
  // A number that lost digits while parsing could not be echoed.
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const beginning = /^\s*\[\s*([234])\s*,\s*(?:"([^"\\]{0,255})"|(-?\d{1,15}))\s*[,\]]/;

/** A text that cannot be parsed often begins well: its id is enough to answer, or to end a pending call. */
function malformedText(text: string, reason: string): MalformedFrame {
  const code = 'FormationViolation';
  const [, messageType, textId, numericId] = beginning.exec(text) ?? [];
  const id = textId ?? numericId;
  if (id === undefined) return { kind: 'malformed', code, reason };
  if (messageType !== '2') return { kind: 'malformed', of: 'answer', id, code, reason };
  return { kind: 'malformed', of: 'call', id, wireId: textId ?? Number(numericId), code, reason };
}

function nestsTooDeep(text: string): boolean {
  if (text.length <= harmlessLength) return false;
  // Nearly every message has fewer brackets than the limit, so that counting them, which is quick, settles it.
  let left = maxDepth;
  for (let at = text.indexOf('{'); at >= 0 && left >= 0; at = text.indexOf('{', at + 1)) left -= 1;
  for (let at = text.indexOf('['); at >= 0 && left >= 0; at = text.indexOf('[', at + 1)) left -= 1;
  return left < 0 && depthExceeds(text, maxDepth);
}

function depthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  let insideString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (insideString) {
      if (character === '\\') at += 1;
      else if (character === '"') insideString = false;
    } else if (character === '"') {
      insideString = true;
    } else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
  return false;
}
