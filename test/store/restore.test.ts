import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newTag } from '../../src/domain/new-entities.js';
import { checkClosedStore } from '../../src/store/check-closed.js';
import { type Files, realFiles } from '../../src/store/files.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { restoreStore } from '../../src/store/restore.js';
import { Sqlite } from '../../src/store/sqlite.js';
import { temporaryDirectories } from './support/directories.js';

const fresh = temporaryDirectories();
const now = Date.UTC(2026, 10, 20, 3, 30);

function open(directory: string): Promise<FleetStore> {
  return FleetStore.open({ directory, command: 'test', lockTimeoutMs: 0, now: () => now });
}

async function storeWithTags(directory: string, ...tags: string[]): Promise<void> {
  const store = await open(directory);
  for (const tag of tags) {
    await store.write((r) => r.tags.insert(newTag({ tag, createdAt: 1 })));
  }
  await store.close();
}

async function tagsIn(directory: string): Promise<string[]> {
  const store = await open(directory);
  try {
    return (await store.read((r) => r.tags.list())).map(({ tag }) => tag);
  } finally {
    await store.close();
  }
}

async function backupOf(...tags: string[]): Promise<string> {
  const directory = await fresh();
  await storeWithTags(directory, ...tags);
  const store = await open(directory);
  const file = path.join(await fresh(), 'backup.db');
  await store.backup(file, { replace: false });
  await store.close();
  return file;
}

/** A backup with a floor of a site that is not there. */
async function unsound(): Promise<string> {
  const file = await backupOf('OLD');
  const sqlite = await Sqlite.open(await fs.readFile(file));
  sqlite.run('PRAGMA foreign_keys = OFF', []);
  const columns = 'uuid, siteUuid, name, nameKey, createdAt';
  sqlite.run(`INSERT INTO floor (${columns}) VALUES ('f', 'nowhere', 'f', 'f', 1)`, []);
  await fs.writeFile(file, sqlite.export());
  sqlite.close();
  return file;
}

describe('restoring a backup', () => {
  it('puts it in the place of the store and keeps what was there', async () => {
    const file = await backupOf('OLD-1', 'OLD-2');
    const directory = await fresh();
    await storeWithTags(directory, 'NEW');
    const result = await restoreStore({ directory, file, lockTimeoutMs: 0, now });
    expect(result.keptIn).toBe(path.join(directory, 'before-restore-20261120T033000Z'));
    expect(await tagsIn(directory)).toEqual(['OLD-1', 'OLD-2']);
    expect(await tagsIn(result.keptIn ?? '')).toEqual(['NEW']);
    await storeWithTags(directory, 'LATER');
    expect(await tagsIn(directory)).toEqual(['LATER', 'OLD-1', 'OLD-2']);
  });

  it('twice within a second keeps both that were there', async () => {
    const directory = await fresh();
    await storeWithTags(directory, 'FIRST');
    const first = await restoreStore({ directory, file: await backupOf('SECOND'), lockTimeoutMs: 0, now });
    const second = await restoreStore({ directory, file: await backupOf('THIRD'), lockTimeoutMs: 0, now });
    expect(await tagsIn(directory)).toEqual(['THIRD']);
    expect(await tagsIn(second.keptIn ?? '')).toEqual(['SECOND']);
    expect(await tagsIn(first.keptIn ?? '')).toEqual(['FIRST']);
  });

  it('works where there was no store', async () => {
    const file = await backupOf('OLD');
    const directory = path.join(await fresh(), 'new');
    expect(await restoreStore({ directory, file, lockTimeoutMs: 0, now })).toMatchObject({ keptIn: null });
    expect(await tagsIn(directory)).toEqual(['OLD']);
  });

  it.each([
    ['is no database', Buffer.from('hello'), 'STORE_DAMAGED'],
    ['is empty', Buffer.alloc(0), 'STORE_DAMAGED'],
  ])('touches nothing when the file %s', async (_what, content, code) => {
    const directory = await fresh();
    await storeWithTags(directory, 'NEW');
    const file = path.join(await fresh(), 'backup.db');
    await fs.writeFile(file, content);
    await expect(restoreStore({ directory, file, lockTimeoutMs: 0, now })).rejects.toMatchObject({ code });
    expect(await tagsIn(directory)).toEqual(['NEW']);
  });

  it('says that a directory is no backup, and which file of a backup is not sound', async () => {
    const directory = await fresh();
    await storeWithTags(directory, 'NEW');
    const restore = (file: string) => restoreStore({ directory, file, lockTimeoutMs: 0, now });
    await expect(restore(directory)).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
      message: expect.stringContaining(`${directory} cannot be read: `),
    });
    const file = await unsound();
    await expect(restore(file)).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: expect.stringMatching(/^The backup is not sound\. .*row of site that is not there/),
    });
    expect(await tagsIn(directory)).toEqual(['NEW']);
  });

  it('refuses a missing file and a store that is in use', async () => {
    const directory = await fresh();
    await expect(
      restoreStore({ directory, file: path.join(directory, 'nothing.db'), lockTimeoutMs: 0, now }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const file = await backupOf('OLD');
    const store = await open(directory);
    await expect(restoreStore({ directory, file, lockTimeoutMs: 0, now })).rejects.toMatchObject({
      code: 'STORE_LOCKED',
    });
    await store.close();
  });

  it('that dies at any step leaves either the old store or the new one, whole', async () => {
    const file = await backupOf('OLD');
    for (let step = 0; step < 100; step += 1) {
      const directory = await fresh();
      await storeWithTags(directory, 'NEW');
      const done = await restoreStore({
        directory,
        file,
        lockTimeoutMs: 0,
        now,
        files: dyingAfter(step),
      }).then(
        () => true,
        () => false,
      );
      expect([['OLD'], ['NEW']]).toContainEqual(await tagsIn(directory));
      if (!done) continue;
      expect(step).toBeGreaterThan(7);
      return;
    }
    expect.unreachable('it never came to its end');
  });
});

