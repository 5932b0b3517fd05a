import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FleetError } from '../../src/domain/errors.js';
import type { FleetStore } from '../../src/store/fleet-store.js';
import type { StoreOptions } from '../../src/store/store-options.js';
import { temporaryDirectories } from './support/directories.js';
import { newSite } from './support/fixtures.js';
import { Breaker, type FileStep, interceptedFiles } from './support/intercepted-files.js';
import { openStore, siteNames } from './support/open-store.js';

const newDirectory = temporaryDirectories();

function insert(store: FleetStore, name: string): Promise<void> {
  return store.write(({ sites }) => sites.insert(newSite(name)));
}

interface Failure {
  readonly what: string;
  readonly code: string;
  readonly when: (step: FileStep) => boolean;
  readonly options?: Partial<StoreOptions>;
  /** Whether the commit that failed may be found after all: its bytes reached the file, only the sync failed. */
  readonly mayBeKept: boolean;
}

const isSegment = (name: string) => name.endsWith('.segment');
const failures: Failure[] = [
  {
    what: 'a write fails',
    code: 'EIO',
    when: ({ operation, name }) => operation === 'write' && isSegment(name),
    mayBeKept: false,
  },
  {
    what: 'the disk is full',
    code: 'ENOSPC',
    when: ({ operation, name }) => operation === 'write' && isSegment(name),
    mayBeKept: false,
  },
  {
    what: 'a sync fails',
    code: 'EIO',
    when: ({ operation }) => operation === 'datasync',
    mayBeKept: true,
  },
  {
    what: 'the next segment cannot be created',
    code: 'EMFILE',
    when: ({ operation, name }) => operation === 'open' && isSegment(name),
    options: { segmentMaxBytes: 1 },
    mayBeKept: false,
  },
  {
    what: 'the name of the next segment cannot be synced',
    code: 'EIO',
    when: ({ operation, name }) => operation === 'sync' && name === 'journal',
    options: { segmentMaxBytes: 1 },
    mayBeKept: false,
  },
];

describe.each(failures)('when $what ($code)', ({ code, when, options, mayBeKept }) => {
  it('the commit is refused, once said aloud, and nothing more is accepted', async () => {
    const directory = await newDirectory();
    const breaker = new Breaker();
    const reported: FleetError[] = [];
    const always = { compactAtBytes: 0, compactAtShareOfSnapshot: 0 };
    const store = await openStore(directory, {
      ...options,
      ...always,
      files: breaker.files,
      onFailure: (error) => reported.push(error),
    });
    await insert(store, 'acknowledged');
    breaker.breakOn(when, code);
    const failing = insert(store, 'failed');
    // What joins the line while the failure comes up shares its fate.
    const queued = [insert(store, 'queued'), siteNames(store)];
    await expect(failing).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining(code),
    });
    for (const one of queued) await expect(one).rejects.toMatchObject({ code: 'STORE_FAILED' });
    // The disk recovers; memory is ahead of it all the same.
    breaker.mend();
    await expect(insert(store, 'late')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(siteNames(store)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await store.close();
    expect(reported.length).toBe(1);
    expect(breaker.failed.length).toBe(1);
    // Memory did not become the snapshot.
    expect(await readdir(directory)).toEqual(['journal']);

    const again = await openStore(directory);
    const found = await siteNames(again);
    // A refused commit has an unknown outcome: never half of it, and never one behind a gap.
    if (mayBeKept) expect([['acknowledged'], ['acknowledged', 'failed', 'queued']]).toContainEqual(found);
    else expect(found).toEqual(['acknowledged']);
    await insert(again, 'afterwards');
    await again.close();
  });
});

