import { pino } from 'pino';
import type { Log, LogFields, LogLevel } from '../domain/log.js';

/** One JSON object per line on stderr: for service managers and log collectors. */
export function createJsonLog(): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      logger[level]({ ...fields }, message);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** What a person at a terminal reads: time, station, what happened, then the rest. */
export function createTextLog(write: (line: string) => void, show: LogStyle): Log {
  const at =
    (level: LogLevel) =>
    (message: string, { station, ...fields }: LogFields = {}) => {
      const rest = Object.entries(fields)
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => show.dim(`${name}=${printable(value)}`));
      const who = station === undefined || station === null ? [] : [show.bold(printable(station))];
      write([show.dim(show.now()), ...who, show.level(level, printable(message)), ...rest].join('  '));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const fieldMaxLength = 500;

/** Stations choose much of what is logged; it must not move the cursor, forge lines or fill the screen. */
function printable(value: unknown): string {
  const text = String(value);
  const shown = text.length > fieldMaxLength ? `${text.slice(0, fieldMaxLength)}…` : text;
  return shown.replaceAll(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

export interface LogStyle {
  now(): string;
  dim(text: string): string;
  bold(text: string): string;
  level(level: LogLevel, text: string): string;
}
