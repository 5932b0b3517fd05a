import { expect, it } from 'vitest';
import LocalListPush from '../../../commands/local-list/push.js';
import LocalListShow from '../../../commands/local-list/show.js';
import LocalListVersion from '../../../commands/local-list/version.js';
import { withLocalList } from '../../csms/local-list-fixture.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

/** Commands against a running server with one station, as in another terminal. */
async function fixture() {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const station = await server.connected('CP 1');
  withLocalList(station);
  const commands = { push: LocalListPush, show: LocalListShow, version: LocalListVersion };
  const env = { EVFLEET_DATA_DIR: server.dataDir };
  const run = (verb: keyof typeof commands, argv: readonly string[], columns?: number) =>
    runCommand(commands[verb], argv, { env, id: `local-list:${verb}`, ...(columns && { columns }) });
  return { server, station, run };
}

it('pushes to one station as a plain command', async () => {
  const { station, run } = await fixture();
  const { stdout, stderr, exitCode } = await run('push', ['CP 1']);
  expect([stdout, stderr, exitCode]).toEqual(['CP 1 took the whole list: version 1, 1 tag.\n', '', 0]);
  expect((await run('push', ['CP 1', '--json'])).json).toMatchObject({
    stationId: 'CP 1',
    ok: true,
    detail: { update: null, version: 1, entries: 1 },
  });
  await run('push', ['CP 1', '--force']);
  expect(await station.received('SendLocalList', 2)).toMatchObject({ updateType: 'Full', listVersion: 2 });
});

it('ends with 10 when the station refuses, and with 7 when it is not there', async () => {
  const { server, station, run } = await fixture();
  await server.add('CP2');
  station.on('SendLocalList', () => ({ status: 'NotSupported' }));
  const refused = await run('push', ['CP 1']);
  expect(refused.exitCode).toBe(10);
  expect(refused.stderr).toContain('CP 1 takes no local authorization list: it answered NotSupported.');
  expect((await run('push', ['CP2'])).exitCode).toBe(7);
});

it('pushes to many, and ends with 9 when one fails', async () => {
  const { server, run } = await fixture();
  await server.add('CP2');
  const { stdout, exitCode } = await run('push', ['--all']);
  expect(stdout).toMatch(/CP 1 .*took the whole list: version 1, 1 tag\./);
  expect(stdout).toContain('Station CP2 has never connected.');
  expect(exitCode).toBe(9);
});

it('says which version a station has, in words', async () => {
  const { server, station, run } = await fixture();
  const version = async () => (await run('version', ['CP 1'])).stdout;
  expect(await version()).toBe('The list of CP 1 is empty (version 0).\n');
  await run('push', ['CP 1']);
  expect(await version()).toBe('CP 1 has version 1, the one it was sent last.\n');
  station.on('GetLocalListVersion', () => ({ listVersion: 9 }));
  expect(await version()).toBe(
    "CP 1 has version 9, not 1, which it was sent last; to replace it: evfleet local-list push 'CP 1'\n",
  );
  station.on('GetLocalListVersion', () => ({ listVersion: -1 }));
  const none = await run('version', ['CP 1']);
  expect([none.stdout, none.exitCode]).toEqual(['CP 1 has no local authorization list (version -1).\n', 0]);
  expect((await run('version', ['CP 1', '--json'])).json).toEqual({
    stationId: 'CP 1',
    version: -1,
    isSupported: false,
    sentVersion: 1,
  });
  expect(server.log.find(/handler-failed/)).toEqual([]);
});

it('shows what a station was sent and what it would be now', async () => {
  const { server, run } = await fixture();
  await run('push', ['CP 1']);
  await server.addTag('NEW', { parent: 'FAMILY' });
  const { stdout } = await run('show', ['CP 1', '--utc', '--no-color'], 100);
  expect(stdout).toContain('STATE      tags have changed since');
  expect(stdout).toContain('VERSION    1');
  expect(stdout).toMatch(/NEW +added +- +Accepted, parent FAMILY/);
  expect(stdout).toMatch(/TAG1 +none +Accepted +Accepted/);
  expect((await run('show', ['CP 1', '--json'])).json).toMatchObject({
    state: 'outdated',
    version: 1,
    sentEntries: 1,
    nowEntries: 2,
    entries: [
      { tag: 'NEW', change: 'added', sent: null },
      { tag: 'TAG1', change: 'none' },
    ],
  });
});
