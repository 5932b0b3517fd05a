import { describe, expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const breaches = async (server: TestServer, id = 'CP1') =>
  (await server.fleet.run('station.breaches', { id })).items;

/** Waits until as much is written down. */
async function written(server: TestServer, times: number): Promise<void> {
  await until(async () => {
    server.clock.advance(5000);
    return (await server.fleet.run('station.show', { id: 'CP1' })).breaches.count === times;
  });
}

const quiet = { pingIntervalMs: 3_600_000 };
const longInfo = { connectorId: 1, errorCode: 'NoError', status: 'Available', info: 'x'.repeat(60) };

describe('what a station does otherwise than the specification says', () => {
  it('is counted by kind, whichever element of a list it was in', async () => {
    const server = await TestServer.start(quiet);
    const station = await server.connected('CP1');
    for (let i = 0; i < 3; i += 1) await station.call('StatusNotification', longInfo);
    server.clock.advance(1000);
    const sampledValue = [{ value: '1' }, { value: 2 }, { value: 3 }];
    await station.call('MeterValues', {
      connectorId: 1,
      meterValue: [{ timestamp: server.clock.iso(), sampledValue }],
    });
    await written(server, 5);
    expect((await server.fleet.run('station.show', { id: 'CP1' })).breaches).toEqual({ kinds: 2, count: 5 });
    expect(await breaches(server)).toEqual([
      {
        action: 'MeterValues',
        place: '/meterValue/#/sampledValue/#/value',
        rule: 'type',
        detail: expect.any(String),
        count: 2,
        firstSeen: '2026-05-04T10:00:01.000Z',
        lastSeen: '2026-05-04T10:00:01.000Z',
      },
      expect.objectContaining({ action: 'StatusNotification', place: '/info', rule: 'length', count: 3 }),
    ]);
    await station.call('StatusNotification', longInfo);
    await written(server, 6);
    const [latest] = await breaches(server);
    expect(latest).toMatchObject({ place: '/info', count: 4, firstSeen: '2026-05-04T10:00:00.000Z' });
    expect(latest?.lastSeen).not.toBe(latest?.firstSeen);
  });

  it('counts frames that are no messages, and messages that are sent again', async () => {
    const server = await TestServer.start(quiet);
    const station = await server.connected('CP1');
    for (const frame of ['{}', '[9,"x"]', '[3,"nobody asked",{}]']) station.send(frame);
    await station.ask('Heartbeat', {}, 'same');
    await station.ask('Heartbeat', {}, 'same');
    station.send(Buffer.from('binary'));
    await station.call('Heartbeat', {});
    await written(server, 5);
    const rules = (await breaches(server)).map(({ action, rule }) => `${action} ${rule}`).sort();
    const kinds = ['binary', 'malformed', 'repeated-call', 'unexpected-answer', 'unknown-type'];
    expect(rules).toEqual(kinds.map((kind) => `null ${kind}`));
  });

  it('is kept over a restart, and written down when the server stops', async () => {
    const server = await TestServer.start(quiet);
    const station = await server.connected('CP1');
    await station.call('StatusNotification', longInfo);
    await server.restart();
    expect(await breaches(server)).toMatchObject([{ place: '/info', count: 1 }]);
  });

  it('cannot fill the store, however inventive a station is', async () => {
    const server = await TestServer.start({ ...quiet, maxMessageRate: 0 });
    const station = await server.connected('CP1');
    for (let i = 0; i < 300; i += 1) {
      const name = `odd${String.fromCharCode(97 + (i % 26))}${'z'.repeat(Math.floor(i / 26))}`;
      await station.call('Heartbeat', { [name]: 1, ['\0'.repeat(300)]: 1 });
      if (i === 150) server.clock.advance(5000);
    }
    await until(async () => {
      server.clock.advance(5000);
      return (await breaches(server)).length === 100;
    });
    for (const { place } of await breaches(server)) expect(place.length).toBeLessThan(210);
  });

  it('goes with the station: one created anew under its id begins with none', async () => {
    const server = await TestServer.start(quiet);
    const station = await server.connected('CP1');
    await station.call('StatusNotification', longInfo);
    await written(server, 1);
    await station.call('StatusNotification', longInfo);
    await server.fleet.run('station.delete', { id: 'CP1' });
    await server.add('CP1');
    server.clock.advance(60_000);
    await server.restart();
    expect(await breaches(server)).toEqual([]);
  });
});
