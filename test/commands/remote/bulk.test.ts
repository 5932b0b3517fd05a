import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import RemoteAvailability from '../../../commands/remote/availability.js';
import RemoteClearCache from '../../../commands/remote/clear-cache.js';
import RemoteDataTransfer from '../../../commands/remote/data-transfer.js';
import RemoteReset from '../../../commands/remote/reset.js';
import type { RunOptions } from '../../helpers/run-command.js';
import type { ScriptedStation } from '../../helpers/scripted-station.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import type { TestServer } from '../../helpers/test-server.js';
import { runAt, startThreeStations } from './three-stations.js';

let server: TestServer;
/** CP1 and CP2 are connected, CP3 is not. */
let stations: ScriptedStation[];

const run = (command: Parameters<typeof runAt>[1], argv: readonly string[], options?: RunOptions) =>
  runAt(server, command, argv, options);

const answer = (action: string, status: string, of = stations) => {
  for (const station of of) station.on(action, () => ({ status }));
};

const asked = (action: string) =>
  stations.map(({ calls }) => calls.filter((call) => call.action === action).length);

beforeEach(async () => {
  ({ server, stations } = await startThreeStations());
});

describe('one station named by its id', () => {
  it('is a plain command: a sentence, or one document', async () => {
    answer('ClearCache', 'Accepted');
    const { stdout, stderr, exitCode } = await run(RemoteClearCache, ['CP1']);
    expect([stdout, stderr, exitCode]).toEqual(['CP1 has cleared its cache of tags.\n', '', 0]);
    expect((await run(RemoteClearCache, ['CP1', '--json'])).json).toEqual({
      stationId: 'CP1',
      ok: true,
      status: 'Accepted',
      message: 'CP1 has cleared its cache of tags.',
      code: null,
      detail: null,
      suggestions: [],
    });
  });

  it('ends with the exit code of what went wrong', async () => {
    answer('ClearCache', 'Rejected');
    const refused = await run(RemoteClearCache, ['CP1', '--json']);
    expect(refused.exitCode).toBe(10);
    expect(refused.json).toMatchObject({ error: { code: 'REFUSED', exitCode: 10 } });
    const offline = await run(RemoteClearCache, ['CP3']);
    expect(offline.exitCode).toBe(7);
    expect(offline.stderr).toMatch(/Error: Station CP3 has never connected\.\nTry: evfleet station show CP3/);
    const unknown = await run(RemoteClearCache, ['CP4']);
    expect([unknown.exitCode, unknown.stdout]).toEqual([5, '']);
    const lines = await run(RemoteClearCache, ['CP3', '--json-lines']);
    expect(lines.exitCode).toBe(7);
    expect(lines.json).toMatchObject({ stationId: 'CP3', code: 'STATION_OFFLINE' });
  });

  it('ends with 8 when it is silent', async () => {
    stations[0]?.on('ClearCache', () => 'silence');
    const running = run(RemoteClearCache, ['CP1', '--timeout', '1s']);
    await stations[0]?.received('ClearCache');
    server.clock.advance(1000);
    expect((await running).exitCode).toBe(8);
  });
});

describe('many stations', () => {
  it('have a line each for a person, then a summary, and 9 when some failed', async () => {
    answer('ClearCache', 'Accepted');
    const { stdout, stderr, exitCode } = await run(RemoteClearCache, ['--all', '--concurrency', '1'], {
      columns: 80,
    });
    expect(stdout).toBe(
      '✓ CP1  has cleared its cache of tags.\n✓ CP2  has cleared its cache of tags.\n✗ CP3  has never connected.\n',
    );
    expect(stderr).toBe('2 of 3 cleared, 1 failed\n');
    expect(exitCode).toBe(9);
    expect(asked('ClearCache')).toEqual([1, 1]);
  });

  it('have fields separated by tabs for a program', async () => {
    answer('ClearCache', 'Accepted');
    const { stdout, exitCode } = await run(RemoteClearCache, ['CP2', 'CP1', '--concurrency', '1']);
    expect(stdout).toBe(
      'CP2\tok\tAccepted\tCP2 has cleared its cache of tags.\nCP1\tok\tAccepted\tCP1 has cleared its cache of tags.\n',
    );
    expect(exitCode).toBe(0);
  });

  it('are one array, or one document each', async () => {
    answer('ClearCache', 'Accepted');
    const array = await run(RemoteClearCache, ['--all', '--json']);
    const outcomes = array.json as { stationId: string }[];
    expect(outcomes.map(({ stationId }) => stationId).sort()).toEqual(['CP1', 'CP2', 'CP3']);
    expect(array.exitCode).toBe(9);
    const lines = (await run(RemoteClearCache, ['CP1', 'CP2', '--json-lines'])).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).ok)).toEqual([true, true]);
  });

  it('are shown without what could steer the terminal', async () => {
    stations[0]?.on('DataTransfer', () => ({ status: 'Accepted', data: 'a\u001b[2J\tb' }));
    const argv = ['CP1', 'CP3', '--vendor', 'x'];
    expect((await run(RemoteDataTransfer, argv)).stdout).toContain(
      'CP1\tok\tAccepted\tCP1 answered Accepted: a [2J b.',
    );
    expect((await run(RemoteDataTransfer, argv, { columns: 80 })).stdout).toContain(
      '✓ CP1  answered Accepted: a [2J b.',
    );
    expect(
      (
        await run(
          RemoteDataTransfer,
          argv.filter((id) => id !== 'CP3'),
        )
      ).stdout,
    ).not.toContain('\u001b');
  });

  it('are chosen by conditions', async () => {
    answer('ClearCache', 'Accepted');
    expect((await run(RemoteClearCache, ['-l', 'status=online,id!=CP1'])).stdout).toMatch(/^CP2\tok.*\n$/);
    expect((await run(RemoteClearCache, ['-l', 'status=offline'])).stdout).toMatch(
      /^CP3\tfailed\tSTATION_OFFLINE/,
    );
    expect((await run(RemoteClearCache, ['-l', 'status=faulted'])).exitCode).toBe(5);
    expect((await run(RemoteClearCache, ['-l', 'colour=red'])).stderr).toContain('The fields are: vendor');
  });
});

