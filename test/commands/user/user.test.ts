import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import SiteCreate from '../../../commands/site/create.js';
import UserCreate from '../../../commands/user/create.js';
import UserDelete from '../../../commands/user/delete.js';
import UserList from '../../../commands/user/list.js';
import UserShow from '../../../commands/user/show.js';
import UserUpdate from '../../../commands/user/update.js';
import { type RunOptions, runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const ada = 'ada@example.org';

async function newFleet() {
  const directory = await temporaryDirectory();
  const env = { EVFLEET_DATA_DIR: directory };
  const commands = {
    create: UserCreate,
    delete: UserDelete,
    list: UserList,
    show: UserShow,
    update: UserUpdate,
  };
  const run = (verb: keyof typeof commands, argv: readonly string[], options: RunOptions = {}) =>
    runCommand(commands[verb], argv, { ...options, env: { ...env, ...options.env }, id: `user:${verb}` });
  await runCommand(SiteCreate, ['Solna'], { env, id: 'site:create' });
  return { run, directory };
}

function type(text: string): void {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([text]) as unknown as typeof process.stdin);
  onTestFinished(() => void vi.restoreAllMocks());
}

it('creates, shows, lists, changes and deletes', async () => {
  const { run } = await newFleet();
  const created = await run('create', [ada, '--first-name=Ada', '--role=site-admin', '--site', 'Solna']);
  expect([created.stdout, created.stderr]).toEqual(['', `Created user ${ada}.\n`]);
  const { stdout } = await run('show', [ada]);
  expect(stdout).toMatch(
    /^email\tada@example.org\nuuid\t[\w-]+\nfirstName\tAda\nlastName\t\nrole\tsite-admin\nsites\tSolna\nstatus\tactive\nhasPassword\tfalse\nemailAtAlarm\tfalse\ncreatedAt\t.+\ntags\t\n$/,
  );
  const table = await run('list', ['--no-color'], { columns: 100 });
  expect(table.stdout).toMatch(/^EMAIL +FIRST NAME +LAST NAME +ROLE +SITES +STATUS\n/);
  expect(table.stdout).toMatch(/ada@example.org +Ada +- +site-admin +Solna +active/);
  const update = await run('update', [
    ada,
    '--role',
    'support',
    '--no-sites',
    '--disable',
    '--email-at-alarm',
  ]);
  expect(update.stderr).toBe(`Updated user ${ada}.\n`);
  expect((await run('show', [ada, '--json'])).json).toMatchObject({
    role: 'support',
    sites: [],
    status: 'disabled',
    emailAtAlarm: true,
    tags: [],
  });
  await run('update', [ada, '--enable', '--no-email-at-alarm', '--first-name', '', '--email', 'a@b.org']);
  expect((await run('list', ['--json', '--role', 'support'])).json).toMatchObject([
    { email: 'a@b.org', firstName: null, status: 'active', emailAtAlarm: false },
  ]);
  expect((await run('list', ['-q', '--site', 'Solna'])).stdout).toBe('');
  const unsure = await run('delete', ['a@b.org']);
  expect([unsure.exitCode, unsure.stderr]).toEqual([2, expect.stringContaining('--yes is missing')]);
  expect((await run('delete', ['a@b.org', '--yes'])).stderr).toBe('Deleted user a@b.org.\n');
  const again = await run('delete', ['a@b.org', '--yes', '--ignore-not-found', '--json']);
  expect(again.json).toEqual({ email: 'a@b.org', deleted: false });
  expect((await run('list', [], { columns: 100 })).stderr).toContain('evfleet user create');
});

it('takes a password from standard input or from a file, and shows it nowhere', async () => {
  const { run, directory } = await newFleet();
  const file = path.join(directory, 'password.txt');
  await writeFile(file, 'from a f1le\n');
  const hasPassword = async () => (await run('show', [ada, '--json'])).json as { hasPassword: boolean };
  type('passw0rd\n');
  const { stdout, stderr } = await run('create', [ada, '--password-stdin', '--json']);
  expect(stdout + stderr).not.toMatch(/passw0rd|scrypt/);
  expect(await hasPassword()).toMatchObject({ hasPassword: true });
  await run('update', [ada, '--remove-password']);
  expect(await hasPassword()).toMatchObject({ hasPassword: false });
  await run('update', [ada, '--password-file', file]);
  expect(await hasPassword()).toMatchObject({ hasPassword: true });
});

it.each([
  [[ada, '--ask-password'], 2, 'there is nobody to ask: --password-stdin is missing'],
  [[ada, '--ask-password', '--password-file', 'x'], 2, '--password-file'],
  [
    [ada, '--password-file', '/nonexistent'],
    2,
    '--password-file cannot read /nonexistent: it does not exist.',
  ],
  [[ada, '--role', 'amin'], 2, 'admin'],
  [[ada, '--role', 'site-admin'], 2, 'A site-admin is for some sites, and none is given.'],
  [[ada, '--site', 'Sola'], 5, '--site Sola: There is no site "Sola".'],
  [['ada'], 2, 'The e-mail address "ada" does not have exactly one @.'],
  [[ada, '--first-name', ''], 0, 'Created user'],
])('user create %j', async (argv, exitCode, message) => {
  const { run } = await newFleet();
  const result = await run('create', argv);
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
});

it('changes nobody by what stands in the environment for lists', async () => {
  const { run } = await newFleet();
  await run('create', [ada]);
  const env = { EVFLEET_SITE: 'Solna', EVFLEET_ROLE: 'support', EVFLEET_EMAIL: 'bo@example.org' };
  expect((await run('update', [ada, '--last-name', 'Berg'], { env })).exitCode).toBe(0);
  expect((await run('show', [ada, '--json'])).json).toMatchObject({ role: 'driver', sites: [] });
});

it.each([
  [[], 'Nothing to change was given.'],
  [['--disable', '--enable'], '--enable'],
  [['--site', 'Solna', '--no-sites'], '--no-sites'],
  [['--remove-password', '--ask-password'], '--ask-password'],
])('user update with %j is refused', async (flags, message) => {
  const { run } = await newFleet();
  await run('create', [ada]);
  const { exitCode, stderr } = await run('update', [ada, ...flags]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
