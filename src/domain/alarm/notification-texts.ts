import type { AlarmKind } from './alarm.js';
import type { Language, NotificationKind, NotificationOf } from './notification.js';

/** How a language writes values. */
export interface Formats {
  /** An instant by the clock of the recipient, with its zone. */
  instant(instantMs: number): string;
  duration(durationMs: number): string;
  energy(energyKwh: number): string;
  count(value: number): string;
}

/** What the lines with facts in a message are called. */
interface Labels {
  readonly station: string;
  readonly site: string;
  readonly connector: string;
  readonly since: string;
  readonly until: string;
  readonly outage: string;
  readonly time: string;
  readonly user: string;
  readonly tag: string;
  readonly energy: string;
  readonly duration: string;
  readonly alarm: string;
  readonly reported: string;
  readonly rule: string;
}

/** Of one kind of message. `about` is the station or place that it concerns, by name. */
export interface MessageText<K extends NotificationKind> {
  /** One line. */
  subject(notification: NotificationOf<K>, about: string, formats: Formats): string;
  /** What happened, in a sentence or two. */
  lead(notification: NotificationOf<K>, about: string, formats: Formats): string;
}

/** All that is said in one language. */
export interface NotificationTexts {
  readonly language: Language;
  /** Between a label and its value. */
  readonly colon: string;
  readonly labels: Labels;
  readonly conditions: Readonly<Record<AlarmKind, string>>;
  readonly messages: { readonly [K in NotificationKind]: MessageText<K> };
  /** A connector of what it is about. */
  at(about: string, connector: number): string;
  /** After a list that was cut. */
  more(count: number, formats: Formats): string;
  /** Why the recipient gets this, at the end of each message. */
  readonly footer: string;
  readonly digestFooter: string;
}