/** Changes on the disk work `steps` times, then every one fails, as if the process were gone. */
function dyingAfter(steps: number): Files {
  let left = steps;
  const step = <A extends unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      left -= 1;
      if (left < 0) throw Object.assign(new Error('killed'), { code: 'EIO', syscall: 'any' });
      return work(...args);
    };
  };
  return {
    ...realFiles,
    open: (async (file, flags, mode) =>
      flags === 'r' ? realFiles.open(file, flags) : step(realFiles.open)(file, flags, mode)) as Files['open'],
    rename: (async (from, to) => step(realFiles.rename)(from, to)) as Files['rename'],
    unlink: (async (target) => step(realFiles.unlink)(target)) as Files['unlink'],
  };
}

describe('checking a closed store', () => {
  it('tells of a torn tail and leaves it as it is', async () => {
    const directory = await fresh();
    await storeWithTags(directory, 'A', 'B');
    const [segment = ''] = await fs.readdir(path.join(directory, 'journal'));
    const file = path.join(directory, 'journal', segment);
    await fs.appendFile(file, Buffer.alloc(30, 7));
    const before = await fs.readFile(file);
    const check = await checkClosedStore({ directory, lockTimeoutMs: 0 });
    expect(check).toMatchObject({ ok: true, problems: [], segments: [{ tornBytes: 30 }] });
    expect(await fs.readFile(file)).toEqual(before);
  });

  it('says which records are missing, and which rows refer to nothing', async () => {
    const directory = await fresh();
    const many = { segmentMaxBytes: 1, compactAtBytes: 1e9 };
    const store = await FleetStore.open({
      directory,
      ...many,
      command: 'test',
      lockTimeoutMs: 0,
      now: () => now,
    });
    for (const tag of ['A', 'B', 'C']) {
      await store.write((r) => r.tags.insert(newTag({ tag, createdAt: 1 })));
    }
    await store.close();
    const journal = path.join(directory, 'journal');
    const [, second = ''] = (await fs.readdir(journal)).sort();
    await fs.unlink(path.join(journal, second));
    const { ok, problems } = await checkClosedStore({ directory, lockTimeoutMs: 0 });
    expect(ok).toBe(false);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Records? \d+ to \d+ are missing before .*\.segment\.$/),
      ]),
    );
    await expect(open(directory)).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  });

  it('that is damaged makes no backup, which would take the place of a good one', async () => {
    const file = await unsound();
    const directory = await fresh();
    await (await open(directory)).close();
    await fs.copyFile(file, path.join(directory, 'evfleet.db'));
    const store = await open(directory);
    const backup = path.join(await fresh(), 'backup.db');
    await expect(store.backup(backup, { replace: true })).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: expect.stringMatching(
        /^The store is damaged\. .*floor refers to a row of site that is not there/,
      ),
      suggestions: expect.arrayContaining(['evfleet store check']),
    });
    await expect(fs.stat(backup)).rejects.toMatchObject({ code: 'ENOENT' });
    await store.close();
  });

  it('says when there is no store', async () => {
    const directory = path.join(await fresh(), 'nowhere');
    await expect(checkClosedStore({ directory, lockTimeoutMs: 0 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(fs.stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
