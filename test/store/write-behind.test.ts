import { cp } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { FleetError } from '../../src/domain/errors.js';
import type { FleetStore } from '../../src/store/fleet-store.js';
import type { StoreOptions } from '../../src/store/store-options.js';
import { temporaryDirectories } from './support/directories.js';
import { newSample, newSession, newTag } from './support/fixtures.js';
import { Breaker } from './support/intercepted-files.js';
import { openStore } from './support/open-store.js';

// Hooks run last declared first: the stores are closed before their directories go.
const newDirectory = temporaryDirectories();
const noRegisters: ReadonlyMap<number, number> = new Map();
const opened: FleetStore[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close().catch(() => undefined)));
});

async function open(directory: string, options: Partial<StoreOptions> = {}): Promise<FleetStore> {
  const store = await openStore(directory, options);
  opened.push(store);
  return store;
}

async function newStore(directory?: string): Promise<FleetStore> {
  const store = await open(directory ?? (await newDirectory()));
  await store.write(({ sessions }) => sessions.insert(newSession(1)));
  await store.write(({ sessions }) => sessions.insert(newSession(2)));
  return store;
}

async function instants(store: FleetStore, transactionId: number): Promise<number[]> {
  const samples = await store.read((r) => r.samples.listBySession(transactionId));
  return samples.map(({ takenAt }) => takenAt);
}

async function lastWh(store: FleetStore, transactionId: number): Promise<number | null | undefined> {
  return (await store.read((r) => r.sessions.findRegister(transactionId)))?.meterLastWh;
}

/** What a process that was killed now would leave behind. */
async function asKilled(directory: string): Promise<string> {
  const copy = await newDirectory();
  await cp(directory, copy, { recursive: true, filter: (file) => !file.endsWith('.sock') });
  return copy;
}

