import { isIP } from 'node:net';
import { type Mailbox, parseMailbox, writeMailbox } from './alarm/mail-address.js';
import { parseBytes, writeBytes } from './bytes.js';
import { parseDuration, writeDuration } from './duration.js';
import type { TimeOfDay } from './local-calendar.js';
import { mask } from './secret-names.js';

/** What the values of a setting can be, and how they are written. */
export interface SettingKind<T> {
  /** What a person has to type, to follow "takes": `a whole number from 1 to 9`. */
  readonly accepts: string;
  /** @returns undefined when `text` is no such value */
  parse(text: string): T | undefined;
  /** What people are shown: a short text that `parse` reads as the same value. */
  format(value: T): string;
}

/** Milliseconds. The limits are inclusive, written as durations. */
export function duration(limits: { readonly min: string; readonly max: string }): SettingKind<number> {
  const { min, max } = limits;
  const minMs = parseDuration(min) ?? 0;
  const maxMs = parseDuration(max) ?? Number.MAX_SAFE_INTEGER;
  return {
    accepts: `a duration with units from ${min} to ${max}`,
    parse: (text) => within(parseDuration(text), minMs, maxMs),
    format: writeDuration,
  };
}

/** The limits are inclusive. */
export function integer({ min, max }: { readonly min: number; readonly max: number }): SettingKind<number> {
  return {
    accepts: `a whole number from ${min} to ${max}`,
    parse: (text) => within(/^\d{1,15}$/.test(text) ? Number(text) : undefined, min, max),
    format: String,
  };
}

/** A number of bytes. The limits are inclusive, written as sizes. */
export function bytes(limits: { readonly min: string; readonly max: string }): SettingKind<number> {
  const { min, max } = limits;
  const minBytes = parseBytes(min) ?? 0;
  const maxBytes = parseBytes(max) ?? Number.MAX_SAFE_INTEGER;
  return {
    accepts: `a size in bytes, KiB, MiB or GiB from ${min} to ${max}`,
    parse: (text) => within(parseBytes(text), minBytes, maxBytes),
    format: writeBytes,
  };
}

/** A number of bytes, or `off`. */
export function bytesOrOff(limits: {
  readonly min: string;
  readonly max: string;
}): SettingKind<number | 'off'> {
  const size = bytes(limits);
  return {
    accepts: `${size.accepts}, or off`,
    parse: (text) => (text === 'off' || text === '0' ? 'off' : size.parse(text)),
    format: (value) => (value === 'off' ? value : size.format(value)),
  };
}

/** A time by the local clock of the server, or `off`. */
export const timeOfDayOrOff: SettingKind<TimeOfDay | 'off'> = {
  accepts: 'a time of day from 00:00 to 23:59 or off',
  parse(text) {
    if (text === 'off') return 'off';
    const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
    return match ? { hour: Number(match[1]), minute: Number(match[2]) } : undefined;
  },
  format: (value) => (value === 'off' ? value : `${twoDigits(value.hour)}:${twoDigits(value.minute)}`),
};

/** A place in the file system of the server. Relative ones are refused: nobody can tell what they are relative to. */
export const absolutePath: SettingKind<string> = {
  accepts: 'an absolute path',
  parse: (text) => (text.startsWith('/') && isLine(text) ? text : undefined),
  format: (value) => value,
};

/** An address that stations can be told, without a slash at its end: `http://csms.example.com:8080`. */
export function publicUrl(...schemes: readonly ('http' | 'https' | 'ftp')[]): SettingKind<string> {
  return {
    accepts: `an address of this server as stations see it, ${schemes.map((scheme) => `${scheme}://`).join(' or ')} and a host`,
    parse(text) {
      if (!isLine(text) || text.length > 200 || !URL.canParse(text)) return undefined;
      const { protocol, hostname, pathname, username, password, search, hash, href } = new URL(text);
      const isOther = !schemes.some((scheme) => protocol === `${scheme}:`) || hostname === '';
      if (protocol === 'ftp:' && pathname !== '/') return undefined;
      // Nobody can connect to the address that means all addresses.
      const isNowhere = hostname === '0.0.0.0' || hostname === '[::]';
      if (isOther || isNowhere || `${username}${password}${search}${hash}` !== '') return undefined;
      return href.replace(/\/+$/, '');
    },
    format: (value) => value,
  };
}

export function text({ maxLength }: { readonly maxLength: number }): SettingKind<string> {
  return {
    accepts: `one line of at most ${maxLength} characters`,
    parse: (line) => (line.length <= maxLength && isLine(line) ? line : undefined),
    format: (value) => value,
  };
}

/** One of a few words. */
export function choice<T extends string>(...words: readonly [T, ...T[]]): SettingKind<T> {
  return {
    accepts: `one of ${words.join(', ')}`,
    parse: (text) => words.find((word) => word === text),
    format: (value) => value,
  };
}

/** The name or address of a machine, without a port. */
export const hostName: SettingKind<string> = {
  accepts: 'the name or IP address of a machine',
  parse: (text) =>
    text.length <= 253 && (isIP(text) > 0 || /^[a-z\d_]([a-z\d_.-]*[a-z\d])?$/i.test(text))
      ? text
      : undefined,
  format: (value) => value,
};

/** An address of mail, with or without a name. */
export const mailbox: SettingKind<Mailbox> = {
  accepts: 'an e-mail address such as "Alarms <alarms@example.org>"',
  parse: parseMailbox,
  format: writeMailbox,
};

/** Nobody is shown it once it is set (domain/settings.ts); what stands for it is none. */
export function secret({
  minLength,
  maxLength,
}: {
  minLength: number;
  maxLength: number;
}): SettingKind<string> {
  return {
    accepts: `one line of ${minLength} to ${maxLength} characters`,
    parse: (line) =>
      line.length >= minLength && line.length <= maxLength && isLine(line) && line !== mask
        ? line
        : undefined,
    format: (value) => value,
  };
}

export const onOrOff: SettingKind<boolean> = {
  accepts: 'on or off',
  parse: (word) => (word === 'on' ? true : word === 'off' ? false : undefined),
  format: (value) => (value ? 'on' : 'off'),
};

function within(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function isLine(line: string): boolean {
  return !/\p{Cc}/u.test(line);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
