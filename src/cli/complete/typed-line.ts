import type { CommandShape, CommandTree, FlagShape } from './command-tree.js';

/** The words of a line, unquoted, without the program's name. */
export interface Words {
  readonly before: readonly string[];
  /** As far as the cursor. */
  readonly current: string;
  readonly after: readonly string[];
}

/** What the cursor is at. */
type Place =
  /** A word of the command's name; `parent` are those before it. */
  | { readonly at: 'name'; readonly parent: string }
  | { readonly at: 'flag' }
  /** The value of a flag; `start` is what of the word stands before it (`--site=`). */
  | { readonly at: 'value'; readonly flag: FlagShape; readonly start: string }
  /** An argument, counted from 0. */
  | { readonly at: 'argument'; readonly index: number; readonly isFlagPossible: boolean };

export interface TypedLine {
  readonly place: Place;
  readonly command: CommandShape | undefined;
  /** Arguments before the cursor. */
  readonly args: readonly string[];
  /** Flags anywhere else on the line, with their values: '' for those that take none. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

const helpFlag: FlagShape = { name: 'help', char: 'h', type: 'boolean', summary: 'Show help.' };

/** The flags that a command takes, help among them. */
export function flagsOf(command: CommandShape): FlagShape[] {
  return [...Object.values(command.flags).filter(({ hidden }) => !hidden), helpFlag];
}

/** Reads a line as oclif would, as far as one can while it is being typed. */
export function readLine(tree: CommandTree, { before, current, after }: Words): TypedLine {
  const isHelp = before[0] === 'help';
  let id = '';
  let next = isHelp ? 1 : 0;
  for (let word = before[next]; word !== undefined; word = before[next]) {
    const longer = id === '' ? word : `${id}:${word}`;
    if (!tree.has(longer)) break;
    id = longer;
    next += 1;
  }
  const command = tree.command(id);
  const rest = before.slice(next);
  const nothing = { command, args: [], flags: new Map() };
  // After `help` there is nothing but names; behind a word that is none, nothing is known.
  if (isHelp || !command) return { ...nothing, place: { at: 'name', parent: rest.length === 0 ? id : '\0' } };
  const reader = new LineReader(command);
  for (const word of rest) reader.take(word);
  const place = reader.placeOf(current);
  // `store` could be a command and a topic: the next word may still belong to the name.
  const isName = rest.length === 0 && place.at === 'argument' && tree.below(id).length > 0;
  const { args } = reader;
  const flags = new Map(reader.flags);
  const behind = new LineReader(command);
  for (const word of after) behind.take(word);
  for (const [name, values] of behind.flags) flags.set(name, [...(flags.get(name) ?? []), ...values]);
  return { command, args, flags, place: isName ? { at: 'name', parent: id } : place };
}

class LineReader {
  readonly args: string[] = [];
  readonly flags = new Map<string, string[]>();
  readonly #flags: readonly FlagShape[];
  #awaiting: FlagShape | undefined;
  #areFlagsOver = false;

  constructor(command: CommandShape) {
    this.#flags = flagsOf(command);
  }

  take(word: string): void {
    const flag = this.#awaiting;
    this.#awaiting = undefined;
    if (flag) {
      this.#add(flag, word);
    } else if (this.#areFlagsOver || !/^-./.test(word)) {
      this.args.push(word);
    } else if (word === '--') {
      this.#areFlagsOver = true;
    } else if (word.startsWith('--')) {
      this.#takeLong(word);
    } else {
      this.#takeShort(word);
    }
  }

  placeOf(current: string): Place {
    if (this.#awaiting) return { at: 'value', flag: this.#awaiting, start: '' };
    const [, start, name] = /^(--([\w-]+)=)/.exec(current) ?? [];
    if (!this.#areFlagsOver && start !== undefined) {
      const flag = this.#flags.find((known) => known.name === name && known.type === 'option');
      return flag ? { at: 'value', flag, start } : { at: 'flag' };
    }
    if (!this.#areFlagsOver && current.startsWith('-')) return { at: 'flag' };
    return { at: 'argument', index: this.args.length, isFlagPossible: !this.#areFlagsOver };
  }

  #takeLong(word: string): void {
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const flag = this.#flags.find(
      (known) => known.name === name || (known.allowNo === true && `no-${known.name}` === name),
    );
    if (!flag) return;
    if (flag.type === 'boolean') this.#add(flag, '');
    else if (equals >= 0) this.#add(flag, word.slice(equals + 1));
    else this.#awaiting = flag;
  }

  /** `-f file`, `-ffile`, `-qy`. */
  #takeShort(word: string): void {
    for (let at = 1; at < word.length; at += 1) {
      const flag = this.#flags.find(({ char }) => char === word[at]);
      if (!flag) return;
      if (flag.type === 'boolean') {
        this.#add(flag, '');
        continue;
      }
      const value = word.slice(at + 1).replace(/^=/, '');
      if (value === '') this.#awaiting = flag;
      else this.#add(flag, value);
      return;
    }
  }

  #add({ name }: FlagShape, value: string): void {
    this.flags.set(name, [...(this.flags.get(name) ?? []), value]);
  }
}
