import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import ConfigApply from '../../../commands/config/apply.js';
import ConfigDiff from '../../../commands/config/diff.js';
import ConfigGet from '../../../commands/config/get.js';
import ConfigPull from '../../../commands/config/pull.js';
import ConfigSet from '../../../commands/config/set.js';
import ConfigStatus from '../../../commands/config/status.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';

const commands = {
  get: ConfigGet,
  set: ConfigSet,
  pull: ConfigPull,
  diff: ConfigDiff,
  apply: ConfigApply,
  status: ConfigStatus,
} as const;

async function fleet({ offline = false }: { offline?: boolean } = {}) {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const station = await server.connected('CP1');
  const values = new Map([
    ['HeartbeatInterval', '300'],
    ['NumberOfConnectors', '2'],
    ['Acme.Mode', 'eco'],
    ['Acme.WifiPassword', 'hunter2'],
    ['AuthorizationKey', ''],
  ]);
  const refusals: Record<string, string> = {};
  station.on('GetConfiguration', ({ key }) => {
    const wanted = (key as string[] | undefined) ?? [...values.keys()];
    const configurationKey = wanted
      .filter((name) => values.has(name))
      .map((name) => ({
        key: name,
        readonly: name === 'NumberOfConnectors',
        ...(name !== 'AuthorizationKey' && { value: values.get(name) }),
      }));
    return { configurationKey, unknownKey: wanted.filter((name) => !values.has(name)) };
  });
  station.on('ChangeConfiguration', ({ key, value }) => {
    const status = refusals[String(key)] ?? (values.has(String(key)) ? 'Accepted' : 'NotSupported');
    if (status === 'Accepted') values.set(String(key), String(value));
    return { status };
  });
  const run = (verb: keyof typeof commands, ...argv: string[]) =>
    runCommand(commands[verb], argv, { env: { EVFLEET_DATA_DIR: server.dataDir }, id: `config:${verb}` });
  const onTerminal = (verb: keyof typeof commands, ...argv: string[]) =>
    runCommand(commands[verb], [...argv, '--no-color', '--utc'], {
      env: { EVFLEET_DATA_DIR: server.dataDir },
      id: `config:${verb}`,
      columns: 120,
    });
  const pulledAt = server.clock.iso();
  if (offline) {
    await run('pull', 'CP1');
    await server.stop();
  }
  const directory = await temporaryDirectory();
  const file = async (text: string): Promise<string> => {
    const name = path.join(directory, 'fleet.yaml');
    await writeFile(name, text);
    return name;
  };
  const sent = () => station.calls.filter(({ action }) => action === 'ChangeConfiguration');
  return { server, station, values, pulledAt, refusals, run, onTerminal, file, sent };
}

function type(text: string): void {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([text]) as unknown as typeof process.stdin);
}

