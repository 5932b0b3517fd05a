const lenient =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)? ?(Z|z|UTC|GMT|([+-])(\d{2})(?::?(\d{2}))?)?$/;

const strict =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const minuteMs = 60_000;

/**
 * Reads a station's timestamp as milliseconds since the Unix epoch; undefined when it is missing or nonsense.
 *
 * Accepts ISO 8601 as stations write it: fractions of any length (cut to milliseconds), any offset, no zone at all
 * (read as UTC), a blank instead of `T`, no seconds, a date alone (its midnight). Says nothing about plausibility:
 * 1970 and the year 3000 are valid times.
 */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // Nearly all are written like this, and the engine reads its own form fastest.
  if (isUsual(text)) return Date.parse(text);
  const match = lenient.exec(text.trim());
  if (match === null) return undefined;
  const [, years, months, days, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const [year, month, day] = [Number(years), Number(months), Number(days)];
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // ISO 8601 knows 24:00:00 as the end of a day and second 60 as a leap second; both roll over.
  if (hour > 24 || (hour === 24 && (minute > 0 || second > 0)) || minute > 59 || second > 60)
    return undefined;
  const [sign, offsetHours, offsetMinutes] = [match[9], Number(match[10] ?? 0), Number(match[11] ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offsetMs = (offsetHours * 60 + offsetMinutes) * minuteMs * (sign === '-' ? -1 : 1);
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return utc(year, month, day) + (hour * 60 + minute) * minuteMs + second * 1_000 + milliseconds - offsetMs;
}

/** Whether a timestamp is written as RFC 3339 wants it: complete, with a zone, and existing. */
export function isStrictTime(text: string): boolean {
  if (isUsual(text)) return true;
  if (!strict.test(text)) return false;
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

/** Zeros where a digit stands. */
const usualForm = '0000-00-00T00:00:00.000Z';

/** Whether a timestamp is written as nearly all are, `2026-05-04T10:00:00.000Z`, on a day that every month has. */
function isUsual(text: string): boolean {
  if (text.length !== usualForm.length) return false;
  for (let at = 0; at < usualForm.length; at += 1) {
    const code = text.charCodeAt(at);
    const form = usualForm.charCodeAt(at);
    const fits = form === zero ? code >= zero && code <= zero + 9 : code === form;
    if (!fits) return false;
  }
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (month < 1 || month > 12 || day < 1 || day > 28) return false;
  return twoDigits(text, 11) <= 23 && twoDigits(text, 14) <= 59 && twoDigits(text, 17) <= 59;
}

const zero = 48;

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
}

/**
 * The timestamp to send: ISO 8601 with milliseconds and `Z`, never a local time.
 * @throws RangeError when `ms` is no time that a Date can hold
 */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `Date.UTC` would take the years 0 to 99 for 1900 to 1999. */
function utc(year: number, month: number, day: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
