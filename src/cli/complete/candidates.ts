import { type Candidate, type FindNames, fits, plainWords } from './candidate.js';
import type { CommandShape, CommandTree, FlagShape } from './command-tree.js';
import { compounds } from './compound-values.js';
import { flagsOf, readLine, type TypedLine, type Words } from './typed-line.js';
import { type ValueSource, valueSource } from './value-sources.js';

/** What may stand where the cursor is. */
export interface Candidates {
  readonly words: readonly Candidate[];
  /** Whether the shell is to offer what lies in the file system. */
  readonly files: 'none' | 'files' | 'directories';
  /** What of the word stands before the value: `--site=`. */
  readonly start: string;
}

/** Of which fleet, and how it is asked. */
export interface Sources {
  readonly tree: CommandTree;
  /** By the flags on the line: which fleet is meant is among them. */
  readonly namesFor: (line: TypedLine) => FindNames;
  /** The servers that somebody has logged in to. */
  readonly servers: () => Promise<readonly string[]>;
}

/** The candidates for a word, in the order in which they are best offered; those that do not begin like it left out. */
export async function candidatesFor(words: Words, sources: Sources): Promise<Candidates> {
  const line = readLine(sources.tree, words);
  const found = await candidatesAt(line, words.current, sources);
  return { ...found, words: found.words.filter(({ word }) => fits(word, words.current)) };
}

async function candidatesAt(line: TypedLine, current: string, sources: Sources): Promise<Candidates> {
  const { place, command } = line;
  if (place.at === 'name') return only(nameWords(sources.tree, place.parent));
  if (!command) return only([]);
  if (place.at === 'flag') return only(flagWords(line, command, current));
  if (place.at === 'value') {
    const { flag, start } = place;
    const asked = { name: flag.name, options: flag.options, typed: current.slice(start.length) };
    const found = await valuesOf(asked, { line, command, sources });
    return { ...found, start, words: found.words.map((one) => ({ ...one, word: start + one.word })) };
  }
  const arg = argumentAt(line, command, place.index);
  const found = arg ? await valuesOf({ ...arg, typed: current }, { line, command, sources }) : only([]);
  // What can only be a flag is one.
  const isOver = arg === undefined && current === '' && place.isFlagPossible;
  return isOver ? only(flagWords(line, command, '--')) : found;
}

function only(words: readonly Candidate[]): Candidates {
  return { words, files: 'none', start: '' };
}

function nameWords(tree: CommandTree, parent: string): Candidate[] {
  return tree.below(parent).map(({ word, about }) => ({ word, about }));
}

/** Flags of stations, when there are some: then the first argument is none. */
const targetFlags = ['site', 'group', 'selector', 'all', 'from-file'];

function argumentAt({ flags }: TypedLine, { args, strict, flags: known }: CommandShape, index: number) {
  const all = Object.values(args);
  const isBulk = known['from-file'] !== undefined && all[0]?.name === 'station';
  const left = isBulk && targetFlags.some((name) => flags.has(name)) ? all.slice(1) : all;
  return left[index] ?? (strict === false ? left.at(-1) : undefined);
}

/** The flags that can still be given: each once unless it can be repeated, and none that does not go with another. */
function flagWords({ flags }: TypedLine, command: CommandShape, current: string): Candidate[] {
  const known = flagsOf(command);
  const excluded = new Set(known.flatMap(({ name, exclusive = [] }) => (flags.has(name) ? exclusive : [])));
  const possible = known.filter(
    ({ name, multiple, exclusive = [] }) =>
      (multiple === true || !flags.has(name)) &&
      !excluded.has(name) &&
      !exclusive.some((other) => flags.has(other)),
  );
  const isShort = !current.startsWith('--');
  return possible.sort((a, b) => rank(a) - rank(b)).flatMap((flag) => formsOf(flag, { isShort }));
}

/** Those of every command come last. */
function rank({ name, helpGroup }: FlagShape): number {
  if (name === 'help') return 3;
  return helpGroup === 'GLOBAL' ? 2 : helpGroup === 'LIST' ? 1 : 0;
}

function formsOf(
  { name, char, allowNo, summary = '' }: FlagShape,
  { isShort }: { isShort: boolean },
): Candidate[] {
  const forms = [`--${name}`];
  if (allowNo === true) forms.push(`--no-${name}`);
  if (char !== undefined && isShort) forms.push(`-${char}`);
  return forms.map((word) => ({ word, about: summary }));
}

interface Asked {
  readonly name: string;
  readonly options?: readonly string[] | undefined;
  readonly typed: string;
}

interface Where {
  readonly line: TypedLine;
  readonly command: CommandShape;
  readonly sources: Sources;
}

async function valuesOf({ name, options, typed }: Asked, where: Where): Promise<Candidates> {
  if (options !== undefined) return only(plainWords(options));
  const source = valueSource(where.command.id, name);
  if (source === 'file') return { ...only([]), files: 'files' };
  if (source === 'directory') return { ...only([]), files: 'directories' };
  return only(await wordsOf(source, typed, where));
}

async function wordsOf(source: ValueSource, typed: string, where: Where): Promise<readonly Candidate[]> {
  if (source === 'server') return plainWords(['local', ...(await where.sources.servers())]);
  if (typeof source === 'string') return [];
  if ('words' in source) return plainWords(source.words);
  const { line, command, sources } = where;
  const names = sources.namesFor(line);
  const station = stationOf(line, command);
  if ('compound' in source) {
    return compounds[source.compound]({ commandId: command.id, typed, station, names });
  }
  const found: Candidate[] = [];
  for (const kind of source.names) {
    const site = kind === 'floor' ? line.flags.get('site')?.at(-1) : undefined;
    const [vendor, model] = ['vendor', 'model'].map((flag) => line.flags.get(flag)?.at(-1));
    // A connector is of a station; of none in particular there are hundreds of the same number.
    if (kind === 'connector' && station === undefined) continue;
    for (const named of await names({ kind, prefix: typed, station, site, vendor, model })) {
      const isTwice = line.args.includes(named.name) || found.some(({ word }) => word === named.name);
      if (!isTwice || typed === named.name) found.push({ word: named.name, about: named.about });
    }
  }
  return found;
}

/** The station that the line is about. */
function stationOf({ args, flags }: TypedLine, command: CommandShape): string | undefined {
  const at = Object.keys(command.args).findIndex((name) => name === 'station' || name === 'target');
  const isByFlag = targetFlags.some((name) => name !== 'site' && flags.has(name));
  return (at >= 0 && !isByFlag ? args[at] : undefined) ?? flags.get('station')?.at(-1);
}
