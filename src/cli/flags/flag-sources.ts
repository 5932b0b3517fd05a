import type { Command, Interfaces } from '@oclif/core';
import { FleetError } from '../../domain/errors.js';
import type { ConfigFile } from '../files/config-file.js';
import { envName } from './flags.js';

/** Where flags get their values from when the command line does not give them. */
export interface FlagSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: ConfigFile | undefined;
}

interface Sourced {
  readonly values: readonly string[];
  /** Where the values come from, for messages; never the values themselves. */
  readonly origin: string;
}

const truth: Readonly<Record<string, boolean>> = {
  1: true,
  true: true,
  yes: true,
  y: true,
  on: true,
  0: false,
  false: false,
  no: false,
  n: false,
  off: false,
};

/**
 * The same flags with environment variable, then configuration file, then built-in default as their default. oclif's
 * own handling of `env` is put aside: it gives repeatable flags a bare string and knows no configuration file.
 */
export function withSources<F extends Interfaces.FlagInput>(
  flags: F,
  sources: FlagSources,
  command: Command,
): F {
  const entries = Object.entries(flags).map(([name, flag]) => {
    const found = fromEnvironment(name, flag, sources) ?? fromConfig(name, flag, sources, command);
    if (!found) return [name, { ...flag, env: undefined }];
    // Parsed only when the command line lacks the flag, so that a bad variable does not get in the way of a good flag.
    return [name, { ...flag, env: undefined, default: () => parse({ ...flag, name }, found, command) }];
  });
  return Object.fromEntries(entries) as F;
}

/** Whether a JSON document is wanted, as far as that shows before the flags are parsed. */
export function wantsJson(argv: readonly string[], env: FlagSources['env']): boolean {
  return asksFor('json', argv, env);
}

/** Whether a JSON document on each line is wanted: then an error is one, too. */
export function wantsJsonLines(argv: readonly string[], env: FlagSources['env']): boolean {
  return asksFor('json-lines', argv, env);
}

function asksFor(flag: string, argv: readonly string[], env: FlagSources['env']): boolean {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  return flags.includes(`--${flag}`) || truth[(env[envName(flag)] ?? '').trim().toLowerCase()] === true;
}

function fromEnvironment(
  name: string,
  flag: Interfaces.Flag<unknown>,
  { env }: FlagSources,
): Sourced | undefined {
  const variable = flag.env ?? envName(name);
  const value = env[variable];
  // An empty variable counts as unset, as everywhere in a shell.
  if (!value) return undefined;
  const repeatable = flag.type === 'option' && flag.multiple;
  const values = repeatable ? value.split(flag.delimiter ?? '\n').filter((part) => part !== '') : [value];
  return { values, origin: `The environment variable ${variable}` };
}

function fromConfig(
  name: string,
  flag: Interfaces.Flag<unknown>,
  { config }: FlagSources,
  command: Command,
): Sourced | undefined {
  const general = flag.env === undefined || flag.env === envName(name);
  const found = config?.lookup(command.id ?? '', name, { general });
  if (!config || !found) return undefined;
  const values = Array.isArray(found.value) ? found.value.map(String) : [String(found.value)];
  return { values, origin: `"${found.key}" in ${config.path}` };
}

async function parse(flag: Interfaces.Flag<unknown>, { values, origin }: Sourced, command: Command) {
  const [first = '', ...more] = values;
  if (flag.type === 'boolean') {
    const value = truth[first.trim().toLowerCase()];
    if (value !== undefined && more.length === 0) return value;
    throw new FleetError('USAGE', `${origin} must be true or false.`);
  }
  if (flag.multiple) return Promise.all(values.map((value) => parseOne(flag, value, origin, command)));
  if (more.length > 0) throw new FleetError('USAGE', `${origin} must be one value, not a list.`);
  return parseOne(flag, first, origin, command);
}

async function parseOne(
  flag: Interfaces.OptionFlag<unknown>,
  value: string,
  origin: string,
  command: Command,
): Promise<unknown> {
  if (flag.options && !flag.options.includes(value)) {
    throw new FleetError('USAGE', `${origin} must be one of: ${flag.options.join(', ')}.`);
  }
  try {
    return await flag.parse(value, contextOf(command, flag.name, value), flag);
  } catch (error) {
    const { flagValueMessage } = await import('./usage-errors.js');
    const message = `${origin} does not fit: ${flagValueMessage(flag.name, error)}`;
    throw new FleetError('USAGE', message, { cause: error });
  }
}

/** oclif hands a flag's parser the command with the token of the value at hand. */
function contextOf(
  command: Command,
  flag: string,
  input: string,
): Parameters<Interfaces.OptionFlag<unknown>['parse']>[1] {
  return Object.assign(Object.create(command), { token: { type: 'flag', flag, input } });
}
