import { expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

/** A station that gives each change the same answer. */
async function desiring(configuration: Record<string, string>) {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const keep = (values: Record<string, string>) =>
    server.fleet.run('config.keep', { templates: [{ match: {}, configuration: values }] });
  await keep(configuration);
  const station = await server.connected('CP1');
  const says = { status: 'Rejected' };
  station.on('GetConfiguration', () => ({
    configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }],
  }));
  station.on('ChangeConfiguration', () => ({ ...says }));
  const alarms = async () => (await server.fleet.run('alarm.list', {})).items;
  const passes = (isReached: (states: string[]) => boolean) =>
    until(async () => {
      server.clock.advance(1000);
      return isReached((await alarms()).map(({ state }) => state));
    });
  return { server, station, says, alarms, passes };
}

it('a value that a station will not take is one alarm, until it does', async () => {
  const { station, says, alarms, passes } = await desiring({ HeartbeatInterval: '60' });
  await station.boot();
  await passes((states) => states.length === 1);
  expect(await alarms()).toMatchObject([
    { node: 'CP1', description: 'Configuration fault: HeartbeatInterval: Rejected', count: 1 },
  ]);
  says.status = 'RebootRequired';
  await station.boot();
  await passes(([state]) => state === 'clearing');
  await passes((states) => states.length === 0);
});

it('a key that a station does not know is no alarm', async () => {
  const { server, station, says, alarms } = await desiring({ HeartbeatInterval: '60' });
  says.status = 'NotSupported';
  await station.boot();
  const states = async () => (await server.fleet.run('config.status', { stationId: 'CP1' })).items;
  await until(async () => {
    server.clock.advance(1000);
    return (await states()).every(({ state }) => state === 'not-supported');
  });
  server.clock.advance(60_000);
  expect(await alarms()).toEqual([]);
});
