import type { Log, LogFields, LogLevel } from '../domain/log.js';

/** Kinds of lines that are told apart in a minute; what is beyond them shares one allowance. */
const kindsMax = 50_000;
const kindMaxLength = 60;

interface Kind {
  readonly level: LogLevel;
  readonly name: string;
  readonly fields: LogFields;
  lines: number;
}

/**
 * A log that one station, or one address, cannot fill: of each kind it gets so many lines a minute, the rest is
 * counted. The kind of a line is what it says up to the first colon. Lines that name neither station nor address
 * come from this side and pass.
 */
export class LimitedLog implements Log {
  readonly #log: Log;
  readonly #linesMax: number;
  readonly #kinds = new Map<string, Kind>();

  /** @param linesMax of each kind in a minute */
  constructor(log: Log, linesMax = 10) {
    this.#log = log;
    this.#linesMax = linesMax;
  }

  info(message: string, fields?: LogFields): void {
    if (this.#passes('info', message, fields)) this.#log.info(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    if (this.#passes('warn', message, fields)) this.#log.warn(message, fields);
  }

  error(message: string, fields?: LogFields): void {
    if (this.#passes('error', message, fields)) this.#log.error(message, fields);
  }

  /** To be called every minute: says how much was left out. */
  endMinute(): void {
    for (const { level, name, fields, lines } of this.#kinds.values()) {
      const more = lines - this.#linesMax;
      if (more <= 0) continue;
      this.#log[level](`${name}: …and ${more.toLocaleString('en')} more in the last minute`, fields);
    }
    this.#kinds.clear();
  }

  #passes(level: LogLevel, message: string, fields: LogFields | undefined): boolean {
    const who = fields?.station ?? fields?.address;
    if (who === undefined || who === null) return true;
    const colon = message.indexOf(':');
    const name = message.slice(0, Math.min(colon === -1 ? message.length : colon, kindMaxLength));
    const kind = this.#kind(`${name}\n${who}`, level, name, fields);
    kind.lines += 1;
    return kind.lines <= this.#linesMax;
  }

  #kind(key: string, level: LogLevel, name: string, fields: LogFields | undefined): Kind {
    const known = this.#kinds.get(key);
    if (known) return known;
    if (this.#kinds.size >= kindsMax) return this.#kind('', 'warn', 'other lines of stations', undefined);
    const { station, address } = fields ?? {};
    const who = { ...(station !== undefined && { station }), ...(address !== undefined && { address }) };
    const kind: Kind = { level, name, fields: who, lines: 0 };
    this.#kinds.set(key, kind);
    return kind;
  }
}