describe('config get', () => {
  it('shows a table with what standard keys mean', async () => {
    const { onTerminal } = await fleet();
    const { stdout, exitCode } = await onTerminal('get', 'CP1');
    expect(stdout).toMatch(/^KEY +VALUE +ACCESS +MEANING\n/);
    expect(stdout).toMatch(/\nHeartbeatInterval +300 s +write +Between heartbeats\n/);
    expect(stdout).toMatch(/\nNumberOfConnectors +2 +read +Connectors it has\n/);
    expect(stdout).toMatch(/\nAcme.Mode +eco +write +-\n/);
    expect(stdout).toMatch(/\nAcme.WifiPassword +\*\*\* +write +-\n/);
    expect(stdout).toMatch(/\nAuthorizationKey +\(hidden\) +write /);
    expect(exitCode).toBe(0);
  });

  it('gives programs every field', async () => {
    const { run, server } = await fleet();
    const reportedAt = server.clock.iso();
    const { json } = await run('get', 'CP1', 'heartbeatinterval', 'HeartbeatInterval', 'Acme.Mode', '--json');
    expect(json).toEqual([
      {
        key: 'HeartbeatInterval',
        value: '300',
        readOnly: false,
        type: 'integer',
        unit: 's',
        meaning: 'Between heartbeats',
        reportedAt,
      },
      { key: 'Acme.Mode', value: 'eco', readOnly: false, type: null, unit: null, meaning: null, reportedAt },
    ]);
  });

  it('says which keys the station does not have', async () => {
    const { run } = await fleet();
    const { stdout, stderr, exitCode } = await run('get', 'CP1', 'Acme.Mode', 'Nope', '--no-header');
    expect(stdout).toBe('Acme.Mode\teco\tfalse\t\n');
    expect([stderr, exitCode]).toEqual(['Unknown to CP1: Nope\n', 0]);
    const none = await run('get', 'CP1', 'HeartbeatIntervall', '--json');
    expect(none.exitCode).toBe(5);
    expect(none.json).toMatchObject({
      error: {
        code: 'NOT_FOUND',
        suggestions: ['Did you mean HeartbeatInterval?', 'evfleet config get CP1'],
      },
    });
  });

  it('--cached needs neither station nor server, and says when', async () => {
    const { run, onTerminal } = await fleet({ offline: true });
    const { stdout, exitCode } = await onTerminal('get', 'CP1', '--cached', 'HeartbeatInterval', 'Nope');
    expect(stdout).toMatch(/KEY +VALUE +ACCESS +REPORTED +MEANING\nHeartbeatInterval +300 s +write +.*ago/);
    expect(exitCode).toBe(0);
    expect((await run('get', 'CP1', '--cached', '--filter', 'readOnly=true', '-q')).stdout).toBe(
      'NumberOfConnectors\n',
    );
    expect((await run('get', 'CP1', '--json')).exitCode).toBe(7);
  });

  it('of a station that is offline ends with 7, of one that is silent with 8', async () => {
    const { run, server, station } = await fleet();
    await server.add('CP2');
    expect((await run('get', 'CP2')).exitCode).toBe(7);
    expect((await run('get', 'CP2', '--cached')).stderr).toContain('Try: evfleet config pull CP2');
    station.on('GetConfiguration', () => 'silence');
    const silent = run('get', 'CP1', '--timeout', '1s');
    await station.received('GetConfiguration');
    server.clock.advance(1000);
    expect((await silent).exitCode).toBe(8);
  });
});

