import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of a command is completed, as oclif.manifest.json has it. */
export interface CommandShape {
  /** With colons: `station:list`. */
  readonly id: string;
  readonly summary?: string;
  readonly hidden?: boolean;
  /** False: any number of words, each as the last argument. */
  readonly strict?: boolean;
  readonly args: Readonly<Record<string, ArgShape>>;
  readonly flags: Readonly<Record<string, FlagShape>>;
}

interface ArgShape {
  readonly name: string;
  readonly description?: string;
  readonly options?: readonly string[];
}

export interface FlagShape {
  readonly name: string;
  readonly type: 'boolean' | 'option';
  readonly char?: string;
  readonly summary?: string;
  readonly options?: readonly string[];
  readonly multiple?: boolean;
  readonly exclusive?: readonly string[];
  readonly allowNo?: boolean;
  readonly hidden?: boolean;
  readonly helpGroup?: string;
}

interface Topic {
  readonly description?: string;
  readonly subtopics?: Readonly<Record<string, Topic>>;
}

/** Commands and topics, by what is typed of them. */
export class CommandTree {
  readonly #commands: ReadonlyMap<string, CommandShape>;
  readonly #topics: ReadonlyMap<string, string>;

  constructor(commands: readonly CommandShape[], topics: Readonly<Record<string, Topic>> = {}) {
    this.#commands = new Map(
      commands.filter(({ hidden }) => !hidden).map((command) => [command.id, command]),
    );
    const described = new Map<string, string>();
    // Topics that nobody has described are there all the same.
    for (const id of this.#commands.keys()) {
      for (let at = id.indexOf(':'); at > 0; at = id.indexOf(':', at + 1)) described.set(id.slice(0, at), '');
    }
    describe(topics, '', described);
    this.#topics = described;
  }

  /** The tree of the program at `root`; a megabyte of JSON less than oclif makes of it. */
  static read(root: string): CommandTree {
    const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'));
    const { oclif } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return new CommandTree(Object.values(manifest.commands), oclif.topics);
  }

  get commands(): Iterable<CommandShape> {
    return this.#commands.values();
  }

  command(id: string): CommandShape | undefined {
    return this.#commands.get(id);
  }

  has(id: string): boolean {
    return this.#commands.has(id) || this.#topics.has(id);
  }

  /** The words that can follow, with what they are; `parent` is '' at the beginning. */
  below(parent: string): { word: string; about: string }[] {
    const start = parent === '' ? '' : `${parent}:`;
    const found = new Map<string, string>();
    for (const [id, about] of this.#topics) add(found, id, start, about);
    for (const [id, { summary = '' }] of this.#commands) add(found, id, start, summary);
    return [...found].map(([word, about]) => ({ word, about })).sort((a, b) => (a.word < b.word ? -1 : 1));
  }
}

function add(found: Map<string, string>, id: string, start: string, about: string): void {
  const word = id.slice(start.length);
  if (id.startsWith(start) && !word.includes(':') && !found.get(word)) found.set(word, about);
}

function describe(topics: Readonly<Record<string, Topic>>, start: string, found: Map<string, string>): void {
  for (const [name, { description = '', subtopics = {} }] of Object.entries(topics)) {
    const id = `${start}${name}`;
    if (found.has(id)) found.set(id, description);
    describe(subtopics, `${id}:`, found);
  }
}
