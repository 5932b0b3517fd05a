import type { Alarm, AlarmKind } from './alarm.js';
import type { Trigger } from './alarm-rule.js';
import type { NamedAlarm, NamedStation } from './notification.js';
import { english } from './notification-en.js';

type Place = Pick<Alarm, 'stationId' | 'connector'>;

/** Where it is, as alarms name it: `CP001 Connector: 1`, or `CP001` for the station as a whole. */
export function alarmNode({ stationId, connector }: Place): string {
  return connector === null ? stationId : `${stationId} Connector: ${connector}`;
}

/** What it is about, in one line: `Ground failure: E-17, isolation 12 kOhm`. */
export function describeAlarm({ kind, description }: Pick<Alarm, 'kind' | 'description'>): string {
  const name = english.conditions[kind];
  return description === '' ? name : `${name}: ${description}`;
}

/**
 * An alarm as messages tell of it.
 * @param station when it is not known any more it has nothing but its id
 */
export function namedAlarm(
  alarm: Place & Pick<Alarm, 'kind' | 'description' | 'beganAt'>,
  station: NamedStation = { stationId: alarm.stationId, name: alarm.stationId, site: null },
): NamedAlarm {
  const { kind, description, beganAt, connector } = alarm;
  const what = { alarm: kind, detail: description || null, since: beganAt };
  return { node: alarmNode(alarm), ...station, connector, ...what };
}

/** The trigger of the rules that tell of alarms of a kind. */
export function triggerOf(kind: AlarmKind): Trigger {
  switch (kind) {
    case 'not-registered':
    case 'connection-lost':
    case 'firmware-failed':
    case 'security':
    case 'suspect-session':
      return kind;
    default:
      return 'fault';
  }
}
