import { pino } from 'pino';
import type { Log, LogFields } from '../domain/log.js';

type Level = 'info' | 'warn' | 'error';

/** One JSON object per line on stderr: for service managers and log collectors. */
export function createJsonLog(): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
  const at =
    (level: Level) =>
    (message: string, fields: LogFields = {}) =>
      logger[level]({ ...fields }, message);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** What a person at a terminal reads: time, station, what happened, then the rest. */
export function createTextLog(write: (line: string) => void, show: LogStyle): Log {
  const at =
    (level: Level) =>
    (message: string, { station, ...fields }: LogFields = {}) => {
      const rest = Object.entries(fields)
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => show.dim(`${name}=${String(value)}`));
      const who = station === undefined || station === null ? [] : [show.bold(String(station))];
      write([show.dim(show.now()), ...who, show.level(level, message), ...rest].join('  '));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

export interface LogStyle {
  now(): string;
  dim(text: string): string;
  bold(text: string): string;
  level(level: Level, text: string): string;
}
