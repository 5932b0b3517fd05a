import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openLocalFleet } from '../../src/server/local-fleet.js';
import { migrations } from '../../src/store/migrations/migrate.js';
import { newestMigration } from '../../src/store/migrations/newest.js';
import { readNames } from '../../src/store/read-names.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const query = { kind: 'station', prefix: '', limit: 10 } as const;

async function newStore() {
  const dataDir = await temporaryDirectory();
  const fleet = await openLocalFleet({ dataDir, lockTimeoutMs: 0, signal: new AbortController().signal });
  for (const id of ['CP001', 'CP002', 'cp003', 'Other']) await fleet.run('station.create', { id });
  return { dataDir, fleet };
}

/** Every file with its content and when it was changed. */
async function everything(directory: string) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return Promise.all(
    files
      .sort()
      .map(async (file) => [file, (await stat(file)).mtimeMs, (await readFile(file)).toString('base64')]),
  );
}

const names = async (dataDir: string, more: object = {}) =>
  (await readNames(dataDir, { ...query, ...more })).map(({ name }) => name);

it('the version that it understands is that of the newest migration', () => {
  expect(newestMigration).toBe(migrations.at(-1)?.version);
});

it('a store is read while somebody has it open, and stays as it is', async () => {
  const { dataDir, fleet } = await newStore();
  const before = await everything(dataDir);
  expect(await names(dataDir)).toEqual(['CP001', 'CP002', 'Other', 'cp003']);
  expect(await names(dataDir, { prefix: 'cp' })).toEqual(['CP001', 'CP002', 'cp003']);
  expect(await names(dataDir, { limit: 2 })).toEqual(['CP001', 'CP002']);
  expect(await everything(dataDir)).toEqual(before);
  await fleet.run('station.create', { id: 'New' });
  expect(await names(dataDir, { prefix: 'n' })).toEqual(['New']);
  await fleet.run('store.compact', {});
  expect(await names(dataDir, { prefix: 'n' })).toEqual(['New']);
  await fleet.close();
});

it('where there is no store, none is made', async () => {
  const dataDir = path.join(await temporaryDirectory(), 'none');
  await expect(readNames(dataDir, query)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(stat(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a store that is damaged is an error, and left alone', async () => {
  const { dataDir, fleet } = await newStore();
  await fleet.run('store.compact', {});
  await fleet.close();
  await writeFile(path.join(dataDir, 'evfleet.db'), 'no database');
  await expect(readNames(dataDir, query)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
});
