import type { NodemailerError } from 'nodemailer';
import type { Delivery } from './carrier.js';

/** Steps of SMTP that concern the message: what is said before is about us and the server. */
const aboutMessage: ReadonlySet<string> = new Set(['RCPT TO', 'DATA']);

/** Answers that end the connection, or ask for a login, whatever they answer. */
const aboutConnection: ReadonlySet<number> = new Set([421, 503, 530, 535, 538]);

/** What a failed attempt means for the message. */
export function deliveryOf(error: unknown): Delivery {
  const { command = '', responseCode } = error as NodemailerError;
  const reason = describeMailFailure(error);
  // Written by ourselves: another attempt would be no different.
  if (command === 'API' && isOfMessage(error)) return { kind: 'refused', reason };
  if (!aboutMessage.has(command) || responseCode === undefined || aboutConnection.has(responseCode)) {
    return { kind: 'unreachable', reason };
  }
  return { kind: responseCode >= 500 ? 'refused' : 'failed', reason };
}

function isOfMessage(error: unknown): boolean {
  const { code } = error as NodemailerError;
  return code === 'EENVELOPE' || code === 'EMESSAGE';
}

/** In a sentence, with what the server said. */
export function describeMailFailure(error: unknown): string {
  const { code, response, timeoutType, message } = error as NodemailerError;
  const said = response?.trim();
  switch (code) {
    case 'EAUTH':
      return `The mail server refused the login: ${said ?? message}`;
    case 'ENOAUTH':
      return 'The mail server offers no login that can be used.';
    case 'EDNS':
      return `The mail server was not found: ${message}`;
    case 'ETLS':
    case 'ESOCKET':
    case 'ECONNECTION':
      return `No connection to the mail server: ${message}`;
    case 'ETIMEDOUT':
      return timeoutType === 'GREETING_TIMEOUT'
        ? 'The mail server took the connection but said nothing in time.'
        : 'The mail server did not answer in time.';
    default:
      return said === undefined
        ? `The mail could not be sent: ${message}`
        : `The mail server answered: ${said}`;
  }
}
