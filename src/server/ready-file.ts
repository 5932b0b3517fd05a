import fs from 'node:fs/promises';
import { FleetError } from '../domain/errors.js';

/** Appears whole or not at all, so that who waits for it never reads half of it. */
export async function writeReadyFile(file: string, content: object): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await fs.writeFile(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw readyFileError(file, error);
  }
}

export async function removeReadyFile(file: string): Promise<void> {
  await fs.rm(file, { force: true }).catch((error: unknown) => {
    throw readyFileError(file, error);
  });
}

function readyFileError(file: string, cause: unknown): FleetError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FleetError('USAGE', `The ready file ${file} cannot be written: ${reason}.`, {
    cause,
    suggestions: ['Choose a file in a directory that exists and is writable with --ready-file.'],
  });
}
