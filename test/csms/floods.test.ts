import { describe, expect, it } from 'vitest';
import { LimitedLog } from '../../src/csms/limited-log.js';
import type { Log } from '../../src/domain/log.js';
import { frame, RawSocket } from '../helpers/raw-socket.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const heartbeats = (count: number, from = 0) =>
  Buffer.concat(
    Array.from({ length: count }, (_, i) => frame(JSON.stringify([2, `h${from + i}`, 'Heartbeat', {}]))),
  );

const answersIn = (text: string) => text.split('[3,"h').length - 1;

describe('a station that sends too fast', () => {
  it('is read at its rate: nothing is lost or refused, and nobody else waits', async () => {
    const server = await TestServer.start({ maxMessageRate: 10, pingIntervalMs: 3_600_000 });
    const witness = await server.connected('WITNESS');
    await server.add('FLOOD');
    const flood = await RawSocket.station(server.url, 'FLOOD');
    // More than one read of the socket brings, so that most of it waits outside.
    const count = 30_000;
    flood.write(heartbeats(count));
    await until(() => server.log.find(/sends too fast/).length === 1);
    expect(await witness.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(answersIn(flood.received)).toBeLessThan(15_000);
    let turns = 0;
    await until(() => {
      turns += 1;
      server.clock.advance(20_000);
      return answersIn(flood.received) === count;
    });
    expect(turns).toBeGreaterThan(5);
    expect(flood.received).not.toContain('[4,');
    expect(server.log.find(/inbox-full|disconnected/)).toEqual([]);
    expect(flood.socket.destroyed).toBe(false);
  });

  it('may send what it kept while it was offline', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    const station = await RawSocket.station(server.url, 'CP1');
    station.write(heartbeats(2000));
    await until(() => answersIn(station.received) === 2000);
    expect(server.log.find(/sends too fast/)).toEqual([]);
    station.write(heartbeats(1, 2000));
    await until(() => server.log.find(/read at 200 messages a second/).length === 1);
  });

  it('is never refused for that: without a limit it is read as fast as it can be dealt with', async () => {
    const server = await TestServer.start({ maxMessageRate: 0 });
    await server.add('CP1');
    const station = await RawSocket.station(server.url, 'CP1');
    station.write(heartbeats(20_000));
    await until(() => answersIn(station.received) === 20_000);
    expect(server.log.find(/inbox-full|too fast/)).toEqual([]);
  });

  it('is mentioned once a minute', async () => {
    const server = await TestServer.start({ maxMessageRate: 1 });
    await server.add('CP1');
    const station = await server.connect('CP1');
    for (let i = 0; i < 300; i += 1) {
      station.send(`[2,"m${i}","Heartbeat",{}]`);
      if (i % 10 === 0) server.clock.advance(1000);
    }
    await until(() => {
      server.clock.advance(1000);
      return station.frames.length === 300;
    });
    expect(server.log.find(/sends too fast/).length).toBeLessThanOrEqual(6);
  });

  it('is not taken for dead while it is not read', async () => {
    const server = await TestServer.start({ maxMessageRate: 1, pingIntervalMs: 10_000 });
    await server.add('CP1');
    const station = await RawSocket.station(server.url, 'CP1');
    station.write(heartbeats(200));
    await until(() => server.log.find(/sends too fast/).length === 1);
    for (let second = 0; second < 100; second += 1) server.clock.advance(1000);
    expect(station.socket.destroyed).toBe(false);
    expect((await server.fleet.run('station.show', { id: 'CP1' })).online).toBe(true);
  });

  it('can be sent away while it is not read', async () => {
    const server = await TestServer.start({ maxMessageRate: 1 });
    await server.add('CP1');
    const station = await server.connect('CP1');
    for (let i = 0; i < 100; i += 1) station.send(`[2,"${i}","Heartbeat",{}]`);
    await until(() => server.log.find(/sends too fast/).length === 1);
    await server.fleet.run('station.delete', { id: 'CP1' });
    expect(await station.closed).toEqual({ code: 1008, reason: 'the station was deleted' });
  });

  it('with pings only: those count, too', async () => {
    const server = await TestServer.start({ maxMessageRate: 1 });
    await server.add('CP1');
    const station = await RawSocket.station(server.url, 'CP1');
    station.write(Buffer.concat(Array.from({ length: 100 }, () => frame('', { opcode: 9 }))));
    await until(() => server.log.find(/sends too fast/).length === 1);
  });
});

describe('a station that never reads', () => {
  it('is cut off before its answers fill the memory', async () => {
    const server = await TestServer.start({ maxMessageRate: 0, maxUnsentBytes: 256 * 1024 });
    const witness = await server.connected('WITNESS');
    await server.add('DEAF');
    const deaf = await RawSocket.station(server.url, 'DEAF');
    deaf.socket.pause();
    // Each is answered by an error that repeats the action: as much to send as was received.
    const id = 'x'.repeat(200);
    const chunk = Buffer.concat(
      Array.from({ length: 5000 }, () => frame(JSON.stringify([2, id, 'Nonsense', 1]))),
    );
    while (!deaf.socket.destroyed && server.log.find(/connection cut/).length === 0) {
      await new Promise((resolve) => deaf.socket.write(chunk, resolve));
    }
    await until(() => server.log.find(/disconnected/).length === 1);
    expect(server.log.find(/disconnected/)).toMatchObject([
      { station: 'DEAF', reason: 'it reads too slowly' },
    ]);
    expect(await witness.call('Heartbeat', {})).toHaveProperty('currentTime');
  });
});

describe('a log that one station cannot fill', () => {
  function limited(linesMax?: number): { log: Log & { endMinute(): void }; written: RecordingLog } {
    const written = new RecordingLog();
    return { log: new LimitedLog(written, linesMax), written };
  }

  it('gets ten lines of each kind and station a minute, then how many there were more', () => {
    const { log, written } = limited();
    for (let i = 0; i < 3122; i += 1) log.warn(`malformed: not JSON ${i}`, { station: 'CP1', why: 'x' });
    for (let i = 0; i < 10; i += 1) log.warn('malformed: not JSON', { station: 'CP2' });
    for (let i = 0; i < 3; i += 1) log.info('connected', { station: 'CP1' });
    expect(written.lines).toHaveLength(23);
    log.endMinute();
    expect(written.lines.slice(23)).toEqual([
      { level: 'warn', message: 'malformed: …and 3,112 more in the last minute', station: 'CP1' },
    ]);
    log.warn('malformed: again', { station: 'CP1' });
    expect(written.lines).toHaveLength(25);
    log.endMinute();
    expect(written.lines).toHaveLength(25);
  });

  it('counts strangers by their address, and leaves alone what concerns neither', () => {
    const { log, written } = limited(1);
    for (let i = 0; i < 5; i += 1) log.warn('refused: no HTTP', { address: '10.0.0.1' });
    for (let i = 0; i < 5; i += 1) log.error('the disk is slow');
    expect(written.lines).toHaveLength(6);
  });
});