describe('meter values that were given to the journal first', () => {
  it('are seen by the next read, with the register they moved', async () => {
    const store = await newStore();
    await store.addSamples([newSample(2, 20), newSample(1, 10), newSample(2, 21)], new Map([[2, 777]]));
    expect(await instants(store, 1)).toEqual([10]);
    expect(await instants(store, 2)).toEqual([20, 21]);
    expect(await lastWh(store, 2)).toBe(777);
  });

  it('are seen by the next write, which may remove them', async () => {
    const store = await newStore();
    await store.addSamples([newSample(1, 10), newSample(1, 30)], noRegisters);
    await store.write(({ retention }) => retention.removeSamples(1, { from: 0, to: 20 }));
    expect(await instants(store, 1)).toEqual([30]);
  });

  it('stay when the transaction that looked at them first is undone', async () => {
    const directory = await newDirectory();
    const store = await newStore(directory);
    await store.addSamples([newSample(1, 10)], new Map([[1, 5]]));
    const failing = store.write(async ({ sessions, samples }) => {
      await sessions.update('session-1', { meterLastWh: 99 });
      expect(await samples.listBySession(1)).toHaveLength(1);
      await sessions.update('session-2', { meterLastWh: 99 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const copy = await open(await asKilled(directory));
    for (const each of [store, copy]) {
      expect(await instants(each, 1)).toEqual([10]);
      expect(await lastWh(each, 1)).toBe(5);
      expect(await lastWh(each, 2)).toBeNull();
    }
  });

  it('survive a kill although nobody has looked at them, in the order of things', async () => {
    const directory = await newDirectory();
    const store = await newStore(directory);
    await store.addSamples([newSample(1, 10)], new Map([[1, 5]]));
    await store.write(({ retention }) => retention.removeSamples(1, { from: 0, to: 10 }));
    await store.addSamples([newSample(1, 10)], new Map([[1, 6]]));
    const copy = await open(await asKilled(directory));
    expect(await instants(copy, 1)).toEqual([10]);
    expect(await lastWh(copy, 1)).toBe(6);
  });

  it('are in the snapshot that a stop writes', async () => {
    const directory = await newDirectory();
    const options = { compactAtBytes: 0, compactAtShareOfSnapshot: 0 };
    const store = await open(directory, options);
    await store.write(({ sessions }) => sessions.insert(newSession(1)));
    await store.addSamples([newSample(1, 10)], noRegisters);
    await store.close();
    expect(await instants(await open(directory, options), 1)).toEqual([10]);
  });

  it('wait for a transaction that is under way', async () => {
    const store = await newStore();
    const seen: number[] = [];
    const reading = store.read(async ({ samples }) => {
      seen.push((await samples.listBySession(1)).length);
      await Promise.resolve();
      seen.push((await samples.listBySession(1)).length);
    });
    const adding = store.addSamples([newSample(1, 10)], noRegisters);
    await Promise.all([reading, adding]);
    expect(seen).toEqual([0, 0]);
    expect(await instants(store, 1)).toEqual([10]);
  });

  it('do not pile up: thousands without a reader are there, each once', async () => {
    const directory = await newDirectory();
    const store = await newStore(directory);
    const count = 5000;
    for (let at = 0; at < count; at += 100) {
      await store.addSamples(
        Array.from({ length: 100 }, (_, index) => newSample(1 + (index % 2), at + index)),
        noRegisters,
      );
    }
    const copy = await open(await asKilled(directory));
    for (const each of [store, copy]) {
      expect(await instants(each, 1)).toHaveLength(count / 2);
      expect(await instants(each, 2)).toHaveLength(count / 2);
    }
  });

  it('are refused whole when one of them cannot be kept', async () => {
    const store = await newStore();
    const bad = newSample(1, 20, { energyWh: Number.NaN });
    await expect(store.addSamples([newSample(1, 10), bad], noRegisters)).rejects.toThrow('cannot keep');
    await expect(store.addSamples([newSample(1, 10)], new Map([[1, Number.NaN]]))).rejects.toThrow(
      'cannot keep',
    );
    expect(await instants(store, 1)).toEqual([]);
    await store.addSamples([newSample(1, 30)], noRegisters);
    expect(await instants(store, 1)).toEqual([30]);
  });

  it('are not promised when the disk fails, and nothing is taken after that', async () => {
    const breaker = new Breaker();
    const failed: string[] = [];
    const onFailure = ({ code }: FleetError) => failed.push(code);
    const store = await open(await newDirectory(), { files: breaker.files, onFailure });
    breaker.breakOn(({ operation }) => operation === 'datasync');
    await expect(store.addSamples([newSample(1, 10)], noRegisters)).rejects.toThrow('EIO');
    await expect(store.addSamples([newSample(1, 11)], noRegisters)).rejects.toThrow('EIO');
    expect(failed).toEqual(['STORE_FAILED']);
  });

  it('agree with the journal after any mixture of additions, changes, looks and kills', async () => {
    const step = fc.oneof(
      {
        arbitrary: fc.record({ add: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 5 }) }),
        weight: 6,
      },
      fc.constantFrom<{ does: 'write' | 'remove' | 'look' | 'kill' | 'compact' }>(
        { does: 'write' },
        { does: 'remove' },
        { does: 'look' },
        { does: 'kill' },
        { does: 'compact' },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        let directory = await newDirectory();
        let store = await newStore(directory);
        let expected: number[] = [];
        for (const [index, todo] of steps.entries()) {
          if ('add' in todo) {
            await store.addSamples(
              todo.add.map((at) => newSample(1, at)),
              new Map([[1, index]]),
            );
            expected.push(...todo.add);
          } else if (todo.does === 'write') {
            await store.write(({ tags }) => tags.insert(newTag(`tag${index}`)));
          } else if (todo.does === 'remove') {
            await store.write(({ retention }) => retention.removeSamples(1, { from: 50, to: 99 }));
            expected = expected.filter((at) => at < 50);
          } else if (todo.does === 'look') {
            await instants(store, 1);
          } else if (todo.does === 'compact') {
            await store.compact();
          } else {
            directory = await asKilled(directory);
            await store.close();
            store = await open(directory);
          }
        }
        expect(await instants(store, 1)).toEqual(expected.sort((a, b) => a - b));
        await store.close();
      }),
      { numRuns: 30 },
    );
  });
});
