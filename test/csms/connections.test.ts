import { describe, expect, it } from 'vitest';
import { FakeClock } from '../helpers/fake-clock.js';
import { frame, handshake, RawSocket } from '../helpers/raw-socket.js';
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
  it.each([
    ['in the same packet', (all: Buffer) => [all]],
    ['byte by byte', (all: Buffer) => [...all].map((byte) => Buffer.from([byte]))],
  ])('are answered when they come %s', async (_, split) => {
    const server = await TestServer.start();
    await server.add('CP1');
    const station = await RawSocket.connect(server.url);
    const frames = [frame('[2,"1","Heartbeat",{}]'), frame('[2,"2","Heartbeat",{}]')];
    for (const part of split(Buffer.concat([Buffer.from(handshake('/ocpp/CP1')), ...frames]))) {
      station.write(part);
    }
    await until(() => station.received.includes('[3,"2",'));
    expect(station.received.indexOf('[3,"1",')).toBeLessThan(station.received.indexOf('[3,"2",'));
  });
});

/** The clock goes on and the network keeps up with it. */
async function seconds(server: TestServer, count: number): Promise<void> {
  for (let second = 0; second < count; second += 1) {
    server.clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const silent = { autoPong: false };

describe('pings', () => {
  it('cut off a station that gave no sign of life for two intervals, and say so', async () => {
    const server = await TestServer.start({ pingIntervalMs: 30_000 });
    await server.add('CP1');
    const station = await server.connect('CP1', silent);
    server.clock.advance(60_000);
    expect(station.socket.readyState).toBe(station.socket.OPEN);
    server.clock.advance(1000);
    expect((await station.closed).code).toBe(1006);
    await until(async () => !(await show(server)).online);
    const [line] = server.log.find(/disconnected/);
    expect(line).toMatchObject({
      station: 'CP1',
      code: 1006,
      initiator: 'lost',
      reason: 'no sign of life for 60 s',
    });
  });

  it('a station that never pongs is pinged and kept when it is set up that way', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.fleet.run('station.update', { id: 'CP1', expectsPong: false, pingIntervalS: 10 });
    const station = await server.connect('CP1', silent);
    let pings = 0;
    station.socket.on('ping', () => {
      pings += 1;
    });
    await seconds(server, 600);
    await until(() => pings === 60);
    expect(station.socket.readyState).toBe(station.socket.OPEN);
    expect((await show(server)).online).toBe(true);
  });

  it('a station with pings off gets none and is never cut', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.fleet.run('station.update', { id: 'CP1', pingIntervalS: 0 });
    const station = await server.connect('CP1', silent);
    let pings = 0;
    station.socket.on('ping', () => {
      pings += 1;
    });
    await seconds(server, 600);
    await station.call('Heartbeat', {});
    expect(pings).toBe(0);
  });

  it('another policy takes effect while the station is connected', async () => {
    const server = await TestServer.start({ pingIntervalMs: 30_000 });
    await server.add('CP1');
    const station = await server.connect('CP1', silent);
    await seconds(server, 55);
    await server.fleet.run('station.update', { id: 'CP1', expectsPong: false });
    await seconds(server, 120);
    expect(station.socket.readyState).toBe(station.socket.OPEN);
    await server.fleet.run('station.update', { id: 'CP1', expectsPong: true, pingIntervalS: 5 });
    await seconds(server, 11);
    expect((await station.closed).code).toBe(1006);
    await until(() => server.log.find(/no sign of life for 10 s/).length === 1);
  });

  it('a clock that jumps, forward or back, cuts nobody', async () => {
    const clock = new FakeClock();
    const server = await TestServer.start({ clock });
    const station = await server.connected('CP1');
    for (const jump of [86_400_000, -2 * 86_400_000]) {
      clock.jump(jump);
      await seconds(server, 90);
      expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
    }
    expect(server.log.find(/disconnected/)).toEqual([]);
  });

  it('a station that never sends a heartbeat is not offline for that', async () => {
    const server = await TestServer.start({ pingIntervalMs: 30_000 });
    await server.connected('CP1');
    for (let second = 0; second < 3600; second += 1) {
      server.clock.advance(1000);
      if (second % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await server.fleet.run('station.show', { id: 'CP1' })).online).toBe(true);
    expect(server.log.find(/disconnected/)).toEqual([]);
  });

  it('those of a hundred stations that came at once do not leave at once', async () => {
    const server = await TestServer.start({ unknownStations: 'accept' });
    const pinged: number[] = [];
    await Promise.all(
      Array.from({ length: 90 }, async (_, i) => {
        const station = await server.connect(`CP${i}`);
        station.socket.on('ping', () => pinged.push(server.clock.now()));
      }),
    );
    await seconds(server, 30);
    await until(() => pinged.length === 90);
    const perSecond = new Map<number, number>();
    for (const at of pinged) perSecond.set(at, (perSecond.get(at) ?? 0) + 1);
    expect(perSecond.size).toBeGreaterThan(20);
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
