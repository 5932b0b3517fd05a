import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FleetError } from '../../domain/errors.js';
import { csvWriter } from '../../views/csv.js';

export const exportFormats = ['csv', 'xlsx', 'json-lines'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Keys of the items, in the order of the columns. */
  readonly columns: readonly string[];
  /** Those of them that hold instants: in an Excel file these are dates. */
  readonly times: readonly string[];
}

/** What the file consists of, piece by piece: memory stays the same however many items there are. */
export async function* exportChunks<Item extends object>(
  batches: AsyncIterable<readonly Item[]>,
  { format, columns, times }: ExportOptions,
): AsyncGenerator<string | Uint8Array> {
  if (format === 'xlsx') {
    const { xlsx } = await import('./xlsx.js');
    yield* xlsx(batches, { columns, times });
    return;
  }
  if (format === 'csv') yield* csvTexts(batches, columns);
  else for await (const batch of batches) yield batch.map((item) => `${JSON.stringify(item)}\n`).join('');
}

/** The items as CSV, piece by piece; the first piece is the header. */
export async function* csvTexts<Item extends object>(
  batches: AsyncIterable<readonly Item[]>,
  columns: readonly string[],
): AsyncGenerator<string> {
  const write = await csvWriter();
  yield write([columns]);
  for await (const batch of batches)
    yield write(batch.map((item) => columns.map((name) => item[name as keyof Item])));
}

/**
 * Writes the items to a file, which is there only when it is complete.
 * @returns how many there were
 * @throws FleetError NOT_ALLOWED or NOT_FOUND when the file cannot be written there
 */
export async function exportFile<Item extends object>(
  file: string,
  batches: AsyncIterable<readonly Item[]>,
  options: ExportOptions & {
    readonly signal: AbortSignal;
    /** Told how many there were so far. */
    readonly onCount?: (count: number) => void;
  },
): Promise<number> {
  let count = 0;
  async function* counted(): AsyncGenerator<readonly Item[]> {
    for await (const batch of batches) {
      yield batch;
      count += batch.length;
      options.onCount?.(count);
    }
  }
  await saveFile(file, Readable.from(exportChunks(counted(), options)), options.signal);
  return count;
}

/**
 * Writes what comes to a file, which is there only when it is complete.
 * @throws FleetError NOT_ALLOWED or NOT_FOUND when the file cannot be written there
 */
export async function saveFile(file: string, source: Readable, signal: AbortSignal): Promise<void> {
  try {
    const whole = await replaceable(file);
    if (whole === undefined) await pipeline(source, createWriteStream(file), { signal });
    else await writeWhole(whole, source, signal);
  } catch (error) {
    throw describe(error, file);
  }
}

/**
 * The file itself, behind whatever symbolic links lead to it, which may not exist yet. Undefined for a device or pipe:
 * a rename would put a plain file in its place.
 */
async function replaceable(file: string): Promise<string | undefined> {
  try {
    const stats = await stat(file);
    return stats.isFile() || stats.isDirectory() ? await realpath(file) : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return file;
    throw error;
  }
}

async function writeWhole(file: string, source: Readable, signal: AbortSignal): Promise<void> {
  const temporary = `${file}.${process.pid}.part`;
  try {
    await pipeline(source, createWriteStream(temporary, { flags: 'wx' }), { signal });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function describe(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new FleetError('NOT_FOUND', `There is no directory for ${file}.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EISDIR':
      return new FleetError('NOT_ALLOWED', `${file} cannot be written: ${error.message}.`, { cause: error });
    default:
      return error;
  }
}
