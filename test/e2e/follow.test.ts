import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evfleet, serve } from '../helpers/program.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { until } from '../helpers/until.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

let directory = '';
let dataDir = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evfleet-follow-'));
  dataDir = join(directory, 'data');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A command that runs until it is told to stop. */
function run(argv: readonly string[]) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, XDG_CONFIG_HOME: '/nonexistent', EVFLEET_DATA_DIR: dataDir };
  const child = spawn(process.execPath, [program, ...argv], { env });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { output, code, stop: (signal: 'SIGINT' | 'SIGTERM') => child.kill(signal) };
}

describe('following', () => {
  it('shows what happens as it happens, and ends with Ctrl-C without a word', async () => {
    await evfleet(['station', 'create', 'CP001'], { dataDir });
    const server = await serve({ dataDir });
    const first = await ScriptedStation.connect(server.url, 'CP001');
    await first.boot();
    const text = run(['event', 'list', '--follow', '--limit', '1', '--kind', 'station']);
    const json = run(['event', 'list', '--follow', '--json']);
    const csv = run(['connection', 'list', 'CP001', '--follow', '--csv']);
    await until(() => text.output.stdout.includes('booted'), 'the last event before');
    await until(() => json.output.stdout.includes('booted'), 'the events before');
    await first.leave();
    // Connections have nothing to show before: again and again until that one follows too.
    await until(async () => {
      const station = await ScriptedStation.connect(server.url, 'CP001');
      await station.leave(4001);
      return csv.output.stdout.includes('code 4001') && json.output.stdout.includes('4001');
    }, 'the end of a connection');
    for (const command of [text, json, csv]) command.stop('SIGINT');
    expect(await Promise.all([text.code, json.code, csv.code])).toEqual([130, 130, 130]);
    for (const { output } of [text, json, csv]) expect(output.stderr).toBe('');
    const [header, ...lines] = text.output.stdout.trimEnd().split('\n');
    expect(header).toBe('time\tstationId\tconnector\tdescription');
    expect(lines[0]).toMatch(/^\d{4}-\S+Z\tCP001\t\tbooted: Acme Box$/);
    expect(lines[1]).toMatch(/\tdisconnected \(1000\)$/);
    const events = json.output.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.slice(0, 3).map(({ kind }) => kind)).toEqual([
      'station.connected',
      'station.booted',
      'station.disconnected',
    ]);
    expect(
      csv.output.stdout.match(/^stationId,openedAt,closedAt,code,initiator,reason,description/gm),
    ).toHaveLength(1);
    await server.kill('SIGTERM');
  });

  it('needs a running server, and ends with 7 when that stops', async () => {
    const none = await evfleet(['fault', 'list', '--follow', '--json'], { dataDir });
    expect(none.code).toBe(7);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'SERVER_UNREACHABLE', exitCode: 7 } });
    await evfleet(['station', 'create', 'CP001'], { dataDir });
    const server = await serve({ dataDir });
    const station = await ScriptedStation.connect(server.url, 'CP001');
    const text = run(['event', 'list', '--follow']);
    await until(() => text.output.stdout.includes('connected'), 'the event before');
    await server.kill('SIGTERM');
    await station.closed;
    expect(await text.code).toBe(7);
    expect(text.output.stderr).toContain('Error: The server has stopped.');
    expect(text.output.stdout).toContain('the server is stopping');
  });

  it.each([['--sort', 'time'], ['--from', 'today'], ['--all']])('takes no %s', async (...flag) => {
    const { code, stderr } = await evfleet(['event', 'list', '--follow', ...flag], { dataDir });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--follow')]);
  });
});

it('a killed server leaves no connection open', async () => {
  await evfleet(['station', 'create', 'CP001'], { dataDir });
  const server = await serve({ dataDir });
  const station = await ScriptedStation.connect(server.url, 'CP001');
  await station.boot();
  await server.kill('SIGKILL');
  await station.closed;
  const before = await evfleet(['connection', 'list', '--json'], { dataDir });
  expect(JSON.parse(before.stdout)).toMatchObject([{ closedAt: null, code: null }]);
  const again = await serve({ dataDir });
  const after = await evfleet(['connection', 'list', 'CP001', '--code', '0001', '--json'], { dataDir });
  expect(JSON.parse(after.stdout)).toMatchObject([
    { code: '0001', initiator: 'server', description: 'server restart' },
  ]);
  const open = await evfleet(['connection', 'list', '--open', '-q'], { dataDir });
  expect(open.stdout).toBe('');
  await again.kill('SIGTERM');
});
