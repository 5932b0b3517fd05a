import { detailOf } from '../domain/event-detail.js';
import { openAlarm } from './alarm-book.js';
import { placeOf } from './conditions-fault.js';
import type { EventHandler } from './watch.js';

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

export const securityEvent: EventHandler = async (context, event) => {
  const type = event.kind.slice('security.'.length);
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
