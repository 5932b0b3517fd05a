import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Files } from '../../src/store/files.js';
import type { StoreOptions } from '../../src/store/store-options.js';
import { temporaryDirectories } from './support/directories.js';
import { newTag } from './support/fixtures.js';
import { interceptedFiles } from './support/intercepted-files.js';
import { type Choose, MemoryDisk } from './support/memory-disk.js';
import { openStore } from './support/open-store.js';

const newDirectory = temporaryDirectories();

interface Scenario {
  readonly directory: string;
  /** Sizes of the batches; the commits of a batch go out together. */
  readonly batches: readonly number[];
  readonly options: Partial<StoreOptions>;
}

/** Writes rows numbered from 1, in two runs of the store; `acknowledge` hears the number of each. */
async function writeRows(
  { directory, batches, options }: Scenario,
  files: Files,
  acknowledge: (number: number) => void,
): Promise<void> {
  let last = 0;
  for (const run of [batches, batches]) {
    const store = await openStore(directory, { ...options, files });
    for (const size of run) {
      const commits = Array.from({ length: size }, async () => {
        last += 1;
        const number = last;
        await store.write(({ tags }) => tags.insert(newTag(String(number))));
        acknowledge(number);
      });
      await Promise.all(commits);
    }
    await store.close();
  }
}

async function rowsOn(disk: MemoryDisk, directory: string): Promise<number[]> {
  const store = await openStore(directory, { files: disk.files });
  const tags = await store.read((repositories) => repositories.tags.list());
  await store.close();
  return tags.map(({ tag }) => Number(tag)).sort((a, b) => a - b);
}

/** `npm run soak` cuts more often. */
const cuts = Number(process.env.EVFLEET_CUTS ?? 40);

it('a power cut or kill at any step on the disk leaves every acknowledged row, and none without those before it', {
  timeout: 120_000 + cuts * 2000,
}, async () => {
  const scenarios = fc.record({
    batches: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
    options: fc.record({
      segmentMaxBytes: fc.constantFrom(1, 300, 20_000),
      compactAtBytes: fc.constantFrom(0, 1e9),
      compactAtShareOfSnapshot: fc.constant(0),
    }),
  });
  await fc.assert(
    fc.asyncProperty(scenarios, fc.nat(60), fc.gen(), async (scenario, cutAt, gen) => {
      const choose: Choose = (max) => gen(fc.integer, { min: 0, max });
      const directory = await newDirectory();
      const disk = new MemoryDisk();
      let acknowledged = 0;
      let steps = 0;
      const states: { disk: MemoryDisk; acknowledged: number }[] = [];
      const stop = () => {
        const left = choose(1) === 0 ? disk.afterKill() : disk.afterPowerCut(choose);
        states.push({ disk: left, acknowledged });
      };
      const files = interceptedFiles(() => {
        if (steps === cutAt) stop();
        steps += 1;
        return undefined;
      }, disk.files);
      await writeRows({ directory, ...scenario }, files, (number) => {
        acknowledged = Math.max(acknowledged, number);
      });
      stop();
      for (const state of states) {
        const found = await rowsOn(state.disk, directory);
        expect(found).toEqual(found.map((_, i) => i + 1));
        expect(found.length).toBeGreaterThanOrEqual(state.acknowledged);
        // What the next start has shown, acknowledged or not, may not be lost later either.
        expect(await rowsOn(state.disk.afterPowerCut(choose), directory)).toEqual(found);
      }
    }),
    { numRuns: cuts },
  );
});
