import { FleetError } from '../errors.js';

/** SMTP: 256 octets with the angle brackets around it (RFC 5321 §4.5.3.1.3). */
const maxBytes = 254;

/**
 * Why this is no address that a mail can be sent to: the end of a sentence; undefined when it is one. Only what is
 * certainly wrong is refused; separators of lists, quotes and brackets are, because nobody's address has them.
 */
export function emailComplaint(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (/\p{Cc}/u.test(text)) return 'contains control characters';
  if (/\s/u.test(text)) return 'contains a space';
  if (Buffer.byteLength(text) > maxBytes) return `is longer than ${maxBytes} bytes`;
  const odd = /[,;:<>()[\]"\\]/.exec(text);
  if (odd) return `contains ${odd[0] === '"' ? 'a quotation mark' : `"${odd[0]}"`}`;
  const [local, domain, more] = text.split('@');
  if (local === undefined || domain === undefined || more !== undefined) return 'does not have exactly one @';
  if (local === '') return 'has nothing before the @';
  if (domain === '') return 'has nothing after the @';
  if (domain.split('.').includes('')) return 'has a dot in the wrong place';
  return undefined;
}

/** @throws FleetError USAGE when this is no e-mail address */
export function checkEmail(text: string): void {
  const complaint = emailComplaint(text);
  if (complaint === undefined) return;
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  throw new FleetError('USAGE', `The e-mail address ${JSON.stringify(shown)} ${complaint}.`, {
    suggestions: ['One looks like this: ada@example.org'],
  });
}
