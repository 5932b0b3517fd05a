import { detailOf } from '../../domain/event-detail.js';
import { clearAlarm, openAlarm } from '../alarm-book.js';
import type { EventHandler } from '../watch.js';
import { placeOf } from './conditions-fault.js';

const dayMs = 24 * 3600_000;

/** Before that there is time enough for a station that is away to come back, and for another attempt every day. */
const expiringLastMs = 7 * dayMs;

/** It is told of once a day, for as long as it is so. */
const certificateLastsMs = 2 * dayMs;

/** A certificate that a station cannot do without, and does not get. */
export const certificateEvent: EventHandler = async (context, event) => {
  const place = { kind: 'security', ...placeOf(event), connector: null } as const;
  const word = event.kind.slice('certificate.'.length);
  const condition = Object.hasOwn(conditions, word) ? conditions[word] : undefined;
  const { until, reason } = detailOf(event);
  if (condition !== undefined) {
    const endsAt = word === 'expiring' && typeof until === 'string' ? Date.parse(until) : event.at;
    if (endsAt - event.at > expiringLastMs) return;
    await openAlarm(context, {
      ...{ ...place, condition, at: event.at, seenAt: event.receivedAt },
      description: typeof reason === 'string' && reason !== '' ? `${condition}, ${reason}` : condition,
      clearsAt: context.now + certificateLastsMs,
    });
    return;
  }
  if (word !== 'installed') return;
  for (const over of Object.values(conditions)) {
    const { stationUuid } = event;
    const { kind, connector } = place;
    const open = await context.r.alarms.findOpen({ kind, stationUuid, connector, condition: over });
    if (open) await clearAlarm(context, open);
  }
};

/** By what comes after the dot in the kind of the event. */
const conditions: Readonly<Record<string, string>> = {
  expiring: 'CertificateExpiring',
  failed: 'CertificateNotRenewed',
};
