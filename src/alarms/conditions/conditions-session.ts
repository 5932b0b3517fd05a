import { detailOf } from '../../domain/event-detail.js';
import { endAlarm, openAlarm } from '../alarm-book.js';
import type { EventHandler } from '../watch.js';
import { placeOf } from './conditions-fault.js';

/** A session is suspect until what is known of it makes sense, or a person has closed it. */
export const sessionEvent: EventHandler = async (context, event) => {
  const { r } = context;
  const { transactionId, suspicion } = detailOf(event);
  if (typeof transactionId !== 'number') return;
  const condition = String(transactionId);
  // The events of one session do not all name its connector.
  const open = (await r.alarms.listOpen(event.stationUuid)).find(
    (alarm) => alarm.kind === 'suspect-session' && alarm.condition === condition,
  );
  if (event.kind === 'session.suspect') {
    const place = placeOf(event);
    await openAlarm(context, {
      kind: 'suspect-session',
      ...place,
      connector: open ? open.connector : place.connector,
      condition,
      description: `session ${transactionId}${typeof suspicion === 'string' ? `: ${suspicion}` : ''}`,
      at: event.at,
      seenAt: event.receivedAt,
    });
    return;
  }
  if (!open) return;
  const session = await r.sessions.findByTransactionId(transactionId);
  if (session?.state !== 'suspect') await endAlarm(context, open);
};
