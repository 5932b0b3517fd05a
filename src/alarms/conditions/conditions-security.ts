import { detailOf } from '../../domain/event-detail.js';
import { openAlarm } from '../alarm-book.js';
import type { EventHandler } from '../watch.js';
import { placeOf } from './conditions-fault.js';

/**
 * Security events that somebody has to look at. OCPP calls others critical as well, which only means that they may not
 * get lost: that a station starts, resets, sets its clock or runs other firmware than before is everyday life, and
 * in the log. Those of failed trust are not critical to OCPP, but nothing an operator wants to read of weeks later.
 */
const alarming: ReadonlySet<string> = new Set([
  'SecurityLogWasCleared',
  'MemoryExhaustion',
  'TamperDetectionActivated',
  'AttemptedReplayAttacks',
  'InvalidFirmwareSignature',
  'InvalidFirmwareSigningCertificate',
  'InvalidCentralSystemCertificate',
]);

/** No message ever says that it is over. */
const securityLastsMs = 24 * 3600_000;

/**
 * Refusals of one station within the time: somebody guesses its key, or it has another one than the server. Fewer are
 * somebody who mistypes it while setting it up.
 */
const manyRefusals = { count: 20, withinMs: 3600_000 };

export const securityEvent: EventHandler = async (context, event) => {
  const type = event.kind.slice('security.'.length);
  if (type === 'credentials-refused') return credentialsRefused(context, event);
  if (!alarming.has(type)) return;
  const { techInfo } = detailOf(event);
  await openAlarm(context, {
    kind: 'security',
    ...placeOf(event),
    connector: null,
    condition: type,
    description: typeof techInfo === 'string' && techInfo !== '' ? `${type}, ${techInfo}` : type,
    at: event.at,
    seenAt: event.receivedAt,
    clearsAt: context.now + securityLastsMs,
  });
};

const credentialsRefused: EventHandler = async (context, event) => {
  const { kind, stationId, stationUuid, at, receivedAt, sequence } = event;
  const { count, withinMs } = manyRefusals;
  // Each counts many, and there are not more of them in an hour: see RefusedStations.
  const filter = { stationId, kind, from: at - withinMs };
  const lately = await context.r.events.list(filter, { limit: 100, before: sequence + 1 });
  const own = lately.filter((one) => one.stationUuid === stationUuid);
  const refusals = own.reduce((sum, one) => sum + refusalsOf(detailOf(one)), 0);
  if (refusals < count) return;
  const { reason, address } = detailOf(event);
  const said = [
    `${refusals} times in an hour`,
    ...(typeof address === 'string' ? [`last from ${address}`] : []),
    ...(typeof reason === 'string' ? [reason] : []),
  ];
  await openAlarm(context, {
    kind: 'security',
    ...placeOf(event),
    connector: null,
    condition: 'CredentialsRefused',
    description: `CredentialsRefused, ${said.join(', ')}`,
    at,
    seenAt: receivedAt,
    clearsAt: context.now + securityLastsMs,
  });
};

/** One event stands for many refusals. */
function refusalsOf({ count }: Readonly<Record<string, unknown>>): number {
  return typeof count === 'number' ? count : 1;
}
