import { describe, expect, it } from 'vitest';
import StationAccept from '../../../commands/station/accept.js';
import StationCreate from '../../../commands/station/create.js';
import StationList from '../../../commands/station/list.js';
import StationShow from '../../../commands/station/show.js';
import StationUpdate from '../../../commands/station/update.js';
import { runCommand } from '../../helpers/run-command.js';
import { ScriptedStation } from '../../helpers/scripted-station.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';

/** Commands against a running server, as in another terminal. */
async function withServer() {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const env = { EVFLEET_DATA_DIR: server.dataDir };
  const run = (verb: 'accept' | 'create' | 'list' | 'show' | 'update', ...argv: string[]) => {
    const commands = {
      accept: StationAccept,
      create: StationCreate,
      list: StationList,
      show: StationShow,
      update: StationUpdate,
    };
    return runCommand(commands[verb], argv, { env, id: `station:${verb}` });
  };
  return { server, run };
}

describe('station list --state unknown', () => {
  it('lists who knocked, and says how to take one in', async () => {
    const { server, run } = await withServer();
    await ScriptedStation.refusal(server.url, 'RDAM 1');
    const { stdout, stderr, exitCode } = await run('list', '--state', 'unknown');
    const at = '2026-05-04T10:00:00.000Z';
    expect(stdout).toBe(
      'id\taddress\tprotocol\tattempts\tfirstSeen\tlastSeen\n' +
        `RDAM 1\t127.0.0.1\tocpp1.6\t1\t${at}\t${at}\n`,
    );
    expect(stderr).toBe("Take one in with: evfleet station accept 'RDAM 1' --site <site>\n");
    expect(exitCode).toBe(0);
    expect((await run('list', '--state', 'unknown', '--json')).json).toMatchObject([
      { id: 'RDAM 1', registration: 'unknown', address: '127.0.0.1', attempts: 1, firstSeen: at },
    ]);
  });

  it('is empty without a hint when nobody knocked', async () => {
    const { run } = await withServer();
    const { stdout, stderr } = await run('list', '--state', 'unknown', '--json');
    expect([stdout, stderr]).toEqual(['[]\n', '']);
  });

  it('leaves the columns of the other lists as they are', async () => {
    const { run } = await withServer();
    await run('create', 'CP1');
    const heading = (await run('list', '--csv')).stdout.split('\n')[0];
    expect(heading).not.toContain('attempts');
    expect((await run('list', '--state', 'accepted', '--json')).json).toMatchObject([{ id: 'CP1' }]);
  });
});

describe('station accept', () => {
  it.each([
    ['a station that knocked', 'knock', 'Took in station CP1, which had knocked.\n'],
    ['one that has not', 'nothing', 'Created station CP1; it has not knocked yet.\n'],
    ['one that waits', 'pending', 'Accepted station CP1.\n'],
    ['one that is accepted', 'accepted', 'Station CP1 was accepted already.\n'],
  ])('says what became of %s', async (_, before, line) => {
    const { server, run } = await withServer();
    if (before === 'knock') await ScriptedStation.refusal(server.url, 'CP1');
    if (before === 'pending') await server.add('CP1', { registration: 'pending' });
    if (before === 'accepted') await server.add('CP1');
    const { stderr, exitCode, json } = await run('accept', 'CP1', '--json');
    expect([stderr, exitCode]).toEqual([line, 0]);
    expect(json).toMatchObject({ id: 'CP1', registration: 'accepted' });
  });

  it('says that a station which was accepted already has the name that was given', async () => {
    const { server, run } = await withServer();
    await server.add('CP1');
    const { stderr, json } = await run('accept', 'CP1', '--name', 'Drive', '--json');
    expect(stderr).toBe('Updated station CP1, which was accepted already.\n');
    expect(json).toMatchObject({ name: 'Drive' });
  });
});

describe('the connection of a station', () => {
  it.each([
    [
      ['--ping-interval', '50s', '--no-pong'],
      { pingInterval: 50, expectsPong: false, assumedProtocol: null },
    ],
    [['--ping-interval', 'off'], { pingInterval: 0, expectsPong: true }],
    [['--assumed-protocol', 'ocpp1.6'], { pingInterval: null, assumedProtocol: 'ocpp1.6' }],
  ])('is set up by %j, when it is created as later', async (flags, expected) => {
    const { run } = await withServer();
    expect((await run('create', 'CP1', ...flags, '--json')).json).toMatchObject(expected);
    await run('create', 'CP2');
    expect((await run('update', 'CP2', ...flags, '--json')).json).toMatchObject(expected);
    const back = ['--ping-interval', 'default', '--pong', '--assumed-protocol', 'none'];
    expect((await run('update', 'CP2', ...back, '--json')).json).toMatchObject({
      pingInterval: null,
      expectsPong: true,
      assumedProtocol: null,
    });
  });

  it.each([
    ['never', /takes off, default or a duration/],
    ['500ms', /from 1s to 1d/],
    ['2d', /from 1s to 1d/],
  ])('is not pinged every %s', async (interval, complaint) => {
    const { run } = await withServer();
    const { stderr, exitCode } = await run('create', 'CP1', '--ping-interval', interval);
    expect(stderr).toMatch(complaint);
    expect(exitCode).toBe(2);
  });
});

it('station show --breaches lists what had to be tolerated; without it they are counted', async () => {
  const { server, run } = await withServer();
  const station = await server.connected('CP1');
  await station.boot({ chargePointModel: 'A name of more than twenty characters' });
  await until(async () => {
    server.clock.advance(5000);
    return (await server.fleet.run('station.breaches', { id: 'CP1' })).total === 1;
  });
  const { stdout } = await run('show', 'CP1', '--breaches');
  expect(stdout).toBe(
    'action\tplace\tdetail\tcount\tlastSeen\n' +
      'BootNotification\t/chargePointModel\thas 37 characters, at most 20 are allowed\t1\t2026-05-04T10:00:00.000Z\n',
  );
  expect((await run('show', 'CP1', '--breaches', '--json')).json).toMatchObject([
    { action: 'BootNotification', place: '/chargePointModel', rule: 'length', count: 1 },
  ]);
  expect((await run('show', 'CP1', '--json')).json).toMatchObject({ breaches: { kinds: 1, count: 1 } });
  expect((await run('show', 'CPX', '--breaches')).exitCode).toBe(5);
});
