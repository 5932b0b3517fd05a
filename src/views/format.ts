import { formatDuration } from '../domain/duration.js';
import { formatInstant, formatRelative } from '../domain/instant.js';
import type { Terminal } from './terminal.js';

/** Milliseconds since the epoch or ISO 8601 text. */
type InstantValue = number | string | null | undefined;
type NumberValue = number | null | undefined;

/** Nothing to show: a dim dash for a person, an empty cell for a program. */
export function nothing(terminal: Terminal): string {
  return terminal.isTTY ? terminal.paint.dim('-') : '';
}

/** `2026-11-20 14:03:05` in the local zone (or UTC) for a person, UTC ISO 8601 with milliseconds for a program. */
export function instant(value: InstantValue, terminal: Terminal): string {
  const ms = toMs(value);
  if (ms === undefined) return text(value, terminal);
  return terminal.isTTY ? formatInstant(ms, terminal.utc ? 'utc' : 'local') : new Date(ms).toISOString();
}

/** The station, or `CP001:1`, of a line that comes alone: wide enough that most lines stand below each other. */
export function place(of: string, { paint }: Terminal): string {
  return paint.bold(of.padEnd(12));
}

/** `3 min ago` for a person; a program gets the instant itself. */
export function relative(value: InstantValue, terminal: Terminal): string {
  const ms = toMs(value);
  return ms === undefined || !terminal.isTTY ? instant(value, terminal) : formatRelative(ms, terminal.now());
}

/** `for 5 min` up to now; a program gets the instant that it began. */
export function since(value: InstantValue, terminal: Terminal): string {
  const said = relative(value, terminal);
  if (!terminal.isTTY) return `since ${said}`;
  return said.endsWith(' ago') ? `for ${said.slice(0, -' ago'.length)}` : said;
}

/** `12.345 kWh` from kilowatt-hours. */
export function energyKwh(value: NumberValue, terminal: Terminal): string {
  if (value === null || value === undefined) return nothing(terminal);
  return terminal.isTTY ? `${value.toFixed(3)} kWh` : value.toFixed(3);
}

/** `12.345 kWh` from watt-hours. */
export function energyWh(value: NumberValue, terminal: Terminal): string {
  return energyKwh(typeof value === 'number' ? value / 1_000 : value, terminal);
}

/** `850 W` or `11.0 kW` from watts; a program gets watts. */
export function power(watts: NumberValue, terminal: Terminal): string {
  if (watts === null || watts === undefined) return nothing(terminal);
  if (!terminal.isTTY) return String(watts);
  return Math.abs(watts) < 1_000 ? `${Math.round(watts)} W` : `${(watts / 1_000).toFixed(1)} kW`;
}

/** `1h 05m` from seconds; a program gets seconds. */
export function duration(seconds: NumberValue, terminal: Terminal): string {
  if (seconds === null || seconds === undefined) return nothing(terminal);
  return terminal.isTTY ? formatDuration(seconds * 1_000) : String(seconds);
}

/** `340 B`, `12.5 kB`, `1.2 GB`; a program gets bytes. */
export function bytes(value: NumberValue, terminal: Terminal): string {
  if (value === null || value === undefined) return nothing(terminal);
  return terminal.isTTY ? inBytes(value) : String(value);
}

/** `340 B`, `12.5 kB`, `1.2 GB`: for sentences. */
export function inBytes(value: number): string {
  const power = value < 1_000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  const amount = value / 1_000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

export function yesNo(value: boolean | null | undefined, terminal: Terminal): string {
  if (value === null || value === undefined) return nothing(terminal);
  if (!terminal.isTTY) return String(value);
  return value ? 'yes' : 'no';
}

/** Any value on one line, free of control characters: what comes from a station must not steer the terminal. */
export function text(value: unknown, terminal: Terminal): string {
  if (typeof value === 'boolean') return yesNo(value, terminal);
  const line = plain(value);
  return line === '' ? nothing(terminal) : line;
}

/** Any value as one line of plain text: lists comma-separated, objects as JSON, null and undefined empty. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return oneLine(value.join(','));
  }
  return oneLine(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Each run of line breaks, tabs, escapes and other control characters, and of bidirectional overrides, becomes one space. */
export function oneLine(value: string): string {
  return value.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** Lines and colours stay; of what else would move the cursor, ring or reorder, each character becomes a space. */
export function harmless(value: string): string {
  return value.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069](?:\[[\d;]*m)?/gu, (found) => {
    const isColour = found.startsWith('\u001b[') && found.endsWith('m');
    return isColour || found.startsWith('\n') ? found : ' ';
  });
}

function toMs(value: InstantValue): number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const ms = typeof value === 'number' ? value : Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
