import {
  type Entry,
  entryLines,
  helpWidth,
  paragraphs,
  section,
  typedLines,
  widestTerm,
} from './help-layout.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

export interface HelpFlag {
  readonly name: string;
  readonly char?: string | undefined;
  readonly type: 'boolean' | 'option';
  readonly summary: string;
  /** The section it stands in; its own flags when left out. */
  readonly group?: string | undefined;
  readonly allowNo: boolean;
  readonly isRequired: boolean;
  readonly isMultiple: boolean;
  readonly default?: string | undefined;
  readonly options: readonly string[];
  /** What stands for the value, `<file>`. */
  readonly value?: string | undefined;
  /** Flags that do not go together with it. */
  readonly exclusive: readonly string[];
  /** Flags without which it means nothing. */
  readonly needs: readonly string[];
  /** The environment variable; null when there is none. */
  readonly variable: string | null;
}

interface HelpArgument {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly options: readonly string[];
}

export interface HelpExample {
  readonly description?: string | undefined;
  readonly command: string;
}

/** All that is to be said of a command; also what `help --json` gives. */
export interface HelpCommand {
  readonly program: string;
  /** `station list` */
  readonly command: string;
  readonly summary: string;
  readonly description: string;
  /** Each complete: `evfleet station show ID [flags]`. */
  readonly usage: readonly string[];
  readonly arguments: readonly HelpArgument[];
  readonly flags: readonly HelpFlag[];
  readonly examples: readonly HelpExample[];
}

/** Own flags first, then those that many commands share, those of all commands last. */
const groups: readonly { readonly name: string | undefined; readonly title: string }[] = [
  { name: undefined, title: 'FLAGS' },
  { name: 'STATIONS', title: 'WHICH STATIONS' },
  { name: 'LIST', title: 'FLAGS OF LISTS' },
  { name: 'GLOBAL', title: 'FLAGS OF EVERY COMMAND' },
];