it('says which ways there are to name stations when none is used', async () => {
  const { exitCode, stderr } = await run(RemoteReset, []);
  expect(exitCode).toBe(2);
  for (const way of ['arguments', '--site', '--group', '--selector', '--from-file', '--all'])
    expect(stderr).toContain(way);
});

it('takes all for an answer only when it is typed', async () => {
  answer('ClearCache', 'Accepted');
  const env = { EVFLEET_ALL: 'true' };
  expect((await run(RemoteClearCache, [], { env })).stderr).toContain('Nothing says which stations');
  expect((await run(RemoteClearCache, ['CP1'], { env })).exitCode).toBe(0);
  expect(asked('ClearCache')).toEqual([1, 0]);
});

it('does not let the variables of lists choose stations; those of its own may', async () => {
  answer('ClearCache', 'Accepted');
  const env = { EVFLEET_SITE: 'Nowhere', EVFLEET_GROUP: 'none' };
  expect((await run(RemoteClearCache, [], { env })).stderr).toContain('Nothing says which stations');
  expect((await run(RemoteClearCache, ['CP1'], { env })).exitCode).toBe(0);
  const own = { EVFLEET_BULK_SITE: 'Nowhere' };
  expect((await run(RemoteClearCache, [], { env: own })).stderr).toContain('There is no site "Nowhere"');
});

it.each([
  [['CP1', '--all'], /--all is for all stations, and CP1 is named too/],
  [['--all', '--site', 'Solna'], /--all/],
  [['CP1', '--concurrency', '0'], /--concurrency takes a whole number from 1 to 500/],
  [['CP1', '--concurrency', '501'], /--concurrency takes a whole number from 1 to 500/],
])('%j is a mistake', async (argv, message) => {
  const { exitCode, stderr } = await run(RemoteReset, argv);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
  expect(asked('Reset')).toEqual([0, 0]);
});

