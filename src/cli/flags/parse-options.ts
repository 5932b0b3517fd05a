import type { Command, Config, Interfaces } from '@oclif/core';
import { type KnownCommand, readConfigFile } from '../files/config-file.js';
import { configFile } from '../paths.js';
import { withSources } from './flag-sources.js';
import { globalFlags } from './flags.js';

interface Parsing {
  readonly ctor: typeof Command;
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
}

/** What a command's line is parsed with: its flags, with values from environment and configuration file as defaults. */
export function parseOptions(command: Command, { ctor, config, env }: Parsing) {
  const known = () => knownCommands(command.id ?? '', ctor, config);
  const sources = { env, config: readConfigFile(configFile(env), known) };
  return {
    args: withoutStdin(ctor.args),
    baseFlags: withSources(globalFlags, sources, command),
    constraints: ctor.constraints,
    enableJsonFlag: ctor.enableJsonFlag,
    flags: withSources(ctor.flags ?? {}, sources, command),
    strict: ctor.strict,
  };
}

/** Names of the flags that stand on the command line. */
export function typedFlags(tokens: Interfaces.ParserOutput['raw']): ReadonlySet<string> {
  return new Set(tokens.flatMap((token) => (token.type === 'flag' ? [token.flag] : [])));
}

/** What the configuration file may name: the commands of the manifest, and this one. */
function knownCommands(id: string, ctor: typeof Command, { commands }: Config): KnownCommand[] {
  const own = { id, flags: Object.keys({ ...globalFlags, ...ctor.flags }) };
  const others = commands.filter((command) => command.id !== id);
  return [own, ...others.map((command) => ({ id: command.id, flags: Object.keys(command.flags) }))];
}

/** oclif fills a missing argument from whatever standard input gives within 10 ms; that input is meant for others. */
function withoutStdin(args: Interfaces.ArgInput): Interfaces.ArgInput {
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]));
}
