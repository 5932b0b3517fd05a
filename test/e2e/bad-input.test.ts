import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evfleet, type ServeProcess, serve } from '../helpers/program.js';
import { runProgram } from '../helpers/run-command.js';

const directory = mkdtempSync(join(tmpdir(), 'evfleet-bad-'));
const dataDir = join(directory, 'data');
const env = { EVFLEET_DATA_DIR: dataDir };

beforeAll(async () => {
  await evfleet(['site', 'create', 'Solna'], { dataDir });
  await evfleet(['station', 'create', 'CP001', '--site', 'Solna', '--connectors', '2'], { dataDir });
  await evfleet(['tag', 'create', '04A2B3C4'], { dataDir });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What was typed, the exit code, and what the message must say; with and without --json. */
const mistakes: [string[], number, RegExp][] = [
  [['sttion', 'list'], 2, /evfleet station list/],
  [['station', 'lst'], 2, /evfleet station list/],
  [['station', 'list', '--sit', 'Solna'], 2, /--site/],
  [['connector', 'update', 'CP001', '2', '--mode', 'opn'], 2, /--mode open/],
  [['connector', 'update', 'CP001', '3', '--mode', 'open'], 5, /no connector 3; it has 1, 2/],
  [['connector', 'update', 'CP001', '2'], 2, /Nothing to change/],
  [['station', 'show', 'CP01'], 5, /evfleet station show CP001/],
  [['station', 'create', 'CP/002'], 2, /"\/"/],
  [['station', 'create', 'CP:002'], 2, /":"/],
  [['station', 'create', 'CP\u0007'], 2, /control characters/],
  [['station', 'create', 'x'.repeat(49)], 2, /49 characters long, at most 48/],
  [['station', 'create', 'CP002', '--site', 'Slna'], 5, /Solna/],
  [['station', 'create', 'CP001'], 6, /--if-exists/],
  [['site', 'create', 'SOLNA'], 6, /--if-exists/],
  [['site', 'delete', 'Solna', '--yes'], 6, /still has 1 station/],
  [['site', 'delete', 'Solna'], 2, /--yes/],
  [['site', 'create', 'Nord', '--lat', '91'], 2, /--lat takes a number from -90 to 90/],
  [['tag', 'create', 'x'.repeat(21)], 2, /at most 20/],
  [['tag', 'create', 'T1', '--expires', 'soonish'], 2, /--expires takes an instant/],
  [['tag', 'show', '04A2B3C5'], 5, /04A2B3C4/],
  [['session', 'show', '99'], 5, /no session/],
  [['station', 'list', '--sort', 'nme'], 2, /--sort name/],
  [['station', 'list', '--filter', 'vendor'], 2, /field=value/],
  [['station', 'list', '--columns', 'idd'], 2, /--columns id/],
  [['remote', 'start', 'CP001', '--connector', '1', '--tag', '04A2B3C4'], 7, /evfleet serve/],
  [['remote', 'start', 'CP001', '--connector', '1'], 2, /--tag/],
  [
    ['remote', 'start', 'CP001', '--tag', 'T', '--timeout', '50ms'],
    2,
    /--timeout takes a duration from 100ms/,
  ],
  [['station', 'update', 'CP001', '--heartbeat-interval', '8d'], 2, /--heartbeat-interval takes/],
  [['simulate', '--url', 'http://127.0.0.1'], 2, /--url ws:/],
];

describe('a mistake gets a clear error, a way on, and its exit code', () => {
  it.each(mistakes)('%j', async (argv, code, says) => {
    const plain = await runProgram(argv, { env });
    expect({ code: plain.exitCode, stderr: plain.stderr }).toMatchObject({
      code,
      stderr: expect.stringMatching(says),
    });
    expect(plain.stderr).toMatch(/^Error: /);
    expect(plain.stdout).toBe('');

    const json = await runProgram([...argv, '--json'], { env });
    expect(json.exitCode).toBe(code);
    const { error } = JSON.parse(json.stdout);
    expect(error).toEqual({
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.any(String),
      exitCode: code,
      suggestions: expect.any(Array),
    });
    expect([error.message, ...error.suggestions].join('\n')).toMatch(says);
  });
});

describe('serve that cannot start says why in one line', () => {
  let server: ServeProcess;

  beforeAll(async () => {
    server = await serve({ dataDir });
  });

  afterAll(() => server.kill('SIGTERM'));

  it('on a data directory that another serve has', async () => {
    const { code, stderr } = await evfleet(['serve', '--port', '0', '--lock-timeout', '100ms'], { dataDir });
    expect(code).toBe(6);
    expect(stderr).toMatch(
      /^Error: The store in .* is in use by process \d+ \(evfleet serve, since .*\)\.\n/,
    );
  });

  it('on a port that is in use', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, stderr } = await evfleet(['serve', '--port', port], { dataDir: join(directory, 'other') });
    expect(code).toBe(6);
    expect(stderr).toContain(
      `Error: Port ${port} on 127.0.0.1 is in use by another program.\nTry: evfleet serve --port`,
    );
    await new Promise((resolve) => blocker.close(resolve));
  });

  it('in a place that is no directory', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await evfleet(['serve', '--port', '0'], { dataDir: join(file, 'data') });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^Error: The data directory .* cannot be written/);
  });

  it.skipIf(process.getuid?.() === 0)('in a directory that is not writable', async () => {
    const locked = join(directory, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const { code } = await evfleet(['serve', '--port', '0'], { dataDir: join(locked, 'data') });
    expect(code).toBe(4);
  });
});
