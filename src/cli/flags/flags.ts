import { Flags, type Interfaces } from '@oclif/core';
import { durationForms, formatDuration, parseDuration, writeDuration } from '../../domain/duration.js';
import { FleetError } from '../../domain/errors.js';
import { instantForms, parseInstant } from '../../domain/instant.js';
import { localServer } from '../remote/server-choice.js';

/** Timers of Node count at most this far (2^31 - 1 ms, 24 days); longer ones would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The environment variable of a flag: `EVFLEET_` and its name in upper snake case. */
export function envName(flag: string): string {
  return `EVFLEET_${flag.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * Gives flags variables of their own, with a prefix: for those that have the name of another command's flag, and mean
 * something else. A variable for lists must not limit a car. The general part of the configuration file is not for them.
 */
export function withOwnEnv<F extends Interfaces.FlagInput>(prefix: string, flags: F): F {
  const entries = Object.entries(flags).map(([name, flag]) => [
    name,
    { ...flag, env: envName(`${prefix}-${name}`) },
  ]);
  return Object.fromEntries(entries) as F;
}

/**
 * Shows every flag's environment variable in its help and in the manifest. Wrap each command's flags in it; that the
 * variables work does not depend on it (flag-sources.ts).
 */
export function withEnv<F extends Interfaces.FlagInput>(flags: F): F {
  const entries = Object.entries(flags).map(([name, flag]) => [
    name,
    { ...flag, env: flag.env ?? envName(name) },
  ]);
  return Object.fromEntries(entries) as F;
}

/** A whole number; `min` and `max` are inclusive. */
export const integer = Flags.custom<number, { min?: number; max?: number }>({
  helpValue: '<n>',
  parse: async (input, _context, { name, min, max }) => {
    const value = /^[+-]?\d+$/.test(input) ? Number(input) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= (min ?? value) && value <= (max ?? value)) return value;
    throw new FleetError('USAGE', `--${name} takes a whole number${range(min, max)}.`);
  },
});

function range(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

/** A duration with units (`15m`), parsed to milliseconds; `minMs` and `maxMs` are inclusive, at most 24 days unless told. */
export const durationFlag = Flags.custom<number, { minMs?: number; maxMs?: number }>({
  helpValue: '<duration>',
  defaultHelp: async ({ options }) =>
    typeof options.default === 'number' ? writeDuration(options.default) : undefined,
  parse: async (input, _context, { name, minMs = 0, maxMs = MAX_TIMER_MS }) => {
    const value = parseDuration(input);
    if (value === undefined)
      throw new FleetError('USAGE', `--${name} takes a duration such as ${durationForms}.`);
    if (value >= minMs && value <= maxMs) return value;
    const limits = `${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
    throw new FleetError('USAGE', `--${name} takes a duration from ${limits}.`);
  },
});

/**
 * An instant (`2026-11-20T14:03`, `2h ago`, `today`), parsed to milliseconds since the epoch. Without a zone it is read by
 * the local clock of the process. `towards: 'future'` also takes a bare duration: `30d` from now.
 */
export const instantFlag = Flags.custom<number, { towards?: 'past' | 'future' }>({
  helpValue: '<instant>',
  parse: async (input, _context, { name, towards = 'past' }) => {
    const value = parseInstant(input, { nowMs: Date.now(), zone: 'local', towards });
    if (value !== undefined) return value;
    throw new FleetError('USAGE', `--${name} takes an instant such as ${instantForms[towards]}.`);
  },
});

/** How long a remote action may take. */
export const timeoutFlag = {
  timeout: durationFlag({
    default: 30_000,
    minMs: 100,
    maxMs: 3_600_000,
    summary: 'How long to wait for the station.',
  }),
};

export const yesFlag = {
  yes: Flags.boolean({ char: 'y', default: false, summary: 'Do it without asking.' }),
};