/** The help of a command; its examples come last, where they are seen first. */
export function renderHelpCommand(help: HelpCommand, terminal: Terminal): string {
  const { summary, description, usage, flags, examples } = help;
  const lines = [
    wrap(summary, helpWidth(terminal)),
    ...section(
      'USAGE',
      usage.flatMap((line) => wrappedUsage(line, terminal)),
      terminal,
    ),
    ...section('ARGUMENTS', entryLines(help.arguments.map(argumentEntry), terminal), terminal),
    ...flagSections(flags, terminal),
    ...section('MORE', description === '' ? [] : paragraphs(description, terminal), terminal),
    ...section(
      'EXAMPLES',
      examples.flatMap((example) => exampleLines(example, terminal)),
      terminal,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function wrappedUsage(line: string, terminal: Terminal): string[] {
  const [first = '', ...rest] = wrap(line, helpWidth(terminal) - 4, { begun: 0, indent: 4 }).split('\n');
  return [...typedLines(first, terminal), ...rest.map((more) => `    ${more.trimStart()}`)];
}

function flagSections(flags: readonly HelpFlag[], terminal: Terminal): readonly string[] {
  const own = new Set(flags.map(({ group }) => group));
  const known = new Set(groups.map(({ name }) => name));
  const others = [...own]
    .filter((name) => !known.has(name))
    .map((name) => ({ name, title: `FLAGS: ${name}` }));
  const [first, ...shared] = groups;
  const order = [...(first ? [first] : []), ...others, ...shared];
  const prefix = ownPrefix(flags);
  const sections = order.map(({ name, title }) => {
    const members = flags.filter(({ group }) => group === name).toSorted(byName);
    return { title, name, entries: members.map((flag) => flagEntry(flag, prefix, terminal)) };
  });
  const width = sections.reduce((most, { entries }) => Math.max(most, widestTerm(entries)), 0);
  return sections.flatMap(({ title, name, entries }) => {
    const lines = entryLines(entries, terminal, width);
    const rule = entries.length === 0 ? undefined : ruleOf(name, prefix);
    return section(title, rule === undefined ? lines : [...lines, ...paragraphs(rule, terminal)], terminal);
  });
}

/** How the variables of a section are named, where it has to be said. */
function ruleOf(group: string | undefined, prefix: string | undefined): string | undefined {
  if (group === 'GLOBAL') return 'What is not typed comes from variables: --data-dir from EVFLEET_DATA_DIR.';
  if (group === undefined && prefix !== undefined) return `Variables of these flags begin with ${prefix}_.`;
  return undefined;
}

/** So many flags must have variables with the same beginning before it is told once for all. */
const ownPrefixMin = 3;

/** `EVFLEET_USER`, when that is what the variables of the command's own flags begin with. */
function ownPrefix(flags: readonly HelpFlag[]): string | undefined {
  const own = flags.filter(({ group }) => group === undefined);
  const prefixes = own.map(({ name, variable }) => {
    const end = variableOf(name).slice('EVFLEET'.length);
    return variable?.endsWith(end) ? variable.slice(0, -end.length) : '';
  });
  const [first = ''] = prefixes;
  const isShared = prefixes.length >= ownPrefixMin && prefixes.every((prefix) => prefix === first);
  return isShared && first !== '' && first !== 'EVFLEET' ? first : undefined;
}

function byName(one: HelpFlag, other: HelpFlag): number {
  return one.name < other.name ? -1 : 1;
}

function argumentEntry({ name, description, isRequired, options }: HelpArgument): Entry {
  return {
    term: name.toUpperCase(),
    meaning: joined([
      sentence(description),
      options.length > 0 && `One of ${options.join(', ')}.`,
      !isRequired && 'May be left out.',
    ]),
  };
}

function flagEntry(flag: HelpFlag, prefix: string | undefined, terminal: Terminal): Entry {
  const { paint } = terminal;
  const char = flag.char === undefined ? '    ' : `-${flag.char}, `;
  const name = flag.allowNo ? `--[no-]${flag.name}` : `--${flag.name}`;
  const notes = [
    flag.default !== undefined && flag.type === 'option' && `${flag.default} when left out`,
    flag.exclusive.length > 0 && `not with ${names(flag.exclusive)}`,
    flag.needs.length > 0 && `needs ${names(flag.needs)}`,
    flag.variable === null && !/variable/.test(flag.summary) && 'no variable',
    isOdd(flag, prefix) && `variable ${flag.variable}`,
  ].filter((note) => note !== false);
  return {
    term: `${char}${name}${flag.type === 'option' ? ` ${valueName(flag)}` : ''}`,
    meaning: joined([
      sentence(flag.summary),
      flag.options.length > 0 && !isShort(flag.options) && `One of ${flag.options.join(', ')}.`,
      flag.isMultiple && !/repeat/i.test(flag.summary) && 'May be repeated.',
      flag.isRequired && 'Required.',
      notes.length > 0 && paint.dim(`(${notes.join('; ')})`),
    ]),
  };
}

function valueName({ value, options }: HelpFlag): string {
  return value ?? (isShort(options) ? options.join('|') : options.length > 0 ? '<one>' : '<value>');
}

/** So few that they can stand in the place of the value. */
function isShort(options: readonly string[]): boolean {
  return options.length > 0 && options.join('|').length <= 20;
}

function names(flags: readonly string[]): string {
  return flags.map((name) => `--${name}`).join(', ');
}

/** The rule by which a variable is named; help tells only of those that follow another. */
function variableOf(flag: string): string {
  return `EVFLEET_${flag.replaceAll('-', '_').toUpperCase()}`;
}

/** Whether its variable follows no rule that the help tells. */
function isOdd({ name, group, variable }: HelpFlag, prefix: string | undefined): boolean {
  const end = variableOf(name).slice('EVFLEET'.length);
  const expected = group === undefined && prefix !== undefined ? prefix + end : variableOf(name);
  return variable !== null && variable !== expected;
}

function exampleLines({ description, command }: HelpExample, terminal: Terminal): string[] {
  const said = description === undefined ? [] : [terminal.paint.dim(`  # ${description}`)];
  return [...said, ...typedLines(command, terminal)];
}

function joined(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== '').join(' ');
}

function sentence(text: string): string {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}
