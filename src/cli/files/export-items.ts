import path from 'node:path';
import { Flags } from '@oclif/core';
import { FleetError } from '../../domain/errors.js';
import { plural } from '../../domain/plural.js';
import { itemsOf } from '../../operations/batches.js';
import type { Terminal } from '../../views/terminal.js';
import { namedFile, outputFlag } from '../flags/output-flag.js';
import { writeText } from '../output.js';
import { isWatched, withProgress } from '../progress.js';
import { type ExportFormat, exportChunks, exportFile, exportFormats } from './export.js';

/** Where an export goes and what it looks like. */
export const exportFlags = {
  format: Flags.option({
    options: exportFormats,
    summary: 'Form of the export: that of the name of the file when left out (.xlsx, .jsonl), else csv.',
  })(),
  output: outputFlag,
};

/** What every export says of its columns. */
export function exportDescription({ columns }: { readonly columns: object }): string {
  return `The columns of CSV and Excel and the keys of JSON are the same and keep their order:
${Object.keys(columns).join(', ')}. Times are UTC.`;
}

export interface ExportPlan<Item extends object> {
  /** One of them: `session`. */
  readonly noun: string;
  readonly batches: AsyncIterable<readonly Item[]>;
  /** Names and order of the columns. */
  readonly columns: readonly string[];
  /** Those that hold instants. */
  readonly times: readonly (keyof Item & string)[];
  /** How many there will be; asked for where somebody sees the progress. */
  readonly total?: () => Promise<number>;
}

/** What of a command is needed here. */
interface Command {
  readonly flags: { readonly format?: ExportFormat | undefined; readonly output?: string | undefined };
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  jsonEnabled(): boolean;
  say(line: string): void;
  streamJsonArray(items: AsyncIterable<unknown>): Promise<void>;
}

/**
 * Exports items to where the flags say; gives the result of the command.
 * @throws FleetError USAGE when an Excel file would go to a terminal, or be JSON
 */
export async function exportItems<Item extends object>(
  command: Command,
  { noun, batches, columns, times, total }: ExportPlan<Item>,
): Promise<Record<string, unknown> | undefined> {
  const output = namedFile(command.flags.output);
  const { signal } = command;
  const format = command.flags.format ?? formatOf(output);
  if (output !== undefined) {
    const work = {
      what: `${noun}s`,
      done: 'read',
      interrupted: `${output} was not written.`,
      total: isWatched(command) ? await total?.() : undefined,
    };
    const count = await withProgress(command, work, (onCount) =>
      exportFile(output, batches, { format, columns, times, signal, onCount }),
    );
    command.say(`Exported ${plural(count, noun)} to ${output}.`);
    return { output, format, [`${noun}s`]: count };
  }
  if (format === 'xlsx' && (process.stdout.isTTY || command.jsonEnabled())) {
    const where = command.jsonEnabled() ? 'no JSON' : 'nothing to look at on a terminal';
    throw new FleetError('USAGE', `An Excel file is ${where}; name a file.`, {
      suggestions: [`--output ${noun}s.xlsx`],
    });
  }
  if (command.jsonEnabled()) await command.streamJsonArray(itemsOf(batches));
  else
    for await (const chunk of exportChunks(batches, { format, columns, times }))
      await writeText(chunk, signal);
  return undefined;
}

function formatOf(output: string | undefined): ExportFormat {
  switch (path.extname(output ?? '').toLowerCase()) {
    case '.xlsx':
      return 'xlsx';
    case '.jsonl':
    case '.ndjson':
      return 'json-lines';
    default:
      return 'csv';
  }
}
