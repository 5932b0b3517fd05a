import { formatDuration } from './duration.js';
import { describeCloseCode, formatCloseCode } from './station/close-codes.js';

type Detail = Readonly<Record<string, unknown>>;

/** What events are about: what their kinds have before the dot. Stations may add to the kinds, not to these. */
export function eventTopics(): string[] {
  return [...new Set(Object.keys(words).map((kind) => kind.split('.', 1)[0] ?? ''))].sort();
}

/** What happened, in words; station and connector are said beside them. */
export function describeEvent(kind: string, detail: Detail): string {
  const known = Object.hasOwn(words, kind) ? words[kind] : undefined;
  if (known) return known(detail);
  const [topic = '', ...rest] = kind.split('.');
  const name = topic.replaceAll('-', ' ');
  const said = list(text(detail.status), text(detail.techInfo), text(detail.reason));
  const about = rest.length === 0 ? name : `${name}: ${rest.join('.')}`;
  return said === '' ? about : `${about}, ${said}`;
}

const words: Readonly<Record<string, (detail: Detail) => string>> = {
  'station.connected': ({ address }) => `connected${optional(' from ', address)}`,

  'station.disconnected': describeEnd,

  'station.booted': ({ vendor, model, firmwareVersion }) =>
    `booted: ${[text(vendor), text(model)].join(' ').trim()}${optional(', firmware ', firmwareVersion)}`,

  'station.registration': ({ registration, before, by }) =>
    `registration is ${text(registration)} now${optional(', was ', before)}${optional(', changed by ', by)}`,

  'connector.status': ({ status, errorCode, vendorErrorCode, info }) => {
    const error = text(errorCode) === 'NoError' ? '' : text(errorCode);
    return list(text(status), error, text(vendorErrorCode), text(info));
  },

  'connector.ignored': ({ reason }) => `a connector that was not added${optional(': ', reason)}`,

  'fault.began': ({ errorCode, vendorErrorCode, info }) =>
    list(`${text(errorCode)} began`, text(vendorErrorCode), text(info)),

  'fault.ended': ({ errorCode, durationS }) => {
    const after = typeof durationS === 'number' ? ` after ${formatDuration(durationS * 1000)}` : '';
    return `${text(errorCode)} is over${after}`;
  },

  'session.started': ({ transactionId, tag, verdict, reason }) => {
    const refused = verdict === undefined || verdict === 'Accepted' ? '' : `: ${text(verdict)}`;
    return `session ${text(transactionId)} started${optional(' with tag ', tag)}${refused}${
      refused === '' ? '' : optional(', ', reason)
    }`;
  },

  'authorization.accepted': ({ tag, code, reason }) =>
    `tag ${text(tag)} accepted${code === 'valid' ? '' : optional(': ', reason)}`,

  'authorization.refused': ({ tag, verdict, reason }) =>
    `tag ${text(tag)} refused: ${list(text(verdict), text(reason))}`,

  'session.foreign-stop': ({ transactionId, tag, startedWith }) =>
    `session ${text(transactionId)} was stopped with tag ${text(tag)}${optional(', but began with ', startedWith)}`,

  'session.ended': ({ transactionId, stopReason }) =>
    `session ${text(transactionId)} ended${optional(': ', stopReason)}`,

  'session.suspect': ({ transactionId, suspicion }) =>
    `session ${text(transactionId)} is suspect${optional(': ', suspicion)}`,

  'session.closed': ({ transactionId, stopReason }) =>
    `session ${text(transactionId)} closed by hand${optional(': ', stopReason)}`,

  'session.corrected': ({ transactionId, stopReason }) =>
    `the true stop of session ${text(transactionId)} came${optional(': ', stopReason)}`,

  'session.settled': ({ transactionId, session }) =>
    `the stop that was kept as ${text(transactionId)} is that of session ${text(session)}`,

  'station.replaced': ({ from, to }) => `other hardware: ${text(to)} instead of ${text(from)}`,

  'remote.accepted': ({ action, key, status, by }) =>
    `${text(action)}${optional(' of ', key)} answered: ${text(status)}${askedBy(by)}`,

  'remote.answered': ({ action, by }) => `${text(action)} answered${askedBy(by)}`,

  'remote.unanswered': ({ action, reason, by }) =>
    `${text(action)} had no answer${optional(': ', reason)}${askedBy(by)}`,

  'remote.refused': ({ action, key, status, by }) =>
    `${text(action)}${optional(' of ', key)} refused: ${text(status)}${askedBy(by)}`,

  'reservation.made': ({ reservation, tag }) => `reservation ${text(reservation)} for tag ${text(tag)}`,

  'reservation.ended': ({ reservation, state, reason, transactionId }) =>
    `reservation ${text(reservation)} is over: ${list(text(state), text(reason))}${optional(' by session ', transactionId)}`,

  'diagnostics.requested': ({ id, type }) => `asked for its ${text(type)} log, request ${text(id)}`,

  'diagnostics.received': ({ id, fileName, sizeBytes }) =>
    `uploaded ${text(fileName ?? 'a file')}, ${text(sizeBytes)} bytes, request ${text(id)}`,

  'firmware.offered': ({ version, rollout, reason }) =>
    `told to install firmware ${text(version)} (rollout ${text(rollout)})${optional(': ', reason)}`,

  'firmware.updated': ({ version, from }) =>
    `firmware ${text(version)} runs${optional(', before it was ', from)}`,

  'firmware.failed': ({ version, reason }) =>
    `firmware ${text(version)} was not installed${optional(': ', reason)}`,

  'firmware.skipped': ({ version, reason }) =>
    `firmware ${text(version)} was not offered${optional(': ', reason)}`,

  'alarm.acknowledged': ({ description, by, note }) =>
    list(`alarm seen: ${text(description)}`, optional('by ', by), text(note)),

  'alarm.cleared': ({ description, by, note }) =>
    list(`alarm cleared: ${text(description)}`, optional('by ', by), text(note)),

  'configuration.failed': ({ keys, reason }) =>
    `configuration could not be brought about${optional(': ', keys)}${optional(', ', reason)}`,

  'configuration.complete': () => 'configuration is as it should be',

  'data-transfer.refused': ({ vendorId, messageId }) =>
    `data transfer of ${text(vendorId)} refused${optional(', message ', messageId)}`,

  'certificate.requested': () => 'asked for a certificate',

  'security.credentials-refused': describeRefusal,

  'station.refused': describeRefusal,

  'security.key-changed': ({ wasFirst }) =>
    wasFirst === true
      ? 'shows its first key: it is asked for from now on'
      : 'shows its new key: the one before is not good any more',

  'security.old-key-shown': () => 'accepted a new key, but came back with the one before; both are good',

  'security.key-given-up': () => 'has not shown its new key for a week: only the one before is good',

  'security.profile-raised': ({ before, profile }) =>
    `shows what it was told to: security profile ${text(profile)} is the least from now on${optional(', before it was ', before)}`,

  'certificate.signing-refused': ({ reason }) =>
    `asked for a certificate, which was refused${optional(': ', reason)}`,

  'certificate.signed': ({ serial, until }) =>
    `certificate ${text(serial)} was signed${optional(', good until ', until)}`,

  'certificate.installed': ({ serial, until }) =>
    `took certificate ${text(serial)}${optional(', good until ', until)}`,

  'certificate.failed': ({ reason }) => `got no certificate${optional(': ', reason)}`,

  'certificate.revoked': ({ serial, reason }) =>
    `certificate ${text(serial)} was revoked${optional(': ', reason)}`,

  'certificate.expiring': ({ serial, until, reason }) =>
    `certificate ${text(serial)} ends${optional(' on ', until)} and was not renewed${optional(': ', reason)}`,
};

