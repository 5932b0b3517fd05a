import { expect, test, vi } from 'vitest';
import Login from '../../../commands/login.js';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { answer, apiServer, refuse, testKey } from '../../helpers/api-server.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const prompts = vi.hoisted(() => ({ input: vi.fn(), password: vi.fn() }));
vi.mock('@inquirer/prompts', () => prompts);

/** Somebody at a terminal, who types this. */
async function logIn(argv: readonly string[], typed: { email?: string; password?: string } = {}) {
  vi.resetAllMocks();
  vi.spyOn(FleetCommand.prototype, 'interactive', 'get').mockReturnValue(true);
  prompts.input.mockResolvedValue(typed.email);
  prompts.password.mockResolvedValue(typed.password);
  const env = { XDG_CONFIG_HOME: await temporaryDirectory() };
  const { exitCode, stderr } = await runCommand(Login, argv, { env, id: 'login' });
  return { exitCode, stderr, asked: prompts.input.mock.calls.length + prompts.password.mock.calls.length };
}

const credential = {
  key: testKey,
  id: 'abcdefghijkl',
  email: 'ada@example.com',
  role: 'admin',
  expires: null,
};

test('whether the server can be trusted is known before anything is asked', async () => {
  const server = await apiServer((_asked, response) => refuse(response, 404, 'NOT_FOUND'));
  const { asked, exitCode, stderr } = await logIn(['--server', server.url]);
  expect([asked, exitCode]).toEqual([0, 7]);
  expect(stderr).toContain('nobody that this machine trusts has signed its certificate');
  expect(stderr).toContain('--server-ca');
});

test('so is whether there is one, and whether it is one of ours', async () => {
  const gone = await logIn(['--server', 'http://127.0.0.1:1', '--email', 'ada@example.com']);
  expect([gone.asked, gone.exitCode]).toEqual([0, 7]);
  const other = await apiServer((_asked, response) => response.end('<html>'), { isPlain: true });
  const { asked, stderr } = await logIn(['--server', other.url]);
  expect([asked, stderr]).toEqual([0, expect.stringContaining('is not the API of evfleet')]);
});

test('what is no e-mail address is refused before the password is asked for', async () => {
  const server = await apiServer((_asked, response) => answer(response, {}), { isPlain: true });
  const typed = await logIn(['--server', server.url], { email: 'ada' });
  expect([typed.asked, typed.exitCode, typed.stderr]).toEqual([1, 2, expect.stringContaining('one @')]);
  const given = await logIn(['--server', server.url, '--email', 'ada@@example.com']);
  expect([given.asked, given.exitCode]).toEqual([0, 2]);
});

test('then it asks for both, and logs in', async () => {
  const server = await apiServer(({ path }, response) =>
    answer(response, path.endsWith('login') ? credential : {}),
  );
  const argv = ['--server', server.url, '--server-ca', server.caFile];
  const { exitCode, asked } = await logIn(argv, { email: 'ada@example.com', password: 'correct horse 1' });
  expect([exitCode, asked]).toEqual([0, 2]);
  expect(server.asked.map(({ path }) => path)).toEqual(['/api/v1/openapi.json', '/api/v1/login']);
});
