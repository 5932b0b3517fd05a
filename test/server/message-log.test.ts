import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { MessageInput, MessageView } from '../../src/operations/record/message.js';
import { testStart } from '../helpers/fake-clock.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

async function list(server: TestServer, input: MessageInput = {}): Promise<MessageView[]> {
  const all: MessageView[] = [];
  for await (const message of server.fleet.stream('message.list', input)) all.push(message);
  return all;
}

/** Collects what a follower is told, until it ends. */
async function follow(server: TestServer, input: MessageInput = {}) {
  const abort = new AbortController();
  const fleet = await server.newFleet(abort.signal);
  const seen: MessageView[] = [];
  const batches = fleet.batches('message.follow', input);
  const ended = (async () => {
    for await (const batch of batches) seen.push(...batch);
  })().catch((error: unknown) => error);
  return { seen, ended, abort };
}

const brief = ({ direction, type, action, latencyMs }: MessageView) => [direction, type, action, latencyMs];

it('both directions are recorded in the order of the wire, with the latency of each answer', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP001');
  await station.boot();
  station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
  station.on('UnlockConnector', () => 'silence');
  const asked = server.fleet.run('remote.call', {
    stationId: 'CP001',
    action: 'UnlockConnector',
    payload: { connectorId: 1 },
    timeoutMs: 30_000,
  });
  asked.catch(() => undefined);
  await station.received('UnlockConnector');
  server.clock.advance(250);
  const id = String(station.calls.at(-1)?.id);
  station.send(JSON.stringify([4, id, 'NotSupported', 'no lock', { a: 1 }]));
  await asked.catch(() => undefined);
  await station.ask('Nonsense', {});
  station.send('{"broken"');
  await station.call('Heartbeat', {});

  const messages = await list(server);
  expect(messages.map(brief)).toEqual([
    ['in', 'call', 'BootNotification', null],
    ['out', 'result', 'BootNotification', 0],
    ['out', 'call', 'UnlockConnector', null],
    ['in', 'error', 'UnlockConnector', 250],
    ['in', 'call', 'Nonsense', null],
    ['out', 'error', 'Nonsense', 0],
    ['in', 'other', null, null],
    ['in', 'call', 'Heartbeat', null],
    ['out', 'result', 'Heartbeat', 0],
  ]);
  expect(messages[2]).toEqual({
    time: new Date(testStart).toISOString(),
    stationId: 'CP001',
    direction: 'out',
    type: 'call',
    action: 'UnlockConnector',
    messageId: id,
    payload: { connectorId: 1 },
    latencyMs: null,
  });
  expect(messages[3]?.payload).toEqual({ code: 'NotSupported', description: 'no lock', details: { a: 1 } });
  expect(messages[6]?.payload).toEqual({ raw: '{"broken"' });
  expect(messages[8]?.payload).toHaveProperty('currentTime');
  expect((await list(server, { messageId: id })).map(brief)).toEqual(messages.slice(2, 4).map(brief));
  const [raw] = await list(server, { messageId: id, frames: true });
  expect(raw?.frame).toBe(`[2,"${id}","UnlockConnector",{"connectorId":1}]`);
});

it('a password that is set never reaches the disk', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP001');
  await station.boot();
  station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
  await server.fleet.run('remote.call', {
    stationId: 'CP001',
    action: 'ChangeConfiguration',
    payload: { key: 'WifiPassword', value: 'c0ffee-c0ffee' },
    timeoutMs: 30_000,
  });
  expect(await station.received('ChangeConfiguration')).toHaveProperty('value', 'c0ffee-c0ffee');
  const [call] = await list(server, { action: 'ChangeConfiguration', type: 'call' });
  expect(call?.payload).toEqual({ key: 'WifiPassword', value: '***' });
  const directory = path.join(server.dataDir, 'messages');
  for (const name of await fs.readdir(directory)) {
    expect(await fs.readFile(path.join(directory, name), 'utf8')).not.toContain('c0ffee');
  }
  expect(JSON.stringify(server.log.lines)).not.toContain('c0ffee');
});

