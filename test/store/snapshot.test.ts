import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, it } from 'vitest';
import { segmentHeader } from '../../src/store/journal-segment.js';
import { migrations } from '../../src/store/migrations/migrate.js';
import type { StoreOptions } from '../../src/store/store-options.js';
import { temporaryDirectories } from './support/directories.js';
import { newSite } from './support/fixtures.js';
import { openStore, siteNames, testNow } from './support/open-store.js';

const newDirectory = temporaryDirectories();
/** Folds any journal into the snapshot, at start and at stop. */
const always = { compactAtBytes: 0, compactAtShareOfSnapshot: 0 };
const never = { compactAtBytes: Number.MAX_SAFE_INTEGER };

async function addSite(directory: string, name: string, options: Partial<StoreOptions>): Promise<void> {
  const store = await openStore(directory, options);
  await store.write(({ sites }) => sites.insert(newSite(name)));
  await store.close();
}

async function openSnapshot(directory: string) {
  const { Database } = await initSqlJs();
  return new Database(await readFile(path.join(directory, 'evfleet.db')));
}

describe('a fresh store', () => {
  it('has the newest version, and is not migrated again when it is opened again', async () => {
    const directory = await newDirectory();
    await (await openStore(directory, { ...always, now: () => testNow })).close();
    await (await openStore(directory, { ...always, now: () => testNow + 1 })).close();
    const database = await openSnapshot(directory);
    expect(database.exec('select version, name, "appliedAt" from migration')[0]?.values).toEqual(
      migrations.map((migration) => [migration.version, migration.name, testNow]),
    );
    database.close();
  });
});

describe('the snapshot', () => {
  it('is an ordinary SQLite file that any tool reads', async () => {
    const directory = await newDirectory();
    await addSite(directory, 'Depot', always);
    const file = await readFile(path.join(directory, 'evfleet.db'));
    expect(file.subarray(0, 16).toString()).toBe('SQLite format 3\0');
    const database = await openSnapshot(directory);
    expect(database.exec('select name from site')[0]?.values).toEqual([['Depot']]);
    expect(database.exec('pragma integrity_check')[0]?.values).toEqual([['ok']]);
    expect(database.exec('pragma foreign_key_check')).toEqual([]);
    database.close();
  });

  it('never has a name that SQLite would take for its own journal', async () => {
    const directory = await newDirectory();
    await addSite(directory, 'Depot', always);
    expect(await readdir(directory)).toEqual(['evfleet.db', 'journal']);
    // Only the beginning of the next segment is left.
    expect(await readdir(path.join(directory, 'journal'))).toHaveLength(1);
  });

  it('takes the journal in at the next start when that has grown long', async () => {
    const directory = await newDirectory();
    await addSite(directory, 'Depot', never);
    expect(await readdir(directory)).toEqual(['journal']);
    const store = await openStore(directory, always);
    // Only the beginning of the next segment is left.
    expect(await readdir(path.join(directory, 'journal'))).toHaveLength(1);
    await store.write(({ sites }) => sites.insert(newSite('Harbour')));
    expect(await siteNames(store)).toEqual(['Depot', 'Harbour']);
    await store.close();
  });

  it('is not written again at the stop when nothing has changed since the start', async () => {
    const directory = await newDirectory();
    await addSite(directory, 'Depot', never);
    const store = await openStore(directory, always);
    await rm(path.join(directory, 'evfleet.db'));
    await store.close();
    expect(await readdir(directory)).toEqual(['journal']);
  });

  it('is written at the first stop, and then when the journal is longer than 64 KiB', async () => {
    const directory = await newDirectory();
    const usual = { compactAtBytes: undefined };
    await (await openStore(directory, usual)).close();
    expect(await readdir(directory)).toEqual(['evfleet.db', 'journal']);
    await addSite(directory, 'Depot', usual);
    const store = await openStore(directory, usual);
    expect(store.recovery.replayedRecords).toBe(1);
    await store.write(({ sites }) => sites.insert(newSite('long'.repeat(16 * 1024))));
    await store.close();
    const again = await openStore(directory, usual);
    expect(again.recovery.replayedRecords).toBe(0);
    expect(await siteNames(again)).toHaveLength(2);
    await again.close();
  });

  it('goes on with the numbers of the journal', async () => {
    const directory = await newDirectory();
    for (const name of ['a', 'b', 'c']) await addSite(directory, name, always);
    await addSite(directory, 'd', never);
    expect(await readdir(path.join(directory, 'journal'))).toEqual(['0000000000000005.segment']);
    const store = await openStore(directory, never);
    expect(store.recovery.replayedRecords).toBe(1);
    expect(await siteNames(store)).toEqual(['a', 'b', 'c', 'd']);
    await store.close();
  });
});

