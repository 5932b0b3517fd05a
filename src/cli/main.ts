import { Config, Errors, run } from '@oclif/core';
import type { FleetError } from '../domain/errors.js';
import { isTruthy } from './flag-sources.js';
import { report } from './report.js';
import { unknownCommand } from './unknown-command.js';
import { toFleetError } from './usage-errors.js';

type LoadOptions = Exclude<Parameters<typeof Config.load>[0], string | undefined>;

/** Runs one command line and ends the process with its exit code, once everything written has left it. */
export async function main(argv: readonly string[], options: LoadOptions): Promise<never> {
  const json = wantsJson(argv);
  process.on('uncaughtException', (error) => {
    report(toFleetError(error), { json: false });
    process.exit();
  });
  try {
    await run([...argv], options);
  } catch (error) {
    // Commands of ours report their own errors; here is what happens before one runs, and the commands of plugins.
    if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit;
    else report(await startError(error, argv, options), { json });
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit();
}

async function startError(
  error: unknown,
  argv: readonly string[],
  options: LoadOptions,
): Promise<FleetError> {
  // oclif's message repeats every word of the command line.
  if (!(error instanceof Errors.CLIError && /^command .* not found$/is.test(error.message))) {
    return toFleetError(error);
  }
  const config = await Config.load(options);
  const ids = config.commands.filter((command) => !command.hidden).map((command) => command.id);
  return unknownCommand(config.bin, argv[0] === 'help' ? argv.slice(1) : argv, ids);
}

/** Before a command has parsed its flags. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json') || isTruthy(process.env.EVFLEET_JSON);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}
