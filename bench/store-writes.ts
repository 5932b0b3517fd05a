import { open } from 'node:fs/promises';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { newTag } from '../src/domain/new-entities.js';
import type { FleetStore } from '../src/store/fleet-store.js';
import { median } from './measure.js';
import { openStore } from './store-fixture.js';

/** Writes to the store against what they cannot be faster than. Times in microseconds per write. */

let written = 0;

function writeOne(store: FleetStore): Promise<void> {
  written += 1;
  const tag = `BENCH-${written}`;
  return store.write((r) =>
    r.tags.insert({ ...newTag({ tag, createdAt: 1 }), label: 'a tag of the benchmark' }),
  );
}

async function perWrite(count: number, write: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const begun = performance.now();
    await write();
    times.push((performance.now() - begun) * 1000);
  }
  return median(times);
}

/** One write after another, in turns with bare appends of as many bytes, each followed by fdatasync. */
export async function sequentialWrites(
  directory: string,
  count: number,
): Promise<{ bareUs: number; storeUs: number }> {
  const store = await openStore(directory);
  const before = (await store.info()).journalBytes;
  await perWrite(20, () => writeOne(store));
  const bytes = Buffer.alloc(Math.round(((await store.info()).journalBytes - before) / 20), 120);
  const file = await open(join(directory, 'bare'), 'a');
  const bare = async () => {
    await file.write(bytes);
    await file.datasync();
  };
  const rounds = [];
  for (let round = 0; round < 5; round += 1) {
    rounds.push({ bare: await perWrite(count, bare), store: await perWrite(count, () => writeOne(store)) });
  }
  await file.close();
  await store.close();
  return { bareUs: median(rounds.map((r) => r.bare)), storeUs: median(rounds.map((r) => r.store)) };
}

/** Durable transactions per second with 64 writers at once, against sql.js in memory that keeps nothing. */
export async function concurrentWrites(
  directory: string,
  count: number,
): Promise<{ memory: number; store: number }> {
  const store = await openStore(directory);
  const rounds = [];
  for (let round = 0; round < 5; round += 1) {
    rounds.push({ memory: await inMemory(count), store: await withWriters(store, count, 64) });
  }
  await store.close();
  return { memory: median(rounds.map((r) => r.memory)), store: median(rounds.map((r) => r.store)) };
}

async function withWriters(store: FleetStore, count: number, writers: number): Promise<number> {
  let left = count;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (left > 0) {
        left -= 1;
        await writeOne(store);
      }
    }),
  );
  return count / ((performance.now() - begun) / 1000);
}

/** The same transaction as prepared statements of sql.js: as fast as it gets without a disk. */
async function inMemory(count: number): Promise<number> {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.exec(
    'CREATE TABLE tag (tagKey text PRIMARY KEY, tag text, label text, blocked integer, expiresAt bigint, parent text, createdAt bigint)',
  );
  const [begin, insert, commit] = ['BEGIN', 'INSERT INTO tag VALUES (?, ?, ?, ?, ?, ?, ?)', 'COMMIT'].map(
    (sql) => database.prepare(sql),
  );
  const begun = performance.now();
  for (let i = 0; i < count; i += 1) {
    begin?.run();
    insert?.run([`bench-${i}`, `BENCH-${i}`, 'a tag of the benchmark', 0, null, null, 1]);
    commit?.run();
  }
  const rate = count / ((performance.now() - begun) / 1000);
  database.close();
  return rate;
}

/** A write on a large store against one on an empty store, in turns. */
export async function writesBySize(
  large: string,
  empty: string,
  count: number,
): Promise<{ emptyUs: number; largeUs: number }> {
  const stores = { large: await openStore(large), empty: await openStore(empty) };
  const rounds = [];
  for (let round = 0; round < 5; round += 1) {
    rounds.push({
      empty: await perWrite(count, () => writeOne(stores.empty)),
      large: await perWrite(count, () => writeOne(stores.large)),
    });
  }
  await stores.large.close();
  await stores.empty.close();
  return { emptyUs: median(rounds.map((r) => r.empty)), largeUs: median(rounds.map((r) => r.large)) };
}
