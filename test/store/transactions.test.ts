import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readSegment } from '../../src/store/journal-segment.js';
import { temporaryDirectories } from './support/directories.js';
import { createdAt, newSample, newSession, newSite, newStation, newTag } from './support/fixtures.js';
import { interceptedFiles } from './support/intercepted-files.js';
import { leakedRepositories, openStore, siteNames, temporaryStores } from './support/open-store.js';

const newDirectory = temporaryDirectories();
const newStore = temporaryStores();

describe('a write', () => {
  it('is undone whole when its work throws, also after a restart', async () => {
    const directory = await newDirectory();
    const store = await openStore(directory);
    await store.write(({ sites }) => sites.insert(newSite('kept')));
    const refused = store.write(async ({ sites, tags }) => {
      await sites.insert(newSite('undone'));
      await tags.insert(newTag('undone'));
      throw new RangeError('on second thoughts');
    });
    await expect(refused).rejects.toThrow(RangeError);
    expect(await siteNames(store)).toEqual(['kept']);
    await store.close();
    const again = await openStore(directory);
    expect(await siteNames(again)).toEqual(['kept']);
    expect(await again.read(({ tags }) => tags.list())).toEqual([]);
    await again.close();
  });

  it('is undone whole when a name is taken', async () => {
    const store = await newStore();
    const refused = store.write(async ({ sites, tags }) => {
      await tags.insert(newTag('undone'));
      await sites.insert(newSite('Depot', { uuid: '1' }));
      await sites.insert(newSite('DEPOT', { uuid: '2' }));
    });
    await expect(refused).rejects.toThrow('UNIQUE');
    expect(await siteNames(store)).toEqual([]);
    expect(await store.read(({ tags }) => tags.list())).toEqual([]);
  });

  it('keeps what came before a statement whose failure its work has caught', async () => {
    const directory = await newDirectory();
    const store = await openStore(directory);
    await store.write(async ({ sites }) => {
      await sites.insert(newSite('Depot', { uuid: '1' }));
      await sites.insert(newSite('DEPOT', { uuid: '2' })).catch(() => undefined);
      await sites.insert(newSite('Harbour'));
    });
    await store.close();
    const again = await openStore(directory);
    expect(await siteNames(again)).toEqual(['Depot', 'Harbour']);
    await again.close();
  });

  it('that changes nothing leaves no trace in the journal', async () => {
    const directory = await newDirectory();
    const store = await openStore(directory);
    await store.write(({ sites }) => sites.list());
    await expect(store.write(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await store.close();
    const journal = path.join(directory, 'journal');
    const [name = ''] = await readdir(journal);
    const bytes = await readFile(path.join(journal, name));
    expect(readSegment(name, bytes, { isLast: true }).records.length).toBe(1);
  });

  it.each([Number.POSITIVE_INFINITY, Number.NaN])(
    'refuses %d, which the journal could not give back',
    async (energyWh) => {
      const store = await newStore();
      const refused = store.write(({ samples }) => samples.insert([newSample(1, createdAt, { energyWh })]));
      await expect(refused).rejects.toThrow('cannot keep the value');
      await store.write(({ sites }) => sites.insert(newSite('the store goes on')));
    },
  );
});

describe('transactions that SQLite commits together', () => {
  it('stay when a later one is undone, over and over', async () => {
    const directory = await newDirectory();
    const store = await openStore(directory);
    const expected: string[] = [];
    for (let round = 0; round < 200; round += 1) {
      const name = `site ${String(round).padStart(3, '0')}`;
      if (round % 3 === 0) {
        const failing = store.write(async ({ sites }) => {
          await sites.insert(newSite(name));
          await sites.insert(newSite(name));
        });
        await expect(failing).rejects.toThrow('UNIQUE');
      } else {
        await store.write(({ sites }) => sites.insert(newSite(name)));
        expected.push(name);
      }
    }
    expect(await siteNames(store)).toEqual(expected);
    await store.close();
    const again = await openStore(directory);
    expect(await siteNames(again)).toEqual(expected);
    await again.close();
  });
});

describe('many callers at once', () => {
  it('come one after the other', async () => {
    const store = await newStore();
    const callers = Array.from({ length: 200 }, (_, i) =>
      i % 3 === 0
        ? store.read(async ({ sessions }) => {
            const before = await sessions.count({});
            await Promise.resolve();
            expect(await sessions.count({})).toBe(before);
            return 0;
          })
        : store.write(async ({ sessions }) => {
            const count = await sessions.count({});
            const transactionId = await sessions.nextTransactionId();
            await sessions.insert(newSession(transactionId));
            expect(await sessions.count({})).toBe(count + 1);
            return transactionId;
          }),
    );
    const numbers = (await Promise.all(callers)).filter((number) => number > 0);
    expect(numbers).toEqual(Array.from({ length: 133 }, (_, i) => i + 1));
  });

  it('do not disturb each other by failing', async () => {
    const store = await newStore();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) =>
        store.write(async ({ stations }) => {
          await stations.insert(newStation(`CP${i % 20}`, { uuid: `${i}` }));
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(20);
    expect((await store.read(({ stations }) => stations.listIds())).length).toBe(20);
  });

  it('share syncs', async () => {
    let syncs = 0;
    const files = interceptedFiles(({ operation }) => {
      if (operation === 'datasync') syncs += 1;
      return undefined;
    });
    const store = await newStore({ files });
    syncs = 0;
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => store.write(({ sites }) => sites.insert(newSite(`${i}`)))),
    );
    expect(syncs).toBeLessThanOrEqual(2);
  });
});

describe('nobody learns of a change before it is on disk', () => {
  /** A store whose syncs wait for `release`, and a check for what is settled after a few turns. */
  async function slowStore() {
    let release = (): void => undefined;
    let isSlow = false;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const files = interceptedFiles(() => undefined);
    const open = files.open.bind(files);
    const slowFiles = Object.assign(files, {
      open: async (...args: Parameters<typeof open>) => {
        const handle = await open(...args);
        const datasync = handle.datasync.bind(handle);
        return new Proxy(handle, {
          get: (target, key) =>
            key === 'datasync' && isSlow ? () => held.then(datasync) : Reflect.get(target, key),
        });
      },
    });
    const store = await newStore({ files: slowFiles });
    isSlow = true;
    return { store, release };
  }

  it('not the writer, not a reader, not somebody who is refused because of it', async () => {
    const { store, release } = await slowStore();
    const settled: string[] = [];
    const note = (who: string) => () => settled.push(who);
    const all = [
      store.write(({ sites }) => sites.insert(newSite('Depot'))).then(note('writer')),
      store.read(({ sites }) => sites.list()).then(note('reader')),
      store.write(async () => undefined).then(note('idle writer')),
      store
        .write(async ({ sites }) => {
          if (await sites.findByName('Depot')) throw new Error('it exists');
        })
        .catch(note('refused')),
    ];
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(settled).toEqual([]);
    release();
    await Promise.all(all);
    expect(settled.length).toBe(4);
  });
});

describe('misuse', () => {
  it('a query outside of its transaction is refused, whether or not another one runs', async () => {
    const store = await newStore();
    const leaked = await leakedRepositories(store);
    await expect(leaked.sites.list()).rejects.toThrow('outside of its transaction');
    await store.read(async () => {
      await expect(leaked.sites.list()).rejects.toThrow('outside of its transaction');
    });
    await store.write(async () => {
      await expect(leaked.sites.insert(newSite('x'))).rejects.toThrow('outside of a write transaction');
    });
    expect(await siteNames(store)).toEqual([]);
  });

  it('a change in a read is refused', async () => {
    const store = await newStore();
    const refused = store.read(({ sites }) => sites.insert(newSite('x')));
    await expect(refused).rejects.toThrow('outside of a write transaction');
    expect(await siteNames(store)).toEqual([]);
  });

  it.each(['read', 'write'] as const)(
    'a %s inside of a transaction is an error, not a deadlock',
    async (inner) => {
      const store = await newStore();
      for (const outer of ['read', 'write'] as const) {
        const nested = store[outer](async (repositories) => {
          if (outer === 'write') await repositories.sites.insert(newSite('half'));
          await store[inner](({ sites }) => sites.list());
          await repositories.sites.list();
        });
        await expect(nested).rejects.toThrow('the store itself?');
      }
      expect(await siteNames(store)).toEqual([]);
    },
  );

  it('work that awaits something else is rolled back and does not come back to life', async () => {
    const store = await newStore();
    let late: Promise<void> | undefined;
    const slow = store.write(async ({ sites }) => {
      await sites.insert(newSite('half'));
      late = nextTurn().then(() => sites.insert(newSite('late')));
      await late;
    });
    await expect(slow).rejects.toThrow('awaited something other than its repositories');
    await expect(late).rejects.toThrow('outside of a write transaction');
    await store.write(({ sites }) => sites.insert(newSite('next')));
    expect(await siteNames(store)).toEqual(['next']);
  });
});

describe('closing', () => {
  it('waits for what is under way, then refuses', async () => {
    const directory = await newDirectory();
    const store = await openStore(directory);
    const writes = Array.from({ length: 20 }, (_, i) =>
      store.write(({ sites }) => sites.insert(newSite(`${i}`))),
    );
    const closed = store.close();
    await expect(store.read(({ sites }) => sites.list())).rejects.toThrow('The store is closed.');
    await expect(store.write(({ sites }) => sites.insert(newSite('x')))).rejects.toThrow('closed');
    await Promise.all([...writes, closed]);
    const again = await openStore(directory);
    expect((await siteNames(again)).length).toBe(20);
    await again.close();
  });

  it('twice does no harm to whoever opened the store in between', async () => {
    const directory = await newDirectory();
    const store = await openStore(directory, { compactAtBytes: 0, compactAtShareOfSnapshot: 0 });
    await Promise.all([store.close(), store.close()]);
    const next = await openStore(directory);
    await next.write(({ sites }) => sites.insert(newSite('kept')));
    await store.close();
    expect(await siteNames(next)).toEqual(['kept']);
    await expect(openStore(directory)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await next.close();
    const last = await openStore(directory);
    expect(await siteNames(last)).toEqual(['kept']);
    await last.close();
  });
});