export const ifExistsFlag = {
  'if-exists': Flags.option({
    options: ['fail', 'skip', 'update'] as const,
    default: 'fail' as const,
    summary: 'What to do when it exists already.',
  })(),
};

export const ignoreNotFoundFlag = {
  'ignore-not-found': Flags.boolean({ default: false, summary: 'Succeed when there is nothing to delete.' }),
};

/** The flags of every list; `FleetCommand.listQuery` and `printList` act on them. */
export const listFlags = {
  columns: Flags.string({
    helpGroup: 'LIST',
    helpValue: 'a,b',
    summary: 'Columns to show, by the names of the JSON keys.',
  }),
  sort: Flags.string({
    helpGroup: 'LIST',
    helpValue: '[-]field',
    summary: 'Sort by this field; - for descending.',
  }),
  filter: Flags.string({
    helpGroup: 'LIST',
    helpValue: 'field=value',
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Only entries with this value; repeat it for more conditions.',
  }),
  limit: integer({ helpGroup: 'LIST', min: 0, exclusive: ['all'], summary: 'At most this many entries.' }),
  all: Flags.boolean({ helpGroup: 'LIST', default: false, summary: 'All entries, also on a terminal.' }),
  'no-header': Flags.boolean({ helpGroup: 'LIST', default: false, summary: 'No heading line.' }),
  csv: Flags.boolean({ helpGroup: 'LIST', default: false, summary: 'Comma-separated values, all columns.' }),
  quiet: Flags.boolean({
    char: 'q',
    helpGroup: 'LIST',
    default: false,
    exclusive: ['csv', 'columns'],
    summary: 'Bare ids, one per line.',
  }),
};

/** What `listFlags` parse to. */
export interface ListFlagValues {
  readonly columns?: string | undefined;
  readonly sort?: string | undefined;
  readonly filter?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly all: boolean;
  readonly 'no-header': boolean;
  readonly csv: boolean;
  readonly quiet: boolean;
}

/** Flags of every command. */
export const globalFlags = withEnv({
  server: Flags.string({
    helpGroup: 'GLOBAL',
    helpValue: '<url>',
    // Loaded only when there is one: every command has this flag, and few use it.
    parse: async (input) => {
      const { normalizedServerUrl } = await import('../remote/server-url.js');
      return input === localServer ? input : normalizedServerUrl(input);
    },
    summary:
      'Work on the fleet of this server, not of this machine; needs a key: evfleet login. "local": this machine.',
  }),
  'server-ca': Flags.string({
    helpGroup: 'GLOBAL',
    helpValue: '<file>',
    summary: 'Authority (PEM) to trust for --server, instead of those that the system trusts.',
  }),
  'api-key-file': Flags.string({
    helpGroup: 'GLOBAL',
    helpValue: '<file>',
    summary: 'File with the key for --server; otherwise EVFLEET_API_KEY, or what login kept.',
  }),
  'allow-plain-http': Flags.boolean({
    helpGroup: 'GLOBAL',
    default: false,
    summary: 'Let the key travel unencrypted, to an http:// address of another machine.',
  }),
  'data-dir': Flags.directory({
    helpGroup: 'GLOBAL',
    summary: 'Where the fleet is kept; otherwise the XDG data directory.',
  }),
  'lock-timeout': durationFlag({
    helpGroup: 'GLOBAL',
    default: 5_000,
    summary: 'How long to wait while another process has the fleet open.',
  }),
  json: Flags.boolean({ helpGroup: 'GLOBAL', default: false, summary: 'The result as one JSON document.' }),
  'no-color': Flags.boolean({ helpGroup: 'GLOBAL', default: false, summary: 'No colours.' }),
  'no-input': Flags.boolean({ helpGroup: 'GLOBAL', default: false, summary: 'Never ask.' }),
  utc: Flags.boolean({ helpGroup: 'GLOBAL', default: false, summary: 'Show instants in UTC.' }),
});
