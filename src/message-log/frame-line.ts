import { mask } from '../domain/secret-names.js';
import type { MessageDirection } from '../domain/station/message-record.js';
import { isHarmless, redactFrame } from './redact-frame.js';

type FrameKind = 'call' | 'result' | 'error' | 'other';

/** Characters of a frame that are recorded; the StopTransaction of a long session can have millions. */
export const frameMaxLength = 64 * 1024;

const actionMaxLength = 100;
const messageIdMaxLength = 255;

/** Messages that may hold secrets at any place: of one that is too long to look through, nothing is kept. */
const keptWholeOrNotAtAll: ReadonlySet<string> = new Set([
  'ChangeConfiguration',
  'GetConfiguration',
  'DataTransfer',
]);

/**
 * Writes frames as lines of the log. The fields come in this order and without blanks, which `log-line.ts` relies on:
 * `{"time":"…","stationId":"…","direction":"in","type":"call","action":"…","messageId":"…","latencyMs":null,"frame":…}`
 *
 * `frame` is the frame itself, or a string with its text when it is no message of OCPP or too long; then `cut` before
 * it says how many characters it had. On the hot path: a frame is neither parsed nor written anew unless it may hold
 * a secret.
 */
export class FrameLines {
  #time = Number.NaN;
  #head = '';

  /** One line with its line break. The arguments are those of a frame observer. */
  line(
    timeMs: number,
    stationId: string,
    direction: MessageDirection,
    kind: FrameKind,
    action: string | undefined,
    messageId: string | undefined,
    text: string,
    latencyMs: number | undefined,
  ): string {
    // Many frames share a millisecond, and a date is dear.
    if (timeMs !== this.#time) {
      this.#time = timeMs;
      this.#head = `{"time":"${new Date(timeMs).toISOString()}","stationId":`;
    }
    const what = action === undefined ? 'null' : quoted(action, actionMaxLength);
    const id = messageId === undefined ? 'null' : quoted(messageId, messageIdMaxLength);
    return `${this.#head}${quoted(stationId)},"direction":"${direction}","type":"${kind}","action":${what},"messageId":${id},"latencyMs":${latencyMs ?? 'null'},${frameField(kind, action, text)}}\n`;
  }
}

/** Says that frames are missing from here on. */
export function gapLine(timeMs: number, messages: number, reason: string): string {
  const time = new Date(timeMs).toISOString();
  const frame = JSON.stringify({ messages, reason });
  return `{"time":"${time}","stationId":null,"direction":null,"type":"gap","action":null,"messageId":null,"latencyMs":null,"frame":${frame}}\n`;
}

function frameField(kind: FrameKind, action: string | undefined, text: string): string {
  if (text.length > frameMaxLength) return cutField(kind, action, text);
  const shown = isHarmless(kind, action, text) ? text : redactFrame(kind, action, text);
  return kind === 'other' ? `"frame":${JSON.stringify(shown)}` : `"frame":${onOneLine(shown)}`;
}

function cutField(kind: FrameKind, action: string | undefined, text: string): string {
  const isKept = kind !== 'error' && action !== undefined && !keptWholeOrNotAtAll.has(action);
  const beginning = text.slice(0, frameMaxLength);
  // What was cut off in the middle is no JSON any more, and is treated as such.
  const shown = isKept || kind === 'other' ? redactFrame('other', undefined, beginning) : mask;
  return `"cut":${text.length},"frame":${JSON.stringify(shown)}`;
}

/** JSON has line breaks between tokens only, where a blank does as well. */
function onOneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replaceAll(/[\n\r]/g, ' ') : json;
}

const printable = /^[ !#-[\]-~]*$/;

/** As JSON.stringify writes it. */
function quoted(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const kept = text.length > maxLength ? text.slice(0, maxLength) : text;
  return printable.test(kept) ? `"${kept}"` : JSON.stringify(kept);
}
