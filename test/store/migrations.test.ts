import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../src/store/migrations/migrate.js';
import { tableNames } from '../../src/store/schema.js';
import { temporaryDirectories } from './support/directories.js';
import { newSample } from './support/fixtures.js';
import { asSnapshot, bringUpToDate, contentOf, oldDatabase } from './support/old-stores.js';
import { openStore, testNow } from './support/open-store.js';

const newDirectory = temporaryDirectories();

const versions = migrations.map(({ version }) => version);
const newest = versions.at(-1) ?? 0;

it('are numbered from 1 without a gap', () => {
  expect(versions).toEqual(versions.map((_, index) => index + 1));
});

it('make the tables that the repositories know', async () => {
  const sqlite = await oldDatabase(newest);
  expect(Object.keys(contentOf(sqlite)).sort()).toEqual([...tableNames].sort());
  sqlite.close();
});

describe.each(versions)('a store of version %d', (version) => {
  it('comes up to date with every row as it was', async () => {
    const sqlite = await oldDatabase(version);
    const before = contentOf(sqlite);
    await bringUpToDate(sqlite);
    const after = contentOf(sqlite);
    for (const [table, rows] of Object.entries(before)) {
      for (const row of rows) expect(after[table], table).toContainEqual(expect.objectContaining(row));
    }
    expect(after.migration?.map((row) => [row.version, row.appliedAt])).toEqual(
      versions.map((applied) => [applied, applied > version ? testNow + 1 : testNow]),
    );
    expect(sqlite.all('PRAGMA integrity_check', [])).toEqual([{ integrity_check: 'ok' }]);
    expect(sqlite.all('PRAGMA foreign_key_check', [])).toEqual([]);
    sqlite.close();
  });

  it('has the same schema as a new one afterwards', async () => {
    const migrated = await oldDatabase(version);
    await bringUpToDate(migrated);
    const fresh = await oldDatabase(newest);
    const schema = 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name';
    expect(migrated.all(schema, [])).toEqual(fresh.all(schema, []));
    migrated.close();
    fresh.close();
  });

  it('is opened, used and opened again', async () => {
    const directory = await newDirectory();
    const old = await oldDatabase(version);
    const [session] = contentOf(old).session ?? [];
    await writeFile(path.join(directory, 'evfleet.db'), asSnapshot(old));
    old.close();

    const store = await openStore(directory);
    await store.write(async ({ samples, settings }) => {
      await samples.insert([newSample(1, 2)]);
      await settings.set('backup.keep', '3', testNow);
    });
    await store.close();

    const again = await openStore(directory);
    await again.read(async ({ sessions, samples, settings }) => {
      expect(await sessions.list({ stationId: 'x' })).toEqual([
        expect.objectContaining({ uuid: session?.uuid, stoppedAt: session?.stoppedAt }),
      ]);
      expect((await samples.listBySession(1)).map(({ takenAt }) => takenAt)).toEqual([1, 2]);
      expect((await settings.list()).get('backup.keep')).toBe('3');
    });
    expect((await again.info()).version).toBe(newest);
    await again.close();
  });
});
