import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

async function stays(server: TestServer, stationId?: string) {
  return (await server.fleet.run('connection.list', { stationId })).items;
}

/** The newest stay of the station once it has ended. */
async function ended(server: TestServer, stationId = 'CP1') {
  await until(async () => (await stays(server, stationId))[0]?.closedAt != null, `the end of ${stationId}`);
  return (await stays(server, stationId))[0];
}

/** A connection on which any bytes can be sent. */
async function rawConnection(server: TestServer, id: string): Promise<net.Socket> {
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    `GET /ocpp/${id} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n',
  );
  await once(socket, 'data');
  return socket;
}

/** A masked frame; a mask of zeros leaves the bytes as they are. */
function frame(firstByte: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([firstByte, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

describe('the end of a connection', () => {
  it.each([
    ['a goodbye', 1000, { code: '1000', initiator: 'station', description: 'station disconnected' }],
    ['going away', 1001, { code: '1001', initiator: 'station', description: 'going away' }],
    ['a code of its own', 4001, { code: '4001', initiator: 'station', description: 'code 4001' }],
    ['a goodbye without a code', undefined, { code: '1005', description: 'closed without code' }],
  ])('by the station with %s', async (_, code, expected) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    server.clock.advance(9000);
    station.socket.close(code);
    expect(await ended(server)).toMatchObject({
      stationId: 'CP1',
      initiator: 'station',
      openedAt: '2026-05-04T10:00:00.000Z',
      closedAt: '2026-05-04T10:00:09.000Z',
      duration: 9,
      address: expect.stringContaining('127.0.0.1'),
      protocol: 'ocpp1.6',
      ...expected,
    });
  });

  it('with a reason of the station keeps it', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    station.socket.close(1001, 'rebooting');
    expect(await ended(server)).toMatchObject({ reason: 'rebooting', initiator: 'station' });
  });

  it('without a word is a loss', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    station.cut();
    expect(await ended(server)).toMatchObject({
      code: '1006',
      initiator: 'lost',
      description: 'abnormal close',
    });
  });

  it('of a station that does not answer pings is a loss', async () => {
    const server = await TestServer.start({ pingIntervalMs: 30_000 });
    await server.add('CP1');
    await server.connect('CP1', { autoPong: false });
    await until(async () => (await stays(server)).length === 1);
    for (let second = 0; second <= 70; second += 1) server.clock.advance(1000);
    expect(await ended(server)).toMatchObject({ code: '1006', initiator: 'lost' });
    expect((await ended(server))?.reason).toMatch(/silent|sign of life/);
  });

  it.each([
    ['a message that is too long', 'long', '1009', 'frame too big'],
    ['a text that is not UTF-8', frame(0x81, Buffer.from([0xc3, 0x28])), '1007', 'invalid text'],
    ['an unknown kind of frame', frame(0x83, Buffer.from('x')), '1002', 'protocol error'],
    ['a frame that is not masked', Buffer.from([0x81, 0x01, 0x78]), '1002', 'protocol error'],
  ])('after %s is a matter of protocol, with the code that was sent', async (_, bytes, code, description) => {
    const server = await TestServer.start();
    await server.add('CP1');
    const socket = await rawConnection(server, 'CP1');
    let said = Buffer.alloc(0);
    socket.on('data', (data) => {
      said = Buffer.concat([said, data]);
    });
    const long = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0]);
    socket.write(bytes === 'long' ? long : bytes);
    await until(() => said.includes(0x88));
    const at = said.indexOf(0x88);
    expect(said.readUInt16BE(at + 2)).toBe(Number(code));
    socket.end();
    expect(await ended(server)).toMatchObject({ code, initiator: 'protocol', description });
  });

  it('by the server has its code, whether or not the station answers', async () => {
    const server = await TestServer.start();
    const polite = await server.connected('CP1');
    await server.fleet.run('station.delete', { id: 'CP1' });
    await polite.closed;
    expect(await ended(server)).toMatchObject({
      code: '1008',
      initiator: 'server',
      reason: 'the station was deleted',
      description: 'policy violation',
    });
    const mute = await server.connected('CP2');
    mute.socket.pause();
    await server.fleet.run('station.delete', { id: 'CP2' });
    server.clock.advance(5000);
    expect(await ended(server, 'CP2')).toMatchObject({ code: '1008', initiator: 'server' });
  });

  it('of an older connection says nothing of the newer one', async () => {
    const server = await TestServer.start();
    const old = await server.connected('CP1');
    await server.connect('CP1');
    await old.closed;
    await until(async () => (await stays(server)).some(({ closedAt }) => closedAt !== null));
    const both = await stays(server);
    expect(both).toHaveLength(2);
    expect(both.find(({ closedAt }) => closedAt !== null)).toMatchObject({
      code: '1008',
      initiator: 'server',
      reason: 'replaced by a newer connection',
    });
    expect(both.find(({ closedAt }) => closedAt === null)).toMatchObject({ code: null, initiator: null });
    const shown = await server.fleet.run('station.show', { id: 'CP1' });
    expect(shown).toMatchObject({ online: true, offlineSince: null });
  });
});

describe('the end of the server', () => {
  it('is a goodbye when it is told to stop', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await until(async () => (await stays(server)).length === 1);
    await server.stop();
    const code = (await station.closed).code;
    expect([1001, 1012]).toContain(code);
    await server.resume();
    expect(await stays(server)).toMatchObject([{ code: String(code), initiator: 'server' }]);
  });

  it('right after a station came back is told apart from the end of its older connection', async () => {
    const server = await TestServer.start();
    const mute = await server.connected('CP1');
    await until(async () => (await stays(server)).length === 1);
    mute.socket.pause();
    await server.connect('CP1');
    await until(async () => (await stays(server)).length === 2);
    await server.stop();
    await server.resume();
    expect((await stays(server)).map(({ code, reason }) => [code, reason]).sort()).toEqual([
      ['1001', 'the server is stopping'],
      ['1008', 'replaced by a newer connection'],
    ]);
  });

  it('without one leaves no connection open', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await server.add('CP2');
    await server.connect('CP2');
    server.clock.advance(20_000);
    await station.boot();
    await until(async () => (await stays(server)).length === 2);
    const copy = await server.copyAsKilled();
    await server.stop();
    server.clock.advance(3600_000);
    await server.resume(copy);
    const expected = {
      code: '0001',
      description: 'server restart',
      initiator: 'server',
      reason: 'the server was stopped without a goodbye',
    };
    expect(await stays(server, 'CP1')).toMatchObject([
      { ...expected, closedAt: '2026-05-04T10:00:20.000Z', duration: 20 },
    ]);
    expect(await stays(server, 'CP2')).toMatchObject([
      { ...expected, closedAt: '2026-05-04T10:00:00.000Z', duration: 0 },
    ]);
    const { items } = await server.fleet.run('event.list', { kind: 'station.disconnected' });
    expect(items).toHaveLength(2);
    expect(items[0]?.description).toBe(
      'closed by the server: server restart (0001), the server was stopped without a goodbye',
    );
    expect((await server.fleet.run('station.show', { id: 'CP1' })).offlineSince).toBe(
      '2026-05-04T10:00:20.000Z',
    );
  });
});

it('a whole fleet that comes back at once shares few commits', async () => {
  const server = await TestServer.start({ unknownStations: 'accept' });
  const ids = Array.from({ length: 60 }, (_, i) => `CP${i}`);
  for (const id of ids) await server.add(id);
  const before = (await server.fleet.run('store.info', {})).sequence;
  await Promise.all(ids.map((id) => server.connect(id)));
  await until(async () => (await stays(server)).length === ids.length);
  expect((await server.fleet.run('store.info', {})).sequence - before).toBeLessThan(ids.length);
});

it('keeps its connections when a station is deleted, and lists no stranger', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  await station.leave();
  await ended(server);
  await server.fleet.run('station.delete', { id: 'CP1' });
  expect(await stays(server, 'CP1')).toHaveLength(1);
  expect(await stays(server)).toHaveLength(1);
});
