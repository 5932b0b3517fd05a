import { resolve } from 'node:path';
import { FleetError } from '../../domain/errors.js';
import { quoteForShell } from '../../domain/shell.js';
import type { ServerChoice } from './server-choice.js';

/** A command line, not a sentence about one, that works on a fleet. */
const commandLine = /^evfleet (?!serve\b|login\b|logout\b)(?!.*--server\b)[^,;]+$/;

/**
 * The same error whose commands to try next are for the server that this one was for: as they are, they would work on
 * the fleet of this machine. Where a variable or a file names the server, it is meant anyway.
 */
export function aimed(error: FleetError, server: ServerChoice | undefined): FleetError {
  if (!server?.isTyped) return error;
  const suggestions = error.suggestions.map((suggestion) =>
    commandLine.test(suggestion) ? `${suggestion} ${typedAgain(server)}` : suggestion,
  );
  return new FleetError(error.code, error.message, { suggestions, cause: error.cause ?? error });
}

/** The flags that have to be typed once more for the next command to get to this server. */
export function typedAgain({ url, caFile, isCaTyped }: ServerChoice): string {
  const authority = isCaTyped && caFile !== undefined ? ` --server-ca ${quoteForShell(caFile)}` : '';
  return `--server ${url}${authority}`;
}

/** The same as variables, which hold wherever the shell goes. */
export function typedOnce({ url, caFile, isCaTyped }: ServerChoice): string {
  const authority =
    isCaTyped && caFile !== undefined ? ` EVFLEET_SERVER_CA=${quoteForShell(resolve(caFile))}` : '';
  return `EVFLEET_SERVER=${url}${authority}`;
}
