import fs from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import Login from '../../../commands/login.js';
import Logout from '../../../commands/logout.js';
import SiteList from '../../../commands/site/list.js';
import SiteShow from '../../../commands/site/show.js';
import StoreRestore from '../../../commands/store/restore.js';
import Whoami from '../../../commands/whoami.js';
import { answer, apiServer, refuse, testKey } from '../../helpers/api-server.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const credential = {
  key: testKey,
  id: 'abcdefghijkl',
  email: 'ada@example.com',
  role: 'admin',
  expires: '2027-01-01T00:00:00.000Z',
};

const who = {
  name: 'ada@example.com',
  role: 'admin',
  sites: null,
  readOnly: false,
  keyId: 'abcdefghijkl',
  expires: credential.expires,
  way: 'api',
};

type Commands =
  | typeof Login
  | typeof Logout
  | typeof Whoami
  | typeof SiteList
  | typeof SiteShow
  | typeof StoreRestore;

/** A person at a machine of their own, without a data directory, and the server that is elsewhere. */
async function person(options: Parameters<typeof apiServer>[1] = {}) {
  const home = await temporaryDirectory();
  const dataDir = path.join(home, 'data');
  const state = { isDown: false, isKeyKnown: true, password: 'correct horse 1' };
  const server = await apiServer(({ path: asked, input, authorization, socket }, response) => {
    if (state.isDown) return socket.destroy();
    if (asked === '/api/v1/login') {
      const { password } = input as { password: string };
      if (password === state.password) return answer(response, credential);
      return refuse(response, 401, 'NOT_AUTHENTICATED', { detail: 'The password is not right.' });
    }
    if (authorization !== `Bearer ${testKey}` || !state.isKeyKnown) {
      return refuse(response, 401, 'NOT_AUTHENTICATED', { detail: 'The key is not known.' });
    }
    if (asked === '/api/v1/auth/whoami') return answer(response, who);
    if (asked === '/api/v1/auth/logout') return answer(response, { id: credential.id });
    if (asked === '/api/v1/site/show') {
      return refuse(response, 404, 'NOT_FOUND', { suggestions: ['evfleet site list'] });
    }
    return answer(response, { items: [], total: 0 });
  }, options);
  const env = {
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: dataDir,
    EVFLEET_SERVER_CA: server.caFile,
  };
  const run = (command: Commands, argv: readonly string[] = [], more: Record<string, string> = {}) =>
    runCommand(command, argv, { env: { ...env, ...more } });
  const at = ['--server', server.url];
  const typing = (password: string) => {
    const stdin = vi.spyOn(process, 'stdin', 'get');
    stdin.mockReturnValue(Readable.from([`${password}\n`]) as unknown as typeof process.stdin);
    onTestFinished(() => stdin.mockRestore());
  };
  const login = async () => {
    typing(state.password);
    return run(Login, [...at, '--email', credential.email, '--password-stdin']);
  };
  const file = path.join(home, 'config', 'evfleet', 'credentials.json');
  /** Nothing of this machine's own fleet may be touched. */
  const untouched = async () => expect(await fs.readdir(home)).not.toContain('data');
  return { server, state, run, at, login, typing, file, untouched, home };
}

test('login keeps a key, shows all but the key, and says how to work there', async () => {
  const { server, login, file, untouched } = await person();
  const { stdout, stderr, exitCode } = await login();
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`Logged in at ${server.url} as ada@example.com, admin until `);
  expect(stdout).toContain(`export EVFLEET_SERVER=${server.url}`);
  expect(stdout).not.toContain(testKey);
  expect(server.asked[0]).toMatchObject({
    authorization: undefined,
    input: { email: credential.email, password: 'correct horse 1', label: hostname() },
  });
  expect(JSON.parse(await fs.readFile(file, 'utf8'))).toEqual({ servers: { [server.url]: credential } });
  await untouched();
});

