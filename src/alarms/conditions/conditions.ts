import { detailOf } from '../../domain/event-detail.js';
import { clearAlarm } from '../alarm-book.js';
import type { EventHandler } from '../watch.js';
import { certificateEvent } from './conditions-certificate.js';
import { configurationEvent } from './conditions-configuration.js';
import { faultBegan, faultEnded } from './conditions-fault.js';
import { firmwareEvent } from './conditions-firmware.js';
import { securityEvent } from './conditions-security.js';
import { sessionEvent } from './conditions-session.js';

/** What events say of conditions: alarms open, count up and end by it. */
export const conditions: EventHandler = async (context, event) => {
  switch (event.kind) {
    case 'fault.began':
      return faultBegan(context, event);
    case 'fault.ended':
      return faultEnded(context, event);
    case 'station.connected':
      return registered(context, event);
    case 'alarm.cleared':
      return clearedByHand(context, event);
  }
  switch (event.kind.slice(0, event.kind.indexOf('.'))) {
    case 'session':
      return sessionEvent(context, event);
    case 'security':
      return securityEvent(context, event);
    case 'certificate':
      return certificateEvent(context, event);
    case 'firmware':
      return firmwareEvent(context, event);
    case 'configuration':
      return configurationEvent(context, event);
  }
};

/** It has connected for the first time: there is nothing to wait for any more. */
const registered: EventHandler = async (context, { stationUuid }) => {
  const never = { kind: 'not-registered', stationUuid, connector: null, condition: '' } as const;
  const open = await context.r.alarms.findOpen(never);
  if (open) await clearAlarm(context, open);
};

/** A person cleared it, with a command, which knows nothing of rules. */
const clearedByHand: EventHandler = async (context, event) => {
  const { alarm: uuid } = detailOf(event);
  const alarm = typeof uuid === 'string' ? await context.r.alarms.findByUuid(uuid) : undefined;
  if (alarm) context.alarms.push({ alarm, isOver: true });
};
