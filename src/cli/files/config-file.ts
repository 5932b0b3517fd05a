import { readFileSync } from 'node:fs';
import { FleetError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';

/** A value that the file may give to a flag. */
type ConfigValue = string | number | boolean | readonly (string | number)[];

/** The parts of a command's definition that the file is checked against; ids have colons (`station:list`). */
export interface KnownCommand {
  readonly id: string;
  readonly flags: readonly string[];
}

export interface ConfigFile {
  readonly path: string;
  /**
   * What the file says about a flag of a command: the command's own section goes before the general part.
   * @param options.general whether the general part is for this flag
   */
  lookup(
    command: string,
    flag: string,
    options: { readonly general: boolean },
  ): { value: ConfigValue; key: string } | undefined;
}

/**
 * Reads the configuration file: `{"data-dir": "…", "station list": {"limit": 20}}`. Keys at the top are flags of every
 * command that has them, an object belongs to the command it names.
 * @returns undefined when there is no file and none is `required`
 * @throws FleetError USAGE naming file and key when it cannot be read, is malformed, or names what does not exist
 */
export function readConfigFile(
  file: { path: string; required: boolean },
  knownCommands: () => readonly KnownCommand[],
): ConfigFile | undefined {
  const source = read(file);
  if (source === undefined) return undefined;
  const commands = knownCommands();
  const general = new Map<string, ConfigValue>();
  const sections = new Map<string, Map<string, ConfigValue>>();
  const anyFlag = [...new Set(commands.flatMap((command) => command.flags))];
  for (const [key, value] of Object.entries(parse(file.path, source))) {
    if (isObject(value)) {
      const command = knownCommand(file.path, key, commands);
      sections.set(command.id, section(file.path, key, value, command.flags));
    } else {
      general.set(knownFlag(file.path, key, key, anyFlag), usable(file.path, key, value));
    }
  }
  return {
    path: file.path,
    lookup(command, flag, { general: isGeneral }) {
      const own = sections.get(command)?.get(flag);
      if (own !== undefined) return { value: own, key: `${command.replaceAll(':', ' ')}.${flag}` };
      const value = isGeneral ? general.get(flag) : undefined;
      return value === undefined ? undefined : { value, key: flag };
    },
  };
}

function read({ path, required }: { path: string; required: boolean }): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    const reason = code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${String(code)})`;
    throw new FleetError('USAGE', `The configuration file ${path} is no use: ${reason}.`, { cause: error });
  }
}

function parse(path: string, source: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(source);
  } catch (error) {
    // The parser's message quotes the file, which may hold secrets.
    throw new FleetError('USAGE', `The configuration file ${path} is not JSON.`, { cause: error });
  }
  if (isObject(content)) return content;
  throw new FleetError('USAGE', `The configuration file ${path} does not hold a JSON object.`);
}

function section(
  path: string,
  name: string,
  values: Record<string, unknown>,
  flags: readonly string[],
): Map<string, ConfigValue> {
  const entries = Object.entries(values).map(([flag, value]): [string, ConfigValue] => {
    const key = `${name}.${flag}`;
    return [knownFlag(path, key, flag, flags), usable(path, key, value)];
  });
  return new Map(entries);
}

function knownCommand(path: string, key: string, commands: readonly KnownCommand[]): KnownCommand {
  const id = key
    .trim()
    .split(/[\s:]+/)
    .join(':');
  const command = commands.find((known) => known.id === id);
  if (command) return command;
  const near = nearest(
    id,
    commands.map((known) => known.id),
  );
  throw new FleetError(
    'USAGE',
    `The configuration file ${path} names a command that does not exist: "${key}".`,
    {
      suggestions: near ? [`"${near.replaceAll(':', ' ')}" in ${path}`] : [],
    },
  );
}

function knownFlag(path: string, key: string, flag: string, flags: readonly string[]): string {
  if (flags.includes(flag)) return flag;
  if (/^(evfleet[-_])?(api[-_]?key|key|token)$/i.test(flag)) throw noKeys(path, key);
  const near = nearest(flag, flags);
  throw new FleetError(
    'USAGE',
    `The configuration file ${path} names a flag that does not exist: "${key}".`,
    {
      suggestions: near ? [`"${near}" in ${path}`] : [],
    },
  );
}

function noKeys(path: string, key: string): FleetError {
  const message = `"${key}" in the configuration file ${path} is no place for a key: such files are shared and copied.`;
  return new FleetError('USAGE', message, {
    suggestions: [
      'evfleet login, which keeps one in a file of its own',
      '"api-key-file" there, with the name of a file that holds only the key',
    ],
  });
}

function usable(path: string, key: string, value: unknown): ConfigValue {
  if (isScalar(value)) return value;
  if (Array.isArray(value) && value.every((item) => isScalar(item) && typeof item !== 'boolean'))
    return value;
  const message = `The configuration file ${path} has no text, number, true, false or list of them at "${key}".`;
  throw new FleetError('USAGE', message);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
