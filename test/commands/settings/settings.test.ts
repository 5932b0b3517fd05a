import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import SettingsSet from '../../../commands/settings/set.js';
import SettingsShow from '../../../commands/settings/show.js';
import { settingKeys } from '../../../src/domain/settings.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

/** Runs commands one after the other on a fleet of their own. */
async function newFleet() {
  const env = { EVFLEET_DATA_DIR: await temporaryDirectory() };
  return {
    show: (argv: readonly string[], columns?: number) =>
      runCommand(SettingsShow, argv, { env, id: 'settings:show', ...(columns && { columns }) }),
    set: (argv: readonly string[]) => runCommand(SettingsSet, argv, { env, id: 'settings:set' }),
  };
}

describe('settings show', () => {
  it('is a list like others', async () => {
    const { show } = await newFleet();
    const { stdout, stderr, exitCode } = await show([
      '--columns',
      'key,value',
      '--sort',
      '-key',
      '--limit',
      '2',
    ]);
    expect(stdout).toBe('key\tvalue\nwebhook.secret\t\nwebhook.allow-private\toff\n');
    expect([stderr, exitCode]).toEqual(['', 0]);
    expect((await show(['-q', '--filter', 'value=7'])).stdout).toBe('backup.keep\n');
    expect((await show(['--csv'])).stdout.split('\n')[0]).toBe('key,value,origin,default,description');
    expect((await show([])).stdout.split('\n')[0]).toBe('key\tvalue\tdescription');
  });

  it('says with --origin where values come from', async () => {
    const { show, set } = await newFleet();
    await set(['backup.keep=3']);
    const { stdout } = await show(['--origin', '--filter', 'origin=store', '--no-header']);
    expect(stdout).toBe('backup.keep\t3\tstore\t7\tHow many of these backups are kept\n');
    const onTerminal = await show(['--origin', '--no-color'], 120);
    expect(onTerminal.stdout).toMatch(/^SETTING +VALUE +FROM +DEFAULT +DESCRIPTION\n/);
    expect(onTerminal.stdout).toMatch(/\nbackup.directory +- +default +- +Where/);
  });

  it('of one setting says everything about it', async () => {
    const { show } = await newFleet();
    const { stdout } = await show(['backup.time']);
    expect(stdout).toBe(
      'key\tbackup.time\nvalue\toff\norigin\tdefault\ndefault\toff\n' +
        'description\tWhen a backup is written every day, by the local clock\n',
    );
    expect((await show(['backup.time', '--json'])).json).toEqual({
      key: 'backup.time',
      value: 'off',
      origin: 'default',
      default: 'off',
      description: 'When a backup is written every day, by the local clock',
    });
    expect((await show(['backup.time', '--columns', 'value', '--no-header'])).stdout).toBe('off\n');
  });

  it('with --json gives every setting with every field', async () => {
    const { show } = await newFleet();
    const items = (await show(['--json'])).json as readonly object[];
    expect(items).toHaveLength(settingKeys.length);
    for (const item of items) {
      expect(Object.keys(item)).toEqual(['key', 'value', 'origin', 'default', 'description']);
    }
  });

  it('of a misspelt one ends with 2 and a suggestion', async () => {
    const { show } = await newFleet();
    const { exitCode, json } = await show(['backup.tim', '--json']);
    expect(exitCode).toBe(2);
    expect(json).toEqual({
      error: {
        code: 'USAGE',
        message: 'There is no setting "backup.tim".',
        exitCode: 2,
        suggestions: ['Did you mean backup.time?', 'evfleet settings show'],
      },
    });
  });
});

describe('settings set', () => {
  it('sets any number of them and says what they are now', async () => {
    const { set, show } = await newFleet();
    const { stdout, stderr, exitCode } = await set(['backup.time=3:30', 'backup.directory=/srv/my backups']);
    expect(stderr).toBe('backup.time is 03:30 now.\nbackup.directory is /srv/my backups now.\n');
    expect([stdout, exitCode]).toEqual(['', 0]);
    expect((await show(['--filter', 'origin=store', '-q'])).stdout).toBe('backup.time\nbackup.directory\n');
  });

  it('gives the default back for an empty value', async () => {
    const { set } = await newFleet();
    await set(['retention.samples=60d', 'backup.directory=/srv']);
    const { stderr, json } = await set(['retention.samples=', 'backup.directory=', '--json']);
    expect(stderr).toBe(
      'retention.samples is 30d again, the default.\nbackup.directory has no value any more.\n',
    );
    expect(json).toMatchObject([
      { key: 'retention.samples', value: '30d', origin: 'default' },
      { key: 'backup.directory', value: '', origin: 'default' },
    ]);
  });

  it.each([
    [['backup.keep'], '"backup.keep" is not of the form KEY=VALUE.'],
    [['=3'], '"=3" is not of the form KEY=VALUE.'],
    [['colour=red'], 'There is no setting "colour".'],
    [['backup.keep=0'], 'backup.keep takes a whole number from 1 to 10000, not "0".'],
    [['backup.time=24:00'], 'backup.time takes a time of day from 00:00 to 23:59 or off, not "24:00".'],
    [['backup.directory=backups'], 'backup.directory takes an absolute path, not "backups".'],
  ])('refuses %j', async (argv, message) => {
    const { set, show } = await newFleet();
    const { exitCode, json } = await set(['retention.events=1d', ...argv, '--json']);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ error: { code: 'USAGE', message } });
    expect((await show(['--filter', 'origin=store', '--json'])).json).toEqual([]);
  });

  it('needs something to set', async () => {
    const { set } = await newFleet();
    expect((await set([])).exitCode).toBe(2);
  });

  it('takes a secret from standard input, and shows it nowhere', async () => {
    const { set, show } = await newFleet();
    type('hunter2 hunter2\n');
    const { stdout, stderr, json } = await set([
      'mail.user=ada',
      '--secret-stdin',
      'mail.password',
      '--json',
    ]);
    expect(stderr).toBe('mail.user is ada now.\nmail.password is set.\n');
    expect(json).toMatchObject([{ value: 'ada' }, { key: 'mail.password', value: '***', origin: 'store' }]);
    expect(stdout).not.toContain('hunter2');
    expect((await show(['mail.password'])).stdout).toContain('value\t***\n');
    expect((await set(['mail.password='])).stderr).toBe('mail.password has no value any more.\n');
  });

  it.each([
    ['on the command line', ['mail.password=hunter2'], '', /^mail.password is a secret: on the command line/],
    [
      'that is too short',
      ['--secret-stdin', 'webhook.secret'],
      'hunter2\n',
      /^webhook.secret takes one line of 16 /,
    ],
    ['that is its mask', ['--secret-stdin', 'mail.password'], '***\n', /^mail.password takes one line /],
    [
      'for what is none',
      ['--secret-stdin', 'mail.host'],
      'hunter2\n',
      /^--secret-stdin: mail.host is no secret/,
    ],
    ['for nothing', ['--secret-stdin', 'mail.pass'], 'hunter2\n', /^There is no setting "mail.pass"/],
  ])('refuses a secret %s without repeating it', async (_, argv, typed, message) => {
    const { set } = await newFleet();
    type(typed);
    const { stdout, exitCode, json } = await set([...argv, '--json']);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ error: { code: 'USAGE', message: expect.stringMatching(message) } });
    expect(stdout).not.toContain('hunter2');
  });
});

function type(text: string): void {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([text]) as unknown as typeof process.stdin);
  onTestFinished(() => void vi.restoreAllMocks());
}
