import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError } from '../domain/errors.js';
import { hasCode } from './files.js';

/** Who holds a lock: the content of the lock file. */
interface LockHolder {
  readonly nonce: string;
  readonly pid: number;
  readonly command: string;
  readonly since: string;
}

export interface StoreLock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** What the holder is doing, for the message that others get: `serve`, `station create`. */
  readonly command: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const retryMs = 25;

/**
 * Takes the exclusive lock of a data directory.
 *
 * A holder listens on a socket of its own beside the lock file for as long as it lives; the kernel refuses
 * connections to it once the process is gone, however it died. That tells the living from the dead without process
 * ids, which are reused and differ between containers.
 * @throws FleetError STORE_LOCKED when a living process holds it for longer than `timeoutMs`
 */
export async function acquireLock(directory: string, options: LockOptions): Promise<StoreLock> {
  const own: LockHolder = {
    nonce: randomBytes(6).toString('hex'),
    pid: process.pid,
    command: options.command,
    since: new Date().toISOString(),
  };
  const signFile = signOfLife(directory, own.nonce);
  const sign = await reachable(signFile, listen);
  const removeSign = async () => {
    await closeServer(sign);
    await fs.rm(signFile, { force: true });
  };
  const lockFile = path.join(directory, 'lock');
  const giveUpAt = performance.now() + options.timeoutMs;
  try {
    for (;;) {
      const holder = await tryAcquire(lockFile, own);
      if (!holder) break;
      options.signal?.throwIfAborted();
      if (performance.now() >= giveUpAt) throw lockedBy(directory, holder);
      await sleep(retryMs, undefined, { signal: options.signal });
    }
  } catch (error) {
    await removeSign();
    throw error;
  }
  let releasing: Promise<void> | undefined;
  return {
    release() {
      // Once only: the lock file may belong to somebody else by the second time.
      releasing ??= fs.rm(lockFile, { force: true }).finally(removeSign);
      return releasing;
    },
  };
}

function signOfLife(directory: string, nonce: string): string {
  return path.join(directory, `lock-${nonce}.sock`);
}

function lockedBy(directory: string, holder: LockHolder): FleetError {
  return new FleetError(
    'STORE_LOCKED',
    `The store in ${directory} is in use by process ${holder.pid} (evfleet ${holder.command}, since ${holder.since}).`,
    {
      suggestions:
        holder.command === 'serve'
          ? [
              'evfleet status',
              `The server is running: this needs it to be stopped. Ctrl-C where it runs, or kill ${holder.pid}; a service: systemctl stop evfleet.`,
            ]
          : ['Wait for it to finish, or wait longer with --lock-timeout 30s.'],
    },
  );
}

/** Takes the lock at `file` for `own`, or returns the living holder. */
async function tryAcquire(file: string, own: LockHolder): Promise<LockHolder | undefined> {
  const draft = `${file}.${own.nonce}.draft`;
  await fs.writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (;;) {
      try {
        await fs.link(draft, file);
        return undefined;
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      const holder = await readHolder(file);
      if (!holder) continue;
      if (await isAlive(path.dirname(file), holder)) return holder;
      const outcome = await takeOver(file, draft, own, holder);
      if (outcome !== 'changed') return outcome === 'taken' ? undefined : outcome;
    }
  } finally {
    await fs.rm(draft, { force: true });
  }
}

/**
 * Replaces the lock of a dead holder. Whoever wants to must first hold the claim on that very lock, itself a lock
 * of the same kind: so only one process at a time replaces it, and one that dies doing so is replaced in turn.
 */
async function takeOver(
  file: string,
  draft: string,
  own: LockHolder,
  dead: LockHolder,
): Promise<'taken' | 'changed' | LockHolder> {
  const claim = `${file}.${dead.nonce}.claim`;
  const claimant = await tryAcquire(claim, own);
  if (claimant) return claimant;
  try {
    const current = await readHolder(file);
    if (current?.nonce !== dead.nonce) return 'changed';
    await fs.rename(draft, file);
    await fs.rm(signOfLife(path.dirname(file), dead.nonce), { force: true });
    return 'taken';
  } finally {
    await fs.rm(claim, { force: true });
  }
}

async function readHolder(file: string): Promise<LockHolder | undefined> {
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    const holder = JSON.parse(text) as Partial<LockHolder>;
    if (typeof holder.nonce === 'string' && /^[0-9a-f]{12}$/.test(holder.nonce)) {
      return {
        nonce: holder.nonce,
        pid: Number(holder.pid),
        command: String(holder.command),
        since: String(holder.since),
      };
    }
  } catch {
    // A power cut can leave an empty file behind; its owner is certainly gone.
  }
  return { nonce: 'unreadable', pid: 0, command: 'unknown', since: 'unknown' };
}

/** A socket address holds some 100 bytes (104 on macOS, 108 on Linux), and longer ones are cut off in silence. */
const socketPathMaxBytes = 100;

/** Hands a socket's path to `use`, by way of a symbolic link if it is too long for an address. */
async function reachable<T>(socketFile: string, use: (shortPath: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(socketFile) <= socketPathMaxBytes) return use(socketFile);
  const scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'evfleet-'));
  try {
    const link = path.join(scratch, 'd');
    await fs.symlink(path.dirname(path.resolve(socketFile)), link);
    return await use(path.join(link, path.basename(socketFile)));
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

function isAlive(directory: string, holder: LockHolder): Promise<boolean> {
  return reachable(signOfLife(directory, holder.nonce), answers);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Anything but "nobody listens" (a full backlog, a permission) means that somebody is there.
    socket.once('error', (error) => resolve(!hasCode(error, 'ECONNREFUSED', 'ENOENT')));
  });
}

function listen(socketPath: string): Promise<net.Server> {
  const server = net.createServer((socket) => socket.destroy());
  // The lock must not keep a process running that has nothing else to do.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      // A failed accept (no file descriptors left) is no reason to stop: the caller was answered by the kernel.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

function closeServer(server: net.Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
