import type { FleetError } from '../domain/errors.js';
import { inAscii } from '../views/ascii.js';
import { harmless, oneLine } from '../views/format.js';
import { createTerminal, type Terminal } from '../views/terminal.js';
import { wrap } from '../views/wrap.js';

type Env = Readonly<Record<string, string | undefined>>;

interface ErrorDocument {
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

function errorDocument(error: FleetError, exitCode: number = error.exitCode): ErrorDocument {
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
  const terminal = createTerminal({ stdout: process.stderr, env: process.env });
  process.stderr.write(`${folded(harmless(line), terminal)}\n`);
}

function errorText(error: FleetError, { noColor = false }: ReportOptions): string {
  const flags = { 'no-color': noColor };
  const terminal = createTerminal({ stdout: process.stderr, env: process.env, flags });
  const message = oneLine(error.message);
  const title = terminal.paint.red.bold('Error:');
  // Whoever pressed Ctrl-C or answered no knows: that is no error.
  const head =
    error.code === 'INTERRUPTED'
      ? folded(message, terminal)
      : folded(`${title} ${message}`, terminal, 'Error: '.length);
  const hints = error.suggestions.map((suggestion) => {
    const said = oneLine(suggestion);
    // What can be typed stays on one line, so that it can be copied as it stands.
    return isSentence(said) ? folded(said, terminal) : `Try: ${said}`;
  });
  return `${[head, ...hints].join('\n')}\n`;
}

/** Broken between words where a person reads; a program gets its lines whole. */
function folded(text: string, { isTTY, isUnicode, columns }: Terminal, indent = 0): string {
  if (!isTTY) return text;
  const lines = wrap(text, columns, { begun: 0, indent });
  return isUnicode ? lines : inAscii(lines);
}

/** A command or flag is something to try; a whole sentence speaks for itself. */
function isSentence(suggestion: string): boolean {
  return /^[A-Z].*[.?…]$/.test(suggestion) && !suggestion.startsWith('EVFLEET_');
}

function debugging(env: Env): boolean {
  return Boolean(env.EVFLEET_DEBUG || env.DEBUG);
}

function stackOf(error: FleetError): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${error.cause.stack}` : '';
  return `${error.stack}${cause}`;
}
