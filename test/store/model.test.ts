import { cp } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FleetStore } from '../../src/store/fleet-store.js';
import { temporaryDirectories } from './support/directories.js';
import { newTag } from './support/fixtures.js';
import { openStore } from './support/open-store.js';

const newDirectory = temporaryDirectories();

interface Change {
  readonly does: 'insert' | 'update' | 'delete' | 'fail';
  readonly tag: string;
  readonly label: string;
}

const tag = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const label = fc.string({ unit: 'binary', maxLength: 20 });
const change: fc.Arbitrary<Change> = fc.record({
  does: fc.constantFrom('insert' as const, 'update' as const, 'delete' as const, 'fail' as const),
  tag,
  label,
});
const restart = fc.constantFrom(
  { does: 'reopen' as const },
  { does: 'crash' as const },
  { does: 'compact' as const },
);
const steps = fc.array(fc.oneof({ arbitrary: change, weight: 5 }, { arbitrary: restart, weight: 1 }), {
  maxLength: 25,
});
const limits = fc.record({
  segmentMaxBytes: fc.constantFrom(1, 300, 20_000),
  compactAtBytes: fc.constantFrom(0, 2000, 1e9),
  compactAtShareOfSnapshot: fc.constant(0),
});

/** The store as it should be: labels by tag. */
type Model = Map<string, string | null>;

async function apply(store: FleetStore, model: Model, step: Change): Promise<void> {
  const { does, tag, label } = step;
  switch (does) {
    case 'insert': {
      const inserted = store.write(({ tags }) => tags.insert(newTag(tag, { label })));
      if (model.has(tag)) await expect(inserted).rejects.toThrow('UNIQUE');
      else await inserted;
      if (!model.has(tag)) model.set(tag, label);
      return;
    }
    case 'update':
      await store.write(({ tags }) => tags.update(tag.toUpperCase(), { label }));
      if (model.has(tag)) model.set(tag, label);
      return;
    case 'delete':
      await store.write(({ tags }) => tags.delete(tag));
      model.delete(tag);
      return;
    case 'fail': {
      const failing = store.write(async ({ tags }) => {
        await tags.delete(tag);
        await tags.insert(newTag(tag, { label }));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
    }
  }
}

async function content(store: FleetStore): Promise<Model> {
  const tags = await store.read((repositories) => repositories.tags.list());
  return new Map(tags.map(({ tag, label }) => [tag, label]));
}

/** `npm run soak` tries more of them. */
const runs = Number(process.env.EVFLEET_MODELS ?? 40);

describe('the store against a model', () => {
  it('agrees after any changes, compactions, restarts and crashes of the process', {
    timeout: 120_000 + runs * 2000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, limits, async (todo, options) => {
        const model: Model = new Map();
        let directory = await newDirectory();
        let store = await openStore(directory, options);
        for (const step of todo) {
          if (step.does === 'crash') {
            const copy = await newDirectory();
            // What lies there while the store is open, with its lock, is what a killed process leaves behind.
            await cp(directory, copy, { recursive: true, filter: (file) => !file.endsWith('.sock') });
            await store.close();
            directory = copy;
            store = await openStore(directory, options);
          } else if (step.does === 'reopen') {
            await store.close();
            store = await openStore(directory, options);
          } else if (step.does === 'compact') {
            await store.compact();
          } else {
            await apply(store, model, step);
          }
          expect(await content(store)).toEqual(model);
        }
        await store.close();
      }),
      { numRuns: runs },
    );
  });
});
