import { describe, expect, it } from 'vitest';
import AlarmRuleCreate from '../../../commands/alarm/rule/create.js';
import AlarmRuleDelete from '../../../commands/alarm/rule/delete.js';
import AlarmRuleDisable from '../../../commands/alarm/rule/disable.js';
import AlarmRuleEnable from '../../../commands/alarm/rule/enable.js';
import AlarmRuleList from '../../../commands/alarm/rule/list.js';
import AlarmRuleShow from '../../../commands/alarm/rule/show.js';
import AlarmRuleTest from '../../../commands/alarm/rule/test.js';
import AlarmRuleUpdate from '../../../commands/alarm/rule/update.js';
import GroupCreate from '../../../commands/group/create.js';
import SettingsSet from '../../../commands/settings/set.js';
import SiteCreate from '../../../commands/site/create.js';
import StationCreate from '../../../commands/station/create.js';
import { lookEveryMs, type RuleTestView } from '../../../src/operations/alarm/alarm-rule-test.js';
import { testLines, testNotes } from '../../../src/views/alarm-rule.js';
import { createTerminal } from '../../../src/views/terminal.js';
import { MailBin } from '../../alarms/delivery-bench.js';
import { type RunOptions, type RunResult, runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';

const commands = {
  create: AlarmRuleCreate,
  delete: AlarmRuleDelete,
  disable: AlarmRuleDisable,
  enable: AlarmRuleEnable,
  list: AlarmRuleList,
  show: AlarmRuleShow,
  test: AlarmRuleTest,
  update: AlarmRuleUpdate,
};

function rulesIn(directory: string) {
  const env = { EVFLEET_DATA_DIR: directory };
  const run = (verb: keyof typeof commands, argv: readonly string[] = [], options: RunOptions = {}) =>
    runCommand(commands[verb], argv, {
      ...options,
      env: { ...env, ...options.env },
      id: `alarm:rule:${verb}`,
    });
  const set = (...argv: string[]) => runCommand(SettingsSet, argv, { env, id: 'settings:set' });
  return { env, run, set };
}

/** The stations CP1 and CP2, the site Solna and the group Night. */
async function newFleet() {
  const { env, run, set } = rulesIn(await temporaryDirectory());
  await runCommand(SiteCreate, ['Solna'], { env, id: 'site:create' });
  for (const id of ['CP1', 'CP2']) await runCommand(StationCreate, [id], { env, id: 'station:create' });
  await runCommand(GroupCreate, ['Night'], { env, id: 'group:create' });
  return { run, set };
}

const basic = ['--trigger', 'fault', '--to', 'ada@example.org'];

it('creates, shows, lists, changes, disables and deletes', async () => {
  const { run, set } = await newFleet();
  await set('mail.host=mail.example.org', 'mail.from=fleet@example.org');
  const created = await run('create', [
    'Lost',
    '--site=Solna',
    '--trigger=connection-lost',
    '--trigger=fault',
    '--to=ada@example.org; bo@example.org;',
    '--to=cy@example.org',
    '--steps=5m,2h',
    '--language=sv',
    '--deliberate',
  ]);
  expect([created.stdout, created.stderr]).toEqual(['', 'Created rule Lost.\n']);
  expect((await run('show', ['lost'])).stdout).toMatch(
    /^name\tLost\nuuid\t[\w-]+\nenabled\ttrue\nscope\tsite\nsite\tSolna\ngroup\t\nstations\t\ntriggers\tconnection-lost,fault\nrecipients\tada@example.org,bo@example.org,cy@example.org\nwebhooks\t\nlanguage\tsv\nsteps\t5m,2h\ndeliberate\ttrue\nproblems\t\ncreatedAt\t.+\n$/,
  );
  const table = await run('list', ['--no-color'], { columns: 110 });
  expect(table.stdout).toMatch(/^NAME +ENABLED +FOR +TELLS OF +TO/);
  expect(table.stdout).toMatch(/Lost +yes +site Solna +connection-lost/);
  const update = await run('update', [
    'Lost',
    '--name=Two',
    '--station=CP2',
    '--station=CP1',
    '--to=a@b.org',
  ]);
  expect(update.stderr).toBe('Updated alarm rule Two.\n');
  expect((await run('show', ['Two', '--json'])).json).toMatchObject({
    scope: 'stations',
    site: null,
    stations: ['CP1', 'CP2'],
    recipients: ['a@b.org'],
    triggers: ['connection-lost', 'fault'],
    steps: ['5m', '2h'],
  });
  expect((await run('list', ['--no-color'], { columns: 110 })).stdout).toMatch(/Two +yes +CP1, CP2 /);
  expect((await run('disable', ['Two'])).stderr).toBe('Disabled alarm rule Two.\n');
  expect((await run('list', ['--filter', 'enabled=false', '-q'])).stdout).toBe('Two\n');
  expect((await run('enable', ['Two'])).stderr).toBe('Enabled alarm rule Two.\n');
  const unsure = await run('delete', ['Two']);
  expect([unsure.exitCode, unsure.stderr]).toEqual([2, expect.stringContaining('--yes is missing')]);
  expect((await run('delete', ['Two', '--yes'])).stderr).toBe('Deleted alarm rule Two.\n');
  const again = await run('delete', ['Two', '--yes', '--ignore-not-found', '--json']);
  expect(again.json).toEqual({ name: 'Two', deleted: false });
  expect((await run('list', [], { columns: 100 })).stderr).toContain('evfleet alarm rule create');
});

it('says once why nobody is told, beside the result', async () => {
  const { run } = await newFleet();
  const off = 'Mail is off: mail.host is not set.\n';
  expect((await run('create', ['A', '--all', ...basic])).stderr).toBe(`Created rule A.\n${off}`);
  await run('create', ['B', '--all', ...basic]);
  const list = await run('list', ['--json']);
  expect(list.stderr).toBe(off);
  expect(list.json).toMatchObject([{ problems: ['Mail is off: mail.host is not set.'] }, {}]);
});

it('takes the place of what was, and an empty text of all of it', async () => {
  const { run } = await newFleet();
  await run('create', ['A', '--all', ...basic, '--webhook', 'https://example.org/a']);
  await run('update', ['A', '--to', '']);
  expect((await run('show', ['A', '--json'])).json).toMatchObject({
    recipients: [],
    webhooks: ['https://example.org/a'],
  });
  const nobody = await run('update', ['A', '--webhook', '']);
  expect([nobody.exitCode, nobody.stderr]).toEqual([2, expect.stringContaining('would tell nobody')]);
  await run('update', ['A', '--webhook', '', '--to', 'a@b.org', '--no-deliberate']);
  expect((await run('show', ['A', '--json'])).json).toMatchObject({ recipients: ['a@b.org'], webhooks: [] });
});

it('creates again as told', async () => {
  const { run } = await newFleet();
  await run('create', ['A', '--all', ...basic]);
  expect((await run('create', ['A', '--all', ...basic])).exitCode).toBe(6);
  const same = await run('create', ['A', '--if-exists', 'skip', '--group', 'Night']);
  expect(same.stderr).toContain('Nothing to do: there is a rule A already.');
  const other = await run('create', ['A', '--if-exists', 'update', '--group', 'Night', '--json']);
  expect(other.json).toMatchObject({ scope: 'group', group: 'Night' });
});

it.each([
  [['A', ...basic], 2, 'Which stations the rule is for has to be said.'],
  [['A', ...basic, '--all', '--site', 'Solna'], 2, 'only one of these'],
  [
    ['A', ...basic, '--site', 'Sola'],
    5,
    '--site Sola: There is no site "Sola". Try: evfleet site show Solna',
  ],
  [['A', ...basic, '--station', 'CP9'], 5, '--station CP9: There is no station "CP9".'],
  [['A', '--all', '--trigger', 'fault'], 2, 'The rule would tell nobody'],
  [['A', '--all', '--to', 'ada@example.org'], 2, 'The rule would tell of nothing'],
  [['A', '--all', '--trigger', 'falt', '--to', 'a@b.c'], 2, 'Try: --trigger fault'],
  [
    ['A', '--all', ...basic, '--to', 'bo@b.org;cy'],
    2,
    'The e-mail address "cy" does not have exactly one @.',
  ],
  [
    ['A', '--all', ...basic, '--to', 'a@b.org, c@d.org'],
    2,
    "semicolons between them, not commas. Try: --to 'a@b.org;c@d.org'",
  ],
  [
    ['A', '--all', ...basic, '--webhook', 'http://x.org/'],
    2,
    'Try: evfleet settings set webhook.allow-private=on',
  ],
  [['A', '--all', ...basic, '--webhook', 'example.org'], 2, 'The webhook "example.org" is no URL.'],
  [['A', '--all', ...basic, '--steps', '1h,15'], 2, 'with commas between them; "15" is none.'],
  [['A', '--all', ...basic, '--steps', '1h,15m'], 2, '15m comes after 1h'],
  [['A', '--all', ...basic, '--language', 'no'], 2, '--language'],
  [['A', '--all', ...basic], 0, 'Created rule A.'],
])('alarm rule create %j', async (argv, exitCode, message) => {
  const { run } = await newFleet();
  const result = await run('create', argv);
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
});

it('is for nothing else because of what stands in the environment for lists', async () => {
  const { run } = await newFleet();
  await run('create', ['A', '--all', ...basic]);
  const env = { EVFLEET_SITE: 'Solna', EVFLEET_GROUP: 'Night', EVFLEET_ALL: 'true', EVFLEET_STATION: 'CP1' };
  expect((await run('update', ['A', '--language', 'de'], { env })).exitCode).toBe(0);
  expect((await run('show', ['A', '--json'])).json).toMatchObject({ scope: 'all', language: 'de' });
});

describe('alarm rule test', () => {
  it('is told at once when nobody can be told', async () => {
    const { run } = await newFleet();
    await run('create', ['A', '--all', ...basic]);
    const { exitCode, stderr } = await run('test', ['A']);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('The rule A can tell nobody. Mail is off: mail.host is not set.');
    expect(stderr).toContain(
      'Try: evfleet settings set mail.host=smtp.example.org mail.from=alarms@example.org',
    );
  });

  it('without a server says that the samples wait, and with --wait that they still do', async () => {
    const { run, set } = await newFleet();
    await set('mail.host=mail.example.org', 'mail.from=fleet@example.org');
    await run('create', ['A', '--all', ...basic]);
    const sent = await run('test', ['A']);
    expect([sent.stdout, sent.exitCode]).toEqual(['ada@example.org\tpending\t\n', 0]);
    expect(sent.stderr).toBe(
      'Samples of rule A: 1 to be sent.\nNo server runs, so they wait until one does: evfleet serve\n',
    );
    const waited = await run('test', ['A', '--wait', '--json']);
    expect(waited.exitCode).toBe(8);
    expect(waited.json).toMatchObject({ sending: false, messages: [{ state: 'pending' }] });
  });

  it('gets to a real mail server, and tells who was refused', async () => {
    const bin = new MailBin({
      onRcptTo: ({ address }, _session, callback) =>
        address.startsWith('bo@')
          ? callback(Object.assign(new Error('no such user'), { responseCode: 550 }))
          : callback(),
    });
    const port = await bin.listen();
    const server = await TestServer.start();
    const { run, set } = rulesIn(server.dataDir);
    await set('mail.host=127.0.0.1', `mail.port=${port}`, 'mail.secure=none', 'mail.from=fleet@example.org');
    await run('create', ['A', '--all', '--trigger=fault', '--to=ada@example.org;bo@b.org', '--language=sv']);
    let result: RunResult | undefined;
    const work = run('test', ['A', '--wait', '--timeout=1h']).then((done) => {
      result = done;
    });
    await until(() => {
      // Each time it looks how far they are.
      if (server.clock.pendingOf(lookEveryMs) > 0) server.clock.advance(lookEveryMs);
      return result !== undefined;
    }, 'the end');
    await work;
    expect(result).toMatchObject({
      exitCode: 9,
      stdout: 'ada@example.org\tsent\t\nbo@b.org\tdead\tThe mail server answered: 550 no such user\n',
      stderr: 'Samples of rule A: 1 sent, 1 failed.\n',
    });
    expect(bin.subjects).toEqual(['Testmeddelande från evfleet']);
    expect(bin.mails[0]?.text).toContain('Regel: A');
    await run('update', ['A', '--to=ada@example.org']);
    expect((await run('test', ['A'])).exitCode).toBe(0);
  });
});

describe('a test in words', () => {
  const result: RuleTestView = {
    name: 'A',
    enabled: false,
    sending: true,
    messages: [
      { channel: 'mail', recipient: 'ada@example.org', state: 'sent', error: null, id: 1 },
      { channel: 'mail', recipient: 'bo@b.org', state: 'failed', error: '450\nlater', id: 2 },
      { channel: 'mail', recipient: 'cy@c.org', state: 'pending', error: null, id: 3 },
      { channel: 'webhook', recipient: 'https://x', state: 'off', error: 'no secret', id: null },
    ],
  };

  it('is a line for each recipient', () => {
    const terminal = createTerminal({ stdout: { isTTY: true, columns: 40 }, env: { NO_COLOR: '1' } });
    expect(testLines(result, terminal)).toBe(
      [
        '✓ ada@example.org  sent',
        '✗ bo@b.org         failed: 450 later',
        '· cy@c.org         pending',
        '✗ https://x        off: no secret',
        '',
      ].join('\n'),
    );
  });

  it('has a summary', () => {
    expect(testNotes(result)).toEqual([
      'Samples of rule A: 1 sent, 1 to be sent, 2 failed.',
      'What becomes of them: evfleet alarm outbox list',
      'The rule is disabled: of real alarms it tells nobody.',
    ]);
  });
});
