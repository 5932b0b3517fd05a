import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { StationPorts } from '../../src/server/station-ports.js';
import { TestAuthority } from '../helpers/certificates.js';
import { failure } from '../helpers/failure.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';
import { ecdsa, rsa, TlsBench } from './tls/tls-bench.js';

/** What came of asking CP1 for its diagnostics. */
async function requested(server: TestServer, protocol: 'http' | 'https') {
  const input = { targets: { stationIds: ['CP1'] }, timeoutMs: 30_000, protocol };
  for await (const outcome of server.fleet.stream('diagnostics.request', input)) return outcome;
  throw new Error('there is no outcome');
}

const files = { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' };

it.each([
  ['this machine', { host: '127.0.0.1' }, true],
  ['this machine by IPv6', { host: '::1' }, true],
  ['all networks', { host: '0.0.0.0' }, false],
  ['all networks by IPv6', { host: '::' }, false],
  ['a network', { host: '192.0.2.1' }, false],
  ['a network, as somebody insists', { host: '192.0.2.1', wsInsecure: true }, true],
])('plain WebSocket on %s', async (_, options, isAllowed) => {
  const preparing = StationPorts.prepare(
    { port: 0, ...options },
    { dataDir: '/nowhere', clock: new FakeClock(), log: new RecordingLog() },
  );
  if (isAllowed) {
    await preparing;
    return;
  }
  const { message, suggestions } = await failure(preparing, 'USAGE');
  expect(message).toContain('would connect by plain WebSocket');
  expect(suggestions.join('\n')).toMatch(/--tls-only.*\n.*--host 127\.0\.0\.1.*\n--ws-insecure/s);
});

it.each([
  [{ host: '0.0.0.0' }, /plain WebSocket/],
  [{ host: '0.0.0.0', tlsPort: 0, tls: [files] }, /plain WebSocket/],
  [{ tlsPort: 0 }, /needs a certificate/],
  [{ tlsOnly: true }, /no station could connect/],
  [{ tlsPort: 0, tls: [files] }, /file of --tls-cert, \/nowhere\/cert\.pem, cannot be read/],
])('%j is refused before anything is opened', async (options, message) => {
  const dataDir = path.join(await temporaryDirectory(), 'data');
  const error = await failure(TestServer.start({ dataDir, ...options }), 'USAGE');
  expect(error.message).toMatch(message);
  await expect(fs.access(dataDir)).rejects.toThrow();
});

it('two certificates of one kind are refused: clients would see one of them only', async () => {
  const error = await failure(TlsBench.begin({}, [ecdsa, new TestAuthority().server()]), 'USAGE');
  expect(error.message).toContain('of the same kind');
});

it('an RSA key that is too short for OCPP is refused', async () => {
  const error = await failure(TlsBench.begin({}, [new TestAuthority().server({ rsaBits: 1024 })]), 'USAGE');
  expect(error.message).toMatch(/cannot be used: .*ee key too small/);
});

it('stations come in by both ports, each on its own', async () => {
  const bench = await TlsBench.begin({ unknownStations: 'accept' });
  const { server } = bench;
  const { url, tlsUrl, filePorts } = server.running;
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ocpp\/$/);
  expect(tlsUrl).toMatch(/^wss:\/\/127\.0\.0\.1:\d+\/ocpp\/$/);
  expect(await (await server.connect('PLAIN')).boot()).toMatchObject({ status: 'Accepted' });
  expect(await (await bench.connect('SECURE')).boot()).toMatchObject({ status: 'Accepted' });
  expect(await server.fleet.run('server.info', {})).toMatchObject({ url, tlsUrl, tlsPort: bench.port });
  expect(filePorts).toMatchObject({ http: Number(new URL(url).port), https: bench.port });
});

it('with TLS only there is no plain port, and stations come in', async () => {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const bench = await TlsBench.begin({ tlsOnly: true, port, unknownStations: 'accept' });
  const { server } = bench;
  const socket = net.connect(port, '127.0.0.1');
  await expect(new Promise((_, reject) => socket.once('error', reject))).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  expect(server.running).toMatchObject({ url: bench.url, tlsUrl: bench.url });
  expect(server.running.filePorts).toMatchObject({ http: null, https: bench.port });
  expect(await (await bench.connect('CP1')).boot()).toMatchObject({ status: 'Accepted' });
  const outcome = await requested(server, 'http');
  expect(JSON.stringify(outcome)).toContain('This server has no HTTP server for files.');
});

it.each([
  ['by plain WebSocket', false],
  ['in TLS', true],
])('a station that connected %s is told the right port for its files', async (_, isSecure) => {
  const bench = await TlsBench.begin({ unknownStations: 'accept' });
  const { server } = bench;
  const station = isSecure ? await bench.connect('CP1') : await server.connect('CP1');
  await station.boot();
  station.on('GetDiagnostics', () => ({ fileName: 'log.zip' }));
  const { http, https } = server.running.filePorts;
  for (const [protocol, port] of [
    ['http', http],
    ['https', https],
  ] as const) {
    await requested(server, protocol);
    const { location } = station.calls.at(-1)?.payload ?? {};
    expect(String(location)).toContain(`${protocol}://127.0.0.1:${port}/`);
  }
});

it('certificates serve an elliptic curve and RSA at the same port', async () => {
  const bench = await TlsBench.begin({}, [rsa, ecdsa]);
  const { certificates } = await bench.server.fleet.run('server.info', {});
  expect(certificates.map(({ keyType }) => keyType)).toEqual(['rsa', 'ecdsa']);
});
