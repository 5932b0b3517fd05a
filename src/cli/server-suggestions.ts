import { FleetError } from '../domain/errors.js';
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
    commandLine.test(suggestion) ? `${suggestion} --server ${server.url}` : suggestion,
  );
  return new FleetError(error.code, error.message, { suggestions, cause: error.cause ?? error });
}
