import initSqlJs from 'sql.js';
import { readCsv } from '../src/cli/files/csv-file.js';
import { importFile } from '../src/cli/import/import-file.js';
import { beginTagImport } from '../src/cli/import/tag-import.js';
import { connectFleet } from '../src/cli/remote/http-fleet.js';
import { tagTable } from '../src/domain/import/tag-import.js';
import type { ImportedColumn } from '../src/domain/import/tag-import-repository.js';
import type { Fleet } from '../src/operations/fleet.js';
import { line, section, verdict } from './report.js';
import { scrape } from './scrape.js';
import { startServer } from './servers.js';

const secondsMax = 10;
const stallMaxMs = 200;
const users = 1000;

/** `tag import` of a file into a running server, against bare inserts of as many rows. */
export async function benchTagImport({ quick }: { quick: boolean }): Promise<void> {
  const count = quick ? 10_000 : 100_000;
  section(`Importing ${count.toLocaleString('en')} tags`);
  const bareS = await bareInserts(count);
  line('bare inserts, 64 rows at a time, sql.js in memory', `${bareS.toFixed(2)} s`);
  const server = await startServer('evfleet', 1);
  try {
    const { controlSocket = '' } = server;
    const { signal } = new AbortController();
    const fleet = await connectFleet({ socketPath: controlSocket, signal });
    if (!fleet) throw new Error('The server does not listen.');
    for (let i = 0; i < users; i += 1) await fleet.run('user.create', { email: emailOf(i), role: 'driver' });
    const longestStallMs = async () =>
      (await scrape(controlSocket, 'evfleet_event_loop_lag_max_seconds')) * 1000;
    await longestStallMs();
    const created = await timed(fleet, fileOf(count, 'created'), signal);
    line(
      'tag import, file to disk',
      `${created.toFixed(2)} s`,
      verdict(created <= secondsMax, `at most ${secondsMax} s`),
    );
    line('ratio', (created / bareS).toFixed(1));
    const stall = await longestStallMs();
    line(
      'longest stall of the event loop',
      `${stall.toFixed(0)} ms`,
      verdict(stall <= stallMaxMs, `at most ${stallMaxMs} ms`),
    );
    const updated = await timed(fleet, fileOf(count, 'updated'), signal);
    line(
      'the same with another label for each',
      `${updated.toFixed(2)} s`,
      verdict(updated <= secondsMax, `at most ${secondsMax} s`),
    );
    const again = await longestStallMs();
    line(
      'longest stall of the event loop',
      `${again.toFixed(0)} ms`,
      verdict(again <= stallMaxMs, `at most ${stallMaxMs} ms`),
    );
    await fleet.close();
  } finally {
    await server.stop();
  }
}

const emailOf = (index: number) => `user${index % users}@example.org`;
/** In no order, as UIDs come. */
const tagOf = (index: number) => `${((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}AB0102`;

function fileOf(count: number, label: string): Buffer {
  const lines = Array.from({ length: count }, (_, i) => `${tagOf(i)};${emailOf(i)};${label} ${i}`);
  return Buffer.from(['tag;user;label', ...lines].join('\r\n'));
}

/** Seconds. */
async function timed(fleet: Fleet, file: Buffer, signal: AbortSignal): Promise<number> {
  const begun = performance.now();
  const records = await readCsv(file, { file: 'tags.csv', maxRecords: 1_000_000 });
  const begin = (columns: ImportedColumn[]) =>
    beginTagImport(fleet, { columns, ifExists: 'update', dryRun: false });
  await importFile(records, tagTable, begin, {
    ignoreColumns: [],
    reading: { nowMs: Date.now(), toTag: (cell) => cell, toParent: (cell) => cell },
    onProgress: () => undefined,
    signal,
  });
  return (performance.now() - begun) / 1000;
}

/** Seconds. */
async function bareInserts(count: number): Promise<number> {
  const { Database } = await initSqlJs();
  const database = new Database();
  database.exec(
    'CREATE TABLE tag (tagKey text PRIMARY KEY, tag text, label text, userUuid text, createdAt bigint)',
  );
  const row = '(?, ?, ?, ?, ?)';
  const insert = database.prepare(`INSERT INTO tag VALUES ${Array.from({ length: 64 }, () => row).join()}`);
  const begun = performance.now();
  database.exec('BEGIN');
  for (let i = 0; i < count; i += 64) {
    const values = Array.from({ length: 64 }, (_, j) => {
      const tag = tagOf(i + j);
      return [tag.toLowerCase(), tag, `created ${i + j}`, emailOf(i + j), 1];
    });
    insert.run(values.flat());
  }
  database.exec('COMMIT');
  const seconds = (performance.now() - begun) / 1000;
  database.close();
  return seconds;
}
