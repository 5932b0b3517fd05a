import { appendFile, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../../src/store/files.js';
import { Journal } from '../../src/store/journal.js';
import { readSegment, segmentHeader } from '../../src/store/journal-segment.js';
import { temporaryDirectories } from './support/directories.js';
import { newSite } from './support/fixtures.js';
import { openStore, siteNames } from './support/open-store.js';

const newDirectory = temporaryDirectories();
const small = { segmentMaxBytes: 1000 };

async function addSites(directory: string, from: number, to: number): Promise<void> {
  const store = await openStore(directory, small);
  for (let n = from; n <= to; n += 1) await store.write(({ sites }) => sites.insert(newSite(name(n))));
  await store.close();
}

function name(n: number): string {
  return `site ${String(n).padStart(3, '0')}`;
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => name(i + 1));
}

async function segmentsOf(directory: string): Promise<string[]> {
  const journal = path.join(directory, 'journal');
  return (await readdir(journal)).sort().map((file) => path.join(journal, file));
}

describe('a journal in several segments', () => {
  it('is replayed over all of them', async () => {
    const directory = await newDirectory();
    await addSites(directory, 1, 40);
    expect((await segmentsOf(directory)).length).toBeGreaterThan(5);
    const store = await openStore(directory, small);
    expect(await siteNames(store)).toEqual(names(40));
    await store.close();
  });

  it('names each segment after its first record and leaves no gap between them', async () => {
    const directory = await newDirectory();
    await addSites(directory, 1, 30);
    let next = 1;
    for (const file of await segmentsOf(directory)) {
      expect(path.basename(file)).toBe(`${String(next).padStart(16, '0')}.segment`);
      next += readSegment(file, await readFile(file), { isLast: false }).records.length;
    }
    // The migration, then one record for each site.
    expect(next).toBe(32);
  });

  it('goes on in the last segment after a restart, with the statements it has learnt', async () => {
    const directory = await newDirectory();
    for (let n = 1; n <= 30; n += 1) await addSites(directory, n, n);
    const segments = await segmentsOf(directory);
    expect(segments.length).toBeLessThan(15);
    const store = await openStore(directory, small);
    expect(await siteNames(store)).toEqual(names(30));
    expect(store.recovery.tornBytes).toBe(0);
    await store.close();
  });

  it('begins a segment within a batch of commits that share one sync', async () => {
    const directory = await newDirectory();
    const store = await openStore(directory, small);
    await Promise.all(names(50).map((each) => store.write(({ sites }) => sites.insert(newSite(each)))));
    await store.close();
    expect((await segmentsOf(directory)).length).toBeGreaterThan(5);
    const again = await openStore(directory, small);
    expect(await siteNames(again)).toEqual(names(50));
    await again.close();
  });
});

describe('a segment that is not as it was written', () => {
  it('is noticed when it is missing from the middle or from the start', async () => {
    for (const missing of [0, 2]) {
      const directory = await newDirectory();
      await addSites(directory, 1, 40);
      await rm((await segmentsOf(directory))[missing] ?? '');
      await expect(openStore(directory)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
      await expect(openStore(directory)).rejects.toThrow(/record \d+ is missing/);
    }
  });

  it('is noticed when it lost its last record, even if the segment after it is still empty', async () => {
    const directory = await newDirectory();
    await (await openStore(directory)).close();
    const [first = ''] = await segmentsOf(directory);
    const before = (await stat(first)).size;
    const store = await openStore(directory);
    await store.write(({ sites }) => sites.insert(newSite('lost')));
    await store.close();
    // A crash came between the first and the second step of beginning the next segment.
    await writeFile(path.join(directory, 'journal', '0000000000000003.segment'), '');
    await (await openStore(directory)).close();
    await truncate(first, before);
    await expect(openStore(directory)).rejects.toThrow('record 2 is missing');
  });

  it('is noticed when it bears the name of another', async () => {
    const directory = await newDirectory();
    await addSites(directory, 1, 1);
    const [first = ''] = await segmentsOf(directory);
    const file = await open(first, 'r+');
    await file.write(segmentHeader(2), 0, 16, 0);
    await file.close();
    await expect(openStore(directory)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  });

  it('is noticed when its records are sound but do not apply', async () => {
    const directory = await newDirectory();
    await (await openStore(directory)).close();
    const onFailure = (error: Error) => {
      throw error;
    };
    const journal = new Journal({
      files: realFiles,
      directory: path.join(directory, 'journal'),
      lastSequence: 1,
      onFailure,
    });
    journal.append([{ sql: 'insert into nowhere values (1)', parameters: [] }]);
    await journal.close();
    await expect(openStore(directory)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    await expect(openStore(directory)).rejects.toThrow('Record 2 of the journal cannot be replayed');
  });
});

describe('the torn end of a journal', () => {
  it('is cut off and reported, and what is written next takes its place', async () => {
    const directory = await newDirectory();
    await addSites(directory, 1, 3);
    const segments = await segmentsOf(directory);
    const last = segments.at(-1) ?? '';
    const sound = (await stat(last)).size;
    await appendFile(last, 'a commit that was under way');
    const store = await openStore(directory);
    expect(store.recovery.tornBytes).toBe(27);
    expect((await stat(last)).size).toBe(sound);
    await store.write(({ sites }) => sites.insert(newSite(name(4))));
    await store.close();
    const again = await openStore(directory);
    expect(again.recovery).toEqual({ replayedRecords: 5, tornBytes: 0 });
    expect(await siteNames(again)).toEqual(names(4));
    await again.close();
  });

  it.each([0, 1, 15])('may be a segment of which only %i bytes were written', async (length) => {
    const directory = await newDirectory();
    await addSites(directory, 1, 3);
    const next = path.join(directory, 'journal', '0000000000000005.segment');
    await writeFile(next, segmentHeader(5).subarray(0, length));
    const store = await openStore(directory);
    expect(store.recovery.tornBytes).toBe(length);
    await store.write(({ sites }) => sites.insert(newSite(name(4))));
    await store.close();
    const again = await openStore(directory);
    expect(await siteNames(again)).toEqual(names(4));
    await again.close();
  });
});
