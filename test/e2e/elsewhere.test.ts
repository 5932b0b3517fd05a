import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { admin, type Elsewhere, serveElsewhere } from '../helpers/elsewhere.js';
import { evfleet } from '../helpers/program.js';
import { runProgram } from '../helpers/run-command.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { until } from '../helpers/until.js';

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

let directory: string;
let there: Elsewhere;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'evfleet-elsewhere-'));
  there = await serveElsewhere(directory);
});

afterAll(async () => {
  await there.server.kill('SIGTERM');
  // Nothing of this machine's own fleet was made or opened by anything below.
  expect(existsSync(there.env.XDG_DATA_HOME)).toBe(false);
  rmSync(directory, { recursive: true, force: true });
});

/** A command that runs until it is told to stop. */
function run(argv: readonly string[], env: Readonly<Record<string, string>> = there.env) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH, HOME, XDG_CONFIG_HOME: '/nonexistent', ...env },
  });
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

it('log in with a password, work with the key that is kept, log out', async () => {
  const { EVFLEET_API_KEY: _none, ...env } = there.env;
  const home = { ...env, XDG_CONFIG_HOME: join(directory, 'config') };
  const login = ['login', '--email', admin.email, '--password-stdin', '--json'];
  const options = { dataDir: '', env: { ...home, EVFLEET_DATA_DIR: '' } };
  const wrong = await evfleet(login, { ...options, stdin: 'wrong horse 1' });
  expect([wrong.code, wrong.stdout]).toEqual([4, expect.stringContaining('NOT_AUTHENTICATED')]);

  const right = await evfleet(login, { ...options, stdin: admin.password });
  expect(right.code).toBe(0);
  const { keyId, ...view } = JSON.parse(right.stdout);
  expect(view).toMatchObject({ server: there.url, email: admin.email, role: 'admin' });

  const who = await runProgram(['whoami', '--json'], { env: home });
  expect(who.json).toMatchObject({
    name: admin.email,
    keyId,
    expires: view.expires,
    server: there.url,
    way: 'api',
  });
  const out = await runProgram(['logout', '--json'], { env: home });
  expect(out.json).toEqual([{ server: there.url, keyId, revoked: true }]);
  expect((await runProgram(['whoami'], { env: home })).exitCode).toBe(4);
});

it('a key that nobody knows is answered with how to log in', async () => {
  const env = { ...there.env, EVFLEET_API_KEY: `evf_abcdefghijkl_${'x'.repeat(43)}` };
  const { exitCode, stderr } = await runProgram(['site', 'list'], { env });
  expect(exitCode).toBe(4);
  expect(stderr).toContain('The one in EVFLEET_API_KEY is wrong, expired or revoked.\n');
  expect(stderr).toContain(`Try: evfleet login --server ${there.url}, and leave EVFLEET_API_KEY out\n`);
});

it('doctor looks at the server as far as that can be seen from elsewhere', async () => {
  const { json, exitCode } = await runProgram(['doctor', '--json'], { env: there.env });
  expect(exitCode).toBe(0);
  const checks = (json as { check: string; status: string }[]).map(
    ({ check, status }) => `${check} ${status}`,
  );
  const expected = ['node', 'key', 'server', 'clock', 'stations', 'store', 'journal', 'machine'];
  expect(checks).toEqual(expected.map((check) => `${check} ok`));
});

it('what works with files of the machine of the server has to be done there', async () => {
  const { exitCode, stderr } = await runProgram(['store', 'backup', 'fleet.db'], { env: there.env });
  expect([exitCode, stderr]).toEqual([
    4,
    expect.stringContaining('Run the command there, without --server.'),
  ]);
});

it('serve and simulate have no use for a server that is typed, and none of one that a variable names', async () => {
  const { EVFLEET_SERVER: server = '', ...env } = there.env;
  for (const argv of [['serve'], ['simulate'], ['simulate', '--create']]) {
    const { exitCode, stderr } = await runProgram([...argv, '--server', server], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/has no use for --server|would be created at/);
  }
  const simulated = await runProgram(
    [
      'simulate',
      '--url',
      there.server.url,
      '--id-prefix',
      'SIM',
      '--sessions',
      '1',
      '--speed',
      '10000',
      '--create',
    ],
    { env: { ...there.env, EVFLEET_SIMULATE_TAG: 'SIMTAG' } },
  );
  expect(simulated).toMatchObject({ exitCode: 0 });
});

it('follows over the network, and ends with Ctrl-C without a word', async () => {
  await runProgram(['station', 'create', 'CP001'], { env: there.env });
  const station = await ScriptedStation.connect(there.server.url, 'CP001');
  const commands = [
    run(['event', 'list', 'CP001', '--follow', '--json']),
    run(['message', 'list', 'CP001', '--follow']),
    run(['status', '--watch', '--json']),
  ];
  await station.boot();
  for (const { output } of commands) {
    await until(() => output.stdout !== '', 'what is followed');
  }
  for (const command of commands) command.stop('SIGINT');
  expect(await Promise.all(commands.map(({ code }) => code))).toEqual([130, 130, 130]);
  for (const { output } of commands) expect(output.stderr).toBe('');
  await station.leave();
});

it('says so when the server stops that is followed, and when it is gone', async () => {
  const own = await serveElsewhere(join(directory, 'own'));
  await runProgram(['station', 'create', 'CP001'], { env: own.env });
  const station = await ScriptedStation.connect(own.server.url, 'CP001');
  await station.boot();
  const commands = [
    run(['event', 'list', '--follow'], own.env),
    run(['message', 'list', '--follow'], own.env),
  ];
  for (const { output } of commands) await until(() => output.stdout !== '', 'what is followed');
  await own.server.kill('SIGTERM');
  expect(await Promise.all(commands.map(({ code }) => code))).toEqual([7, 7]);
  for (const { output } of commands)
    expect(output.stderr).toMatch(/^Error: (The server is stopping|.* has ended)/);

  const { exitCode, stderr } = await runProgram(['site', 'list'], { env: own.env });
  expect([exitCode, stderr]).toEqual([
    7,
    `Error: ${own.url} cannot be reached: nothing listens there.\nSee whether evfleet serve --api-port runs there, on this port and address.\n`,
  ]);
});
