import { expect, it } from 'vitest';
import MaintenanceCreate from '../../../commands/maintenance/create.js';
import MaintenanceEnd from '../../../commands/maintenance/end.js';
import MaintenanceList from '../../../commands/maintenance/list.js';
import MaintenanceShow from '../../../commands/maintenance/show.js';
import { systemUser } from '../../../src/server/system.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

async function fixture() {
  const server = await TestServer.start();
  await server.fleet.run('station.create', { id: 'CP1', connectors: 2 });
  await server.fleet.run('station.create', { id: 'CP2' });
  const commands = {
    create: MaintenanceCreate,
    list: MaintenanceList,
    show: MaintenanceShow,
    end: MaintenanceEnd,
  };
  const env = { EVFLEET_DATA_DIR: server.dataDir, TZ: 'UTC' };
  const run = (verb: keyof typeof commands, argv: readonly string[], columns?: number) =>
    runCommand(commands[verb], argv, { env, id: `maintenance:${verb}`, ...(columns && { columns }) });
  return { server, run };
}

it('plans, lists, shows and ends', async () => {
  const { server, run } = await fixture();
  const flags = ['--for', '2h', '--comment', 'new cable', '--utc'];
  expect((await run('create', ['CP1', ...flags], 80)).stdout).toBe(
    'Maintenance 1 of CP1: from 2026-05-04 10:00:00Z to 2026-05-04 12:00:00Z.\n',
  );
  await run('create', [
    'CP1',
    '--connector',
    '2',
    '--from',
    '2026-05-05T08:00Z',
    '--to',
    '2026-05-05T09:00Z',
  ]);
  const { stdout } = await run('list', ['--utc', '--no-color'], 80);
  expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  expect(stdout).toMatch(/2 +CP1 +2 +planned +2026-05-05 08:00:00Z +2026-05-05 09:00:00Z/);
  expect(stdout).toMatch(/1 +CP1 +[–-]? +active +2026-05-04 10:00:00Z +2026-05-04 12:00:00Z/);
  expect((await run('show', ['1', '--no-color'], 80)).stdout).toMatch(/^COMMENT +new cable$/m);
  server.clock.advance(60_000);
  expect((await run('end', ['1'])).stdout).toBe('Maintenance 1 of CP1 ended at 2026-05-04T10:01:00.000Z.\n');
  expect((await run('end', ['2'])).stdout).toBe(
    'Maintenance 2 of CP1 connector 2, planned from 2026-05-05T08:00:00.000Z, is cancelled.\n',
  );
  expect((await run('list', ['-q', '--state', 'past'])).stdout).toBe('1\n');
  expect((await run('list', ['CP1', '--csv'])).stdout).toBe(
    'id,stationId,connector,state,from,to,comment,createdBy,createdAt\n' +
      '2,CP1,2,cancelled,2026-05-05T08:00:00.000Z,2026-05-05T08:00:00.000Z,,' +
      `${systemUser()},2026-05-04T10:00:00.000Z\n` +
      '1,CP1,,past,2026-05-04T10:00:00.000Z,2026-05-04T10:01:00.000Z,new cable,' +
      `${systemUser()},2026-05-04T10:00:00.000Z\n`,
  );
});

it('gives one as JSON for one station, a list for several', async () => {
  const { run } = await fixture();
  const one = await run('create', ['CP1', '--for', '1h', '--json']);
  expect(one.json).toMatchObject({
    id: 1,
    stationId: 'CP1',
    connector: null,
    state: 'active',
    comment: null,
  });
  const more = await run('create', ['CP1', 'CP2', '--from', '2026-05-06', '--for', '2d', '--json']);
  expect(more.json).toMatchObject([
    { id: 2, stationId: 'CP1', state: 'planned' },
    { id: 3, stationId: 'CP2' },
  ]);
  expect((await run('end', ['3', '--json'])).json).toMatchObject({ id: 3, state: 'cancelled' });
  expect((await run('show', ['3', '--json'])).json).toMatchObject({ id: 3, state: 'cancelled' });
  expect((await run('list', ['CP2', '--json'])).json).toMatchObject([{ id: 3 }]);
});

it.each([
  [['CP1'], 2, 'Either --to or --for says when maintenance ends.'],
  [['CP1', '--for', '1h', '--to', '2026-06-01'], 2, 'cannot also be provided'],
  [['CP1', '--to', '2026-05-04T09:00Z'], 2, '--to has to be after --from'],
  [['CP1', '--for', '400d'], 2, '--for takes a duration from 1s to 366d'],
  [['CP1', '--for', '1h', '--connector', '3'], 5, 'Station CP1 has no connector 3; it has 1, 2.'],
  [['CP3', '--for', '1h'], 5, 'There is no station "CP3".'],
  [['--for', '1h'], 2, 'Missing: STATION.'],
])('says what is wrong: %o', async (argv, exitCode, message) => {
  const { run } = await fixture();
  const wrong = await run('create', argv);
  expect(wrong.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
  expect(wrong.exitCode).toBe(exitCode);
});

it.each([
  ['seven', 2, 'Maintenance has a number, not "seven".'],
  ['7', 5, 'There is no maintenance 7.'],
])('ends nothing that is not there: %s', async (id, exitCode, message) => {
  const { run } = await fixture();
  const wrong = await run('end', [id]);
  expect([wrong.exitCode, wrong.stderr]).toEqual([exitCode, expect.stringContaining(message)]);
});

it('lists nothing where nothing is planned', async () => {
  const { run } = await fixture();
  const empty = await run('list', [], 80);
  expect([empty.stdout, empty.stderr]).toEqual([
    '',
    'No maintenance matches. Plan some: evfleet maintenance create CP001 --for 2h\n',
  ]);
});
