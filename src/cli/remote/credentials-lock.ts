import { lstat, open, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Reading and writing a small file takes some milliseconds. */
const abandonedAfterMsDefault = 3000;
const lookEveryMs = 20;

/**
 * Does something while no other process does the same with this file: of two that read, change and write it at the same
 * moment, one would undo what the other did. A lock that stays for long was left behind by a process that died.
 * @throws what the file system says
 */
export async function whileLocked<T>(
  file: string,
  work: () => Promise<T>,
  { abandonedAfterMs = abandonedAfterMsDefault }: { readonly abandonedAfterMs?: number } = {},
): Promise<T> {
  const lock = `${file}.lock`;
  await take(lock, abandonedAfterMs);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string, abandonedAfterMs: number): Promise<void> {
  let seen: string | undefined;
  let seenAt = 0;
  while (!(await made(lock))) {
    const found = await identityOf(lock);
    if (found !== seen) {
      seen = found;
      seenAt = performance.now();
    } else if (found !== undefined && performance.now() - seenAt > abandonedAfterMs) {
      await rm(lock, { force: true });
    }
    await delay(lookEveryMs);
  }
}

async function made(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Numbers of files are used again. */
async function identityOf(lock: string): Promise<string | undefined> {
  try {
    const { ino, ctimeMs } = await lstat(lock);
    return `${ino} ${ctimeMs}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
