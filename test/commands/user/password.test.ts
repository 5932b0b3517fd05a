import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import UserPassword from '../../../commands/user/password.js';
import { answer, apiServer, refuse, testKey } from '../../helpers/api-server.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const email = 'ada@example.org';

async function elsewhere() {
  const directory = await temporaryDirectory();
  const [oldFile, newFile] = [path.join(directory, 'old'), path.join(directory, 'new')];
  await fs.writeFile(oldFile, 'passw0rd-1\n', { mode: 0o600 });
  await fs.writeFile(newFile, 'passw0rd-2\n', { mode: 0o600 });
  const server = await apiServer(({ path: asked, input }, response) => {
    if (asked === '/api/v1/auth/whoami') return answer(response, { name: email });
    const { oldPassword } = input as { oldPassword: string };
    if (oldPassword === 'passw0rd-1') return answer(response, { email, loginsEnded: 1 });
    return refuse(response, 403, 'NOT_ALLOWED', { detail: 'The old password is not right.' });
  });
  const run = (...argv: string[]) =>
    runCommand(UserPassword, [...argv, '--server', server.url], {
      env: { EVFLEET_API_KEY: testKey, EVFLEET_SERVER_CA: server.caFile },
    });
  return { run, server, oldFile, newFile };
}

it('changes the password, and shows neither', async () => {
  const { run, server, oldFile, newFile } = await elsewhere();
  const done = await run('--old-password-file', oldFile, '--password-file', newFile);
  expect(done.stderr).toBe(
    `Changed the password of ${email}. The key of a login is revoked: who was logged in has to do it again.\n`,
  );
  expect(done.stdout).not.toContain('passw0rd');
  expect(server.asked.at(-1)).toMatchObject({
    path: '/api/v1/auth/password',
    input: { oldPassword: 'passw0rd-1', newPassword: 'passw0rd-2' },
  });
});

it('says when the old one is not right', async () => {
  const { run, newFile } = await elsewhere();
  const { exitCode, stderr } = await run('--old-password-file', newFile, '--password-file', newFile);
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining('The old password is not right.')]);
});

it('without a person to ask both have to be given', async () => {
  const { run, oldFile } = await elsewhere();
  expect((await run()).stderr).toContain('--old-password-file is missing');
  expect((await run('--old-password-file', oldFile)).stderr).toContain('--password-stdin is missing');
});

it('is for who is logged in elsewhere', async () => {
  const { exitCode, stderr } = await runCommand(UserPassword, ['--data-dir', await temporaryDirectory()]);
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringContaining('evfleet user update EMAIL --ask-password'),
  ]);
});

it('warns of a file with a password that others can read', async () => {
  const { run, oldFile, newFile } = await elsewhere();
  await fs.chmod(newFile, 0o644);
  const { exitCode, stderr } = await run('--old-password-file', oldFile, '--password-file', newFile);
  expect(stderr).toContain(
    `Warning: ${newFile} is open to others, and holds a secret: chmod 600 ${newFile}\n`,
  );
  expect(stderr).not.toContain(`Warning: ${oldFile}`);
  expect(exitCode).toBe(0);
});
