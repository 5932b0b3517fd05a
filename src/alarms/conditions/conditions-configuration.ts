import { detailOf } from '../../domain/event-detail.js';
import { endCondition, openAlarm } from '../alarm-book.js';
import type { EventHandler } from '../watch.js';
import { placeOf } from './conditions-fault.js';

/** A station will not take, or cannot be told, what is desired of it. */
export const configurationEvent: EventHandler = async (context, event) => {
  const place = { ...placeOf(event), connector: null };
  const condition = { kind: 'configuration-fault', ...place, condition: 'configuration' } as const;
  if (event.kind === 'configuration.complete') return endCondition(context, condition);
  if (event.kind !== 'configuration.failed') return;
  const { keys, reason } = detailOf(event);
  const description = [keys, reason].filter((said) => typeof said === 'string' && said !== '').join(': ');
  await openAlarm(context, { ...condition, description, at: event.at, seenAt: event.receivedAt });
};
