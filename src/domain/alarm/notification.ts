import type { AlarmKind } from './alarm.js';

/** What people can be written to in. */
export const languages = ['en', 'de', 'sv', 'fr'] as const;
export type Language = (typeof languages)[number];

/** A station as people know it. */
export interface NamedStation {
  readonly stationId: string;
  /** The same as the id where nobody gave it one. */
  readonly name: string;
  readonly site: string | null;
}

interface Charging extends NamedStation {
  readonly connector: number;
  /** E-mail address or name of the person; null when the tag is nobody's. */
  readonly user: string | null;
  /** Null when it was started without one. */
  readonly tag: string | null;
}

/** Where an alarm is, what it is about, and since when. */
export interface NamedAlarm extends NamedStation {
  /** As in lists of alarms: `CP001 Connector: 1`, or `CP001` for the station as a whole. */
  readonly node: string;
  /** Null for the station as a whole. */
  readonly connector: number | null;
  readonly alarm: AlarmKind;
  /** What the station said of it, in its words; null when it said nothing. */
  readonly detail: string | null;
  readonly since: number;
}

interface RaisedAlarm extends NamedAlarm {
  /** Name of the rule by which the recipient is told; null when it is none. */
  readonly rule: string | null;
}

/** Many of one kind that came at once, or ended. */
interface RaisedAlarms {
  readonly alarm: AlarmKind;
  /** All that are named. */
  readonly alarms: readonly NamedAlarm[];
  readonly total: number;
  readonly rule: string | null;
}

/**
 * What people are told, as data: how it is said depends on their language. `time` is when it happened. Instants are
 * milliseconds since the epoch.
 */
export type Notification =
  | ({
      readonly kind: 'station-offline';
      readonly time: number;
      /** When it was last in contact. */
      readonly since: number;
      /** How long an outage this message is about, ms: 15 minutes, an hour, a day. */
      readonly stepMs: number;
    } & NamedStation)
  | ({
      readonly kind: 'station-back';
      readonly time: number;
      readonly since: number;
      /** Of the outage. */
      readonly durationMs: number;
    } & NamedStation)
  | {
      readonly kind: 'stations-offline';
      readonly time: number;
      readonly since: number;
      readonly stepMs: number;
      /** All that are named. */
      readonly stations: readonly NamedStation[];
      /** How many there are. */
      readonly total: number;
    }
  | {
      readonly kind: 'stations-back';
      readonly time: number;
      /** When the first of them was last in contact. */
      readonly since: number;
      /** All that are named. */
      readonly stations: readonly NamedStation[];
      readonly total: number;
    }
  | ({ readonly kind: 'charging-started'; readonly time: number } & Charging)
  | ({
      readonly kind: 'charging-stopped';
      readonly time: number;
      /** Null when the registers make no sense. */
      readonly energyKwh: number | null;
      readonly durationS: number;
    } & Charging)
  | ({ readonly kind: 'alarm-opened'; readonly time: number } & RaisedAlarm)
  | ({ readonly kind: 'alarm-cleared'; readonly time: number } & RaisedAlarm)
  | ({ readonly kind: 'alarms-opened'; readonly time: number } & RaisedAlarms)
  | ({ readonly kind: 'alarms-cleared'; readonly time: number } & RaisedAlarms)
  | {
      readonly kind: 'digest';
      readonly time: number;
      /** All that are named. */
      readonly alarms: readonly NamedAlarm[];
      readonly total: number;
    }
  | { readonly kind: 'test'; readonly time: number; readonly rule: string | null };

export type NotificationKind = Notification['kind'];

/** The notification of a kind. */
export type NotificationOf<K extends NotificationKind> = Extract<Notification, { readonly kind: K }>;

/** A station with both of its names, where they differ: `North wall (CP001)`. */
export function stationName({ stationId, name }: Pick<NamedStation, 'stationId' | 'name'>): string {
  return name === stationId || name === '' ? stationId : `${name} (${stationId})`;
}
