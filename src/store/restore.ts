import path from 'node:path';
import { FleetError } from '../domain/errors.js';
import {
  asFleetError,
  type Files,
  hasCode,
  makeDirectory,
  realFiles,
  replaceFile,
  syncDirectory,
} from './files.js';
import { acquireLock } from './lock.js';
import { assertNotNewer } from './migrations/store-version.js';
import { openSnapshot } from './replay.js';
import { storePaths } from './snapshot.js';
import { problemsOf } from './store-job.js';
import { Transaction } from './transaction.js';

export interface RestoreOptions {
  readonly directory: string;
  /** A file that `backup` wrote. */
  readonly file: string;
  readonly lockTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch; names the directory of what was there before. */
  readonly now: number;
  readonly files?: Files;
}

export interface RestoreResult {
  readonly file: string;
  readonly bytes: number;
  /** Where the store that was there before lies now; null when there was none. */
  readonly keptIn: string | null;
}

/**
 * Puts a backup in the place of a store that nobody has open. Nothing is touched before the backup has proved to be a
 * sound store; what was there before is moved aside. A crash in the middle is finished by whoever opens the store next.
 * @throws FleetError STORE_LOCKED, NOT_FOUND, STORE_DAMAGED (the backup is no sound store), STORE_NEWER
 */
export async function restoreStore(options: RestoreOptions): Promise<RestoreResult> {
  const { directory, file, lockTimeoutMs, signal, now, files = realFiles } = options;
  try {
    const bytes = await readBackup(files, file);
    await makeDirectory(files, storePaths(directory).journal);
    const lock = await acquireLock(directory, {
      command: 'store restore',
      timeoutMs: lockTimeoutMs,
      ...(signal && { signal }),
    });
    try {
      await finishRestore(files, directory);
      const hadStore = await hasStore(files, directory);
      const aside = await freeName(files, directory, now);
      await replaceFile(files, stagedFile(directory), bytes);
      await replaceFile(files, planFile(directory), Buffer.from(JSON.stringify({ aside })));
      await finishRestore(files, directory);
      return { file, bytes: bytes.length, keptIn: hadStore ? path.join(directory, aside) : null };
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw asFleetError(error, directory);
  }
}

/** Carries out what a restore has planned, from wherever a crash left it; nothing to do when none is planned. */
export async function finishRestore(files: Files, directory: string): Promise<void> {
  const aside = await readPlan(files, directory);
  if (aside === undefined) return;
  const { snapshot, journal } = storePaths(directory);
  const kept = path.join(directory, aside);
  // While the staged file is there, what lies in the store's place is still the old one.
  if ((await files.readdir(directory)).includes(path.basename(stagedFile(directory)))) {
    await makeDirectory(files, kept);
    await moveIfThere(files, snapshot, path.join(kept, path.basename(snapshot)));
    await moveIfThere(files, journal, path.join(kept, path.basename(journal)));
    await syncDirectory(files, kept);
    await makeDirectory(files, journal);
    await files.rename(stagedFile(directory), snapshot);
    await syncDirectory(files, directory);
  }
  await files.unlink(planFile(directory));
  await syncDirectory(files, directory);
}

/** A directory for what was there before: that of an earlier restore in the same second stays as it is. */
async function freeName(files: Files, directory: string, now: number): Promise<string> {
  const taken = new Set(await files.readdir(directory));
  const name = `before-restore-${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function stagedFile(directory: string): string {
  return path.join(directory, 'evfleet.db.restoring');
}

function planFile(directory: string): string {
  return path.join(directory, 'restore.json');
}

async function readBackup(files: Files, file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await files.readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      throw new FleetError('NOT_FOUND', `There is no file ${file}.`, { cause: error });
    throw new FleetError('NOT_ALLOWED', `${file} cannot be read: ${String(error)}.`, { cause: error });
  }
  // What was validated is what will be restored, whatever happens to the file meanwhile.
  const { sqlite } = await openSnapshot(bytes, file);
  const transaction = new Transaction(sqlite, 'read');
  try {
    await assertNotNewer(transaction);
    const [problem] = problemsOf(sqlite, file);
    if (problem !== undefined) throw new FleetError('STORE_DAMAGED', `The backup is not sound. ${problem}`);
    return bytes;
  } finally {
    transaction.end();
    sqlite.close();
  }
}

async function hasStore(files: Files, directory: string): Promise<boolean> {
  const { snapshot, journal } = storePaths(directory);
  if ((await files.readdir(directory)).includes(path.basename(snapshot))) return true;
  return (await files.readdir(journal)).length > 0;
}

async function readPlan(files: Files, directory: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await files.readFile(planFile(directory), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return String((JSON.parse(text) as { aside: unknown }).aside);
}

async function moveIfThere(files: Files, from: string, to: string): Promise<void> {
  try {
    await files.rename(from, to);
  } catch (error) {
    // Moved already, before the crash; or never there.
    if (!hasCode(error, 'ENOENT', 'ENOTEMPTY')) throw error;
  }
}
