import { redactMalformed, redactValue } from '../domain/redact-value.js';
import { mask } from '../domain/secret-names.js';

/** What a frame is, as the tap of a connection says it. */
type FrameKind = 'call' | 'result' | 'error' | 'other';

/**
 * The messages that make up nearly all traffic and have no room for secrets but a URL in some text. Every other one is
 * looked through: a late answer may be one to GetConfiguration, and what a vendor's own message holds nobody knows.
 */
const withoutSecrets: ReadonlySet<string> = new Set([
  'Authorize',
  'Heartbeat',
  'MeterValues',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
]);

/** An AuthorizationKey as stations are sent it. */
const spelledKey = /(?<![0-9a-z])[0-9a-f]{32,40}(?![0-9a-z])/gi;

/** Whether a frame needs no look through it. Cheap: asked of every frame of a busy server. */
export function isHarmless(kind: FrameKind, action: string | undefined, text: string): boolean {
  return (
    (kind === 'call' || kind === 'result') &&
    action !== undefined &&
    withoutSecrets.has(action) &&
    !text.includes('@')
  );
}

/**
 * The frame with passwords, keys and tokens masked: values of configuration keys and fields whose names say that they
 * are such, credentials in URLs, and what looks like either inside of texts. The same text when there are none.
 */
export function redactFrame(kind: FrameKind, action: string | undefined, text: string): string {
  if (isHarmless(kind, action, text)) return text;
  if (kind === 'other') return redactMalformed(text);
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return redactMalformed(text);
  }
  const redacted = redactValue(kind === 'error' ? withoutKeys(frame) : frame);
  return redacted === frame ? text : JSON.stringify(redacted);
}

/** A station that does not like a value may repeat it where it says so; its id and its code are not looked at. */
function withoutKeys(frame: unknown): unknown {
  const said = Array.isArray(frame) ? JSON.stringify(frame.slice(3)) : '';
  const masked = said.replace(spelledKey, mask);
  return Array.isArray(frame) && masked !== said ? [...frame.slice(0, 3), ...JSON.parse(masked)] : frame;
}