describe('config set', () => {
  it('says of each key what became of it, and keeps it', async () => {
    const { run, refusals, values } = await fleet();
    refusals['Acme.Mode'] = 'RebootRequired';
    const { stdout, exitCode } = await run('set', 'CP1', 'HeartbeatInterval=60', 'Acme.Mode=a=b');
    expect(stdout).toBe('CP1: HeartbeatInterval is 60 now; Acme.Mode will be a=b after the next reboot.\n');
    expect([exitCode, values.get('HeartbeatInterval')]).toEqual([0, '60']);
    const cached = await run('get', 'CP1', '--cached', '--no-header', '--columns', 'key,value');
    expect(cached.stdout).toBe('HeartbeatInterval\t60\n');
  });

  it.each(['Rejected', 'NotSupported', 'Odd'])('ends with 10 when a key is %s', async (status) => {
    const { run, refusals, sent } = await fleet();
    refusals['Acme.Mode'] = status;
    const { json, exitCode } = await run('set', 'CP1', 'Acme.Mode=x', 'HeartbeatInterval=60', '--json');
    expect(exitCode).toBe(10);
    expect(json).toMatchObject({
      error: { code: 'REFUSED', message: expect.stringContaining(`(${status})`) },
    });
    expect(sent()).toHaveLength(2);
  });

  it('says when the station says yes and does nothing', async () => {
    const { run, station } = await fleet();
    station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
    const { stdout } = await run('set', 'CP1', 'HeartbeatInterval=60');
    expect(stdout).toBe('CP1: HeartbeatInterval was accepted, but is still 300.\n');
  });

  it.each([
    [['HeartbeatInterval=soon'], 'HeartbeatInterval takes a whole number of seconds, not "soon".'],
    [['Acme.Mode=x', 'NumberOfConnectors=3'], 'NumberOfConnectors is set by stations and can only be read.'],
    [['=3'], 'A value without a key: give KEY=VALUE.'],
    [[], 'Nothing to set was given.'],
    [['AuthorizationKey=x'], 'AuthorizationKey is a secret: on the command line others can see it.'],
    [
      ['AuthorizationKey=x', '--force'],
      'AuthorizationKey is a secret: on the command line others can see it.',
    ],
    [
      ['--secret-stdin', 'authorizationkey'],
      'AuthorizationKey is not set like this: the station could not connect again.',
    ],
    [['Acme.WifiPassword=x'], 'Acme.WifiPassword is a secret: on the command line others can see it.'],
  ])('refuses %j before anything is sent', async (argv, message) => {
    const { run, sent } = await fleet();
    const { json, exitCode } = await run('set', 'CP1', ...argv, '--json');
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ error: { code: 'USAGE', message } });
    expect(sent()).toEqual([]);
  });

  it('a key without a value is taken for a station, which is said', async () => {
    const { run } = await fleet();
    const { stderr, exitCode } = await run('set', 'CP1', 'HeartbeatInterval', '300');
    expect([stderr, exitCode]).toEqual([
      'Error: Nothing to set was given.\nTry: evfleet config set CP001 HeartbeatInterval=300\n' +
        'What has no = is taken for the id of a station.\n',
      2,
    ]);
  });

  it('two values for one key are a mistake, and nothing is sent', async () => {
    const { run, sent } = await fleet();
    const { exitCode, stderr } = await run('set', 'CP1', 'Acme.Mode=a', 'acme.mode=b', '--force');
    expect([exitCode, stderr, sent()]).toEqual([2, 'Error: acme.mode is given twice.\n', []]);
  });

  it('--force sends it all the same', async () => {
    const { run, values } = await fleet();
    expect((await run('set', 'CP1', 'HeartbeatInterval=soon', '--force')).exitCode).toBe(0);
    expect(values.get('HeartbeatInterval')).toBe('soon');
  });

  it('takes secrets from standard input and shows them nowhere: not on the screen, in the store or the logs', async () => {
    const { run, values, server } = await fleet();
    const said: string[] = [];
    for (const key of ['Acme.WifiPassword']) {
      type('s3cr3t-s3cr3t-s3cr3t\n');
      const { stdout, stderr, exitCode } = await run('set', 'CP1', '--secret-stdin', key, '--json');
      expect([values.get(key), exitCode]).toEqual(['s3cr3t-s3cr3t-s3cr3t', 0]);
      said.push(stdout, stderr);
    }
    said.push(
      (await run('get', 'CP1', '--json')).stdout,
      (await run('get', 'CP1', '--cached', '--csv')).stdout,
    );
    said.push(JSON.stringify((await server.fleet.run('event.list', {})).items), server.log.lines.join('\n'));
    await server.stop();
    const files = await import('node:fs/promises').then((fs) =>
      fs.readdir(server.dataDir, { recursive: true, withFileTypes: true }),
    );
    for (const entry of files.filter((found) => found.isFile())) {
      said.push(await readFile(path.join(entry.parentPath, entry.name), 'latin1'));
    }
    expect(said.join('\n')).not.toMatch(/s3cr3t|hunter2/);
    expect(said.join('\n')).toContain('HeartbeatInterval');
  });

  it('says which keys were set before the station fell silent', async () => {
    const { run, station, server } = await fleet();
    station.on('ChangeConfiguration', ({ key }) =>
      key === 'Acme.Mode' ? 'silence' : { status: 'Accepted' },
    );
    const setting = run('set', 'CP1', 'HeartbeatInterval=60', 'Acme.Mode=x', '--timeout', '1s');
    await station.received('ChangeConfiguration', 2);
    server.clock.advance(1000);
    const { stderr, exitCode } = await setting;
    expect(exitCode).toBe(8);
    expect(stderr).toContain('not answered within 1s. Before that: HeartbeatInterval Accepted.\n');
  });

  it('keeps what comes as a secret to itself, also where the key does not sound like one', async () => {
    const { run, values, server } = await fleet();
    type('s3cr3t\n');
    const { stdout, stderr } = await run('set', 'CP1', '--secret-stdin', 'Acme.Mode', '--json');
    expect(values.get('Acme.Mode')).toBe('s3cr3t');
    const known = await server.fleet
      .run('config.cached', { stationId: 'CP1', keys: [] })
      .catch(() => 'nothing');
    expect(stdout).toContain('CP1: Acme.Mode is set now.');
    expect(stdout + stderr + JSON.stringify(known)).not.toContain('s3cr3t');
    type('s3cr3t\n');
    const mistaken = await run('set', 'CP1', '--secret-stdin', 'HeartbeatInterval');
    expect([mistaken.exitCode, mistaken.stderr]).toEqual([
      2,
      expect.stringMatching(/^Error: --secret-stdin: HeartbeatInterval is no secret\.\n/),
    ]);
  });

  it('of a key that only sounds like a secret is possible', async () => {
    const { run, values } = await fleet();
    values.set('Acme.KeyTone', 'off');
    expect((await run('set', 'CP1', 'Acme.KeyTone=on')).stderr).toContain(
      'Try: --force, when it only sounds',
    );
    expect((await run('set', 'CP1', 'Acme.KeyTone=on', '--force')).exitCode).toBe(0);
    expect((await run('set', 'CP1', 'AuthorizationKey=x')).stderr).not.toContain('--force');
  });

  it('warns when a template wants it otherwise', async () => {
    const { run, file } = await fleet();
    const name = await file('configuration: { HeartbeatInterval: 60 }');
    await run('apply', '-f', name);
    const { stdout } = await run('set', 'CP1', 'HeartbeatInterval=99');
    expect(stdout).toBe(
      'CP1: HeartbeatInterval is 99 now (the template for all stations wants 60, and will set it so when the station connects).\n',
    );
  });

  it('at many stations ends with 9 when one is offline', async () => {
    const { run, server } = await fleet();
    await server.add('CP2');
    const { stdout, exitCode, stderr } = await run('set', '--all', 'HeartbeatInterval=60');
    expect(stdout).toContain('CP1\tok\tAccepted\tCP1: HeartbeatInterval is 60 now.\n');
    expect(stdout).toContain('CP2\tfailed\tSTATION_OFFLINE\t');
    expect([exitCode, stderr]).toEqual([9, '1 of 2 set, 1 failed\n']);
  });
});

