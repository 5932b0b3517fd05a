import type { Log, LogFields, LogLevel } from '../domain/log.js';
import { networkOf } from '../domain/network.js';

/** Kinds of lines that are told apart in a minute; what is beyond them shares one allowance. */
const kindsMax = 50_000;
const kindMaxLength = 60;

/** A line that names both counts for the address too, which gets as much as so many stations: ids can be made up. */
const stationsOfAddress = 20;

interface Kind {
  readonly level: LogLevel;
  readonly name: string;
  readonly fields: LogFields;
  readonly linesMax: number;
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
    for (const { level, name, fields, lines, linesMax } of this.#kinds.values()) {
      const more = lines - linesMax;
      if (more <= 0) continue;
      this.#log[level](`${name}: …and ${more.toLocaleString('en')} more in the last minute`, fields);
    }
    this.#kinds.clear();
  }

  #passes(level: LogLevel, message: string, fields: LogFields | undefined): boolean {
    const { station, address } = fields ?? {};
    const who = station ?? address;
    if (who === undefined || who === null) return true;
    const colon = message.indexOf(':');
    const name = message.slice(0, Math.min(colon === -1 ? message.length : colon, kindMaxLength));
    // First: of stations that are made up nothing is remembered then.
    if (who === station && typeof address === 'string') {
      const linesMax = this.#linesMax * stationsOfAddress;
      const common = { level, name, fields: { address }, linesMax };
      if (!this.#counts(`${name}\n@${networkOf(address)}`, common)) return false;
    }
    const told = { ...(station !== undefined && { station }), ...(address !== undefined && { address }) };
    return this.#counts(`${name}\n${who}`, { level, name, fields: told, linesMax: this.#linesMax });
  }

  #counts(key: string, wanted: Omit<Kind, 'lines'>): boolean {
    const kind = this.#kind(key, wanted);
    kind.lines += 1;
    return kind.lines <= kind.linesMax;
  }

  #kind(key: string, wanted: Omit<Kind, 'lines'>): Kind {
    const known = this.#kinds.get(key);
    if (known) return known;
    if (this.#kinds.size >= kindsMax && key !== '') {
      const name = 'other lines of stations';
      return this.#kind('', { level: 'warn', name, fields: {}, linesMax: this.#linesMax });
    }
    const kind: Kind = { ...wanted, lines: 0 };
    this.#kinds.set(key, kind);
    return kind;
  }
}