describe('a crash between the new snapshot and the removal of what it replaces', () => {
  it('leaves a store that opens, goes on and opens again', async () => {
    for (const options of [always, never]) {
      const directory = await newDirectory();
      for (const name of ['a', 'b', 'c']) await addSite(directory, name, never);
      const before = await newDirectory();
      await cp(path.join(directory, 'journal'), before, { recursive: true });
      await (await openStore(directory, always)).close();
      await cp(before, path.join(directory, 'journal'), { recursive: true });
      await addSite(directory, 'd', options);
      const store = await openStore(directory, never);
      expect(await siteNames(store)).toEqual(['a', 'b', 'c', 'd']);
      await store.close();
    }
  });

  it('may leave any of the old segments, torn or whole', async () => {
    const directory = await newDirectory();
    const small = { ...never, segmentMaxBytes: 1 };
    for (const name of ['a', 'b', 'c']) {
      const store = await openStore(directory, small);
      await store.write(({ sites }) => sites.insert(newSite(name)));
      await store.close();
    }
    const journal = path.join(directory, 'journal');
    const old = await newDirectory();
    await cp(journal, old, { recursive: true });
    const segments = (await readdir(old)).sort();
    expect(segments.length).toBe(4);
    await (await openStore(directory, always)).close();
    const compacted = await newDirectory();
    await cp(directory, compacted, { recursive: true });
    for (const segment of segments) {
      for (const cut of [0, 20]) {
        const crashed = await newDirectory();
        await cp(compacted, crashed, { recursive: true });
        const content = await readFile(path.join(old, segment));
        await writeFile(
          path.join(crashed, 'journal', segment),
          cut === 0 ? content : content.subarray(0, -cut),
        );
        await addSite(crashed, 'd', never);
        const store = await openStore(crashed, never);
        expect(await siteNames(store)).toEqual(['a', 'b', 'c', 'd']);
        await store.close();
      }
    }
  });
});

describe('a store that cannot be read', () => {
  it('is refused and left untouched when a newer program wrote it', async () => {
    const directory = await newDirectory();
    await addSite(directory, 'Depot', always);
    const database = await openSnapshot(directory);
    database.run(`insert into migration values (99, 'from the future', 0)`);
    await writeFile(path.join(directory, 'evfleet.db'), database.export());
    database.close();
    // Neither is the journal cut nor folded into the snapshot.
    const segment = path.join(directory, 'journal', '0000000000000003.segment');
    const torn = Buffer.concat([segmentHeader(3), Buffer.from('torn')]);
    await writeFile(segment, torn);
    const before = await readFile(path.join(directory, 'evfleet.db'));
    await expect(openStore(directory, always)).rejects.toMatchObject({ code: 'STORE_NEWER' });
    expect((await readFile(path.join(directory, 'evfleet.db'))).equals(before)).toBe(true);
    expect((await readFile(segment)).equals(torn)).toBe(true);
    expect(await readdir(directory)).toEqual(['evfleet.db', 'journal']);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['something else', Buffer.from('not a database, but long enough to have a header of its own '.repeat(9))],
  ])('is said to be damaged when its file is %s', async (_, content) => {
    const directory = await newDirectory();
    await writeFile(path.join(directory, 'evfleet.db'), content);
    await expect(openStore(directory)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  });

  it('is said to be damaged when its file is of another program', async () => {
    const directory = await newDirectory();
    const { Database } = await initSqlJs();
    for (const sql of ['create table t (a)', 'create table counter (name text, value integer)']) {
      const other = new Database();
      other.run(sql);
      await writeFile(path.join(directory, 'evfleet.db'), other.export());
      other.close();
      await expect(openStore(directory)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    }
  });

  it('is said to be damaged when the snapshot is older than the journal', async () => {
    const directory = await newDirectory();
    await addSite(directory, 'a', always);
    await addSite(directory, 'b', always);
    const old = await readFile(path.join(directory, 'evfleet.db'));
    await addSite(directory, 'c', always);
    await addSite(directory, 'd', never);
    await writeFile(path.join(directory, 'evfleet.db'), old);
    await expect(openStore(directory)).rejects.toThrow('record 4 is missing');
    await rm(path.join(directory, 'evfleet.db'));
    await expect(openStore(directory)).rejects.toThrow('record 1 is missing');
  });
});
