import { FleetError } from './errors.js';

/** OCPP 1.6 gives no length; 2.0.1 says 48, and the user name of HTTP Basic cannot hold a colon. */
const stationIdMaxLength = 48;

/** OCPP 1.6 IdToken: CiString20. */
export const tagMaxLength = 20;

const nameMaxLength = 100;

const controlCharacters = /\p{Cc}/u;

/** @throws FleetError USAGE when a station with this identity could not connect over OCPP-J */
export function checkStationId(id: string): void {
  const complaint = lengthComplaint(id, stationIdMaxLength);
  if (complaint) throw badId('station id', id, complaint);
  if (controlCharacters.test(id)) throw badId('station id', id, 'contains control characters');
  if (id.includes('/'))
    throw badId('station id', id, 'contains "/", which separates the parts of the URL stations connect to');
  if (id.includes(':'))
    throw badId('station id', id, 'contains ":", which a station cannot log in with (HTTP Basic)');
  if (id === '.' || id === '..') throw badId('station id', id, 'has a meaning of its own in a URL');
  if (id.trim() !== id) throw badId('station id', id, 'begins or ends with a space');
}

/** @throws FleetError USAGE when no OCPP 1.6 station could present this tag */
export function checkTag(tag: string): void {
  const complaint = lengthComplaint(tag, tagMaxLength);
  if (complaint) throw badId('tag', tag, complaint);
  if (controlCharacters.test(tag)) throw badId('tag', tag, 'contains control characters');
  if (tag.trim() !== tag) throw badId('tag', tag, 'begins or ends with a space');
}

/** @param what the field, as a person calls it: `site name` */
export function checkName(what: string, name: string): void {
  const complaint = lengthComplaint(name.trim(), nameMaxLength);
  if (complaint) throw badId(what, name, complaint);
  if (controlCharacters.test(name)) throw badId(what, name, 'contains control characters');
  if (name.trim() !== name) throw badId(what, name, 'begins or ends with a space');
}

function lengthComplaint(text: string, maxLength: number): string | undefined {
  if (text.length === 0) return 'is empty';
  if (text.length > maxLength) return `is ${text.length} characters long, at most ${maxLength} are allowed`;
  return undefined;
}

function badId(what: string, text: string, complaint: string): FleetError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new FleetError('USAGE', `The ${what} ${JSON.stringify(shown)} ${complaint}.`);
}