test('login repeats the authority that had to be typed', async () => {
  const { server, run, at, typing } = await person();
  typing('correct horse 1');
  const { caFile } = server;
  const argv = [...at, '--server-ca', caFile, '--email', credential.email, '--password-stdin'];
  const { stdout } = await run(Login, argv, { EVFLEET_SERVER_CA: '' });
  expect(stdout).toContain(`evfleet status --server ${server.url} --server-ca ${caFile}\n`);
  expect(stdout).toContain(`export EVFLEET_SERVER=${server.url} EVFLEET_SERVER_CA=${caFile}\n`);
});

test('login where commands work anyway does not say otherwise', async () => {
  const { server, run, typing } = await person();
  typing('correct horse 1');
  const { stdout } = await run(Login, ['--email', credential.email, '--password-stdin'], {
    EVFLEET_SERVER: server.url,
  });
  expect(stdout).toMatch(
    /^Logged in at .*\nCommands work there now\. For the fleet of this machine: --server local\n$/,
  );
});

test('login --json gives what is no secret', async () => {
  const { server, run, at, typing } = await person();
  typing('correct horse 1');
  const { json, stdout } = await run(Login, [
    ...at,
    '--email',
    credential.email,
    '--password-stdin',
    '--json',
  ]);
  const { email, role, expires, id: keyId } = credential;
  expect(json).toEqual({ server: server.url, email, role, keyId, expires });
  expect(stdout).not.toContain(testKey);
});

test('a wrong password is not kept, and does not suggest to log in', async () => {
  const { run, at, typing, file } = await person();
  typing('hunter2');
  const { stderr, exitCode } = await run(Login, [...at, '--email', 'ada@example.com', '--password-stdin']);
  expect([stderr, exitCode]).toEqual(['Error: The password is not right.\n', 4]);
  await expect(fs.stat(file)).rejects.toThrow('ENOENT');
});

test.each([
  [[], '--email is missing'],
  [['--email', 'ada@example.com'], '--password-stdin is missing'],
])('login %j with nobody to ask names the flag', async (argv, message) => {
  const { run, at, server } = await person();
  const { stderr, exitCode } = await run(Login, [...at, ...argv]);
  expect(stderr).toContain(message);
  expect([exitCode, server.asked]).toEqual([2, []]);
});