describe('--from-file', () => {
  async function file(text: string): Promise<string> {
    const path = join(await temporaryDirectory(), 'stations.txt');
    await writeFile(path, text);
    return path;
  }

  it('takes an id a line, comments, empty lines and what Windows adds', async () => {
    answer('ClearCache', 'Accepted');
    const path = await file('\ufeff# all of them\r\nCP1\r\n\r\n  CP2   # the second\r\nCP1\r\n');
    const { stderr, exitCode } = await run(RemoteClearCache, ['--from-file', path]);
    expect([stderr, exitCode]).toEqual(['2 of 2 cleared\n', 0]);
    expect(asked('ClearCache')).toEqual([1, 1]);
  });

  it('reads standard input', async () => {
    answer('ClearCache', 'Accepted');
    const stdin = vi.spyOn(process, 'stdin', 'get');
    stdin.mockReturnValue(Readable.from(['CP2\n']) as typeof process.stdin);
    const { stdout } = await run(RemoteClearCache, ['--from-file', '-']);
    stdin.mockRestore();
    expect(stdout).toMatch(/^CP2\tok/);
  });

  it.each([
    ['CP1\nCP/2\n', 2, /stations\.txt, line 2: The station id "CP\/2" contains "\/"/],
    ['# nothing\n\n', 2, /--from-file found no station in .*stations\.txt\./],
    ['# gone\n\nCPX\nCPY\n', 5, /stations\.txt, line 3: There is no station "CPX", nor CPY\./],
  ])('says what is wrong with %j', async (text, code, message) => {
    const { exitCode, stderr } = await run(RemoteClearCache, ['--from-file', await file(text)]);
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(message);
    expect(asked('ClearCache')).toEqual([0, 0]);
  });

  it('takes a name for what it is', async () => {
    await server.fleet.run('station.update', { id: 'CP1', name: 'Garage' });
    const { exitCode, stderr } = await run(RemoteClearCache, ['garage']);
    expect(exitCode).toBe(5);
    expect(stderr).toContain(
      'There is no station "garage"; CP1 has that name.\nTry: evfleet station show CP1\n',
    );
  });

  it('goes on with those that exist', async () => {
    answer('ClearCache', 'Accepted');
    const argv = ['--from-file', await file('CP1\n\nCPX\nCP2\n')];
    const { exitCode, stdout, stderr } = await run(RemoteClearCache, argv);
    expect([exitCode, stderr]).toEqual([9, '2 of 3 cleared, 1 failed\n']);
    expect(stdout).toMatch(
      /^CPX\tfailed\tNOT_FOUND\tCPX does not exist \(.*stations\.txt, line 3\)\.\nCP\d\tok/,
    );
    expect(asked('ClearCache')).toEqual([1, 1]);
    expect((await run(RemoteClearCache, ['CP1', 'CPX', '--json'])).json).toMatchObject([
      { stationId: 'CPX', ok: false, code: 'NOT_FOUND' },
      { stationId: 'CP1', ok: true, code: null },
    ]);
    const dry = await run(RemoteClearCache, ['CP1', 'CPX', '--dry-run']);
    expect(dry).toMatchObject({ exitCode: 9, stdout: 'CP1\n' });
    expect(dry.stderr).toBe('1 station would be asked.\nCPX does not exist.\n');
  });

  it('says when there is no such file', async () => {
    const { exitCode, stderr } = await run(RemoteClearCache, ['--from-file', '/nowhere']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--from-file cannot read /nowhere: it does not exist.');
  });
});

describe('an error under --json-lines', () => {
  it.each([
    [['--site', 'Nowhere'], 'NOT_FOUND', 5],
    [[], 'USAGE', 2],
    [['--all', '--concurrency', 'many'], 'USAGE', 2],
  ] as const)('%j is a document on a line of its own', async (argv, code, exit) => {
    for (const [flags, env] of [
      [['--json-lines'], {}],
      [[], { EVFLEET_JSON_LINES: '1' }],
    ] as const) {
      const { stdout, exitCode } = await run(RemoteClearCache, [...argv, ...flags], { env });
      expect(stdout.split('\n')).toHaveLength(2);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code, exitCode: exit } });
      expect(exitCode).toBe(exit);
    }
  });
});

describe('before it is done', () => {
  it('--dry-run lists who is meant, and asks nobody', async () => {
    const { stdout, stderr, exitCode } = await run(RemoteReset, ['--all', '--dry-run']);
    expect([stdout, stderr, exitCode]).toEqual(['CP1\nCP2\nCP3\n', '3 stations would be asked.\n', 0]);
    expect((await run(RemoteReset, ['CP3', '--dry-run', '--json'])).json).toEqual([
      { stationId: 'CP3', online: false },
    ]);
    expect(asked('Reset')).toEqual([0, 0]);
  });

  it('what interrupts service of more than one station needs a yes', async () => {
    for (const command of [RemoteReset, RemoteAvailability]) {
      const words = command === RemoteReset ? [] : ['inoperative'];
      const { exitCode, stderr } = await run(command, ['--all', ...words]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--yes is missing');
    }
    expect([asked('Reset'), asked('ChangeAvailability')]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    answer('Reset', 'Accepted');
    answer('ChangeAvailability', 'Accepted');
    expect((await run(RemoteReset, ['CP1', 'CP2', '--yes'])).stderr).toBe('2 of 2 accepted\n');
    expect((await run(RemoteReset, ['CP1'])).exitCode).toBe(0);
    expect((await run(RemoteAvailability, ['CP1', 'CP2', 'operative'])).exitCode).toBe(0);
    expect((await run(RemoteAvailability, ['CP1', 'CP2', 'Inoperative', '-y'])).exitCode).toBe(0);
  });
});

it('Ctrl-C stops asking, and says how many were not asked', async () => {
  for (let number = 4; number <= 9; number += 1) stations.push(await server.connected(`CP${number}`));
  for (const station of stations) station.on('ClearCache', () => 'silence');
  answer('ClearCache', 'Accepted', stations.slice(0, 1));
  const argv = ['-l', 'status=online', '--concurrency', '2', '--json-lines'];
  const running = run(RemoteClearCache, argv);
  await stations[1]?.received('ClearCache');
  await stations[2]?.received('ClearCache');
  // Round trips on the same socket file: by then what the server has said is here too.
  for (let trip = 0; trip < 5; trip += 1) await server.fleet.run('group.list', {});
  process.emit('SIGINT', 'SIGINT');
  const { exitCode, stderr, stdout } = await running;
  expect(exitCode).toBe(130);
  const [first, last] = stdout.trimEnd().split('\n');
  expect(JSON.parse(first ?? '')).toMatchObject({ stationId: 'CP1', ok: true });
  const message = 'Interrupted: 1 of 8 stations had finished, 2 were under way, 5 were not asked.';
  expect([JSON.parse(last ?? '').error.message, stderr]).toEqual([message, '']);
  expect(asked('ClearCache')).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
});
