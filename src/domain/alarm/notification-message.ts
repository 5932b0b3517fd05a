import {
  type Language,
  type NamedAlarm,
  type NamedStation,
  type Notification,
  type NotificationKind,
  stationName,
} from './notification.js';
import { german } from './notification-de.js';
import { english } from './notification-en.js';
import { notificationFormats } from './notification-formats.js';
import { french } from './notification-fr.js';
import { swedish } from './notification-sv.js';
import type { Formats, MessageText, NotificationTexts } from './notification-texts.js';

export interface RenderedMessage {
  /** One line without control characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const texts: Readonly<Record<Language, NotificationTexts>> = {
  en: english,
  de: german,
  sv: swedish,
  fr: french,
};

/** What one part of a name may have: names of stations are their own. */
const nameMaxLength = 200;
const subjectMaxLength = 250;
/** Stations or alarms that one message names. */
export const namedMax = 5000;

/** @param timeZone IANA name; that of the process when left out */
export function renderNotification(
  notification: Notification,
  { language, timeZone }: { readonly language: Language; readonly timeZone?: string | undefined },
): RenderedMessage {
  const said = texts[language];
  const formats = notificationFormats(language, timeZone);
  const { subject, lead } = said.messages[notification.kind] as MessageText<NotificationKind>;
  const about = aboutOf(notification, said);
  const facts = factsOf(notification, said, formats).map(([label, value]): Fact => [label, line(value)]);
  const list = listOf(notification, said, formats);
  const footer = notification.kind === 'digest' ? said.digestFooter : said.footer;
  const opening = line(lead(notification, about, formats), Number.POSITIVE_INFINITY);
  return {
    subject: line(subject(notification, about, formats), subjectMaxLength),
    text: asText({ ...said, footer }, opening, facts, list),
    html: asHtml({ ...said, footer }, opening, facts, list),
  };
}

type Fact = readonly [label: string, value: string];

/** Of messages of charging, the connector is in their texts. */
function aboutOf(notification: Notification, said: NotificationTexts): string {
  if ('node' in notification) return placeOf(notification, said);
  return 'stationId' in notification ? line(stationName(notification)) : '';
}

function placeOf({ connector, ...station }: NamedAlarm, { at }: NotificationTexts): string {
  const about = line(stationName(station));
  return connector === null ? about : at(about, connector);
}

/** In the order in which people ask. */
function factsOf(
  notification: Notification,
  { labels, conditions }: NotificationTexts,
  formats: Formats,
): Fact[] {
  const place = ({ site, ...station }: NamedStation) => [
    known(labels.station, stationName(station)),
    known(labels.site, site),
  ];
  const facts = () => {
    switch (notification.kind) {
      case 'station-offline':
        return [...place(notification), known(labels.since, formats.instant(notification.since))];
      case 'station-back':
        return [
          ...place(notification),
          known(labels.since, formats.instant(notification.since)),
          known(labels.until, formats.instant(notification.time)),
          known(labels.outage, formats.duration(notification.durationMs)),
        ];
      case 'charging-started':
      case 'charging-stopped': {
        const hasEnded = notification.kind === 'charging-stopped';
        const energyKwh = hasEnded ? notification.energyKwh : null;
        return [
          ...place(notification),
          known(labels.connector, String(notification.connector)),
          known(labels.time, formats.instant(notification.time)),
          known(labels.user, notification.user),
          known(labels.tag, notification.tag),
          known(labels.energy, energyKwh === null ? null : formats.energy(energyKwh)),
          known(labels.duration, hasEnded ? formats.duration(notification.durationS * 1000) : null),
        ];
      }
      case 'alarm-opened':
      case 'alarm-cleared':
        return [
          ...place(notification),
          known(labels.connector, notification.connector === null ? null : String(notification.connector)),
          known(labels.alarm, conditions[notification.alarm]),
          known(labels.reported, notification.detail),
          known(labels.since, formats.instant(notification.since)),
          known(
            labels.until,
            notification.kind === 'alarm-cleared' ? formats.instant(notification.time) : null,
          ),
          known(labels.rule, notification.rule),
        ];
      case 'test':
        return [
          known(labels.rule, notification.rule),
          known(labels.time, formats.instant(notification.time)),
        ];
      case 'alarms-opened':
      case 'alarms-cleared':
        return [known(labels.rule, notification.rule)];
      case 'stations-offline':
      case 'stations-back':
      case 'digest':
        return [];
    }
  };
  return facts().filter((fact) => fact !== undefined);
}

function known(label: string, value: string | null): Fact | undefined {
  return value === null || value === '' ? undefined : [label, value];
}

/** One line for each of many. */
function listOf(notification: Notification, said: NotificationTexts, formats: Formats): string[] {
  // Elsewhere all are of the kind that is said before.
  const isMixed = notification.kind === 'digest';
  const describe = (alarm: NamedAlarm) =>
    [
      placeOf(alarm, said),
      isMixed ? said.conditions[alarm.alarm] : '',
      alarm.detail ?? '',
      formats.instant(alarm.since),
    ]
      .filter((part) => part !== '')
      .join(' · ');
  const named = (station: NamedStation) =>
    station.site === null ? stationName(station) : `${stationName(station)} · ${station.site}`;
  const all =
    'alarms' in notification
      ? notification.alarms.map(describe)
      : 'stations' in notification
        ? notification.stations.map(named)
        : [];
  const shown = all.slice(0, namedMax).map((item) => line(item, Number.POSITIVE_INFINITY));
  const total = 'total' in notification ? notification.total : shown.length;
  return total > shown.length ? [...shown, said.more(total - shown.length, formats)] : shown;
}

/** What breaks a line, is no text, or changes how it reads: controls, halves of pairs, marks that turn its direction. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** One line, whatever somebody called their station. */
function line(text: string, maxLength = nameMaxLength): string {
  const flat = text.replace(unprintable, ' ').replace(/ {2,}/g, ' ').trim();
  if (flat.length <= maxLength) return flat;
  // Half of a surrogate pair would be no text any more.
  return `${flat.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function asText(
  { colon, footer }: NotificationTexts,
  lead: string,
  facts: readonly Fact[],
  list: readonly string[],
): string {
  const parts = [
    [lead],
    facts.map(([label, value]) => `${label}${colon}${value}`),
    list.map((item) => `- ${item}`),
    // What mail programs know a signature by.
    ['-- ', footer],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const font = 'font-family:sans-serif;font-size:15px;line-height:1.45;color:#1a1a1a';

/** As simple as can be, so that every program shows it: one column, no images, nothing to load. */
function asHtml(
  { language, footer }: NotificationTexts,
  lead: string,
  facts: readonly Fact[],
  list: readonly string[],
): string {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><td style="padding:2px 16px 2px 0;color:#555555;vertical-align:top">${escaped(label)}</td>` +
      `<td style="padding:2px 0;vertical-align:top">${escaped(value)}</td></tr>`,
  );
  return [
    '<!DOCTYPE html>',
    `<html lang="${language}"><head><meta charset="utf-8"></head><body style="${font}">`,
    `<p>${escaped(lead)}</p>`,
    ...(rows.length > 0 ? [`<table role="presentation" style="${font}">`, ...rows, '</table>'] : []),
    ...(list.length > 0 ? ['<ul>', ...list.map((item) => `<li>${escaped(item)}</li>`), '</ul>'] : []),
    `<p style="color:#555555;font-size:13px">${escaped(footer)}</p>`,
    '</body></html>',
    '',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
