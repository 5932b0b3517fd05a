import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const show = (server: TestServer, id = 'CP1') => server.fleet.run('station.show', { id });

describe('two connections of one station', () => {
  it('the newest wins, the old one is told so', async () => {
    const server = await TestServer.start();
    const old = await server.connected('CP1');
    const fresh = await server.connect('CP1');
    expect(await old.closed).toEqual({ code: 1008, reason: 'replaced by a newer connection' });
    expect(await fresh.boot()).toMatchObject({ status: 'Accepted' });
  });

  it('the late end of the old one does not take the new one offline', async () => {
    const server = await TestServer.start();
    const old = await server.connected('CP1');
    old.socket.pause();
    const fresh = await server.connect('CP1');
    await fresh.boot();
    // The old one never answers the close frame and is cut off.
    server.clock.advance(5000);
    await until(() => server.log.find(/disconnected/).length === 1);
    expect(await show(server)).toMatchObject({ online: true, offlineSince: null });
    const station = await fresh.call('Heartbeat', {});
    expect(station).toHaveProperty('currentTime');
  });

  it('an endless storm of reconnects leaves one connection', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    const storm = await Promise.all(Array.from({ length: 30 }, () => server.connect('CP1')));
    await until(() => storm.filter(({ socket }) => socket.readyState === socket.CLOSED).length === 29);
    const survivor = storm.find(({ socket }) => socket.readyState === socket.OPEN);
    expect(await survivor?.boot()).toMatchObject({ status: 'Accepted' });
    expect((await show(server)).online).toBe(true);
  });
});

describe('frames that follow the upgrade at once', () => {
  const handshake = [
    'GET /ocpp/CP1 HTTP/1.1',
    'Host: x',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: ocpp1.6',
    '',
    '',
  ].join('\r\n');

  /** A masked text frame; a mask of zeros leaves the text as it is. */
  function frame(text: string): Buffer {
    const body = Buffer.from(text);
    return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
  }

  it.each([
    ['in the same packet', (all: Buffer) => [all]],
    ['byte by byte', (all: Buffer) => [...all].map((byte) => Buffer.from([byte]))],
  ])('are answered when they come %s', async (_, split) => {
    const server = await TestServer.start();
    await server.add('CP1');
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    let received = '';
    socket.on('data', (data) => {
      received += data.toString('latin1');
    });
    const frames = [frame('[2,"1","Heartbeat",{}]'), frame('[2,"2","Heartbeat",{}]')];
    for (const part of split(Buffer.concat([Buffer.from(handshake), ...frames]))) socket.write(part);
    await until(() => received.includes('[3,"2",'));
    expect(received.indexOf('[3,"1",')).toBeLessThan(received.indexOf('[3,"2",'));
    socket.destroy();
  });
});

describe('pings', () => {
  it('cut off a station that was silent for more than two intervals', async () => {
    const server = await TestServer.start({ pingIntervalMs: 30_000 });
    await server.add('CP1');
    const station = await server.connect('CP1', { autoPong: false });
    server.clock.advance(60_000);
    expect(station.socket.readyState).toBe(station.socket.OPEN);
    server.clock.advance(30_000);
    expect((await station.closed).code).toBe(1006);
    await until(async () => !(await show(server)).online);
    const [line] = server.log.find(/disconnected/);
    expect(line).toMatchObject({ station: 'CP1', code: 1006, initiator: 'lost' });
  });

  it.each([
    ['an answer to the ping', { autoPong: true }, 'nothing else'],
    ['a ping of its own', { autoPong: false }, 'ping'],
    ['a message', { autoPong: false }, 'message'],
    ['nonsense', { autoPong: false }, 'nonsense'],
  ])('take %s as a sign of life', async (_, options, sign) => {
    const server = await TestServer.start({ pingIntervalMs: 30_000 });
    await server.add('CP1');
    const station = await server.connect('CP1', options);
    for (let round = 0; round < 6; round += 1) {
      const before = (await show(server)).lastSeen;
      server.clock.advance(30_000);
      if (sign === 'ping') station.socket.ping();
      if (sign === 'message') await station.call('Heartbeat', {});
      if (sign === 'nonsense') station.send('?');
      await until(async () => (await show(server)).lastSeen !== before);
    }
    expect(station.socket.readyState).toBe(station.socket.OPEN);
  });
});

describe('offline', () => {
  it('keeps the last status and says since when', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.boot();
    await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' });
    server.clock.advance(10_000);
    station.cut();
    await until(async () => !(await show(server)).online);
    const shown = await show(server);
    expect(shown).toMatchObject({ state: 'offline', offlineSince: '2026-05-04T10:00:10.000Z' });
    expect(shown.connectors).toMatchObject([{ status: 'Charging', state: 'offline' }]);
    await server.connect('CP1');
    await until(async () => (await show(server)).online);
    expect((await show(server)).connectors).toMatchObject([{ status: 'Charging', state: 'charging' }]);
  });

  it('tells apart who ended the connection', async () => {
    const server = await TestServer.start();
    for (const id of ['LEFT', 'LOST', 'ODD', 'GONE']) await server.add(id);
    await (await server.connect('LEFT')).leave(1000);
    (await server.connect('LOST')).cut();
    const odd = await server.connect('ODD');
    odd.send(Buffer.alloc(9 * 1024 * 1024, 0x20).toString());
    expect((await odd.closed).code).toBe(1009);
    const gone = await server.connect('GONE');
    await server.fleet.run('station.delete', { id: 'GONE' });
    expect(await gone.closed).toEqual({ code: 1008, reason: 'the station was deleted' });
    await until(() => server.log.find(/disconnected/).length === 4);
    const ends = server.log.find(/disconnected/).map(({ station, initiator }) => [station, initiator]);
    expect(Object.fromEntries(ends)).toEqual({
      LEFT: 'station',
      LOST: 'lost',
      ODD: 'protocol',
      GONE: 'server',
    });
  });

  it('lets a station in again that was deleted and created anew', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await server.fleet.run('station.delete', { id: 'CP1' });
    await server.add('CP1');
    await station.closed;
    const again = await server.connect('CP1');
    expect(await again.boot()).toMatchObject({ status: 'Accepted' });
  });
});
