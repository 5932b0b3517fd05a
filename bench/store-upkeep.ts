import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { newTag } from '../src/domain/new-entities.js';
import { realFiles } from '../src/store/files.js';
import { FleetStore } from '../src/store/fleet-store.js';
import { StatementDictionary } from '../src/store/journal-record.js';
import { listSegments, readSegment } from '../src/store/journal-segment.js';
import { loadSnapshot, replaySegments } from '../src/store/replay.js';
import { storePaths } from '../src/store/snapshot.js';
import { Sqlite } from '../src/store/sqlite.js';
import { jobsInWorker } from '../src/store/store-worker.js';
import { median } from './measure.js';
import { openStore } from './store-fixture.js';

/** Longest stall of the event loop, in ms, while the store is written to: with and without a compaction. */
export async function compactionStall(
  directory: string,
): Promise<{ withoutMs: number; withMs: number; compactionMs: number }> {
  const store = await FleetStore.open({
    directory,
    command: 'bench',
    lockTimeoutMs: 0,
    now: () => Date.now(),
    runJob: jobsInWorker,
  });
  const rounds = [];
  for (let round = 0; round < 3; round += 1) {
    let compactionMs = 0;
    const withMs = await stallDuring(store, async () => {
      compactionMs = (await store.compact()).durationMs;
    });
    const withoutMs = await stallDuring(store, () => sleep(compactionMs));
    rounds.push({ withoutMs, withMs, compactionMs });
  }
  await store.close();
  return {
    withoutMs: median(rounds.map((r) => r.withoutMs)),
    withMs: median(rounds.map((r) => r.withMs)),
    compactionMs: median(rounds.map((r) => r.compactionMs)),
  };
}

let touched = 0;

async function stallDuring(store: FleetStore, work: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  const writing = (async () => {
    while (!isOver) {
      touched += 1;
      const knock = { id: `BENCH-${touched % 500}`, address: null, protocol: null, at: touched };
      await store.write((r) => r.unknownStations.note(knock));
    }
  })();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  isOver = true;
  await writing;
  return delay.max / 1e6;
}

/** Records per second when a journal is replayed, against its statements run on sql.js from memory. */
export async function replaySpeed(
  directory: string,
  records: number,
): Promise<{ statements: number; replay: number }> {
  const store = await openStore(directory);
  const tag = (i: number) => newTag({ tag: `T${i}`, createdAt: i });
  for (let i = 0; i < records; i += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, k) => store.write((r) => r.tags.insert(tag(i + k)))));
  }
  const { journal, snapshot } = storePaths(directory);
  const segments = await listSegments(realFiles, journal);
  const rounds = [];
  for (let round = 0; round < 5; round += 1) {
    rounds.push({ statements: await runStatements(segments), replay: await replayAll(snapshot, segments) });
  }
  await store.close();
  return { statements: median(rounds.map((r) => r.statements)), replay: median(rounds.map((r) => r.replay)) };
}

async function runStatements(segments: readonly string[]): Promise<number> {
  const statements = segments.flatMap((file) => {
    const dictionary = new StatementDictionary();
    const { records } = readSegment(file, readFileSync(file), { isLast: true });
    return records.map(({ payload }) => dictionary.decode(payload));
  });
  const sqlite = await Sqlite.open();
  const begun = performance.now();
  sqlite.run('BEGIN', []);
  for (const record of statements) for (const { sql, parameters } of record) sqlite.run(sql, parameters);
  sqlite.run('COMMIT', []);
  const rate = statements.length / ((performance.now() - begun) / 1000);
  sqlite.close();
  return rate;
}

async function replayAll(snapshot: string, segments: readonly string[]): Promise<number> {
  const loaded = await loadSnapshot(realFiles, snapshot);
  const begun = performance.now();
  const { records } = await replaySegments(realFiles, loaded, segments, { lastMayBeTorn: true });
  const rate = records / ((performance.now() - begun) / 1000);
  loaded.sqlite.close();
  return rate;
}

/** Time to open a large store, against reading its file and loading it into sql.js. */
export async function startTime(directory: string): Promise<{ loadMs: number; openMs: number }> {
  const rounds = [];
  for (let round = 0; round < 5; round += 1) {
    let begun = performance.now();
    const bare = await Sqlite.open(await readFile(join(directory, 'evfleet.db')));
    bare.all('SELECT name FROM counter', []);
    const loadMs = performance.now() - begun;
    bare.close();
    begun = performance.now();
    const store = await openStore(directory);
    rounds.push({ loadMs, openMs: performance.now() - begun });
    await store.close();
  }
  return { loadMs: median(rounds.map((r) => r.loadMs)), openMs: median(rounds.map((r) => r.openMs)) };
}
