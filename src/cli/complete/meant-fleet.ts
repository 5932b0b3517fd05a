import { readFileSync } from 'node:fs';
import { configFile, dataDir } from '../paths.js';
import { chosenServer, type ServerChoice } from '../remote/server-choice.js';
import type { TypedLine } from './typed-line.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The fleet that the command on the line would work on. */
export type MeantFleet =
  | { readonly server: ServerChoice }
  | { readonly server: undefined; readonly dataDir: string };

/**
 * By the flags on the line, else the environment, else the configuration file, as the command itself finds out; but what
 * is wrong there is passed over.
 * @throws FleetError when the line names two places
 */
export async function meantFleet({ flags, command }: TypedLine, env: Env): Promise<MeantFleet> {
  const config = new Config(env, command?.id.replaceAll(':', ' ') ?? '');
  const value = (name: string) => flags.get(name)?.at(-1) ?? filled(env[variable(name)]) ?? config.text(name);
  const isOn = (name: string) =>
    flags.has(name) || /^(1|true|yes|y|on)$/i.test(filled(env[variable(name)]) ?? config.text(name) ?? '');
  const given = value('server');
  const { normalizedServerUrl } = await import('../remote/server-url.js');
  const server = chosenServer(
    {
      server: given === undefined || given === 'local' ? given : normalizedServerUrl(given),
      'server-ca': value('server-ca'),
      'api-key-file': value('api-key-file'),
      'allow-plain-http': isOn('allow-plain-http'),
    },
    { typed: new Set(flags.keys()), env },
  );
  return server ? { server } : { server, dataDir: dataDir(untilded(value('data-dir'), env), env) };
}

function variable(flag: string): string {
  return `EVFLEET_${flag.replaceAll('-', '_').toUpperCase()}`;
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** A shell replaces these when it runs the line; it has only been read. */
function untilded(directory: string | undefined, env: Env): string | undefined {
  return directory?.replace(/^(\$HOME|\$\{HOME\})(?=\/|$)/, env.HOME ?? '~');
}

class Config {
  readonly #general: Readonly<Record<string, unknown>>;
  readonly #own: Readonly<Record<string, unknown>>;

  constructor(env: Env, command: string) {
    this.#general = read(configFile(env).path);
    const own = this.#general[command];
    this.#own = typeof own === 'object' && own !== null ? { ...own } : {};
  }

  text(flag: string): string | undefined {
    const value = this.#own[flag] ?? this.#general[flag];
    return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
  }
}

function read(path: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof content === 'object' && content !== null ? { ...content } : {};
  } catch {
    return {};
  }
}
