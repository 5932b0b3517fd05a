import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { acquireLock, type StoreLock } from '../../src/store/lock.js';
import { childProcesses } from './support/child-processes.js';
import { temporaryDirectories } from './support/directories.js';

const newDirectory = temporaryDirectories();
afterEach(() => vi.unstubAllEnvs());
const run = childProcesses();

function acquire(directory: string, timeoutMs = 0): Promise<StoreLock> {
  return acquireLock(directory, { command: 'test', timeoutMs });
}

const dead = { nonce: '0123456789ab', pid: 4_000_000, command: 'serve', since: '2026-01-01T00:00:00.000Z' };

async function leaveDeadLock(directory: string, content = JSON.stringify(dead)): Promise<void> {
  await writeFile(path.join(directory, 'lock'), content);
}

/** A socket file nobody listens on: what a killed process leaves behind. */
async function leaveDeadSocket(directory: string): Promise<void> {
  const file = path.join(directory, `lock-${dead.nonce}.sock`);
  const { process: child, exited } = run('dead-socket.mjs', file);
  await exited;
  expect(child.signalCode).toBe('SIGKILL');
  expect(await readdir(directory)).toContain(path.basename(file));
}

describe('a held lock', () => {
  it.each([0, 60])(
    'is refused to a second process after %i ms, with the name of the holder',
    async (timeoutMs) => {
      const directory = await newDirectory();
      const lock = await acquireLock(directory, { command: 'serve', timeoutMs: 0 });
      const startedAt = performance.now();
      await expect(acquire(directory, timeoutMs)).rejects.toMatchObject({
        code: 'STORE_LOCKED',
        message: expect.stringContaining(`process ${process.pid} (evfleet serve, since `),
        suggestions: ['evfleet status', expect.stringContaining(`or kill ${process.pid};`)],
      });
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(timeoutMs - 1);
      await lock.release();
    },
  );

  it('is passed on when it is released, to somebody who waits', async () => {
    const directory = await newDirectory();
    const lock = await acquire(directory);
    const next = acquire(directory, 5000);
    await lock.release();
    await (await next).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is waited for no longer than the caller wants', async () => {
    const directory = await newDirectory();
    const lock = await acquire(directory);
    const abort = new AbortController();
    const waiting = acquireLock(directory, { command: 'x', timeoutMs: 60_000, signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toThrow('abort');
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is released only once: it may be of somebody else by the second time', async () => {
    const directory = await newDirectory();
    const lock = await acquire(directory);
    await lock.release();
    const next = await acquire(directory);
    await lock.release();
    await expect(acquire(directory)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await next.release();
  });

  it('is respected in a directory whose path is too long for a socket address', async () => {
    const directory = path.join(await newDirectory(), 'long'.repeat(20), 'ü'.repeat(60));
    await mkdir(directory, { recursive: true });
    const scratch = await newDirectory();
    vi.stubEnv('TMPDIR', scratch);
    const lock = await acquire(directory);
    await expect(acquire(directory)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    expect((await readdir(directory)).length).toBe(2);
    await lock.release();
    await leaveDeadLock(directory);
    await (await acquire(directory)).release();
    expect(await readdir(directory)).toEqual([]);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('counts as held by a holder who is too busy to answer', async () => {
    const directory = await newDirectory();
    await leaveDeadLock(directory);
    const held: net.Socket[] = [];
    const busy = net.createServer((socket) => held.push(socket));
    await new Promise<void>((resolve) => {
      busy.listen(path.join(directory, `lock-${dead.nonce}.sock`), resolve);
    });
    await expect(acquire(directory)).rejects.toThrow('process 4000000 (evfleet serve, since 2026-01-01');
    for (const socket of held) socket.destroy();
    await new Promise((resolve) => busy.close(resolve));
  });
});

describe('the lock of a dead process', () => {
  it.each([
    ['whose socket is gone', JSON.stringify(dead)],
    ['of which a power cut left an empty file', ''],
    ['of which a power cut left zeros', '\0'.repeat(40)],
    ['that names no holder', '{"pid":1}'],
    ['that is not an object', 'null'],
    ['that names a path', JSON.stringify({ ...dead, nonce: '../../../etc' })],
  ])('%s is taken over at once', async (_, content) => {
    const directory = await newDirectory();
    await leaveDeadLock(directory, content);
    const lock = await acquire(directory);
    const holder = JSON.parse(await readFile(path.join(directory, 'lock'), 'utf8')) as { pid: number };
    expect(holder.pid).toBe(process.pid);
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken over together with the socket it left', async () => {
    const directory = await newDirectory();
    await leaveDeadLock(directory);
    await leaveDeadSocket(directory);
    await (await acquire(directory)).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken over also when a process died in taking it over', async () => {
    const directory = await newDirectory();
    await leaveDeadLock(directory);
    const second = { ...dead, nonce: 'ba9876543210' };
    await writeFile(path.join(directory, `lock.${dead.nonce}.claim`), JSON.stringify(second));
    await writeFile(path.join(directory, `lock.${dead.nonce}.claim.${second.nonce}.claim`), '');
    await (await acquire(directory)).release();
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('many who want the lock at once', () => {
  it.each([
    ['free', undefined],
    ['of a dead process', JSON.stringify(dead)],
    ['empty', ''],
  ])('get it one after the other when it is %s', async (_, content) => {
    for (let round = 0; round < 4; round += 1) {
      const directory = await newDirectory();
      if (content !== undefined) await leaveDeadLock(directory, content);
      let holders = 0;
      let most = 0;
      const contenders = Array.from({ length: 12 }, async () => {
        const lock = await acquire(directory, 10_000);
        holders += 1;
        most = Math.max(most, holders);
        await readdir(directory);
        holders -= 1;
        await lock.release();
      });
      await Promise.all(contenders);
      expect(most).toBe(1);
      expect(await readdir(directory)).toEqual([]);
    }
  });

  it('get it exactly once when nobody waits', async () => {
    for (let round = 0; round < 20; round += 1) {
      const directory = await newDirectory();
      await leaveDeadLock(directory);
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => acquire(directory)));
      const locks = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(locks.length).toBe(1);
      for (const lock of locks) await lock.release();
      expect(await readdir(directory)).toEqual([]);
    }
  });

  it('are never two at a time in several processes, some of which die holding it', async () => {
    const directory = await newDirectory();
    await leaveDeadLock(directory);
    const rounds = 15;
    const ends = ['die', 'die', 'live', 'live', 'live'];
    const children = ends.map((end) => run('lock-contender.mjs', directory, String(rounds), end));
    const held = await Promise.all(
      children.map(async ({ lines, exited }, i) => {
        let count = 0;
        for await (const line of lines) count += Number(line === 'held');
        expect(await exited).toEqual(
          ends[i] === 'die' ? { code: null, signal: 'SIGKILL' } : { code: 0, signal: null },
        );
        return count;
      }),
    );
    expect(held).toEqual(ends.map(() => rounds));
    await (await acquire(directory)).release();
    expect(await readdir(directory)).toEqual([]);
  });
});
