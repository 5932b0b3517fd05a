import { expect, it } from 'vitest';
import type { SettingKey } from '../../src/domain/settings.js';
import { MailBin, plainMail } from '../alarms/delivery-bench.js';
import { testStart } from '../helpers/fake-clock.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { mailed, pass } from './passing-time.js';

const minuteMs = 60_000;
const ground = { connectorId: 1, status: 'Faulted', errorCode: 'GroundFailure' };

/** `09:05` by the clock on the wall, wherever the tests run. */
function timeOfDay(instant: number): string {
  const date = new Date(instant);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

async function watchedServer() {
  const bin = new MailBin();
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const settings = Object.entries({
    ...plainMail(await bin.listen()),
    'alarms.digest-time': timeOfDay(testStart + 30 * minuteMs),
  }).map(([key, value]) => ({ key: key as SettingKey, value }));
  await server.fleet.run('settings.set', { settings });
  await server.fleet.run('alarm-rule.create', {
    name: 'Night',
    all: true,
    triggers: ['connection-lost', 'fault'],
    recipients: ['bob@example.org'],
  });
  await server.fleet.run('user.create', { email: 'ada@example.org', role: 'support', emailAtAlarm: true });
  return { bin, server, station: await server.connected('CP1', { connectors: 2 }) };
}

it('nobody is mailed of what happens during maintenance, be it a fault or an outage of hours', async () => {
  const { bin, server, station } = await watchedServer();
  await server.fleet.run('maintenance.create', { stationIds: ['CP1'], lastsMs: 180 * minuteMs });
  await station.call('StatusNotification', ground);
  await pass(server, minuteMs);
  expect((await server.fleet.run('fault.list', {})).items).toMatchObject([{ maintenance: true }]);
  await until(async () => (await server.fleet.run('alarm.list', {})).total === 1, 'the alarm');
  expect((await server.fleet.run('alarm.list', {})).items).toMatchObject([{ maintenance: true }]);
  station.socket.terminate();
  await pass(server, 170 * minuteMs);
  expect(bin.mails).toEqual([]);
  expect((await server.fleet.run('outbox.list', {})).total).toBe(0);
});

it('who wants it is mailed once a day what is active', async () => {
  const { bin, server, station } = await watchedServer();
  await station.call('StatusNotification', ground);
  await pass(server, 5 * minuteMs);
  await mailed(server, bin, 1);
  expect(bin.envelopes.map(({ to }) => to)).toEqual([['bob@example.org']]);
  await pass(server, 26 * minuteMs);
  await mailed(server, bin, 2);
  await pass(server, 60 * minuteMs);
  expect(bin.envelopes[1]?.to).toEqual(['ada@example.org']);
  expect(bin.mails[1]?.subject).toBe('Daily report: 1 active alarm');
  expect(bin.mails[1]?.text).toContain('CP1, connector 1 · Ground failure');
  expect(bin.mails).toHaveLength(2);
});
