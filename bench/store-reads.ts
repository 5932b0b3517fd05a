import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocalFleet } from '../src/server/local-fleet.js';
import { firstJson, median, startNode, stop } from './measure.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** The newest 50 of many sessions, in microseconds, against the newest 50 of a thousand. */
export async function sessionPage(
  large: string,
  small: string,
): Promise<{ smallUs: number; largeUs: number }> {
  const open = (dataDir: string) =>
    openLocalFleet({ dataDir, lockTimeoutMs: 0, signal: new AbortController().signal });
  const fleets = { large: await open(large), small: await open(small) };
  const time = async (fleet: (typeof fleets)['large']) => {
    const begun = performance.now();
    await fleet.run('session.list', { limit: 50 });
    return (performance.now() - begun) * 1000;
  };
  const rounds = [];
  for (let round = 0; round < 200; round += 1) {
    rounds.push({ small: await time(fleets.small), large: await time(fleets.large) });
  }
  await fleets.large.close();
  await fleets.small.close();
  const warm = rounds.slice(50);
  return { smallUs: median(warm.map((r) => r.small)), largeUs: median(warm.map((r) => r.large)) };
}

export interface ExportFigures {
  readonly seconds: number;
  /** Undefined where there is no sqlite3 program. */
  readonly sqliteSeconds: number | undefined;
  /** Most resident memory of the exporting command, above that of the same command with nothing to export, MB. */
  readonly commandMb: number;
  /** Growth of the server's resident memory during the export, MB. */
  readonly serverMb: number;
}

/** `session export` of everything through a running server, against `sqlite3 -csv` with the same query. */
export async function sessionExport(directory: string): Promise<ExportFigures> {
  const server = startNode(program, [
    'serve',
    '--port',
    '0',
    '--data-dir',
    directory,
    '--json',
    '--log-level',
    'error',
  ]);
  await firstJson(server);
  const nothing = await exportSessions(directory, ['--from', '2100-01-01']);
  const before = residentMb(server.pid);
  let serverPeak = before;
  const watch = setInterval(() => {
    serverPeak = Math.max(serverPeak, residentMb(server.pid));
  }, 50);
  const all = await exportSessions(directory, []);
  clearInterval(watch);
  await stop(server);
  return {
    seconds: all.seconds,
    sqliteSeconds: exportBySqlite(directory),
    commandMb: all.peakMb - nothing.peakMb,
    serverMb: serverPeak - before,
  };
}

async function exportSessions(
  directory: string,
  argv: readonly string[],
): Promise<{ seconds: number; peakMb: number }> {
  const begun = performance.now();
  const file = join(directory, 'export.csv');
  const child = spawn(
    process.execPath,
    [program, 'session', 'export', '--output', file, '--data-dir', directory, ...argv],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  child.stderr.resume();
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(child.pid));
  }, 20);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`session export ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1000, peakMb };
}

function exportBySqlite(directory: string): number | undefined {
  const query = 'SELECT * FROM session ORDER BY startedAt DESC, transactionId DESC';
  const times = [];
  for (let round = 0; round < 3; round += 1) {
    const begun = performance.now();
    const target = join(directory, 'sqlite.csv');
    const { error } = spawnSync('sh', [
      '-c',
      `sqlite3 -csv "$1" "$2" > "$3"`,
      'sh',
      join(directory, 'evfleet.db'),
      query,
      target,
    ]);
    if (error || !existsSync(target) || readFileSync(target).length === 0) return undefined;
    times.push((performance.now() - begun) / 1000);
  }
  return median(times);
}

function residentMb(pid: number | undefined): number {
  const file = `/proc/${pid}/statm`;
  return existsSync(file) ? (Number(readFileSync(file, 'utf8').split(' ')[1]) * 4096) / 1e6 : Number.NaN;
}
