import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { childProcesses } from './support/child-processes.js';
import { temporaryDirectories } from './support/directories.js';
import { openStore } from './support/open-store.js';

const newDirectory = temporaryDirectories();
const run = childProcesses();

/** `EVFLEET_KILLS=5000 npx vitest run test/store/kill.test.ts` goes on for an hour or so. */
const kills = Number(process.env.EVFLEET_KILLS ?? 8);

it(
  'a process killed at any moment has lost nothing that it acknowledged',
  async () => {
    const directory = await newDirectory();
    const acknowledged = new Set<number>();
    let first = 1;
    for (let kill = 0; kill < kills; kill += 1) {
      const writer = run('writer.mjs', directory, String(first));
      const enough = Math.floor(Math.random() * 150);
      let count = 0;
      for await (const line of writer.lines) {
        if (line !== 'ready') acknowledged.add(Number(line));
        count += 1;
        if (count === enough + 1) void sleep(Math.random() * 4).then(() => writer.process.kill('SIGKILL'));
      }
      expect(await writer.exited).toEqual({ code: null, signal: 'SIGKILL' });

      // The lock of the dead process is taken over without waiting.
      const store = await openStore(directory);
      const { tags, groups } = await store.read(async (repositories) => ({
        tags: await repositories.tags.list(),
        groups: await repositories.groups.list(),
      }));
      await store.close();
      const found = tags.map(({ tag }) => Number(tag)).sort((a, b) => a - b);
      expect(groups.map(({ name }) => Number(name)).sort((a, b) => a - b)).toEqual(found);
      const unique = new Set(found);
      expect(unique.size).toBe(found.length);
      expect([...acknowledged].filter((number) => !unique.has(number))).toEqual([]);
      // What was on disk but not yet acknowledged has been told to us now, so it may not be lost later either.
      for (const number of found) acknowledged.add(number);
      first = (found.at(-1) ?? 0) + 1;
    }
    expect(acknowledged.size).toBeGreaterThan(kills);
  },
  120_000 + kills * 4000,
);