test('login needs to know where', async () => {
  const { run } = await person();
  expect(await run(Login)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--server') });
});

test('a second login revokes the key of the first', async () => {
  const { server, login } = await person();
  await login();
  const { exitCode } = await login();
  expect(exitCode).toBe(0);
  expect(server.asked.map(({ path: asked }) => asked)).toEqual([
    '/api/v1/login',
    '/api/v1/login',
    '/api/v1/auth/logout',
  ]);
});

test('a key that cannot be kept is not asked for', async () => {
  const { login, file, server } = await person();
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.symlink('/dev/null', file);
  expect((await login()).exitCode).toBe(4);
  expect(server.asked).toEqual([]);
});

test('commands use the key that was kept, for that server, and nothing of this machine', async () => {
  const { run, at, login, server, untouched } = await person();
  await login();
  expect(await run(SiteList, [...at, '--json'])).toMatchObject({ exitCode: 0, stdout: '[]\n' });
  expect(await run(SiteList, ['--json'], { EVFLEET_SERVER: server.url })).toMatchObject({ exitCode: 0 });
  expect((await run(Whoami, [...at, '--json'])).json).toEqual({ ...who, server: server.url });
  await untouched();
});

test('without a key nothing is sent', async () => {
  const { run, at, server, untouched } = await person();
  const { stderr, exitCode } = await run(SiteList, at);
  expect(stderr).toContain(
    `Error: There is no key for ${server.url}.\nTry: evfleet login --server ${server.url}\n`,
  );
  expect([exitCode, server.asked]).toEqual([4, []]);
  await untouched();
});

test('a key from the environment or a file goes before what was kept', async () => {
  const { run, at, server, home } = await person();
  const [variable, other] = [testKey.replace('S3cret', 'S0cret'), testKey.replace('S3cret', 'S1cret')];
  const file = path.join(home, 'key');
  await fs.writeFile(file, `${other}\n`);
  const used = async (argv: readonly string[], env: Record<string, string>) => {
    await run(SiteList, [...at, ...argv], env);
    return server.asked.at(-1)?.authorization;
  };
  expect(await used([], { EVFLEET_API_KEY: variable })).toBe(`Bearer ${variable}`);
  expect(await used([], { EVFLEET_API_KEY_FILE: file })).toBe(`Bearer ${other}`);
  expect(await used([], { EVFLEET_API_KEY: variable, EVFLEET_API_KEY_FILE: file })).toBe(
    `Bearer ${variable}`,
  );
  expect(await used(['--api-key-file', file], { EVFLEET_API_KEY: variable })).toBe(`Bearer ${other}`);
});

test('a key in a file that others can read is used, and told', async () => {
  const { run, at, home } = await person();
  const file = path.join(home, 'key');
  await fs.writeFile(file, `${testKey}\n`, { mode: 0o644 });
  const argv = [...at, '--api-key-file', file];
  const warning = `Warning: ${file} is open to others, and holds a secret: chmod 600 ${file}\n`;
  expect((await run(SiteList, argv)).stderr).toContain(warning);
  await fs.chmod(file, 0o600);
  expect((await run(SiteList, argv)).stderr).not.toContain('Warning');
});

test.each([
  ['hunter2 is no key', { EVFLEET_API_KEY: 'hunter2' }],
  ['nor with a line break', { EVFLEET_API_KEY: 'evf_hunter2\nevil: header' }],
])('%s: it is neither sent nor shown', async (_what, env) => {
  const { run, at, server } = await person();
  for (const debug of [{}, { EVFLEET_DEBUG: '1' }]) {
    const { stdout, stderr, exitCode } = await run(SiteList, at, { ...env, ...debug } as Record<
      string,
      string
    >);
    expect([exitCode, server.asked]).toEqual([2, []]);
    expect(stdout + stderr).not.toContain('hunter2');
  }
});

test('the key is in no output, also when things fail and are debugged', async () => {
  const { run, at, state } = await person();
  const env = { EVFLEET_API_KEY: testKey, EVFLEET_DEBUG: '1', DEBUG: '*' };
  for (const change of [{}, { isKeyKnown: false }, { isDown: true }]) {
    Object.assign(state, change);
    for (const argv of [at, [...at, '--json']]) {
      const { stdout, stderr } = await run(SiteList, argv, env);
      expect(stdout + stderr).not.toContain(testKey.slice(20));
    }
  }
});

test('what to try next is for the same server when that was typed', async () => {
  const { run, at, server } = await person();
  const env = { EVFLEET_API_KEY: testKey };
  const typed = await run(SiteShow, [...at, 'Solna'], env);
  expect(typed.stderr).toBe(`Error: No.\nTry: evfleet site list --server ${server.url}\n`);
  const named = await run(SiteShow, ['Solna'], { ...env, EVFLEET_SERVER: server.url });
  expect(named.stderr).toBe('Error: No.\nTry: evfleet site list\n');
});

test('a key does not travel in clear to another machine, unless a flag insists', async () => {
  const { run } = await person();
  const env = { EVFLEET_API_KEY: testKey };
  const refused = await run(SiteList, ['--server', 'http://192.0.2.1:9'], env);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(/^Error: http:\/\/192\.0\.2\.1:9 is not encrypted: .* Nothing was sent\.\n/);
  expect((await run(Login, ['--server', 'http://192.0.2.1:9', '--email', 'a@b.c'])).exitCode).toBe(2);
});

test('plain HTTP on this machine is fine', async () => {
  const { run, at } = await person({ isPlain: true });
  expect(await run(SiteList, [...at, '--json'], { EVFLEET_API_KEY: testKey })).toMatchObject({ exitCode: 0 });
});

test('an authority that is no certificate is said to be none', async () => {
  const { run, at, home } = await person();
  const file = path.join(home, 'ca.pem');
  await fs.writeFile(file, 'not a certificate');
  const { stderr, exitCode } = await run(SiteList, [...at, '--server-ca', file], {
    EVFLEET_API_KEY: testKey,
  });
  expect([stderr, exitCode]).toEqual([
    `Error: --server-ca takes a file with a certificate in PEM form; ${file} is none.\n`,
    2,
  ]);
});

test('logout revokes the key and forgets it; once more there is nothing to do', async () => {
  const { run, login, server, file } = await person();
  await login();
  const { json, stderr } = await run(Logout, ['--json']);
  expect(json).toEqual([{ server: server.url, keyId: credential.id, revoked: true }]);
  expect(stderr).toBe(`Logged out at ${server.url}; the key ${credential.id} is revoked.\n`);
  expect(JSON.parse(await fs.readFile(file, 'utf8'))).toEqual({ servers: {} });
  expect(await run(Logout, ['--json'])).toMatchObject({ exitCode: 0, stdout: '[]\n' });
});

test('a key that the server does not know any more is as good as revoked', async () => {
  const { run, login, state } = await person();
  await login();
  state.isKeyKnown = false;
  expect((await run(Logout, ['--json'])).json).toMatchObject([{ revoked: true }]);
});

test('a server that is away keeps one logged in, unless --local', async () => {
  const { run, at, login, state, server, file } = await person();
  await login();
  state.isDown = true;
  const { stderr, exitCode } = await run(Logout, at);
  expect(exitCode).toBe(7);
  expect(stderr).toContain(`You are still logged in at ${server.url}.`);
  expect(stderr).toContain(`evfleet logout --server ${server.url} --local`);
  expect(await fs.readFile(file, 'utf8')).toContain(testKey);

  const local = await run(Logout, [...at, '--local', '--json']);
  expect(local.json).toEqual([{ server: server.url, keyId: credential.id, revoked: false }]);
  expect(local.stderr).toContain(`evfleet api-key revoke ${credential.id}`);
  expect(await fs.readFile(file, 'utf8')).not.toContain(testKey);
});

test('of several servers one has to be named, or all', async () => {
  const { run, login, file, server } = await person();
  await login();
  const { servers } = JSON.parse(await fs.readFile(file, 'utf8'));
  await fs.writeFile(file, JSON.stringify({ servers: { ...servers, 'https://127.0.0.1:1': credential } }));
  const { stderr, exitCode } = await run(Logout);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`evfleet logout --server ${server.url}`);
  expect((await run(Logout, ['--all', '--local', '--json'])).json).toMatchObject([
    { server: server.url, revoked: true },
    { server: 'https://127.0.0.1:1', revoked: false },
  ]);
});

test('a store is not restored here when a server elsewhere is meant, however it was named', async () => {
  const { run, at, server, untouched } = await person();
  for (const [argv, env] of [
    [at, {}],
    [[], { EVFLEET_SERVER: server.url }],
  ] as const) {
    const { stderr, exitCode } = await run(StoreRestore, ['backup.db', '--yes', ...argv], env);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('restored on its own machine');
  }
  await untouched();
});

test('logout with a misspelt authority keeps the key, --local or not; what to try repeats the right one', async () => {
  const { run, login, server, state, file, home } = await person();
  await login();
  const misspelt = await run(Logout, ['--local', '--server-ca', path.join(home, 'no.pem')]);
  expect([misspelt.exitCode, misspelt.stderr]).toEqual([
    2,
    expect.stringContaining('--server-ca cannot read'),
  ]);
  expect(await fs.readFile(file, 'utf8')).toContain(testKey);
  state.isDown = true;
  const { stderr } = await run(Logout, ['--server-ca', server.caFile], { EVFLEET_SERVER_CA: '' });
  expect(stderr).toContain(`evfleet logout --server ${server.url} --server-ca ${server.caFile} --local`);
});
