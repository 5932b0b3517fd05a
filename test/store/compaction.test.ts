import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../../src/store/files.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { jobsHere } from '../../src/store/store-job.js';
import type { StoreOptions } from '../../src/store/store-options.js';
import { failure } from '../helpers/failure.js';
import { temporaryDirectories } from './support/directories.js';

const fresh = temporaryDirectories();

function open(directory: string, options: Partial<StoreOptions> = {}): Promise<FleetStore> {
  return FleetStore.open({ directory, command: 'test', lockTimeoutMs: 0, now: () => 1, ...options });
}

const site = (index: number) => ({
  uuid: `site-${index}`,
  name: `Site ${index}`,
  address: null,
  lat: null,
  lon: null,
  createdAt: index,
});

async function addSites(store: FleetStore, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1) await store.write((r) => r.sites.insert(site(index)));
}

const countSites = (store: FleetStore) => store.read(async (r) => (await r.sites.list()).length);

describe('compaction while the store is in use', () => {
  it('folds everything until now into the snapshot and goes on', async () => {
    const directory = await fresh();
    let store = await open(directory);
    await addSites(store, 0, 10);
    const result = await store.compact();
    const info = await store.info();
    expect(result).toMatchObject({ segments: 1, sequence: info.sequence, snapshotBytes: info.snapshotBytes });
    // Only the beginning of the next segment is left.
    expect(info).toMatchObject({ segments: 1, journalBytes: 16, snapshotSequence: info.sequence });
    expect(info.rows).toMatchObject({ site: 10, station: 0, migration: info.version });
    await addSites(store, 10, 15);
    await store.close();

    store = await open(directory);
    expect(store.recovery.replayedRecords).toBe(5);
    expect(await countSites(store)).toBe(15);
    await store.close();
  });

  it('happens by itself when enough segments are closed, with writes going on meanwhile', async () => {
    const directory = await fresh();
    const notices: string[] = [];
    const store = await open(directory, {
      segmentMaxBytes: 2000,
      compactionLimits: { bytes: 1e9, segments: 3 },
      onNotice: (_level, message) => notices.push(message),
    });
    await addSites(store, 0, 200);
    await store.close();
    expect(notices[0]).toMatch(/^compacted \d+ journal segments in \d+ ms$/);
    expect(notices.length).toBeGreaterThan(2);
    const again = await open(directory);
    expect(again.recovery.replayedRecords).toBeLessThan(100);
    expect(await countSites(again)).toBe(200);
    await again.close();
  });

  it('that fails leaves the journal as it is and is tried again', async () => {
    const directory = await fresh();
    let fails = true;
    const notices: string[] = [];
    const store = await open(directory, {
      segmentMaxBytes: 2000,
      compactionLimits: { bytes: 1e9, segments: 2 },
      runJob: (job) => (fails ? Promise.reject(new Error('no memory')) : jobsHere(realFiles)(job)),
      onNotice: (level, message) => notices.push(`${level} ${message}`),
    });
    await addSites(store, 0, 60);
    expect(notices[0]).toBe('error compaction failed: Error: no memory');
    fails = false;
    await addSites(store, 60, 120);
    await store.close();
    expect(notices.at(-1)).toMatch(/^info compacted/);
    const again = await open(directory);
    expect(await countSites(again)).toBe(120);
    await again.close();
  });

  it('loses nothing when the process dies between the new snapshot and the removal of the segments', async () => {
    const directory = await fresh();
    const copy = await fresh();
    const store = await open(directory, {
      files: {
        ...realFiles,
        async unlink(file) {
          if (String(file).endsWith('.segment'))
            await fs.cp(directory, copy, { recursive: true, filter: noSockets });
          await realFiles.unlink(file);
        },
      },
    });
    await addSites(store, 0, 10);
    await store.compact();
    await store.close();
    const revived = await open(copy);
    expect(await countSites(revived)).toBe(10);
    await addSites(revived, 10, 12);
    await revived.close();
    const again = await open(copy);
    expect(await countSites(again)).toBe(12);
    await again.close();
  });
});

