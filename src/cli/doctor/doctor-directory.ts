import { constants, type Stats } from 'node:fs';
import { access, lstat, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DirectoryFacts, FoundDirectory } from '../../domain/check/directory-checks.js';

/** More paths than this are not looked at: a year of diagnostics must not make the doctor slow. */
const pathsMax = 20_000;

/** What there is to know of a data directory without opening the store; nothing in it is changed. */
export async function inspectDirectory(
  path: string,
  { maxPaths = pathsMax }: { maxPaths?: number } = {},
): Promise<DirectoryFacts> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return { kind: 'no-directory', path };
    const inside = await inspectInside(path, found.uid, maxPaths);
    const { bavail, bsize } = await statfs(path);
    return {
      kind: 'directory',
      path,
      mode: found.mode & 0o777,
      ownerId: found.uid,
      userId: process.getuid?.() ?? null,
      isWritable: await mayWrite(path),
      freeBytes: bavail * bsize,
      ...inside,
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === 'ENOENT') return { kind: 'missing', path };
    if (code === 'ENOTDIR') return { kind: 'no-directory', path };
    return { kind: 'unreachable', path, reason: error instanceof Error ? error.message : String(error) };
  }
}

type Inside = Pick<FoundDirectory, 'hasStore' | 'storeBytes' | 'openToOthers' | 'foreign' | 'unseen'>;

async function inspectInside(directory: string, ownerId: number, maxPaths: number): Promise<Inside> {
  const openToOthers: string[] = [];
  const foreign: string[] = [];
  let storeBytes = 0;
  let hasStore = false;
  let seen = 0;
  let unseen = 0;
  const waiting = [''];
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const names = await readdir(join(directory, folder)).catch((error: unknown) => {
      // Without the directory itself nothing is known, least of all that there is no store.
      if (folder === '') throw error;
      return undefined;
    });
    if (!names) unseen += 1;
    for (const name of names ?? []) {
      const path = join(folder, name);
      seen += 1;
      const found = seen > maxPaths ? undefined : await look(join(directory, path));
      if (found === 'gone') continue;
      if (!found) {
        unseen += 1;
        continue;
      }
      const isStore = path === 'evfleet.db' || path.startsWith(join('journal', '/'));
      if (isStore && found.isFile()) storeBytes += found.size;
      // Also a journal that this user may not read is one.
      if (isStore || path === 'journal') hasStore = true;
      if (found.isDirectory()) waiting.push(path);
      if (found.uid !== ownerId) foreign.push(path);
      if (isSecret(path, found) && (found.mode & 0o077) !== 0) openToOthers.push(path);
    }
  }
  return { hasStore, storeBytes, openToOthers, foreign, unseen };
}

/**
 * A link has no mode of its own, the socket beside the lock only shows that its owner lives, and certificates are made to
 * be handed out.
 */
function isSecret(path: string, found: Stats): boolean {
  if (found.isSocket()) return path === 'control.sock';
  const isCertificate = dirname(path) === 'pki' && path.endsWith('.pem');
  return (found.isFile() && !isCertificate) || found.isDirectory();
}

async function look(path: string): Promise<Stats | 'gone' | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    // A server that runs removes files at any moment.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'gone' : undefined;
  }
}

function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
