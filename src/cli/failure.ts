import { Config, Errors } from '@oclif/core';
import type { FleetError } from '../domain/errors.js';
import { wantsJson } from './flags/flag-sources.js';
import { toFleetError } from './flags/usage-errors.js';
import type { LoadOptions } from './main.js';
import { report } from './report.js';
import { unknownCommand } from './unknown-command.js';

/** Reports an error that no command of ours caught, and sets the exit code of the process. */
export async function reportFailure(
  error: unknown,
  argv: readonly string[],
  options: LoadOptions,
): Promise<void> {
  if (error instanceof Errors.ExitError) process.exitCode = error.oclif.exit;
  else report(await explain(error, argv, options), { json: wantsJson(argv, process.env) });
}

/** Says that standard output is not whole: a script would go on with half a document. */
export function reportLostOutput(error: Error): void {
  report(toFleetError(error), { json: false });
}

async function explain(error: unknown, argv: readonly string[], options: LoadOptions): Promise<FleetError> {
  // oclif's message repeats every word of the command line.
  if (!(error instanceof Errors.CLIError && /^command .* not found$/is.test(error.message))) {
    return toFleetError(error);
  }
  const config = await Config.load(options);
  const ids = config.commands.filter((command) => !command.hidden).map((command) => command.id);
  return unknownCommand(config.bin, argv[0] === 'help' ? argv.slice(1) : argv, ids);
}
