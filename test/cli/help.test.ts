import { Config } from '@oclif/core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { helpText, helpWords } from '../../src/cli/help.js';
import { helpPage, withoutGroup } from '../../src/cli/help-pages.js';
import { createTerminal } from '../../src/views/terminal.js';
import { textWidth } from '../../src/views/text-width.js';
import { type RunResult, runProgram } from '../helpers/run-command.js';

const root = new URL('../..', import.meta.url).pathname;
let config: Config;
beforeAll(async () => {
  config = await Config.load({ root, userPlugins: false, devPlugins: false });
});

const on = (columns: number) => createTerminal({ stdout: { isTTY: true, columns }, env: { NO_COLOR: '1' } });
const text = (words: string, columns = 80) =>
  helpText(helpPage(config, words.split(' ').filter(Boolean)), on(columns));

describe('every help', () => {
  it.each([200, 80, 60, 40])('fits into %i columns but for what is to be copied', async (columns) => {
    const pages = ['', ...config.topics.map(({ name }) => name), ...config.commands.map(({ id }) => id)];
    for (const id of pages) {
      const said = await text(id.replaceAll(':', ' '), columns);
      const lines = said.split('\n');
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
      const typed = new Set(lines.slice(lines.indexOf('EXAMPLES')));
      const long = lines.filter(
        (line) => textWidth(line) > columns && !typed.has(line) && !/^ {2}\$ |^ {4,}(- |\w+:)/.test(line),
      );
      // A word that is longer than the line: a list of values, or a flag with its value.
      expect(long.filter((line) => line.trim().split(/ +/).length > 3)).toEqual([]);
    }
  });

  it('has the many flags of serve by what they are for, with durations as they are typed', async () => {
    const said = await text('serve');
    expect(said.match(/^FLAGS.*/gm)).toEqual([
      'FLAGS',
      'FLAGS: TLS',
      'FLAGS: LIMITS',
      'FLAGS: FILES',
      'FLAGS: API',
      'FLAGS OF EVERY COMMAND',
    ]);
    const [own = ''] = said.split('FLAGS: TLS');
    expect(own).toMatch(/--host[\s\S]*--unknown-stations/);
    expect(said).toContain('(5m when left out)');
    // It names --tls-only, which is in another group.
    expect(said).toMatch(/--tls-only [\s\S]{1,200}\(not with\s+--ws-insecure/);
  });

  it('has its commands in groups, each in one', () => {
    expect(withoutGroup(config)).toEqual([]);
    const page = helpPage(config, []);
    const names = page.kind === 'root' ? page.page.groups.flatMap(({ entries }) => entries) : [];
    expect(names.filter(({ summary }) => summary === '')).toEqual([]);
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });
});

it('own flags come first, those of every command last, the examples at the end', async () => {
  const said = await text('station list');
  const order = ['USAGE', 'FLAGS', 'FLAGS OF LISTS', 'FLAGS OF EVERY COMMAND', 'EXAMPLES'];
  const at = order.map((title) => said.indexOf(`\n${title}\n`));
  expect(at).toEqual(at.toSorted((one, other) => one - other));
  expect(at).not.toContain(-1);
  expect(said).toContain('      --limit <n>');
  expect(said).toMatch(/-q, --quiet +Bare ids, one per line\. \(not with --csv,/);
  expect(said).toMatch(/fleet open\. \(5s when left out\)|\(5s when left\s+out\)/);
});

it('tells of a variable only where it does not follow the rule', async () => {
  expect(await text('station list')).not.toContain('EVFLEET_STATE');
  expect(await text('user update')).toContain('Variables of these flags begin with EVFLEET_USER_.');
  expect(await text('user update')).not.toContain('EVFLEET_USER_ROLE');
  expect(await text('remote reset', 200)).toMatch(/--site .*variable\s+EVFLEET_BULK_SITE\)/);
  expect(await text('remote reset', 200)).not.toContain('; no variable)');
});

it('a flag that excludes another is told of at both', async () => {
  const said = await text('user update', 200);
  expect(said).toMatch(/--enable .*\(not with --disable\)/);
  expect(said).toMatch(/--disable .*\(not with --enable\)/);
});

it('usage names what is needed', async () => {
  expect(await text('station show')).toContain('  $ evfleet station show ID [flags]');
  expect(await text('firmware upload', 200)).toMatch(/firmware upload FILE --vendor <\w+> --model <\w+>/);
  expect(await text('remote stop')).toContain(
    '  $ evfleet remote stop SESSION [flags]\n  $ evfleet remote stop STATION',
  );
});

test.each([
  [['--help'], []],
  [['help'], []],
  [
    ['help', 'station', 'list'],
    ['station', 'list'],
  ],
  [
    ['station', 'list', '--site', 'Solna', '-h'],
    ['station', 'list'],
  ],
  [['--help', 'station'], ['station']],
  [
    ['station:list', '--help'],
    ['station', 'list'],
  ],
])('of %j the help is that of %j', (argv, words) => {
  expect(helpWords(argv)).toEqual(words);
});

describe('the program', () => {
  const run = (...argv: string[]): Promise<RunResult> => runProgram(argv);

  it.each([[['station']], [['help', 'station']], [['station', '--help']], [['station', '-h']]])(
    '%j tells of the commands of stations',
    async (argv) => {
      const { stdout, stderr, exitCode } = await run(...argv);
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      expect(stdout).toMatch(/^Charging stations\.\n\nUSAGE\n {2}\$ evfleet station COMMAND \[flags\]\n/);
      expect(stdout).toMatch(/\n {2}station list +List stations\n/);
    },
  );

  it('without words, and with help, tells of everything', async () => {
    const { stdout } = await run();
    expect((await run('help')).stdout).toBe(stdout);
    expect((await run('--help')).stdout).toBe(stdout);
    expect(stdout).toContain('\nDAILY WORK\n  status ');
  });

  it('help behind a command says what help before it says', async () => {
    const { stdout } = await run('help', 'alarm', 'rule', 'create');
    expect((await run('alarm', 'rule', 'create', 'CP001', '--help')).stdout).toBe(stdout);
    expect(stdout).toContain('evfleet alarm rule create');
  });

  it.each([
    [['help', 'sttaion'], 'evfleet station'],
    [['station', 'lst', '--help'], 'evfleet station list'],
    [['help', 'station', 'lst'], 'evfleet station list'],
    [['alarm', 'rul', '-h'], 'evfleet alarm rule'],
  ])('%j is a usage error with what may have been meant', async (argv, suggestion) => {
    const { stdout, stderr, exitCode } = await run(...argv);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(new RegExp(`\nTry: ${suggestion}\n`));
  });

  it('gives programs the same as data', async () => {
    const { json } = await run('help', 'station', 'show', '--json');
    expect(json).toMatchObject({
      command: 'station show',
      usage: ['evfleet station show ID [flags]'],
      arguments: [{ name: 'id', isRequired: true }],
    });
  });

  it.each([
    [
      ['station', '--json'],
      ['help', 'station', '--json'],
    ],
    [
      ['station', 'list', '--help', '--json'],
      ['help', 'station', 'list', '--json'],
    ],
    [
      ['alarm', 'rule', '--json'],
      ['help', 'alarm', 'rule', '--json'],
    ],
  ])('%j is a document, as that of help', async (argv, same) => {
    const { stdout, exitCode } = await run(...argv);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual((await run(...same)).json);
  });

  it('knows its version', async () => {
    const { version } = config;
    expect((await run('--version')).stdout).toMatch(new RegExp(`^evfleet/${version} `));
    expect((await run('version', '--json')).json).toMatchObject({ program: 'evfleet', version });
  });
});
