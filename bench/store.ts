import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { line, section, verdict } from './report.js';
import { createStoreWithSessions } from './store-fixture.js';
import { sessionExport, sessionPage } from './store-reads.js';
import { compactionStall, replaySpeed, startTime } from './store-upkeep.js';
import { concurrentWrites, sequentialWrites, writesBySize } from './store-writes.js';

/** The store against the bare parts it is made of. `quick` takes a tenth of the rows, where ratios say less. */
export async function benchStore({ quick }: { quick: boolean }): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  const directory = (name: string) => join(root, name);
  const many = quick ? 100_000 : 1_000_000;
  try {
    section('Writing');
    const one = await sequentialWrites(directory('sequential'), quick ? 200 : 1000);
    line('bare append + fdatasync', `${one.bareUs.toFixed(0)} µs`);
    line('one durable transaction after another', `${one.storeUs.toFixed(0)} µs`);
    ratio(one.storeUs / one.bareUs, 'at most', 1.5);
    const together = await concurrentWrites(directory('concurrent'), quick ? 5000 : 20_000);
    line('sql.js in memory, nothing kept', `${Math.round(together.memory)} /s`);
    line('durable transactions, 64 writers at once', `${Math.round(together.store)} /s`);
    ratio(together.store / together.memory, 'at least', 0.5);

    section(`A store with ${many.toLocaleString('en')} sessions`);
    await createStoreWithSessions(directory('large'), many);
    await createStoreWithSessions(directory('small'), 1000);
    const started = await startTime(directory('large'));
    line('reading the file and loading it into sql.js', `${started.loadMs.toFixed(0)} ms`);
    line('opening the store', `${started.openMs.toFixed(0)} ms`);
    ratio(started.openMs / started.loadMs, 'at most', 1.5);
    const size = await writesBySize(directory('large'), directory('sequential'), quick ? 200 : 500);
    line('a write on an empty store', `${size.emptyUs.toFixed(0)} µs`);
    line('a write on this store', `${size.largeUs.toFixed(0)} µs`);
    ratio(size.largeUs / size.emptyUs, 'at most', 1.2);
    const page = await sessionPage(directory('large'), directory('small'));
    line('newest 50 of 1,000 sessions', `${page.smallUs.toFixed(0)} µs`);
    line('newest 50 of all sessions', `${page.largeUs.toFixed(0)} µs`);
    ratio(page.largeUs / page.smallUs, 'at most', 2);
    await benchExport(directory('large'));

    section('Upkeep');
    await createStoreWithSessions(directory('middle'), quick ? 40_000 : 400_000);
    const stall = await compactionStall(directory('middle'));
    line('longest stall of the event loop without compaction', `${stall.withoutMs.toFixed(1)} ms`);
    line(`the same during one of ${stall.compactionMs} ms`, `${stall.withMs.toFixed(1)} ms`);
    const more = stall.withMs - stall.withoutMs;
    line('difference', `${more.toFixed(1)} ms`, verdict(more <= 20, 'at most 20 ms'));
    const replay = await replaySpeed(directory('replay'), quick ? 10_000 : 50_000);
    line('the same statements in sql.js', `${Math.round(replay.statements)} /s`);
    line('replaying a journal', `${Math.round(replay.replay)} /s`);
    ratio(replay.replay / replay.statements, 'at least', 0.5);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function benchExport(directory: string): Promise<void> {
  const { seconds, sqliteSeconds, commandMb, serverMb } = await sessionExport(directory);
  line('session export of all to CSV', `${seconds.toFixed(1)} s`);
  if (sqliteSeconds === undefined) line('sqlite3 -csv', 'not installed');
  else {
    line('sqlite3 -csv with the same query', `${sqliteSeconds.toFixed(1)} s`);
    ratio(sqliteSeconds / seconds, 'at least', 0.15);
  }
  const most = Math.max(commandMb, serverMb);
  line('memory above idle, command', `${commandMb.toFixed(0)} MB`);
  line('memory above idle, server', `${serverMb.toFixed(0)} MB`, verdict(most <= 100, 'at most 100 MB'));
}

function ratio(value: number, direction: 'at most' | 'at least', target: number): void {
  const isReached = direction === 'at most' ? value <= target : value >= target;
  line('ratio', value.toFixed(2), verdict(isReached, `${direction} ${target}`));
}