/** The kinds of events that have words of their own. */
export const describedEvents: readonly string[] = Object.keys(words);

/** Who ended a connection, and the code that goes without saying then. */
const enders: Readonly<Record<string, { readonly end: string; readonly usual?: number }>> = {
  station: { end: 'disconnected', usual: 1000 },
  server: { end: 'closed by the server' },
  lost: { end: 'connection lost', usual: 1006 },
  protocol: { end: 'closed for a protocol error', usual: 1002 },
};

function describeEnd({ code, initiator, reason, wasReplaced }: Detail): string {
  if (wasReplaced === true) return 'its older connection was replaced by a newer one';
  const { end, usual } = enders[text(initiator)] ?? { end: 'disconnected' };
  if (typeof code !== 'number') return list(end, text(reason));
  const name = code === usual ? '' : `: ${describeCloseCode(code)}`;
  return list(`${end}${name} (${formatCloseCode(code)})`, text(reason));
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Who wanted it; the server does some things by itself. */
function askedBy(by: unknown): string {
  return optional(', asked by ', by);
}

function optional(before: string, value: unknown): string {
  const said = text(value);
  return said === '' ? '' : before + said;
}

function list(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

function describeRefusal({ reason, address, count }: Detail): string {
  return `was not let in: ${text(reason)}${optional(', from ', address)}${optional(', times: ', count)}`;
}
