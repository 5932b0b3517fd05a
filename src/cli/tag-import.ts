import {
  badLines,
  type LineFault,
  readTagHeader,
  readTagLine,
  type TagHeader,
  type TagLine,
} from '../domain/charging/tag-import.js';
import { FleetError } from '../domain/errors.js';
import type { Fleet, Output } from '../operations/fleet.js';
import type { CsvRecord } from './files/csv-file.js';

export interface TagImportOptions {
  readonly ifExists: 'fail' | 'skip' | 'update';
  readonly dryRun: boolean;
  /** Milliseconds since the epoch: what durations count from. */
  readonly nowMs: number;
  /** The tag that a cell stands for. @throws FleetError USAGE */
  readonly toTag: (cell: string) => string;
  readonly toParent: (cell: string) => string;
  readonly onProgress: (lines: number) => void;
  readonly signal: AbortSignal;
}

/** All faults are counted, some of them kept: people read the first ones. */
const faultsKept = 1000;

/**
 * Sends a list of tags part by part, so that neither side holds much of it at once. It becomes tags when all of it has
 * come and nothing is wrong with it.
 * @throws FleetError USAGE that tells of all bad lines
 */
export async function importTags(
  fleet: Fleet,
  [first, ...records]: readonly CsvRecord[],
  { ifExists, dryRun, nowMs, toTag, toParent, onProgress, signal }: TagImportOptions,
): Promise<Output<'tag-import.finish'>> {
  if (!first) throw new FleetError('USAGE', 'There is nothing in this file.');
  const header = readTagHeader(first.cells);
  const faults: LineFault[] = [];
  let count = 0;
  const note = (found: readonly LineFault[], foundCount: number) => {
    count += foundCount;
    faults.push(...found.slice(0, Math.max(0, faultsKept - faults.length)));
  };
  const columns = [...header.columns];
  const { importId, partMaxLines } = await fleet.run('tag-import.begin', { columns, ifExists });
  try {
    for (let at = 0; at < records.length; at += partMaxLines) {
      signal.throwIfAborted();
      const part = records.slice(at, at + partMaxLines);
      const own: LineFault[] = [];
      const lines = part.flatMap(
        (record) => readTagLine(record, header, { nowMs, toTag, toParent }, own) ?? [],
      );
      note(own, own.length);
      await send(fleet, importId, lines, header, note);
      onProgress(at + part.length);
    }
    if (count > 0) throw badLines(faults, count);
    return await fleet.run('tag-import.finish', { importId, dryRun });
  } catch (error) {
    // Otherwise it would keep others from importing for a while.
    await fleet.run('tag-import.discard', { importId }).catch(() => undefined);
    throw error;
  }
}

async function send(
  fleet: Fleet,
  importId: string,
  lines: TagLine[],
  { cells }: TagHeader,
  note: (faults: readonly LineFault[], count: number) => void,
): Promise<void> {
  const { faults, faultCount } = await fleet.run('tag-import.append', { importId, lines });
  const nameOf = (wanted: string) => cells.find(({ column }) => column === wanted)?.name ?? wanted;
  note(
    faults.map((fault) => ({ ...fault, column: nameOf(fault.column) })),
    faultCount,
  );
}
