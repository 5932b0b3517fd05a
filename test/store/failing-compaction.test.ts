import { expect, it } from 'vitest';
import type { FleetStore } from '../../src/store/fleet-store.js';
import { temporaryDirectories } from './support/directories.js';
import { newSite } from './support/fixtures.js';
import { type FileStep, interceptedFiles, systemError } from './support/intercepted-files.js';
import { openStore, siteNames } from './support/open-store.js';

const newDirectory = temporaryDirectories();

async function insert(store: FleetStore, ...names: string[]): Promise<void> {
  for (const name of names) await store.write(({ sites }) => sites.insert(newSite(name)));
}

/** Lets file operations pass until the one with number `failAt`, which fails with `code`; all after it pass again. */
function failingOnce(failAt: number, code: string) {
  const state = { armed: false, count: 0, failed: undefined as FileStep | undefined };
  const files = interceptedFiles((step) => {
    // A close that fails would only leak the descriptor in this process.
    if (!state.armed || step.operation === 'close') return undefined;
    state.count += 1;
    if (state.count !== failAt) return undefined;
    state.failed = step;
    throw systemError(code);
  });
  return { state, files };
}

it.each([
  ['EIO', 1],
  // It goes the same ways.
  ['ENOSPC', 5],
] as const)(
  'a compaction that fails with %s at any step loses nothing and can be repeated',
  async (code, stride) => {
    const steps: string[] = [];
    for (let failAt = 1; failAt < 200; failAt += stride) {
      const directory = await newDirectory();
      const { state, files } = failingOnce(failAt, code);
      const store = await openStore(directory, { files, segmentMaxBytes: 400 });
      await insert(store, 'a', 'b', 'c', 'd');
      state.armed = true;
      const outcome = await store.compact().then(
        () => 'done',
        () => 'failed',
      );
      state.armed = false;
      await insert(store, 'e');
      expect(await siteNames(store)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect((await store.check()).problems).toEqual([]);
      await store.close();

      const again = await openStore(directory);
      expect(await siteNames(again)).toEqual(['a', 'b', 'c', 'd', 'e']);
      await again.compact();
      await insert(again, 'f');
      await again.close();
      const last = await openStore(directory);
      expect(await siteNames(last)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
      await last.close();

      if (state.failed) {
        expect(outcome).toBe('failed');
        steps.push(`${state.failed.operation} ${state.failed.name}`);
        continue;
      }
      expect(outcome).toBe('done');
      break;
    }
    // Every kind of step was reached: reading the old, writing the new, putting it in place, removing what it replaces.
    for (const kind of stride > 1 ? [] : ['readFile', 'write', 'sync', 'rename', 'unlink']) {
      expect(steps.some((step) => step.startsWith(kind))).toBe(true);
    }
  },
);
