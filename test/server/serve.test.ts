import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectFleet } from '../../src/cli/remote/http-fleet.js';
import { openLocalFleet } from '../../src/server/local-fleet.js';
import { startServer } from '../../src/server/serve.js';
import type { ServeOptions } from '../../src/server/serve-options.js';
import { failure } from '../helpers/failure.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';

const options = (dataDir: string, change: Partial<ServeOptions> = {}): ServeOptions => ({
  dataDir,
  lockTimeoutMs: 0,
  host: '127.0.0.1',
  port: 0,
  unknownStations: 'reject',
  log: new RecordingLog(),
  clock: new FakeClock(),
  ...change,
});

const exists = (file: string) =>
  fs.access(file).then(
    () => true,
    () => false,
  );

/** Nothing is left that would keep the next one from starting. */
async function canStartAgain(dataDir: string): Promise<void> {
  const server = await startServer(options(dataDir));
  await server.close();
}

describe('the ready file', () => {
  it('says where stations connect, and is gone afterwards', async () => {
    const dataDir = await temporaryDirectory();
    const readyFile = path.join(dataDir, 'ready.json');
    const server = await startServer(options(dataDir, { readyFile }));
    expect(JSON.parse(await fs.readFile(readyFile, 'utf8'))).toEqual({
      pid: process.pid,
      url: server.url,
      tlsUrl: null,
      controlSocket: server.controlSocket,
      apiUrl: null,
    });
    expect((await fs.stat(readyFile)).mode & 0o777).toBe(0o600);
    await server.close();
    expect(await exists(readyFile)).toBe(false);
  });

  it('is written after whoever started the server has said so, and one left by a killed server is gone before', async () => {
    const dataDir = await temporaryDirectory();
    const readyFile = path.join(dataDir, 'ready.json');
    await fs.writeFile(readyFile, '{"pid":1}');
    let wasThere: boolean | undefined;
    const onReady = async () => {
      wasThere = await exists(readyFile);
    };
    const server = await startServer(options(dataDir, { readyFile, onReady }));
    expect(wasThere).toBe(false);
    expect(await exists(readyFile)).toBe(true);
    await server.close();
  });

  it('that cannot be written stops the start, tidily', async () => {
    const dataDir = await temporaryDirectory();
    const readyFile = path.join(dataDir, 'missing', 'ready.json');
    const clock = new FakeClock();
    const error = await failure(startServer(options(dataDir, { readyFile, clock })), 'USAGE');
    expect(error.message).toContain(readyFile);
    expect(clock.pending).toBe(0);
    await canStartAgain(dataDir);
  });
});

describe('a server that cannot start', () => {
  it('because another one has the directory', async () => {
    const server = await TestServer.start();
    const error = await failure(startServer(options(server.dataDir)), 'STORE_LOCKED');
    expect(error.message).toContain('evfleet serve');
    expect((await server.fleet.run('site.list', {})).total).toBe(0);
  });

  it('because the port is taken; its timers do not keep the process alive', async () => {
    const server = await TestServer.start();
    const dataDir = await temporaryDirectory();
    const port = Number(new URL(server.url).port);
    const clock = new FakeClock();
    const error = await failure(startServer(options(dataDir, { port, clock })), 'PORT_IN_USE');
    expect(error.suggestions[0]).toBe(`evfleet serve --port ${port + 1}`);
    expect(clock.pending).toBe(0);
    expect(await fs.readdir(dataDir)).not.toContain('control.sock');
    await canStartAgain(dataDir);
  });

  it.each(['192.0.2.1', 'no-such-host.invalid'])('because %s is no address of this machine', async (host) => {
    const dataDir = await temporaryDirectory();
    const error = await failure(startServer(options(dataDir, { host, wsInsecure: true })), 'USAGE');
    expect(error.message).toBe(`${host} is not an address of this machine.`);
  });

  it('because the API is to listen at an address of another machine', async () => {
    const dataDir = await temporaryDirectory();
    const api = { apiPort: 0, apiHost: '192.0.2.1', apiInsecure: true };
    const error = await failure(startServer(options(dataDir, api)), 'USAGE');
    expect(error.message).toBe('192.0.2.1 is not an address of this machine.');
    expect(error.suggestions[0]).toContain('--api-host 127.0.0.1');
    await canStartAgain(dataDir);
  });

  it('because the directory cannot be written', async () => {
    const file = path.join(await temporaryDirectory(), 'file');
    await fs.writeFile(file, '');
    const error = await failure(startServer(options(path.join(file, 'data'))), 'NOT_ALLOWED');
    expect(error.message).toContain('cannot be written');
    expect(error.message).not.toContain('Error:');
  });

  it('because the path of the directory is too long for a socket', async () => {
    const dataDir = path.join(await temporaryDirectory(), 'x'.repeat(100));
    const error = await failure(startServer(options(dataDir)), 'USAGE');
    expect(error.message).toContain('control.sock');
  });
});

