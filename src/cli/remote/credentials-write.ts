import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FleetError } from '../../domain/errors.js';
import { whileLocked } from './credentials-lock.js';

/**
 * Makes the directory of the credentials when it is not there, and sees to it that nobody else can put files into it.
 * @throws FleetError NOT_ALLOWED when it cannot be made, is somebody else's or no directory
 */
export async function secureDirectory(options: {
  readonly file: string;
  readonly warn: (message: string) => void;
}): Promise<void> {
  const directory = dirname(options.file);
  const stat = await made(directory);
  if (!stat.isDirectory()) throw unusable(directory, 'it is no directory, or a symbolic link');
  if (stat.uid !== process.geteuid?.()) throw unusable(directory, 'it belongs to another user');
  if ((stat.mode & 0o077) === 0) return;
  await chmod(directory, 0o700);
  options.warn(`${directory} was open to others; keys are kept there, so now it is yours alone.`);
}

/**
 * Writes what `change` makes of the file, while no other process changes it. All or nothing: a crash leaves the old file.
 * @returns what `change` gives beside the text
 */
export async function changeCredentials<T>(
  file: string,
  change: () => Promise<{ readonly text: string; readonly result: T }>,
): Promise<T> {
  try {
    return await whileLocked(file, async () => {
      const { text, result } = await change();
      await replaceFile(file, text);
      return result;
    });
  } catch (error) {
    if (error instanceof FleetError) throw error;
    throw unusable(file, `it cannot be written (${codeOf(error)})`, error);
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await rm(temporary, { force: true });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function made(directory: string) {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return await lstat(directory);
  } catch (error) {
    throw unusable(directory, `it cannot be made (${codeOf(error)})`, error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

function unusable(path: string, reason: string, cause?: unknown): FleetError {
  return new FleetError('NOT_ALLOWED', `No key can be kept in ${path}: ${reason}.`, {
    cause,
    suggestions: ['Keys can also come in EVFLEET_API_KEY or --api-key-file.'],
  });
}
