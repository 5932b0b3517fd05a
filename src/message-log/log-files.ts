import fs from 'node:fs/promises';
import path from 'node:path';

/** A file of the log, told by its name. */
export interface LogFileName {
  readonly name: string;
  /** Time of its first line, milliseconds since the epoch. Its last line is no later than the first of the next file. */
  readonly startsAt: number;
  /** Tells apart files that start in the same millisecond. */
  readonly number: number;
}

export interface LogFile extends LogFileName {
  readonly file: string;
  readonly bytes: number;
}

const numberMax = 9999;

/** `2026-05-04T100000.123Z-0000.ndjson`: names sort by time. */
export function logFileName(startsAt: number, number: number): LogFileName {
  const time = new Date(startsAt).toISOString().replaceAll(':', '');
  return { name: `${time}-${String(number).padStart(4, '0')}.ndjson`, startsAt, number };
}

/** Undefined for every name that `logFileName` does not make. */
export function parseLogFileName(name: string): LogFileName | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d)(\d\d)(\d\d\.\d{3}Z)-(\d{4})\.ndjson$/.exec(name);
  if (!match) return undefined;
  const startsAt = Date.parse(`${match[1]}:${match[2]}:${match[3]}`);
  const file = Number.isFinite(startsAt) ? logFileName(startsAt, Number(match[4])) : undefined;
  return file?.name === name ? file : undefined;
}

/** A name that sorts behind `last`, whatever was done to the clock. */
export function nextLogFileName(startsAt: number, last: LogFileName | undefined): LogFileName {
  if (last === undefined || startsAt > last.startsAt) return logFileName(startsAt, 0);
  return last.number < numberMax
    ? logFileName(last.startsAt, last.number + 1)
    : logFileName(last.startsAt + 1, 0);
}

/** The names among these that are files of the log, oldest first. */
export function sortedLogNames(names: readonly string[]): LogFileName[] {
  const files = names.map(parseLogFileName).filter((file) => file !== undefined);
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The files in a directory, oldest first; none when there is no such directory. */
export async function listLogFiles(directory: string): Promise<LogFile[]> {
  const names = await fs.readdir(directory).catch(unlessMissing<string[]>([]));
  const files: LogFile[] = [];
  for (const file of sortedLogNames(names)) {
    const where = path.join(directory, file.name);
    // One that was removed meanwhile is simply gone.
    const stats = await fs.stat(where).catch(unlessMissing(undefined));
    if (stats?.isFile()) files.push({ ...file, file: where, bytes: stats.size });
  }
  return files;
}

/** For `catch`: what there is instead of a missing file. */
export function unlessMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return instead;
    throw error;
  };
}

export interface LogLimits {
  /** Files whose newest line is older than this go; milliseconds since the epoch. */
  readonly keptSince: number;
  /** The oldest files go until all take no more than this. */
  readonly maxBytes: number;
  /** The file that is being written: it is counted and stays. */
  readonly current: string | undefined;
}

/** Removes what is too old or too much; gives how many files. */
export async function removeOldFiles(directory: string, limits: LogLimits): Promise<number> {
  const files = await listLogFiles(directory);
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let removed = 0;
  for (const [index, { file, name, bytes, startsAt }] of files.entries()) {
    // Without a next file, the last line is at most a day younger than the first.
    const endsBy = files[index + 1]?.startsAt ?? startsAt + dayMs;
    if (name === limits.current) continue;
    if (endsBy >= limits.keptSince && total <= limits.maxBytes) break;
    await fs.unlink(file).catch(unlessMissing(undefined));
    total -= bytes;
    removed += 1;
  }
  return removed;
}

export const dayMs = 24 * 3600_000;
