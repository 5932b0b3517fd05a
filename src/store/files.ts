import fs from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../domain/errors.js';

/** The file operations the store is built on: a port, so that tests can make each of them fail. */
export type Files = Pick<typeof fs, 'open' | 'readFile' | 'rename' | 'unlink' | 'readdir' | 'mkdir'>;

export const realFiles: Files = fs;

/** Makes the names inside a directory (creations, renames, removals) survive a power cut. */
export async function syncDirectory(files: Files, directory: string): Promise<void> {
  const handle = await files.open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Creates a directory and those it lies in, unless it is there, and makes their names survive a power cut. One by one,
 * because Node's own way of doing it never comes back from a file system that refuses them with ENOENT (`/proc`).
 */
export async function makeDirectory(files: Files, directory: string): Promise<void> {
  const missing: string[] = [];
  for (
    let parent = path.resolve(directory);
    !(await tryMkdir(files, parent));
    parent = path.dirname(parent)
  ) {
    if (parent === path.dirname(parent)) break;
    missing.push(parent);
  }
  for (const parent of missing.reverse()) {
    if (!(await tryMkdir(files, parent))) {
      throw Object.assign(new Error(`${parent} cannot be created`), { code: 'EACCES', syscall: 'mkdir' });
    }
  }
}

/** False when what it should lie in is missing. */
async function tryMkdir(files: Files, directory: string): Promise<boolean> {
  try {
    await files.mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    // A file of that name shows itself at the next step, with a better message.
    if (hasCode(error, 'EEXIST', 'EISDIR')) return true;
    throw error;
  }
  await syncDirectory(files, path.dirname(directory));
  return true;
}

/** Replaces a file so that a crash at any moment leaves either the old content or the new, whole. */
export async function replaceFile(files: Files, file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.tmp`;
  try {
    const handle = await files.open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(temporary, file);
  } catch (error) {
    // On a full disk the unfinished copy would stand in the way of everything else.
    await files.unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncDirectory(files, path.dirname(file));
}

/** Whether it is one of these errors of the operating system: `ENOENT`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Whether the operating system refused something, and not this program. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

/** What the operating system refused, in words for a person; any other error is handed back as it is. */
export function asFleetError(error: unknown, directory: string): unknown {
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST')) {
    return new FleetError(
      'NOT_ALLOWED',
      `The data directory ${directory} cannot be written: ${error instanceof Error ? error.message : 'unknown'}.`,
      {
        cause: error,
        suggestions: ['Choose another one with --data-dir or EVFLEET_DATA_DIR, or change its owner.'],
      },
    );
  }
  if (!isSystemError(error)) return error;
  return new FleetError('STORE_FAILED', `The disk failed the store in ${directory}: ${error.message}.`, {
    cause: error,
    suggestions: [`Look at the disk that holds ${directory} (space, health), then try again.`],
  });
}
