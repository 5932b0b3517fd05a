import { FleetError } from '../../domain/errors.js';
import { badLines } from '../../domain/import/bad-lines.js';
import {
  type ImportHeader,
  type ImportTable,
  type LineFault,
  readHeader,
  readLine,
} from '../../domain/import/import-file.js';
import type { CsvRecord } from '../files/csv-file.js';

/** What the fleet has against lines: of a column of the import, by its own name. */
export interface ColumnFaults<Column extends string> {
  /** How many there are; the first of them. */
  readonly faultCount: number;
  readonly faults: readonly { readonly line: number; readonly column: Column; readonly message: string }[];
}

/** Where lines go: they are looked at part by part, and become something when all of them have come. */
export interface ImportTarget<Line, Column extends string, Result> {
  /** Lines of a part at most. */
  readonly partMaxLines: number;
  check(lines: (Line & { readonly line: number })[]): Promise<ColumnFaults<Column>>;
  /** Does it, or only says what would be done. */
  finish(): Promise<Result>;
  /** Never fails. */
  discard(): Promise<void>;
}

export interface ImportFileOptions<Options> {
  /** Names of columns to leave aside. */
  readonly ignoreColumns: readonly string[];
  /** What the cells are read with. */
  readonly reading: Options;
  readonly onProgress: (lines: number) => void;
  readonly signal: AbortSignal;
}

/** All faults are counted, so many of them kept: what is wrong with many lines must not hide the rest. */
const faultsKept = 100_000;

/**
 * Sends a list to the fleet part by part, so that neither side holds much of it at once. It takes effect when all of it
 * has come and nothing is wrong with it.
 * @throws FleetError USAGE that tells of all bad lines
 */
export async function importFile<Line, Key extends string, Column extends string, Options, Result>(
  [first, ...records]: readonly CsvRecord[],
  table: ImportTable<Line, Key, Column, Options>,
  begin: (columns: Column[]) => Promise<ImportTarget<Line, Key | Column, Result>>,
  { ignoreColumns, reading, onProgress, signal }: ImportFileOptions<Options>,
): Promise<Result> {
  if (!first) throw new FleetError('USAGE', 'There is nothing in this file.');
  const header = readHeader(first, table, ignoreColumns);
  const faults: LineFault[] = [];
  let count = 0;
  const note = (found: readonly LineFault[], foundCount: number) => {
    count += foundCount;
    for (const fault of found.slice(0, Math.max(0, faultsKept - faults.length))) faults.push(fault);
  };
  const lineOf = new Map<string, number>();
  const isFirst = (line: Line & { readonly line: number }, own: LineFault[]) => {
    const identity = table.identityOf(line);
    const earlier = lineOf.get(identity);
    lineOf.set(identity, earlier ?? line.line);
    if (earlier === undefined) return true;
    own.push({
      line: line.line,
      column: nameIn(header, table.key),
      message: `it is in line ${earlier} already`,
    });
    return false;
  };
  const target = await begin([...header.columns]);
  try {
    for (let at = 0; at < records.length; at += target.partMaxLines) {
      signal.throwIfAborted();
      const part = records.slice(at, at + target.partMaxLines);
      const own: LineFault[] = [];
      const lines = part
        .flatMap((record) => readLine(record, header, table, reading, own) ?? [])
        .filter((line) => isFirst(line, own));
      note(own, own.length);
      const { faults: found, faultCount } = await target.check(lines);
      note(
        found.map((fault) => ({ ...fault, column: nameIn(header, fault.column) })),
        faultCount,
      );
      onProgress(at + part.length);
    }
    if (count > 0) throw badLines(faults, count, table.hints);
    return await target.finish();
  } catch (error) {
    await target.discard();
    throw error;
  }
}

/** What the file calls a column. */
function nameIn<Key extends string, Column extends string>(
  { cells }: ImportHeader<Key, Column>,
  wanted: Key | Column,
): string {
  return cells.find(({ column }) => column === wanted)?.name ?? wanted;
}
