import { expect, it } from 'vitest';
import type { SettingKey } from '../../src/domain/settings.js';
import { MailBin, plainMail } from '../alarms/delivery-bench.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { mailed, pass } from './passing-time.js';

const minuteMs = 60_000;

async function watchedServer() {
  const bin = new MailBin();
  const server = await TestServer.start();
  const mail = Object.entries(plainMail(await bin.listen()));
  const settings = mail.map(([key, value]) => ({ key: key as SettingKey, value }));
  await server.fleet.run('settings.set', { settings });
  await server.fleet.run('alarm-rule.create', {
    name: 'Night',
    all: true,
    triggers: ['connection-lost'],
    recipients: ['ada@example.org'],
  });
  return { bin, server };
}

/** Until the server has noticed that the station has gone, or is there. */
function seen(server: TestServer, id: string, status: 'connected' | 'disconnected'): Promise<void> {
  return until(async () => {
    const { offlineSince } = await server.fleet.run('station.show', { id });
    return (offlineSince !== null) === (status === 'disconnected');
  }, `${id} ${status}`);
}

it('serve mails that a station is lost, and that it is back; its alarm comes and goes', async () => {
  const { bin, server } = await watchedServer();
  const station = await server.connected('CP1');
  await seen(server, 'CP1', 'connected');
  station.socket.terminate();
  await seen(server, 'CP1', 'disconnected');
  await pass(server, 15 * minuteMs - 1);
  expect((await server.fleet.run('alarm.list', {})).items).toEqual([]);
  await pass(server, 1);
  await mailed(server, bin, 1);
  expect((await server.fleet.run('alarm.list', {})).items).toMatchObject([
    { stationId: 'CP1', kind: 'connection-lost', rule: 'Night' },
  ]);
  await server.connect('CP1');
  await seen(server, 'CP1', 'connected');
  server.clock.advance(1000);
  await mailed(server, bin, 2);
  expect(bin.subjects).toEqual(['Offline for 15 minutes: CP1', 'Back online: CP1']);
  expect((await server.fleet.run('alarm.list', {})).items).toEqual([]);
});

it('a station that says goodbye is no alarm', async () => {
  const { bin, server } = await watchedServer();
  const station = await server.connected('CP1');
  await seen(server, 'CP1', 'connected');
  station.socket.close(1000);
  await seen(server, 'CP1', 'disconnected');
  await pass(server, 70 * minuteMs);
  expect((await server.fleet.run('alarm.list', {})).items).toEqual([]);
  expect(bin.mails).toEqual([]);
});

it('a restart between the steps of an outage loses none of them and repeats none', async () => {
  const { bin, server } = await watchedServer();
  (await server.connected('CP1')).socket.terminate();
  await seen(server, 'CP1', 'disconnected');
  for (let minutes = 0; minutes < 80; minutes += 10) {
    await pass(server, 10 * minuteMs);
    await server.restart();
  }
  await mailed(server, bin, 2);
  expect(bin.subjects).toEqual(['Offline for 15 minutes: CP1', 'Offline for 1 hour: CP1']);
});

it.each(['stopped', 'killed'] as const)(
  'stations that were connected when the server was %s have a quarter of an hour from its next start',
  async (how) => {
    const { bin, server } = await watchedServer();
    await server.connected('CP1');
    await server.connected('CP2');
    await seen(server, 'CP1', 'connected');
    await seen(server, 'CP2', 'connected');
    const dataDir = how === 'killed' ? await server.copyAsKilled() : undefined;
    await server.stop();
    server.clock.advance(24 * 60 * minuteMs);
    await server.resume(dataDir);
    await server.connect('CP2');
    await seen(server, 'CP2', 'connected');
    await pass(server, 14 * minuteMs);
    expect((await server.fleet.run('alarm.list', {})).items).toEqual([]);
    // One that stays connected must not be lost for its silence.
    await server.fleet.run('station.delete', { id: 'CP2' });
    await pass(server, 3 * minuteMs);
    await mailed(server, bin, 1);
    expect(bin.subjects).toEqual(['Offline for 15 minutes: CP1']);
  },
);
