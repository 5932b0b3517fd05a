import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FleetOpeners, openFleet } from '../../src/cli/open-fleet.js';
import { FleetError } from '../../src/domain/errors.js';
import type { Fleet } from '../../src/operations/fleet.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const served = { served: true } as Fleet;
const local = { served: false } as Fleet;
const options = (lockTimeoutMs: number, signal = new AbortController().signal) => ({
  dataDir: '/nonexistent',
  lockTimeoutMs,
  signal,
});

/** Openers that note what was tried: `s` for the socket, the time limit for the lock. */
function openers(answers: Partial<FleetOpeners> & { servedAt?: number }) {
  const tried: (string | number)[] = [];
  let connects = 0;
  const own: FleetOpeners = {
    async connect() {
      tried.push('s');
      connects += 1;
      return connects === answers.servedAt ? served : undefined;
    },
    async openLocal(lockTimeoutMs) {
      tried.push(Math.ceil(lockTimeoutMs));
      if (answers.openLocal) return answers.openLocal(lockTimeoutMs);
      throw new FleetError('STORE_LOCKED', 'Locked by process 4711.');
    },
  };
  return { own, tried };
}

describe('openFleet', () => {
  test('prefers the server', async () => {
    const { own, tried } = openers({ servedAt: 1 });
    expect(await openFleet(options(1_000), own)).toBe(served);
    expect(tried).toEqual(['s']);
  });

  test('opens the store when nobody listens', async () => {
    const { own, tried } = openers({ openLocal: async () => local });
    expect(await openFleet(options(1_000), own)).toBe(local);
    expect(tried).toEqual(['s', 250]);
  });

  test('waits for a server that has the lock and does not listen yet', async () => {
    const { own, tried } = openers({ servedAt: 3 });
    expect(await openFleet(options(60_000), own)).toBe(served);
    expect(tried).toEqual(['s', 250, 's', 250, 's']);
  });

  test.each([0, 100])('gives up after %d ms with the error of the lock', async (lockTimeoutMs) => {
    const { own, tried } = openers({});
    await expect(openFleet(options(lockTimeoutMs), own)).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      message: 'Locked by process 4711.',
    });
    expect(tried[0]).toBe('s');
    const limits = tried.filter((limit) => limit !== 's').map(Number);
    // No turn is longer than what is left of the time.
    expect(limits[0]).toBeLessThanOrEqual(lockTimeoutMs);
    expect(limits).toEqual(limits.toSorted((a, b) => b - a));
  });

  test('any other error is final', async () => {
    const damaged = new FleetError('STORE_DAMAGED', 'Damaged.');
    const { own, tried } = openers({ openLocal: () => Promise.reject(damaged) });
    await expect(openFleet(options(1_000), own)).rejects.toBe(damaged);
    expect(tried).toEqual(['s', 250]);
  });

  test('a signal ends the waiting', async () => {
    const abort = new AbortController();
    const reason = new FleetError('INTERRUPTED', 'Interrupted.');
    const { own } = openers({});
    setTimeout(() => abort.abort(reason), 50);
    await expect(openFleet(options(10_000, abort.signal), own)).rejects.toBe(reason);
  });
});

test('tells of a fleet that was begun because there was none, and of no other', async () => {
  const dataDir = join(await temporaryDirectory(), 'mistyped');
  const begun: string[] = [];
  for (const time of ['first', 'second']) {
    const { signal } = new AbortController();
    const fleet = await openFleet({ dataDir, lockTimeoutMs: 0, signal, onNew: () => begun.push(time) });
    await fleet.close();
  }
  expect(begun).toEqual(['first']);
});
