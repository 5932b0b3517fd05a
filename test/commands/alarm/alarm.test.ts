import { expect, it } from 'vitest';
import AlarmAck from '../../../commands/alarm/ack.js';
import AlarmClear from '../../../commands/alarm/clear.js';
import AlarmHistory from '../../../commands/alarm/history.js';
import AlarmList from '../../../commands/alarm/list.js';
import AlarmShow from '../../../commands/alarm/show.js';
import StationShow from '../../../commands/station/show.js';
import Status from '../../../commands/status.js';
import { dampingMs } from '../../../src/alarms/alarm-book.js';
import type { AlarmView } from '../../../src/operations/alarm/alarm-view.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';

/** As long as the watcher waits for more before it reads. */
const readDelayMs = 1000;

const commands = {
  'alarm:list': AlarmList,
  'alarm:history': AlarmHistory,
  'alarm:show': AlarmShow,
  'alarm:ack': AlarmAck,
  'alarm:clear': AlarmClear,
  status: Status,
  'station:show': StationShow,
};

/** A station on a real socket, and the commands. */
async function fleet() {
  const server = await TestServer.start();
  const station = await server.connected('CP001', { connectors: 2 });
  await station.boot();
  const report = (connectorId: number, errorCode: string, more = {}) =>
    station.call('StatusNotification', {
      connectorId,
      errorCode,
      status: errorCode === 'NoError' ? 'Available' : 'Faulted',
      ...more,
    });
  const run = (id: keyof typeof commands, argv: readonly string[] = [], columns?: number) =>
    runCommand(commands[id], argv, {
      env: { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' },
      id,
      ...(columns !== undefined && { columns }),
    });
  /** The watcher reads what is new a moment later; the clock stands still otherwise. */
  const reached = (isReached: (alarms: readonly AlarmView[]) => boolean, what: string) =>
    until(async () => {
      server.clock.advance(readDelayMs);
      return isReached((await server.fleet.run('alarm.list', {})).items);
    }, what);
  const opened = async (count: number) => {
    await reached(({ length }) => length === count, `${count} alarms`);
    return (await server.fleet.run('alarm.list', {})).items;
  };
  return { server, station, report, run, reached, opened };
}

it('a fault that a station reports is an alarm until five minutes after it is over', async () => {
  const { server, report, run, reached, opened } = await fleet();
  await report(1, 'GroundFailure', { vendorErrorCode: 'E7', info: 'RCD tripped' });
  await report(1, 'GroundFailure', { vendorErrorCode: 'E7', info: 'RCD tripped' });
  await opened(1);
  expect((await run('alarm:list', ['--json'])).json).toMatchObject([
    {
      node: 'CP001 Connector: 1',
      description: 'Ground failure: E7, RCD tripped',
      kind: 'ground-failure',
      state: 'open',
      count: 1,
    },
  ]);
  await report(1, 'NoError');
  await reached(([alarm]) => alarm?.state === 'clearing', 'its end');
  server.clock.advance(dampingMs);
  await opened(0);
  expect((await run('alarm:history', ['--json'])).json).toMatchObject([
    { state: 'cleared', clearedBy: null },
  ]);
});

it('alarm list fits into 80 columns, with what an alarm is named by', async () => {
  const { server, report, run, opened } = await fleet();
  await server.fleet.run('alarm-rule.create', {
    name: 'Night shift',
    all: true,
    triggers: ['fault'],
    recipients: ['ada@example.org'],
  });
  await report(1, 'GroundFailure', { vendorErrorCode: 'E7', info: 'RCD \u001b[2J tripped' });
  await report(0, 'WeakSignal');
  const [latest] = await opened(2);
  const narrow = await run('alarm:list', [], 80);
  const [heading = '', ...rows] = narrow.stdout.trimEnd().split('\n');
  expect(heading).toMatch(/^ID +CREATED +NODE +DESCRIPTION +SINCE +RULE$/);
  for (const line of [heading, ...rows]) expect(line.length).toBeLessThanOrEqual(80);
  expect(rows[0]).toContain(latest?.id.slice(0, 8));
  expect(narrow.stdout).toMatch(/CP001 Connector: 1 +Ground failure: /);
  expect(narrow.stdout).not.toContain('\u001b');
  expect(narrow.stderr).toBe(
    'Mail is off: mail.host is not set. evfleet settings set mail.host=… mail.from=…\n',
  );
  expect((await run('alarm:list', [], 200)).stdout).toMatch(/TIMES +ACKED +MAINTENANCE/);
  expect((await run('alarm:history', [], 80)).stdout).toMatch(/^ID +CREATED +CLEARED +NODE +DESCRIPTION/);

  const piped = await run('alarm:list', ['CP001', '--connector', '1']);
  expect(piped.stdout.split('\n')[0]).toMatch(/^id\tcreated\tnode\tdescription\tsince\trule\t/);
  expect(piped.stderr).toBe('');
  expect((await run('alarm:list', ['--csv', '--kind', 'ground-failure'])).stdout.split('\n')).toHaveLength(3);
  expect((await run('alarm:list', ['--unacked', '-q'])).stdout).toMatch(/^[\da-f-]{36}\n[\da-f-]{36}\n$/);
});

it('an alarm is acknowledged, shown and cleared by the beginning of its id', async () => {
  const { report, run, opened } = await fleet();
  await report(2, 'InternalError');
  const [alarm] = await opened(1);
  const id = alarm?.id.slice(0, 8) ?? '';
  const acked = await run('alarm:ack', [id, '--note', 'on my way']);
  expect(acked).toMatchObject({
    stdout: `Acknowledged ${id}: CP001 Connector: 2, Hardware fault: InternalError\n`,
    exitCode: 0,
  });
  expect((await run('alarm:list', ['--unacked', '--json'])).json).toEqual([]);
  const shown = await run('alarm:show', [id], 80);
  expect(shown.stdout).toMatch(/DESCRIPTION +Hardware fault: InternalError\n/);
  expect(shown.stdout).toMatch(/NOTE +on my way\n/);
  expect(shown.stdout).toMatch(/WHAT HAPPENED\nTIME(.|\n)*InternalError began\n/);
  expect((await run('alarm:clear', [id])).exitCode).toBe(2);
  const cleared = await run('alarm:clear', [id, '--note', 'door was open', '--json']);
  expect(cleared.json).toMatchObject([{ state: 'cleared', note: 'door was open' }]);
  expect(cleared.stderr).toBe(
    `The condition of ${id} may still last: it opens an alarm again only when it comes anew.\n`,
  );
  await report(2, 'InternalError');
  expect(await opened(0)).toEqual([]);
  await report(2, 'NoError');
  await report(2, 'InternalError');
  await opened(1);
  const gone = await run('alarm:clear', [id, '--note', 'again']);
  expect(gone).toMatchObject({ exitCode: 6 });
  expect(gone.stderr).toMatch(/was cleared already/);
  expect((await run('alarm:show', ['nope'])).exitCode).toBe(5);
});

it('status says where alarms are open, and that mail is off', async () => {
  const { report, run, opened } = await fleet();
  await report(1, 'GroundFailure');
  await report(2, 'PowerMeterFailure');
  await opened(2);
  const { stdout } = await run('status', [], 80);
  expect(stdout).toMatch(/^1 station .* 2 open alarms$/m);
  expect(stdout).toMatch(/CP001 .*! 2 alarms/);
  expect(stdout).toMatch(/^Mail is off: mail.host is not set\./m);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const { json } = await run('status', ['--json']);
  expect(json).toMatchObject({ counts: { alarms: 2 }, mailOff: 'mail.host is not set' });
});

it('the metrics count open alarms by kind', async () => {
  const { server, report, opened } = await fleet();
  await report(1, 'GroundFailure');
  await opened(1);
  server.clock.advance(5000);
  const { default: http } = await import('node:http');
  const text = await new Promise<string>((resolve, reject) => {
    const request = { socketPath: server.running.controlSocket, path: '/metrics' };
    http.get(request, async (response) => resolve((await response.toArray()).join(''))).on('error', reject);
  });
  expect(text).toContain('evfleet_alarms_open{kind="ground-failure"} 1\n');
  expect(text).toContain('evfleet_alarms_open{kind="security"} 0\n');
});

it('who names a station where an alarm is due is shown the alarms of that station', async () => {
  const { run } = await fleet();
  const { exitCode, stderr } = await run('alarm:ack', ['CP001']);
  expect(exitCode).toBe(5);
  expect(stderr).toContain('Try: evfleet alarm list --station CP001');
});

it('a station that is shown counts its open alarms, and leads to them', async () => {
  const { run, report, opened } = await fleet();
  expect((await run('station:show', ['CP001'], 80)).stdout).toMatch(/^ALARMS +none$/m);
  await report(1, 'GroundFailure');
  await opened(1);
  const { stdout } = await run('station:show', ['CP001'], 80);
  expect(stdout).toMatch(/^ALARMS +1 open: evfleet alarm list --station CP001$/m);
  expect((await run('station:show', ['CP001', '--json'])).json).toMatchObject({ alarms: 1 });
});
