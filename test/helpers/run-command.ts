import { fileURLToPath } from 'node:url';
import { type Command, Config, run } from '@oclif/core';
import { reportFailure } from '../../src/cli/failure.js';
import { wantsJson } from '../../src/cli/flags/flag-sources.js';
import { toFleetError } from '../../src/cli/flags/usage-errors.js';
import { report } from '../../src/cli/report.js';

export interface RunOptions {
  /** Replaces the whole environment but PATH and HOME; `EVFLEET_…` of the developer do not get in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes stdout a terminal this wide. */
  readonly columns?: number;
  /** Id the command would have by its file name: `station:list`. */
  readonly id?: string;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Stdout as JSON; throws when it is no single document. */
  readonly json: unknown;
}

const project = fileURLToPath(new URL('../..', import.meta.url));
/** No manifest lies here that would be read, and go stale. */
const noManifest = fileURLToPath(new URL('.', import.meta.url));

/**
 * Runs a command class in this process as `bin/run.js` would, with standard streams captured. Process-wide state (streams,
 * environment, exit code) is put back, so runs of one test file must not overlap.
 */
export async function runCommand(
  CommandClass: Command.Class | (new (argv: string[], config: Config) => Command),
  argv: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  const command = CommandClass as Command.Class;
  if (options.id !== undefined) command.id = options.id;
  const config = await emptyConfig();
  return captured(options, async () => {
    try {
      await command.run([...argv], config);
    } catch (error) {
      report(toFleetError(error), { json: wantsJson(argv, process.env) });
    }
  });
}

/** Runs the whole program in this process, from the build as `bin/run.js` does: commands are found as users find them. */
export async function runProgram(
  argv: readonly string[],
  { root = project, ...options }: RunOptions & { readonly root?: string } = {},
): Promise<RunResult> {
  const location = { root, userPlugins: false, devPlugins: false };
  // oclif would look for the sources instead of the build.
  const env = { ...options.env, NODE_ENV: 'production' };
  return captured({ ...options, env }, async () => {
    const { argv: own } = process;
    process.argv = [...own.slice(0, 2), ...argv];
    try {
      await run([...argv], location);
    } catch (error) {
      await reportFailure(error, argv, location);
    } finally {
      process.argv = own;
    }
  });
}

/** Captures what `work` says, in an environment of its own. */
async function captured(options: RunOptions, work: () => Promise<void>): Promise<RunResult> {
  const restore = [replaceEnv(options.env ?? {}), replaceColumns(options.columns), replaceExitCode()];
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  let exitCode: number;
  try {
    await work();
  } finally {
    stdout.stop();
    stderr.stop();
    exitCode = Number(process.exitCode ?? 0);
    for (const undo of restore) undo();
  }
  return {
    stdout: stdout.text(),
    stderr: stderr.text(),
    exitCode,
    get json() {
      return JSON.parse(stdout.text());
    },
  };
}

/** The program's own settings without its commands, so that tests need no build. */
async function emptyConfig(): Promise<Config> {
  const pjson = {
    name: 'evfleet',
    version: '0.0.0',
    oclif: { bin: 'evfleet', topicSeparator: ' ' as const },
  };
  const config = new Config({ root: noManifest, pjson: { ...pjson, type: 'module' } });
  await config.load();
  return config;
}

function capture(stream: NodeJS.WriteStream): { text(): string; stop(): void } {
  const original = stream.write;
  const chunks: string[] = [];
  stream.write = (chunk: unknown, encoding?: unknown, callback?: unknown) => {
    chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8'));
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') done();
    return true;
  };
  return {
    text: () => chunks.join(''),
    stop() {
      stream.write = original;
    },
  };
}

function replaceEnv(env: Readonly<Record<string, string>>): () => void {
  const before = process.env;
  const { PATH, HOME, TZ, NODE_ENV } = before;
  const base = { PATH, HOME, TZ, NODE_ENV };
  const kept = Object.fromEntries(Object.entries(base).filter(([, value]) => value !== undefined));
  process.env = { XDG_CONFIG_HOME: '/nonexistent', ...kept, ...env };
  return () => {
    process.env = before;
  };
}

function replaceColumns(columns: number | undefined): () => void {
  const { stdout } = process;
  const before = { isTTY: stdout.isTTY, columns: stdout.columns };
  Object.assign(stdout, { isTTY: columns !== undefined, columns });
  return () => Object.assign(stdout, before);
}

function replaceExitCode(): () => void {
  const before = process.exitCode;
  process.exitCode = undefined;
  return () => {
    process.exitCode = before;
  };
}
