import { once } from 'node:events';
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorCatalogue } from '../../src/domain/errors.js';
import { runProgram } from '../helpers/run-command.js';
import { type BuiltCli, buildCli, finished } from './fixture/build.js';

let cli: BuiltCli;

beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

const secret = 'hunter2-s3cret';

describe('exit codes are the same with and without --json', () => {
  test.each([
    ...Object.entries(errorCatalogue).map(([code, { exit }]) => [['fail', code], exit] as const),
    [['fail', 'BUG'], 1],
    [['fail', 'EXIT'], 3],
    [['fail'], 2],
    [['fail', 'NOT_FOUND', 'more'], 2],
    [['station', 'list', '--colums', 'id'], 2],
    [['station', 'list', '--limit', 'many'], 2],
    [['station', 'list', '--kind', 'fats'], 2],
    [['station', 'delete', 'CP-1'], 2],
    [['statoin', 'list'], 2],
    [['station', 'lst'], 2],
    [['help', 'statoin'], 2],
  ] as const)('%j ends with %d', async (argv, exit) => {
    const plain = await cli.run(argv);
    const json = await runProgram([...argv, '--json'], { root: cli.root });
    expect([plain.code, json.exitCode]).toEqual([exit, exit]);
    expect(plain.stdout).toBe('');
    if (argv.includes('EXIT' as never)) return;
    // Who interrupted knows: that is no error.
    expect(plain.stderr).toMatch(argv.includes('INTERRUPTED' as never) ? /^It failed\.\n/ : /^Error: .+\n/);
    const document = JSON.parse(json.stdout);
    expect(document).toEqual({
      error: {
        code: expect.any(String),
        message: expect.any(String),
        exitCode: exit,
        suggestions: expect.any(Array),
      },
    });
    expect(json.stderr).toBe('');
  });
});

describe('no error repeats a secret', () => {
  test.each([
    [['station', 'list', `--pin=${secret}`, '--kind', 'fast']],
    [['station', 'list', '--kind', secret]],
    [['station', 'list', `--kind=${secret}`]],
    [['station', 'list', '--limit', secret]],
    [['station', 'list', '--limit', '5', '--limit', secret]],
    [['station', 'list', '--pni', secret]],
    [['station', 'list', `--pni=${secret}`]],
    [['station', 'list', `-p${secret}`]],
    [['station', 'list', '--lock-timeout', secret]],
    [['station', 'list', secret]],
    [['station', 'delete', 'CP-1', secret]],
    [['fail', 'BUG', '--after', secret]],
    [['fail', secret]],
    [['station', 'lst', secret, '--pin', secret]],
    [['--pin', secret, 'station', 'list']],
    [['nonsense', `--pin=${secret}`]],
  ])('%j', async (argv) => {
    const env = { EVFLEET_PIN: secret, EVFLEET_KIND: secret, EVFLEET_AFTER: secret, PASSWORD: secret };
    for (const extra of [[], ['--json']]) {
      const { stdout, stderr, exitCode } = await runProgram([...argv, ...extra], { root: cli.root, env });
      expect(exitCode).toBe(2);
      expect(stdout + stderr).not.toContain(secret);
      expect(stdout + stderr).toMatch(/Error: |"USAGE"/);
    }
  });
});

test.each([
  [['statoin', 'list'], 'evfleet station list'],
  [['station', 'lst'], 'evfleet station list'],
  [['list', 'station'], 'evfleet station list'],
  [['stations', 'list', '--csv'], 'evfleet station list'],
  [['waitt'], 'evfleet wait'],
  [['station', 'list', '--colums', 'id'], '--columns'],
  [['station', 'list', '--kind', 'fats'], '--kind fast'],
  [['fail', 'NOT_FUOND'], 'NOT_FOUND'],
])('%j is told what was meant', async (argv, meant) => {
  expect((await runProgram(argv, { root: cli.root })).stderr).toContain(`\nTry: ${meant}\n`);
});

test('an unexpected error is one clear line, its stack only for debugging', async () => {
  const plain = await cli.run(['fail', 'BUG']);
  expect(plain.stderr).toBe(
    'Error: undefined is not a charger\nTry: EVFLEET_DEBUG=1 shows where it happened.\n',
  );
  const debug = await cli.run(['fail', 'BUG'], { env: { EVFLEET_DEBUG: '1' } });
  expect(debug.stderr).toMatch(/TypeError: undefined is not a charger.*at Fail\.run/s);
});

test('a stream that fails ends with the error on a line of its own', async () => {
  const { stdout, code } = await cli.run(['fail', 'TIMED_OUT', '--after', '2', '--json']);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ n: 0 }, { n: 1 }, { error: { code: 'TIMED_OUT', exitCode: 8 } }]);
  expect(code).toBe(8);
});