it('a restart loses nothing, and what a killed server had written is there', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP001');
  await station.call('Heartbeat', {});
  await server.restart();
  const again = await server.connect('CP001');
  await again.call('Heartbeat', {});
  await list(server, { limit: 1 });
  await server.resume(
    await (async () => {
      const copy = await server.copyAsKilled();
      await server.stop();
      return copy;
    })(),
  );
  expect((await list(server)).map(brief)).toEqual([
    ['in', 'call', 'Heartbeat', null],
    ['out', 'result', 'Heartbeat', 0],
    ['in', 'call', 'Heartbeat', null],
    ['out', 'result', 'Heartbeat', 0],
  ]);
});

it('settings count from the start on, and when they are changed a minute later', async () => {
  const server = await TestServer.start();
  const set = (value: string) =>
    server.fleet.run('settings.set', { settings: [{ key: 'messages.max-size', value }] });
  await set('off');
  await server.restart();
  const station = await server.connected('CP001');
  await station.call('Heartbeat', {});
  expect(await list(server)).toEqual([]);
  await set('1MiB');
  server.clock.advance(60_000);
  await until(async () => {
    await station.call('Heartbeat', {});
    return (await list(server)).length > 0;
  });
  await server.fleet.run('settings.set', { settings: [{ key: 'messages.retention', value: '1d' }] });
  await station.leave();
  server.clock.advance(3 * 24 * 3600_000);
  await until(() => server.log.find(/old message files removed/).length === 1);
  expect(await list(server)).toEqual([]);
});

it('one who follows sees the last ones, then each that comes, once', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP001');
  const other = await server.connected('CP002');
  for (const id of ['a', 'b', 'c']) await station.ask('Heartbeat', {}, id);
  const { seen, ended, abort } = await follow(server, { stationId: 'CP001', type: 'call', limit: 2 });
  await until(() => seen.length === 2);
  for (const id of ['d', 'e']) {
    await other.ask('Heartbeat', {}, `other-${id}`);
    await station.ask('Heartbeat', {}, id);
  }
  await until(() => seen.length === 4);
  expect(seen.map(({ messageId }) => messageId)).toEqual(['b', 'c', 'd', 'e']);
  abort.abort(new Error('enough'));
  expect(await ended).toEqual(new Error('enough'));
  await station.ask('Heartbeat', {}, 'f');
  expect(seen.length).toBe(4);
});

it('following begins without a gap or a repetition while messages rush in', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP001');
  const count = 600;
  const answered = Array.from({ length: count }, (_, index) => station.ask('Heartbeat', {}, `m${index}`));
  const following = await Promise.all([0, 100, 1000].map((limit) => follow(server, { type: 'call', limit })));
  await Promise.all(answered);
  await station.ask('Heartbeat', {}, 'end');
  for (const { seen } of following) {
    await until(() => seen.at(-1)?.messageId === 'end');
    const numbers = seen.slice(0, -1).map(({ messageId }) => Number(messageId?.slice(1)));
    const first = numbers[0] ?? count;
    expect(numbers).toEqual(Array.from({ length: count - first }, (_, index) => first + index));
  }
});

it('following ends with the server', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP001');
  const { seen, ended } = await follow(server);
  await station.call('Heartbeat', {});
  await until(() => seen.length === 2);
  await server.stop();
  await ended;
});

it('an action that does not exist is a mistake, and the nearest is suggested', async () => {
  const server = await TestServer.start();
  await expect(list(server, { action: 'StatusNotificaton' })).rejects.toMatchObject({
    code: 'USAGE',
    suggestions: ['Did you mean StatusNotification?'],
  });
  expect(await list(server, { action: 'statusnotification' })).toEqual([]);
});
