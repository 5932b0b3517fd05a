import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/server/system.js';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { evfleet, serve } from '../helpers/program.js';
import { runProgram } from '../helpers/run-command.js';

let directory: string;
let dataDir: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evfleet-e2e-store-'));
  dataDir = join(directory, 'data');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function json<T>(...argv: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await runProgram([...argv, '--json'], {
    env: { EVFLEET_DATA_DIR: dataDir },
  });
  expect({ argv, exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as T;
}

async function rowsOf(file: string, table: string): Promise<number> {
  const { Database } = await initSqlJs();
  const database = new Database(readFileSync(file));
  const [result] = database.exec(`SELECT count(*) FROM "${table}"`);
  expect(database.exec('PRAGMA integrity_check')[0]?.values).toEqual([['ok']]);
  database.close();
  return Number(result?.values[0]?.[0]);
}

describe('the store under a running server', () => {
  it('is compacted, backed up and checked while a car charges', async () => {
    await json('station', 'create', 'CP001');
    await json('connector', 'update', 'CP001', '1', '--mode', 'open');
    const server = await serve({ dataDir });
    const errors: unknown[] = [];
    const station = new VirtualStation({
      url: server.url,
      identity: 'CP001',
      clock: systemClock,
      random: seededRandom(3),
      speed: 600,
      configuration: { MeterValueSampleInterval: '60' },
      observer: { unexpected: (error) => errors.push(error) },
    });
    station.start();
    await station.untilAccepted();
    station.plugIn(1);
    await station.presentTag(1, 'ANYONE');
    await station.untilStatus(1, 'Charging');

    await json('store', 'compact');
    const samplesBefore = (await json<unknown[]>('session', 'samples', '1')).length;
    const backup = join(directory, 'backup.db');
    await json('store', 'backup', backup);
    expect(await json('store', 'check')).toMatchObject({ ok: true, problems: [] });
    await json('store', 'compact');
    expect(await json('store', 'info')).toMatchObject({ rows: { station: 1, session: 1 } });
    expect(await rowsOf(backup, 'meterSample')).toBeGreaterThanOrEqual(samplesBefore);

    await station.stop({ sessions: 'stop' });
    expect(errors).toEqual([]);
    await server.kill('SIGKILL');
    expect(await json('session', 'show', '1')).toMatchObject({ state: 'ended' });

    const kept = await json<{ keptIn: string }>('store', 'restore', backup, '--yes');
    expect(kept.keptIn).toContain('before-restore-');
    expect(await json('session', 'show', '1')).toMatchObject({ state: 'active' });
  });

  it('loses nothing when the server is killed while it compacts', async () => {
    const created: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const server = await serve({ dataDir });
      const compaction = evfleet(['store', 'compact'], { dataDir });
      const tag = `T${round}`;
      await json('tag', 'create', tag);
      created.push(tag);
      await server.kill('SIGKILL');
      await compaction;
    }
    const tags = await json<{ tag: string }[]>('tag', 'list');
    expect(tags.map(({ tag }) => tag)).toEqual(created);
    expect(await json('store', 'check')).toMatchObject({ ok: true });
  });
});

describe('a full disk', () => {
  it('ends the server with a clear message and keeps what was acknowledged', async () => {
    await json('site', 'create', 'Solna');
    const program = join(import.meta.dirname, '../../bin/run.js');
    // A limit on the size of files stands for a disk without space; ignored, its signal becomes an error of the write.
    const [segment = ''] = readdirSync(join(dataDir, 'journal'));
    const { size } = statSync(join(dataDir, 'journal', segment));
    const limitKiB = Math.ceil(size / 1024) + 12;
    const limited = `trap "" XFSZ; ulimit -f ${limitKiB}; exec "$0" "$1" serve --port 0 --log-format json`;
    const child = spawn('bash', ['-c', limited, process.execPath, program], {
      env: { PATH: process.env.PATH, HOME: directory, EVFLEET_DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));

    const created: string[] = [];
    for (;;) {
      const name = `Site ${created.length} ${'x'.repeat(80)}`;
      const address = 'y'.repeat(400);
      const argv = ['site', 'create', name, '--address', address];
      const { exitCode } = await runProgram(argv, { env: { EVFLEET_DATA_DIR: dataDir } });
      if (exitCode !== 0) break;
      created.push(name);
    }
    expect(await ended).toBe(1);
    expect(stderr).toMatch(/"level":50.*The journal could not be written/);
    expect(stderr).toMatch(/^Error: The journal could not be written: .*\n/m);

    const sites = await json<{ name: string }[]>('site', 'list');
    expect(sites.map(({ name }) => name)).toEqual(expect.arrayContaining(['Solna', ...created]));
    expect(created.length).toBeGreaterThan(5);
  });
});