it('says how to write an IPv6 address', async () => {
  const server = await startServer(options(await temporaryDirectory(), { host: '::1' }));
  expect(server.url).toMatch(/^ws:\/\/\[::1\]:\d+\/ocpp\/$/);
  await server.close();
});

describe('shutdown', () => {
  it('says goodbye to the stations and loses nothing they were told', async () => {
    const server = await TestServer.start();
    const { controlSocket } = server.running;
    const stations = await Promise.all([1, 2, 3].map((number) => server.connected(`CP${number}`)));
    const timestamp = server.clock.iso();
    const started = await Promise.all(
      stations.map((station) =>
        station.call('StartTransaction', { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp }),
      ),
    );
    // Under way when the server stops: either answered and kept, or not answered.
    const late = stations.map((station) => station.ask('Authorize', { idTag: 'TAG1' }));
    await server.stop();
    for (const { closed } of stations)
      expect(await closed).toEqual({ code: 1001, reason: 'the server is stopping' });
    expect(late).toHaveLength(3);
    expect(await exists(controlSocket)).toBe(false);
    expect(await fs.readdir(server.dataDir)).not.toContain('lock');
    expect(server.clock.pending).toBe(0);
    await server.resume();
    const kept = (await server.sessions()).map(({ transactionId }) => transactionId).sort();
    expect(kept).toEqual(started.map(({ transactionId }) => transactionId).sort());
    const { offlineSince } = await server.fleet.run('station.show', { id: 'CP1' });
    expect(offlineSince).not.toBeNull();
  });

  it('does not wait for ever for a station that does not answer', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    station.socket.pause();
    await server.stop();
    station.socket.resume();
    await station.closed;
  });

  it('does not wait for a client that has not finished its request', async () => {
    const server = await TestServer.start();
    const slow = net.connect(Number(new URL(server.url).port), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n');
    await server.fleet.run('site.list', {});
    await server.stop();
    slow.destroy();
  });

  it('tells a command that waits for a station', async () => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', () => 'silence');
    const fleet = await server.newFleet();
    const call = fleet.run('remote.start', { stationId: 'CP1', tag: 'TAG1', timeoutMs: 60_000 });
    const failed = call.then(
      () => 'done',
      (error: unknown) => error,
    );
    await station.received('RemoteStartTransaction');
    await server.stop();
    expect(await failed).toMatchObject({ name: 'FleetError' });
  });

  it('can be asked for twice', async () => {
    const server = await startServer(options(await temporaryDirectory()));
    const [first, second] = [server.close(), server.close()];
    await second;
    expect(await exists(server.controlSocket)).toBe(false);
    await first;
  });
});

describe('after kill -9', () => {
  it('everything that was acknowledged is there, and stations are offline since they were last seen', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.boot();
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 100, timestamp: server.clock.iso() };
    const { transactionId } = await station.call('StartTransaction', start);
    const copy = await server.copyAsKilled();
    const second = await TestServer.start({ dataDir: copy });
    expect(await second.session(transactionId)).toMatchObject({ state: 'active', tag: 'TAG1' });
    expect(await second.fleet.run('station.show', { id: 'CP1' })).toMatchObject({
      online: false,
      vendor: 'Acme',
      offlineSince: '2026-05-04T10:00:00.000Z',
    });
    const back = await second.connect('CP1');
    expect(await back.call('StartTransaction', start)).toMatchObject({ transactionId });
    const next = { ...start, meterStart: 900, timestamp: second.clock.iso(-1000) };
    expect((await back.call('StartTransaction', next)).transactionId).toBe(Number(transactionId) + 1);
  });

  it('the socket that was left behind is not in the way', async () => {
    const dataDir = await temporaryDirectory();
    await fs.writeFile(path.join(dataDir, 'control.sock'), '');
    await canStartAgain(dataDir);
  });
});

describe('without a server', () => {
  it('a command works on the store itself', async () => {
    const dataDir = await temporaryDirectory();
    const { signal } = new AbortController();
    const local = { dataDir, lockTimeoutMs: 0, signal };
    const fleet = await openLocalFleet(local);
    expect(fleet.served).toBe(false);
    await fleet.run('station.create', { id: 'CP1' });
    await failure(openLocalFleet(local), 'STORE_LOCKED');
    await failure(fleet.run('remote.stop', { target: 'CP1', timeoutMs: 1000 }), 'SERVER_UNREACHABLE');
    await failure(fleet.run('site.create', { name: '' }), 'USAGE');
    const exported: unknown[] = [];
    for await (const session of fleet.stream('session.export', {})) exported.push(session);
    expect(exported).toEqual([]);
    await fleet.close();
    const server = await startServer(options(dataDir));
    const served = await connectFleet({ socketPath: server.controlSocket, signal });
    expect((await served?.run('station.list', {}))?.items.map(({ id }) => id)).toEqual(['CP1']);
    await served?.close();
    await server.close();
  });
});
