import type { Command, Config } from '@oclif/core';
import type { HelpCommand, HelpExample, HelpFlag } from '../views/help-command.js';
import type { HelpLine, HelpRoot, HelpTopic } from '../views/help-overview.js';
import { helpGroups } from './help-groups.js';
import { unknownCommand } from './unknown-command.js';

export type HelpPage =
  | { readonly kind: 'root'; readonly page: HelpRoot }
  | { readonly kind: 'topic'; readonly page: HelpTopic }
  | { readonly kind: 'command'; readonly page: HelpCommand };

type Known = Pick<Config, 'bin' | 'version' | 'pjson' | 'commands' | 'topics'>;

/**
 * What is to be said of the words of a command line. What follows the words of a command is its own affair.
 * @throws FleetError USAGE when they lead nowhere, with what may have been meant
 */
export function helpPage(config: Known, words: readonly string[]): HelpPage {
  if (words.length === 0) return { kind: 'root', page: root(config) };
  const commands = visible(config);
  for (let length = words.length; length > 0; length -= 1) {
    const id = words.slice(0, length).join(':');
    const found = commands.find((command) => command.id === id);
    if (found) return { kind: 'command', page: commandPage(found, config) };
    const isTopic = length === words.length && commands.some((command) => command.id.startsWith(`${id}:`));
    if (isTopic) return { kind: 'topic', page: topicPage(id, config) };
  }
  const ids = commands.map(({ id }) => id);
  throw unknownCommand(config.bin, words, ids);
}

/** First words that no group of the root help has. */
export function withoutGroup(config: Pick<Config, 'commands'>): readonly string[] {
  const grouped = new Set(helpGroups.flatMap(({ words }) => words));
  const first = visible(config).map(({ id }) => id.split(':', 1)[0] ?? id);
  return [...new Set(first)].filter((word) => !grouped.has(word));
}

function visible({ commands }: Pick<Config, 'commands'>): Command.Loadable[] {
  return commands.filter(({ hidden }) => !hidden);
}

function root(config: Known): HelpRoot {
  const { bin, version, pjson } = config;
  const commands = visible(config);
  const lines = (words: readonly string[]) =>
    words
      .filter((word) => commands.some(({ id }) => id === word || id.startsWith(`${word}:`)))
      .map((word) => line(word, config));
  const more = { title: 'More', words: withoutGroup(config) };
  return {
    program: bin,
    version,
    summary: pjson.description ?? bin,
    groups: [...helpGroups, more]
      .map(({ title, words }) => ({ title, entries: lines(words) }))
      .filter(({ entries }) => entries.length > 0),
  };
}

/** What can follow is a command or another topic; of that the commands are told in its own help. */
function topicPage(id: string, config: Known): HelpTopic {
  const depth = id.split(':').length + 1;
  const below = visible(config)
    .filter((command) => command.id.startsWith(`${id}:`))
    .map((command) => command.id.split(':').slice(0, depth).join(':'));
  const names = [...new Set(below)].toSorted();
  return {
    program: config.bin,
    topic: spaced(id),
    summary: line(id, config).summary,
    commands: names.map((name) => line(name, config)),
  };
}

function line(id: string, config: Known): HelpLine {
  const command = config.commands.find((known) => known.id === id);
  const topic = config.topics.find(({ name }) => name === id);
  const said = command?.summary ?? command?.description ?? topic?.description ?? '';
  return { name: spaced(id), summary: filled(said, config).split('\n', 1)[0] ?? '' };
}

function commandPage(command: Command.Loadable, config: Known): HelpCommand {
  const { id, summary, description = '' } = command;
  const fill = (text: string) => filled(text, config, spaced(id));
  const [first = '', ...others] = description.split('\n');
  return {
    program: config.bin,
    command: spaced(id),
    summary: fill(summary ?? first),
    description: fill(summary === undefined ? others.join('\n') : description).trim(),
    usage: usage(command, config.bin).map(fill),
    arguments: Object.values(command.args ?? {})
      .filter(({ hidden }) => !hidden)
      .map(({ name, description: said = '', required = false, options = [] }) => ({
        name,
        description: fill(said),
        isRequired: required,
        options,
      })),
    flags: Object.values(command.flags ?? {})
      .filter(({ hidden }) => !hidden)
      .map((flag, _index, all) => toFlag(flag, all, fill)),
    examples: (command.examples ?? []).map((example) => toExample(example, fill)),
  };
}

function usage(
  { id, usage: written, args = {}, flags = {}, strict }: Command.Loadable,
  bin: string,
): string[] {
  if (written !== undefined && written.length > 0)
    return [written].flat().map((words) => `${bin} ${words} [flags]`);
  const shown = Object.values(args).filter(({ hidden }) => !hidden);
  const words = shown.map(({ name, required }, index) => {
    const more = strict === false && index === shown.length - 1 ? '...' : '';
    const word = `${name.toUpperCase()}${more}`;
    return required ? word : `[${word}]`;
  });
  const needed = Object.values(flags)
    .filter(({ required }) => required)
    .map((flag) => `--${flag.name}${flag.type === 'option' ? ` ${flag.helpValue ?? '<value>'}` : ''}`);
  return [[bin, spaced(id), ...words, ...needed, '[flags]'].join(' ')];
}

function toFlag(
  flag: Command.Flag.Cached,
  all: readonly Command.Flag.Cached[],
  fill: (text: string) => string,
): HelpFlag {
  const isOption = flag.type === 'option';
  const standing: unknown = isOption ? flag.default : undefined;
  return {
    name: flag.name,
    char: flag.char,
    type: flag.type,
    summary: fill(flag.summary ?? flag.description ?? ''),
    group: flag.helpGroup,
    allowNo: flag.type === 'boolean' && flag.allowNo === true,
    isRequired: flag.required === true,
    isMultiple: isOption && flag.multiple === true,
    default:
      standing === undefined || typeof standing === 'function' ? undefined : [standing].flat().join(', '),
    options: isOption ? (flag.options ?? []) : [],
    value: isOption && flag.helpValue !== undefined ? [flag.helpValue].flat().join(' ') : undefined,
    exclusive: excluded(flag, all),
    needs: flag.dependsOn ?? [],
    variable: flag.env || null,
  };
}

/** Groups of flags that many commands have. */
const sharedGroups: ReadonlySet<string | undefined> = new Set(['STATIONS', 'LIST', 'GLOBAL']);

/** Those that it names; for an own flag of the command also those that name it. */
function excluded(flag: Command.Flag.Cached, all: readonly Command.Flag.Cached[]): string[] {
  const named = (flag.exclusive ?? []).filter((other) => typeof other === 'string');
  const naming = all.filter(
    ({ exclusive }) => !sharedGroups.has(flag.helpGroup) && exclusive?.some((other) => other === flag.name),
  );
  return [...new Set([...named, ...naming.map(({ name }) => name)])];
}

function toExample(example: Command.Example, fill: (text: string) => string): HelpExample {
  if (typeof example === 'string') return { command: fill(example) };
  return { description: fill(example.description), command: fill(example.command) };
}

function spaced(id: string): string {
  return id.replaceAll(':', ' ');
}

function filled(text: string, { bin }: Pick<Config, 'bin'>, command = ''): string {
  return text.replaceAll('<%= config.bin %>', bin).replaceAll('<%= command.id %>', command);
}