describe('a disk that takes a few bytes at a time', () => {
  it('gets all of them', async () => {
    const directory = await newDirectory();
    const files = interceptedFiles(({ operation }) => (operation === 'write' ? 7 : undefined));
    const store = await openStore(directory, { files });
    await Promise.all(['a', 'b', 'c'].map((name) => insert(store, name)));
    await store.close();
    const again = await openStore(directory);
    expect(again.recovery.tornBytes).toBe(0);
    expect(await siteNames(again)).toEqual(['a', 'b', 'c']);
    await again.close();
  });

  it('and then no more fails the commit, of which nothing is found', async () => {
    const directory = await newDirectory();
    let left = Number.POSITIVE_INFINITY;
    const files = interceptedFiles(({ operation }) => {
      if (operation !== 'write') return undefined;
      left -= 7;
      return Math.max(0, Math.min(7, left));
    });
    const store = await openStore(directory, { files });
    await insert(store, 'a');
    left = 60;
    await expect(insert(store, 'b')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await store.close();
    const again = await openStore(directory);
    expect(again.recovery.tornBytes).toBeGreaterThan(0);
    expect(await siteNames(again)).toEqual(['a']);
    await again.close();
  });
});

describe('when the snapshot cannot be written', () => {
  const steps: [string, (step: FileStep) => boolean][] = [
    ['open', ({ operation, name }) => operation === 'open' && name === 'evfleet.db.tmp'],
    ['write', ({ operation }) => operation === 'writeFile'],
    ['sync', ({ operation, name }) => operation === 'sync' && name === 'evfleet.db.tmp'],
    ['rename', ({ operation }) => operation === 'rename'],
  ];

  it.each(steps)('(%s) the journal stays and has it all', async (_, when) => {
    const directory = await newDirectory();
    const breaker = new Breaker();
    const options = { compactAtBytes: 0, compactAtShareOfSnapshot: 0, files: breaker.files };
    const store = await openStore(directory, options);
    await insert(store, 'a');
    breaker.breakOn(when, 'EIO');
    await expect(store.close()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(openStore(directory, options)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    // Neither the lock nor half a snapshot is left to stand in the way.
    expect(await readdir(directory)).toEqual(['journal']);
    breaker.mend();
    const again = await openStore(directory, options);
    expect(await siteNames(again)).toEqual(['a']);
    await again.close();
  });

  it.each(steps)(
    '(%s) because the disk is full, what fits into the journal is still done',
    async (_, when) => {
      const directory = await newDirectory();
      const breaker = new Breaker();
      const options = { compactAtBytes: 0, compactAtShareOfSnapshot: 0, files: breaker.files };
      const store = await openStore(directory, options);
      await insert(store, 'a');
      breaker.breakOn(when, 'ENOSPC');
      await store.close();
      const again = await openStore(directory, options);
      expect(await siteNames(again)).toEqual(['a']);
      await insert(again, 'b');
      await again.close();
      expect(breaker.failed.length).toBeGreaterThanOrEqual(3);
      expect(await readdir(directory)).toEqual(['journal']);
      breaker.mend();
      const third = await openStore(directory, options);
      expect(await siteNames(third)).toEqual(['a', 'b']);
      await third.close();
      expect(await readdir(directory)).toContain('evfleet.db');
    },
  );

  it.each(['unlink', 'sync'])('or %s fails after it, both together are the store', async (operation) => {
    const directory = await newDirectory();
    const breaker = new Breaker();
    const options = { compactAtBytes: 0, compactAtShareOfSnapshot: 0, files: breaker.files };
    const store = await openStore(directory, options);
    await insert(store, 'a');
    breaker.breakOn(
      (step) => step.operation === operation && (operation === 'unlink' || step.name === 'journal'),
    );
    await expect(store.close()).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await readdir(directory)).toContain('evfleet.db');
    breaker.mend();
    const again = await openStore(directory);
    expect(await siteNames(again)).toEqual(['a']);
    await insert(again, 'b');
    await again.close();
    const third = await openStore(directory);
    expect(await siteNames(third)).toEqual(['a', 'b']);
    await third.close();
  });
});

describe('opening', () => {
  it.each([
    ['EACCES', 'readFile', 'NOT_ALLOWED'],
    ['EIO', 'readFile', 'STORE_FAILED'],
    ['EIO', 'readdir', 'STORE_FAILED'],
    ['EROFS', 'mkdir', 'NOT_ALLOWED'],
    ['EIO', 'truncate', 'STORE_FAILED'],
  ])('%s of %s says %s and leaves no lock', async (code, operation, expected) => {
    const directory = await newDirectory();
    const breaker = new Breaker();
    await (await openStore(directory)).close();
    breaker.breakOn((step) => step.operation === operation, code);
    await expect(openStore(directory, { files: breaker.files })).rejects.toMatchObject({ code: expected });
    expect(await readdir(directory)).toEqual(['journal']);
  });

  it('a file in the place of the directory is not allowed', async () => {
    const directory = path.join(await newDirectory(), 'data');
    await (await openStore(directory)).close();
    const [segment = ''] = await readdir(path.join(directory, 'journal'));
    const file = path.join(directory, 'journal', segment);
    await expect(openStore(file)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  });
});
