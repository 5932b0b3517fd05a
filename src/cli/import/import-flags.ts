import { Args, Flags } from '@oclif/core';
import type { ImportTable } from '../../domain/import/import-file.js';
import type { ImportOutcome } from '../../operations/import/import-lines.js';
import type { ListView } from '../../views/table.js';
import type { Terminal } from '../../views/terminal.js';
import { csvDelimiters, csvEncodings, readCsv } from '../files/csv-file.js';
import { readFileBytes } from '../files/text-file.js';
import { withEnv, withOwnEnv } from '../flags/flags.js';
import { withProgress } from '../progress.js';
import { type ImportTarget, importFile } from './import-file.js';

const maxBytes = 64 * 1024 * 1024;

export const importArgs = {
  file: Args.string({ required: true, description: 'CSV file; - for standard input' }),
};

/** How a list is read, and what becomes of it. */
export const importFlags = withEnv({
  'if-exists': Flags.option({
    options: ['fail', 'skip', 'update'] as const,
    default: 'fail' as const,
    summary: 'What to do with those that exist already.',
  })(),
  'dry-run': Flags.boolean({ default: false, summary: 'Only say what would happen.' }),
  ...withOwnEnv('csv', {
    'ignore-columns': Flags.string({
      helpValue: 'a,b',
      summary: 'Columns of the file to leave aside, by the names that it gives them.',
    }),
    delimiter: Flags.option({
      options: csvDelimiters,
      summary: 'What separates the cells; found by the first line when left out.',
    })(),
    encoding: Flags.option({
      options: csvEncodings,
      default: 'utf-8' as const,
      summary: 'Characters of the file; UTF-16 is recognized by itself.',
    })(),
  }),
});

/** What every command that imports has. */
export interface ImportCommand {
  readonly args: { readonly file: string };
  readonly flags: {
    readonly 'ignore-columns'?: string | undefined;
    readonly delimiter?: (typeof csvDelimiters)[number] | undefined;
    readonly encoding: (typeof csvEncodings)[number];
  };
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  jsonEnabled(): boolean;
  print(text: string): Promise<void>;
  say(line: string): void;
}

export interface ImportOptions<Line, Key extends string, Column extends string, Options, Result> {
  readonly table: ImportTable<Line, Key, Column, Options>;
  readonly reading: Options;
  /** Lines behind the first. */
  readonly maxRecords: number;
  readonly begin: (columns: Column[]) => Promise<ImportTarget<Line, Key | Column, Result>>;
}

/**
 * Imports the file of a command, with a progress line on a terminal.
 * @throws FleetError USAGE for a file that cannot be read, or that tells of all bad lines
 */
export async function runImport<Line, Key extends string, Column extends string, Options, Result>(
  command: ImportCommand,
  { table, reading, maxRecords, begin }: ImportOptions<Line, Key, Column, Options, Result>,
): Promise<Result> {
  const { args, flags, signal } = command;
  const { file } = args;
  const { delimiter, encoding } = flags;
  const bytes = await readFileBytes(file, { flag: 'FILE', signal, maxBytes });
  const records = await readCsv(bytes, { delimiter, encoding, maxRecords, file });
  const work = {
    what: 'lines',
    total: records.length - 1,
    done: 'sent',
    interrupted: 'nothing was imported.',
    interruptedLast: 'whether they were imported, the list tells.',
  };
  return withProgress(command, work, (onProgress) =>
    importFile(records, table, begin, {
      ignoreColumns: flags['ignore-columns']?.split(',') ?? [],
      reading,
      onProgress,
      signal,
    }),
  );
}

/** Lines that a terminal gets; a program gets all of them. */
const linesOnTerminal = 50;

const changing: ReadonlySet<ImportOutcome> = new Set(['created', 'updated']);

/** What would become of each line, for a person: of those that would change nothing, the number is told anyway. */
export async function printOutcomes<Row extends { readonly outcome: ImportOutcome }>(
  command: Pick<ImportCommand, 'terminal' | 'print' | 'say'>,
  lines: readonly Row[],
  view: ListView<Row>,
): Promise<void> {
  const isPerson = command.terminal.isTTY;
  const telling = isPerson ? lines.filter(({ outcome }) => changing.has(outcome)) : lines;
  if (telling.length === 0 && lines.length > 0) return;
  const shown = isPerson ? telling.slice(0, linesOnTerminal) : telling;
  const { renderList } = await import('../../views/table.js');
  const { text, note } = await renderList(
    shown,
    shown.length,
    view,
    { format: 'table', header: true },
    command.terminal,
  );
  await command.print(text);
  if (note !== undefined) command.say(note);
  if (shown.length < telling.length) {
    command.say(`${shown.length} of ${telling.length.toLocaleString('en')} lines: --json has all of them.`);
  }
}
