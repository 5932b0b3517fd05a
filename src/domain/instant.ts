import { parseDuration } from './duration.js';

/** Which clock a text without a zone is read by: that of the process (`TZ`) or UTC. */
export type Zone = 'local' | 'utc';

export interface InstantOptions {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  readonly zone: Zone;
  /** `future` also takes a bare duration (`30d`) for that long from now. */
  readonly towards?: 'past' | 'future';
}

/** What an instant looks like, for messages and help. */
export const instantForms = {
  past: '2026-11-20, 2026-11-20T14:03, 2026-11-20T14:03:05Z, now, today, yesterday or "2h ago"',
  future: '2026-11-20, 2026-11-20T14:03, 2026-11-20T14:03:05Z, now, tomorrow, 30d or "in 2h"',
} as const;

/**
 * Milliseconds since the epoch of an instant as people write it: ISO 8601, `now`, `today`, `yesterday`, `tomorrow`,
 * `2h ago`, `2 days ago`, `in 20 min`. Without a zone the text is read in `options.zone`; a date alone (and `today`) is its midnight there.
 * A local time that daylight saving skips is read as the same distance after the gap.
 * @returns undefined when `text` is no such instant
 */
export function parseInstant(text: string, options: InstantOptions): number | undefined {
  const input = text.trim().toLowerCase();
  switch (input) {
    case 'now':
      return options.nowMs;
    case 'today':
      return midnight(options, 0);
    case 'yesterday':
      return midnight(options, -1);
    case 'tomorrow':
      return midnight(options, 1);
    default:
      return relative(input, options) ?? iso(input, options.zone);
  }
}

function relative(input: string, { nowMs, towards }: InstantOptions): number | undefined {
  const ago = /^(.+?)\s+ago$/.exec(input)?.[1];
  if (ago !== undefined) return offset(nowMs, ago, -1);
  const ahead = /^in\s+(.+)$/.exec(input)?.[1] ?? (towards === 'future' ? input : undefined);
  return ahead === undefined ? undefined : offset(nowMs, ahead, 1);
}

/** Units as people write them, and as `formatRelative` does: `20 min ago`, `2 days ago`. */
const inWords =
  /(?<=[\d ])(d)ays?\b|(?<=[\d ])(h)(?:ours?|rs?)\b|(?<=[\d ])(m)in(?:ute)?s?\b|(?<=[\d ])(s)ec(?:ond)?s?\b/g;

function offset(nowMs: number, duration: string, sign: 1 | -1): number | undefined {
  const durationMs = parseDuration(duration.replace(inWords, '$1$2$3$4').replaceAll(' ', ''));
  return durationMs === undefined ? undefined : valid(nowMs + sign * durationMs);
}

function midnight({ nowMs, zone }: InstantOptions, days: number): number {
  const date = new Date(nowMs);
  // setHours and setDate follow the calendar, so days of 23 and 25 hours come out right.
  if (zone === 'utc') {
    date.setUTCHours(0, 0, 0, 0);
    date.setUTCDate(date.getUTCDate() + days);
  } else {
    date.setHours(0, 0, 0, 0);
    date.setDate(date.getDate() + days);
  }
  return date.getTime();
}

const isoForm =
  /^([12]\d{3})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(z|[+-]\d\d(?::?\d\d)?)?)?$/;

function iso(input: string, zone: Zone): number | undefined {
  const match = isoForm.exec(input);
  if (!match) return undefined;
  const fields = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const ms = Number(`${match[7] ?? ''}000`.slice(0, 3));
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offsetText = match[8];
  if (offsetText === undefined && zone === 'local') {
    return new Date(year, month - 1, day, hour, minute, second, ms).getTime();
  }
  const offsetMin = offsetMinutes(offsetText ?? 'z');
  if (offsetMin === undefined) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetMin * 60_000;
}

function offsetMinutes(text: string): number | undefined {
  if (text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || 0);
  if (hours > 14 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Beyond the year 9999 an instant has no ISO 8601 form of four-digit years, and before 1970 there was no fleet. */
function valid(ms: number): number | undefined {
  return ms >= 0 && ms <= MAX_INSTANT_MS ? ms : undefined;
}

const MAX_INSTANT_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** `2026-11-20 14:03:05` by the clock of the process, or `2026-11-20 13:03:05Z` in UTC: for people, to the second. */
export function formatInstant(ms: number, zone: Zone): string {
  const date = new Date(ms);
  if (zone === 'utc') return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `just now`, `45 s ago`, `3 min ago`, `in 5 h`, `12 d ago`. Milliseconds since the epoch. */
export function formatRelative(ms: number, nowMs: number): string {
  const distanceMs = Math.abs(nowMs - ms);
  if (distanceMs < 1_000) return 'just now';
  const amount = largestUnit(distanceMs);
  return ms > nowMs ? `in ${amount}` : `${amount} ago`;
}

function largestUnit(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.floor(ms / 3_600_000)} h`;
  return `${Math.floor(ms / 86_400_000)} d`;
}
