import fs from 'node:fs/promises';
import path from 'node:path';

/** The file operations the store is built on: a port, so that tests can make each of them fail. */
export type Files = Pick<
  typeof fs,
  'open' | 'readFile' | 'rename' | 'unlink' | 'readdir' | 'mkdir' | 'truncate' | 'stat'
>;

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

/** Replaces a file so that a crash at any moment leaves either the old content or the new, whole. */
export async function replaceFile(files: Files, file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await files.open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await files.rename(temporary, file);
  await syncDirectory(files, path.dirname(file));
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
