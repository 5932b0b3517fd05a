import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import ApiKeyCreate from '../../../commands/api-key/create.js';
import ApiKeyList from '../../../commands/api-key/list.js';
import ApiKeyRevoke from '../../../commands/api-key/revoke.js';
import UserCreate from '../../../commands/user/create.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const ada = 'ada@example.org';

async function newFleet() {
  const env = { EVFLEET_DATA_DIR: await temporaryDirectory() };
  const commands = { create: ApiKeyCreate, list: ApiKeyList, revoke: ApiKeyRevoke };
  const run = (verb: keyof typeof commands, argv: readonly string[], columns?: number) =>
    runCommand(commands[verb], argv, { env, id: `api-key:${verb}`, ...(columns && { columns }) });
  await runCommand(UserCreate, [ada, '--role', 'support'], { env, id: 'user:create' });
  return { run };
}

it('prints nothing but the key on stdout, and what it is on stderr', async () => {
  const { run } = await newFleet();
  const { stdout, stderr } = await run('create', ['--user', ada, '--label', 'laptop']);
  expect(stdout).toMatch(/^evf_[a-z2-7]{12}_[A-Za-z0-9]{43}\n$/);
  const id = stdout.slice(4, 16);
  expect(stderr).toMatch(
    new RegExp(`^Created API key ${id}: it may do what ${ada} \\(support\\) may, until it is revoked\\.\n`),
  );
  expect(stderr).toContain('EVFLEET_API_KEY');
  expect(stderr).not.toContain(stdout.slice(17).trim());
  const table = await run('list', ['--no-color'], 100);
  expect(table.stdout).toMatch(/^ID +USER +LABEL +STATUS +EXPIRES +LAST USED/);
  expect(table.stdout).toMatch(new RegExp(`${id} +${ada} +laptop +active +- +-`));
  expect((await run('list', ['-q'])).stdout).toBe(`${id}\n`);
});

it('puts the key into a file that nobody else can read, and over no other file', async () => {
  const { run } = await newFleet();
  const file = join(await temporaryDirectory(), 'key');
  const { stdout, stderr } = await run('create', ['--user', ada, '--output', file]);
  expect(stdout).toBe('');
  const key = await readFile(file, 'utf8');
  expect(key).toMatch(/^evf_[a-z2-7]{12}_[A-Za-z0-9]{43}\n$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(stderr).toContain(
    `It is in ${file}, which only you can read, and nowhere else: --api-key-file ${file}`,
  );
  const again = await run('create', ['--user', ada, '--output', file]);
  expect([again.exitCode, again.stderr]).toEqual([6, expect.stringContaining('--force')]);
  const { json } = await run('create', ['--user', ada, '--output', file, '--force', '--json']);
  expect(json).toMatchObject({ file, user: ada });
  expect(json).not.toHaveProperty('key');
  expect(await readFile(file, 'utf8')).not.toBe(key);
  expect((await run('list', ['-q'])).stdout.trim().split('\n')).toHaveLength(2);
});

it.each([['--force'], []])('leaves a file as it was when there comes no key: %s', async (...force) => {
  const { run } = await newFleet();
  const directory = await temporaryDirectory();
  const file = join(directory, 'key');
  if (force.length > 0) await writeFile(file, 'old');
  const { exitCode } = await run('create', ['--user', 'nobody@example.org', '--output', file, ...force]);
  expect(exitCode).toBe(5);
  expect(await readdir(directory)).toEqual(force.length > 0 ? ['key'] : []);
  const nowhere = await run('create', ['--user', ada, '--output', join(directory, 'no', 'key')]);
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([2, expect.stringContaining('cannot be written')]);
});

it('says of a revoked key that it is revoked already', async () => {
  const { run } = await newFleet();
  const id = (await run('create', ['--user', ada])).stdout.slice(4, 16);
  expect((await run('revoke', [id, '--yes'])).stderr).toBe(`Revoked API key ${id} of ${ada}.\n`);
  const again = await run('revoke', [id, '--yes']);
  expect([again.exitCode, again.stderr]).toEqual([0, `API key ${id} of ${ada} is revoked already.\n`]);
});

it('gives the key as JSON, once', async () => {
  const { run } = await newFleet();
  const { json } = await run('create', [
    '--user',
    ada,
    '--read-only',
    '--expires',
    '2999-01-01T00:00Z',
    '--json',
  ]);
  expect(json).toEqual({
    key: expect.stringMatching(/^evf_/),
    id: expect.any(String),
    user: ada,
    role: 'support',
    label: null,
    readOnly: true,
    expires: '2999-01-01T00:00:00.000Z',
  });
  const list = await run('list', ['--user', ada, '--csv']);
  expect(list.stdout.split('\n')[0]).toBe(
    'id,user,role,label,readOnly,origin,status,createdAt,expires,lastUsed',
  );
  expect(list.stdout).toContain(`${ada},support,,true,created,active,`);
  expect(list.stdout).not.toContain('evf_');
});

it('revokes after a question, many at once', async () => {
  const { run } = await newFleet();
  for (let count = 0; count < 2; count += 1) await run('create', ['--user', ada]);
  const ids = (await run('list', ['-q'])).stdout.trim().split('\n');
  const unsure = await run('revoke', ids);
  expect([unsure.exitCode, unsure.stderr]).toEqual([2, expect.stringContaining('--yes is missing')]);
  const { stderr, exitCode } = await run('revoke', [...ids, '--yes']);
  expect([exitCode, stderr]).toEqual([0, ids.map((id) => `Revoked API key ${id} of ${ada}.\n`).join('')]);
  expect((await run('list', ['--filter', 'status=revoked', '-q'])).stdout.split('\n')).toHaveLength(3);
});

it.each([
  ['create', [], 2, "A key is always somebody's, and --user does not say whose."],
  ['create', ['--user', 'bo@example.org'], 5, 'There is no user "bo@example.org".'],
  ['create', ['--user', ada, '--expires', '2020-01-01'], 2, 'would have expired already'],
  ['create', ['--user', ada, '--expires', 'soon'], 2, '--expires takes an instant such as'],
  ['revoke', ['abcdefghijkl', '--yes'], 5, 'There is no API key "abcdefghijkl".'],
  ['revoke', [`evf_abcdefghijkl_${'x'.repeat(43)}`, '--yes'], 2, 'This is a whole key'],
] as const)('api-key %s %j', async (verb, argv, code, message) => {
  const { run } = await newFleet();
  const { exitCode, stderr, stdout } = await run(verb, argv);
  expect([exitCode, stdout]).toEqual([code, '']);
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
  expect(stderr).not.toContain('xxx');
});
