import type { FleetError } from '../domain/errors.js';
import { harmless, oneLine } from '../views/format.js';
import { createTerminal } from '../views/terminal.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly exitCode: number;
    readonly suggestions: readonly string[];
  };
}

export interface ReportOptions {
  readonly json: boolean;
  readonly noColor?: boolean;
  /** When it is not the code of the catalogue, as after a signal. */
  readonly exitCode?: number | undefined;
  /** The document on one line, because lines of NDJSON went before it. */
  readonly oneLine?: boolean;
}

export function errorDocument(error: FleetError, exitCode: number = error.exitCode): ErrorDocument {
  const { code, message, suggestions } = error;
  return { error: { code, message, exitCode, suggestions } };
}

export function toJson(document: unknown, indent = 2): string {
  return `${JSON.stringify(document ?? null, null, indent)}\n`;
}

/** Says what went wrong, on stderr for people or as one JSON document on stdout, and sets the exit code of the process. */
export function report(error: FleetError, options: ReportOptions): void {
  const exitCode = options.exitCode ?? error.exitCode;
  process.exitCode = exitCode;
  if (options.json) process.stdout.write(toJson(errorDocument(error, exitCode), options.oneLine ? 0 : 2));
  else process.stderr.write(errorText(error, options));
  if (debugging(process.env)) process.stderr.write(`${stackOf(error)}\n`);
}

/** A line on stderr besides the data: a note, a warning, a confirmation. Much of it may be what a server sent. */
export function sayOnStderr(line: string): void {
  process.stderr.write(`${harmless(line)}\n`);
}

function errorText(error: FleetError, { noColor = false }: ReportOptions): string {
  const flags = { 'no-color': noColor };
  const { paint } = createTerminal({ stdout: process.stderr, env: process.env, flags });
  const head = `${paint.red.bold('Error:')} ${oneLine(error.message)}\n`;
  return head + error.suggestions.map((suggestion) => `${hint(oneLine(suggestion))}\n`).join('');
}

/** A command or flag is something to try; a whole sentence speaks for itself. */
function hint(suggestion: string): string {
  return /^[A-Z].*[.?…]$/.test(suggestion) && !suggestion.startsWith('EVFLEET_')
    ? suggestion
    : `Try: ${suggestion}`;
}

function debugging(env: Env): boolean {
  return Boolean(env.EVFLEET_DEBUG || env.DEBUG);
}

function stackOf(error: FleetError): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${error.cause.stack}` : '';
  return `${error.stack}${cause}`;
}
