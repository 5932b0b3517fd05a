import { readFileSync } from 'node:fs';
import { operations } from '../../src/operations/registry.js';

/** What the manifest tells of a flag. */
export interface FlagOf {
  readonly name: string;
  readonly type: 'boolean' | 'option';
  readonly char?: string;
  readonly env?: string;
  readonly summary?: string;
  readonly default?: unknown;
  readonly options?: readonly string[];
  readonly multiple?: boolean;
  readonly required?: boolean;
  readonly helpGroup?: string;
  readonly helpValue?: string;
  readonly allowNo?: boolean;
}

interface ArgOf {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly options?: readonly string[];
}

interface InManifest {
  readonly id: string;
  readonly summary?: string;
  readonly description?: string;
  readonly examples?: readonly string[];
  readonly strict?: boolean;
  readonly enableJsonFlag?: boolean;
  readonly args: Readonly<Record<string, ArgOf>>;
  readonly flags: Readonly<Record<string, FlagOf>>;
}

/** A command as the manifest has it, and what its source says that the manifest does not. */
export interface CommandOf extends InManifest {
  readonly source: string;
  /** Names of the operations that its own file calls. */
  readonly operations: readonly OperationName[];
  /** Whether it changes something: in the fleet, at stations or on this machine. */
  readonly acts: boolean;
}

type OperationName = keyof typeof operations;

/** Of the commands that call no operation in their own file, those that change nothing. */
const onlyRead = new Set(['autocomplete', 'doctor', 'help', 'message:list', 'store:check']);

const root = new URL('../../', import.meta.url);

function toCommand(command: InManifest): CommandOf {
  const source = readFileSync(new URL(`commands/${command.id.replaceAll(':', '/')}.ts`, root), 'utf8');
  const quoted = [...source.matchAll(/'([a-z-]+\.[a-z-]+)'/g)].map(([, name = '']) => name);
  const named = quoted.filter((name): name is OperationName => Object.hasOwn(operations, name));
  const acts =
    named.length > 0 ? named.some((name) => operations[name].effect === 'change') : !onlyRead.has(command.id);
  return { ...command, source, operations: named, acts };
}

const manifest: { readonly commands: Readonly<Record<string, InManifest>> } = JSON.parse(
  readFileSync(new URL('oclif.manifest.json', root), 'utf8'),
);

/** Every command of the program, by id. */
export const commands: readonly CommandOf[] = Object.values(manifest.commands).map((command) =>
  toCommand(command),
);

/** For `it.each`: the name as it is typed, and the command. */
export const named: [string, CommandOf][] = commands.map((command) => [
  command.id.replaceAll(':', ' '),
  command,
]);

/** What a command is about: `alarm`, also for `alarm rule`; its name for those without a noun. */
export function topicOf({ id }: CommandOf): string {
  const [topic = ''] = id.split(':');
  return topic;
}

export function verbOf({ id }: CommandOf): string {
  return id.split(':').at(-1) ?? '';
}