describe('a reader that goes away', () => {
  test.each(['lines', 'lines --json'])('%s | head ends quietly with 0', async (command) => {
    const { stdout, stderr } = await cli.shell(`$CLI ${command} | head -n 3; echo "exit $PIPESTATUS"`);
    expect(stdout.split('\n').slice(3)).toEqual(['exit 0', '']);
    expect(stderr).toBe('closed\n');
  });

  test.each(['station list', '--help'])('%s | true: also when all is written at once', async (command) => {
    const { stdout, stderr } = await cli.shell(`$CLI ${command} | true; echo "exit $PIPESTATUS"`);
    expect([stdout, stderr]).toEqual(['exit 0\n', '']);
  });
});

describe.runIf(existsSync('/dev/full'))('a disk that is full', () => {
  test.each(['station list', 'station list --json', 'lines --json', '--help'])(
    '%s > file says so and does not end with 0',
    async (command) => {
      const { stdout, stderr } = await cli.shell(`$CLI ${command} > /dev/full; echo "exit $?"`);
      expect(stdout).toBe('exit 1\n');
      expect(stderr).toContain(
        'Error: The output could not be written to its end: the disk is full (ENOSPC).\nMake room,',
      );
      expect(stderr.match(/^Error:/gm)).toHaveLength(1);
    },
  );

  test('an error that there was anyway keeps its exit code', async () => {
    const { stdout } = await cli.shell('$CLI fail NOT_FOUND --json > /dev/full; echo "exit $?"');
    expect(stdout).toBe('exit 5\n');
  });
});

test('whoever reads the log going away ends nothing', async () => {
  const child = cli.start(['wait', '--chatty']);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await ready(child.stderr);
  child.stderr?.destroy();
  expect(await exited).toBe(0);
});

describe('signals', () => {
  test.each([
    ['SIGINT', 130, 'Interrupted.'],
    ['SIGTERM', 143, 'Terminated.'],
  ] as const)('%s closes the fleet and ends with %d', async (signal, exit, message) => {
    for (const json of [false, true]) {
      const child = cli.start(json ? ['wait', '--json'] : ['wait']);
      const end = finished(child);
      await ready(child.stderr);
      child.kill(signal);
      const { code, stdout, stderr } = await end;
      expect(code).toBe(exit);
      expect(stderr).toContain('closed\n');
      if (json)
        expect(JSON.parse(stdout).error).toMatchObject({ code: 'INTERRUPTED', exitCode: exit, message });
      else expect(stderr.split('\n')).toContain(message);
    }
  });

  test('a command that ends by itself after a signal still tells of it', async () => {
    const child = cli.start(['wait', '--graceful']);
    const end = finished(child);
    await ready(child.stderr);
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ code: 143, stderr: 'ready\nclosed\n' });
  });

  test('a second signal forces', async () => {
    const child = cli.start(['wait', '--deaf']);
    const end = finished(child);
    await ready(child.stderr);
    child.kill('SIGINT');
    // Two that come at once may count as one.
    await ready(child.stderr);
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, stderr: 'ready\nheard\n' });
  });
});

test('a pipe gets the whole of a large output', async () => {
  const { stdout } = await cli.shell('$CLI station list --json | (sleep 0.3; cat)');
  expect(JSON.parse(stdout)).toHaveLength(120);
});

test('a command without a result prints one JSON document all the same', async () => {
  const child = cli.start(['wait', '--graceful', '--json']);
  const end = finished(child);
  await ready(child.stderr);
  child.kill('SIGTERM');
  expect((await end).stdout).toBe('null\n');
});

test('input waiting on stdin is not taken for a missing argument', async () => {
  const { code, stderr } = await cli.run(['station', 'delete', '--yes'], { stdin: 'CP-1\n' });
  expect([code, stderr]).toEqual([2, 'Error: Missing: ID.\nTry: evfleet station delete --help\n']);
});

test('help tells of environment variables, and no secret that is in one', async () => {
  const { stdout, code } = await cli.run(['station', 'list', '--help'], { env: { EVFLEET_PIN: secret } });
  expect(stdout).toContain('--data-dir from EVFLEET_DATA_DIR');
  expect([stdout.includes(secret), code]).toEqual([false, 0]);
});

test('the manifest is stable, knows no machine and notices when it is stale', async () => {
  const manifest = `${cli.root}/bin/manifest.js`;
  appendFileSync(`${cli.root}/oclif.manifest.json`, ' ');
  expect(await cli.node(manifest, ['--check'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('stale'),
  });
  const written = await cli.node(manifest, []);
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(await cli.node(manifest, ['--check'])).toMatchObject({ code: 0, stderr: '' });
  expect((await cli.run(['station', 'list', '-q', '--limit', '2'])).stdout).toBe('CP-1\nCP-2\n');
});

test('without a build the program says how to build it', async () => {
  rmSync(`${cli.root}/dist/main.js`);
  expect(await cli.run(['station', 'list'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Error: evfleet is not built yet.\nTry: npm ci && npm run build\n',
  });
});

async function ready(stream: NodeJS.ReadableStream | null): Promise<void> {
  if (stream) await once(stream, 'data');
}