describe('config diff and apply', () => {
  const template = 'configuration:\n  HeartbeatInterval: 60\n  Acme.Mode: eco\n';

  it('diff shows what differs, ends with 3, and needs no server', async () => {
    const { run, file, pulledAt } = await fleet({ offline: true });
    const name = await file(template);
    const { stdout, stderr, exitCode } = await run('diff', '-f', name);
    expect(stdout).toBe(
      `--- CP1 reported ${pulledAt}\n+++ CP1 desired\n-HeartbeatInterval: 300\n+HeartbeatInterval: 60\n`,
    );
    expect([stderr, exitCode]).toEqual(['1 difference at 1 of 1 station.\n', 3]);
    const asJson = await run('diff', '-f', name, '--json');
    expect(asJson.exitCode).toBe(3);
    expect(asJson.json).toEqual([
      {
        stationId: 'CP1',
        key: 'HeartbeatInterval',
        desired: '60',
        reported: '300',
        state: 'pending',
        source: 'all stations',
        reportedAt: pulledAt,
      },
    ]);
    const same = await run('diff', '-f', await file('configuration: { Acme.Mode: eco }'), '--json');
    expect([same.json, same.exitCode]).toEqual([[], 0]);
  });

  it('apply --dry-run changes nothing, apply does, and then there is no difference', async () => {
    const { run, file, sent, values } = await fleet();
    await run('pull', '--all');
    const name = await file(template);
    const dry = await run('apply', '-f', name, '--dry-run');
    expect(dry.stdout).toContain('+HeartbeatInterval: 60\n');
    expect([dry.stderr, dry.exitCode]).toEqual(['1 difference; nothing was kept or sent.\n', 0]);
    expect([sent(), (await run('status', '--json')).json]).toEqual([[], []]);
    const applied = await run('apply', '-f', name);
    expect(applied.stdout).toBe('CP1: 2 of 2 as desired; 1 sent.\n');
    expect([applied.stderr, applied.exitCode]).toEqual(['1 template kept.\n', 0]);
    expect(values.get('HeartbeatInterval')).toBe('60');
    expect((await run('diff')).exitCode).toBe(0);
    expect((await run('status', 'CP1', '--no-header', '--columns', 'key,state')).stdout).toBe(
      'HeartbeatInterval\tapplied\nAcme.Mode\tapplied\n',
    );
    const removed = await run('apply', '-f', await file('configuration: {}'));
    expect(removed.stderr).toContain('0 templates kept, 1 removed.\n');
    expect((await run('status', '--json')).json).toEqual([]);
  });

  it('apply for one station leaves the others alone, and its refusal ends with 10', async () => {
    const { run, file, refusals, server } = await fleet();
    await server.add('CP2');
    refusals.HeartbeatInterval = 'Rejected';
    const { exitCode, json } = await run('apply', '-f', await file(template), 'CP1', '--json');
    expect(exitCode).toBe(10);
    expect(json).toMatchObject({
      error: { message: 'CP1: 1 of 2 as desired; 1 sent; refused: HeartbeatInterval.' },
    });
    expect((await run('status', '--no-header', '--columns', 'stationId,state,source')).stdout).toBe(
      'CP1\trejected\tstation\nCP1\tapplied\tstation\n',
    );
  });

  it('apply for a station that no template fits does nothing, and does not say that it will', async () => {
    const { run, file, server, sent } = await fleet();
    await server.add('CP2');
    const name = await file(`match: { vendor: Other }\n${template}`);
    const { stdout, exitCode } = await run('apply', '-f', name, 'CP1', 'CP2');
    expect(stdout.split('\n').sort()).toEqual([
      '',
      'CP1\tok\t\tCP1: nothing is desired of it; no template fits it.',
      'CP2\tok\t\tCP2: nothing is desired of it; no template fits it.',
    ]);
    expect([exitCode, sent()]).toEqual([0, []]);
    expect((await run('diff')).stderr).toBe('Nothing is desired: evfleet config apply -f FILE\n');
  });

  it('apply tells programs of each key by its name', async () => {
    const { run, file } = await fleet();
    const { json } = await run('apply', '-f', await file(template), 'CP1', '--json');
    const states = { HeartbeatInterval: 'applied', 'Acme.Mode': 'applied' };
    expect(json).toMatchObject({ detail: { sent: ['HeartbeatInterval'], states } });
  });

  it('apply without a server keeps it for when stations connect', async () => {
    const { run, file } = await fleet({ offline: true });
    const { stdout, exitCode } = await run('apply', '-f', await file(template));
    expect(stdout).toBe('CP1 is offline; it gets its values when it connects.\n');
    expect(exitCode).toBe(0);
  });

  it('a file with a mistake is refused as a whole: nothing is kept, nothing sent', async () => {
    const { run, file, sent } = await fleet();
    const name = await file(
      `${template}---\nmatch: { vendor: Acme }\nconfiguration: { HeartbeatInterval: x }\n`,
    );
    const { exitCode, json } = await run('apply', '-f', name, '--json');
    expect(exitCode).toBe(2);
    const message = `${name}:6:37: HeartbeatInterval takes a whole number of seconds, not "x".`;
    expect(json).toMatchObject({ error: { code: 'USAGE', message } });
    expect([sent(), (await run('status', '--json')).json]).toEqual([[], []]);
  });
});