it('a store that lost its snapshot is not taken for a new one', async () => {
  const directory = await fresh();
  const store = await open(directory);
  await addSites(store, 0, 3);
  await store.compact();
  await store.close();
  await fs.rm(path.join(directory, 'evfleet.db'));
  await expect(open(directory)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
});

it('a damaged snapshot becomes neither a backup nor the next snapshot', async () => {
  const directory = await fresh();
  const store = await open(directory);
  await addSites(store, 0, 400);
  await store.compact();
  const { snapshotBytes } = await store.info();
  for (let page = 3; page < snapshotBytes / 4096; page += 1) {
    await flip(path.join(directory, 'evfleet.db'), page * 4096);
  }
  await addSites(store, 400, 401);
  const target = path.join(await fresh(), 'backup.db');
  await expect(store.backup(target, { replace: false })).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  await expect(store.compact()).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  await expect(fs.stat(target)).rejects.toMatchObject({ code: 'ENOENT' });
  await store.close();
});

describe('a backup', () => {
  it.each([
    ['below a file', '/dev/null/fleet.db', 'what should be a directory on the way there is a file'],
    ['a directory', os.tmpdir(), 'it is a directory'],
    ['with a very long name', `/tmp/${'x'.repeat(300)}`, 'its name is too long'],
  ])('that cannot be written says why, and what to do: %s', async (_, file, why) => {
    const store = await open(await fresh());
    const error = await failure(store.backup(file, { replace: true }), 'NOT_ALLOWED');
    expect(error.message).toBe(`The backup ${file} cannot be written: ${why}.`);
    expect(error.suggestions).toHaveLength(1);
    await store.close();
  });

  it('holds everything acknowledged so far and is a store of its own', async () => {
    const [directory, elsewhere] = [await fresh(), await fresh()];
    const store = await open(directory);
    await addSites(store, 0, 7);
    await store.compact();
    await addSites(store, 7, 9);
    const file = path.join(elsewhere, 'deep', 'evfleet.db');
    const result = await store.backup(file, { replace: false });
    expect(result).toMatchObject({ file, sequence: (await store.info()).sequence });
    await addSites(store, 9, 11);
    await expect(store.backup(file, { replace: false })).rejects.toMatchObject({ code: 'EXISTS' });
    await store.close();
    const copy = await open(path.dirname(file));
    expect(await countSites(copy)).toBe(9);
    await copy.close();
  });
});

describe('a check', () => {
  it('finds nothing wrong in a sound store, and changes nothing that was written', async () => {
    const store = await open(await fresh(), { segmentMaxBytes: 2000 });
    await addSites(store, 0, 50);
    await store.compact();
    await addSites(store, 50, 100);
    const check = await store.check();
    expect(check).toMatchObject({ ok: true, problems: [] });
    expect(check.segments.length).toBeGreaterThan(2);
    expect(check.records).toBe(50);
    expect(await countSites(store)).toBe(100);
    await store.close();
  });

  it('names a damaged segment and a snapshot with a broken page', async () => {
    const directory = await fresh();
    const store = await open(directory, { segmentMaxBytes: 2000 });
    await addSites(store, 0, 400);
    await store.compact();
    await addSites(store, 400, 450);
    const [segment = ''] = await fs.readdir(path.join(directory, 'journal'));
    await flip(path.join(directory, 'journal', segment), 300);
    const snapshot = path.join(directory, 'evfleet.db');
    const { snapshotBytes } = await store.info();
    for (let page = 3; page < snapshotBytes / 4096; page += 1) await flip(snapshot, page * 4096);
    const { ok, problems } = await store.check();
    expect(ok).toBe(false);
    expect(problems.some((problem) => problem.includes(segment))).toBe(true);
    expect(problems.some((problem) => problem.includes('evfleet.db'))).toBe(true);
    await store.close();
  });
});

async function flip(file: string, at: number): Promise<void> {
  const bytes = await fs.readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  await fs.writeFile(file, bytes);
}

function noSockets(file: string): boolean {
  return !path.basename(file).startsWith('lock');
}
