import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'basic-ftp';
import { RPCClient } from 'ocpp-rpc';
import { expect, it, onTestFinished } from 'vitest';
import type { Payload } from '../../src/ocpp/frame.js';
import type { Input } from '../../src/operations/fleet.js';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { failure } from '../helpers/failure.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { writeIdentity } from './files/file-bench.js';
import { request as askFor, authority, ftpClient, upload } from './files/tls-clients.js';

/** The little of the package's client that is used here. */
interface Foreign {
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  handle(action: string, handler: () => Payload): void;
  on(event: string, listener: (detail: unknown) => void): void;
}

type Request = Input<'diagnostics.request'>;

async function request(server: TestServer, wanted: Partial<Request> = {}) {
  const input = { targets: { stationIds: ['CP1'] }, timeoutMs: 30_000, ...wanted };
  for await (const outcome of server.fleet.stream('diagnostics.request', input)) return outcome;
  throw new Error('there is no outcome');
}

async function listed(server: TestServer) {
  return (await server.fleet.run('diagnostics.list', {})).items;
}

async function content(server: TestServer, id: number): Promise<string> {
  let text = '';
  for await (const { data } of server.fleet.stream('diagnostics.get', { id })) {
    text += Buffer.from(data, 'base64').toString();
  }
  return text;
}

function put(location: unknown, body: string) {
  return fetch(String(location), { method: 'PUT', body });
}

async function asked(
  options: Parameters<typeof TestServer.start>[0] = {},
): Promise<{ server: TestServer; station: ScriptedStation }> {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000, ftpPort: 0, ...options });
  const station = await server.connected('CP1');
  station.on('GetDiagnostics', () => ({ fileName: 'diag.zip' }));
  return { server, station };
}

it('who waits gets the file, and each state of it is an event', async () => {
  const { server, station } = await asked();
  const waiting = request(server, { waitMs: 60_000, from: 0, to: server.clock.now() });
  const sent = await station.received('GetDiagnostics');
  expect(sent).toMatchObject({
    startTime: '1970-01-01T00:00:00.000Z',
    stopTime: server.clock.iso(),
    retries: 3,
  });
  await station.call('DiagnosticsStatusNotification', { status: 'Uploading' });
  expect((await put(sent.location, 'all is well')).status).toBe(200);
  expect(await waiting).toMatchObject({
    ok: true,
    status: 'received',
    message: 'CP1: diag.zip is here, 11 bytes.',
    detail: { id: 1, fileName: 'diag.zip', sizeBytes: 11 },
  });
  expect(await content(server, 1)).toBe('all is well');
  const events = await server.fleet.run('event.list', { kind: 'diagnostics' });
  expect(events.items.map(({ kind }) => kind)).toEqual([
    'diagnostics.requested',
    'diagnostics.Uploading',
    'diagnostics.received',
  ]);
});

it('the same over FTP, with a real client', async () => {
  const { server, station } = await asked();
  const waiting = request(server, { waitMs: 60_000, protocol: 'ftp' });
  const { hostname, port, username, password, pathname } = new URL(
    String((await station.received('GetDiagnostics')).location),
  );
  expect([hostname, pathname]).toEqual(['127.0.0.1', '/']);
  const ftp = new Client(60_000);
  onTestFinished(() => ftp.close());
  await ftp.access({ host: hostname, port: Number(port), user: username, password });
  await ftp.uploadFrom(Readable.from(['all is well']), 'other.zip');
  expect(await waiting).toMatchObject({ status: 'received', detail: { fileName: 'other.zip' } });
  expect(await content(server, 1)).toBe('all is well');
});

it.each(['https', 'ftps'] as const)('the same over %s, with a real client', async (protocol) => {
  const tls = [await writeIdentity(await temporaryDirectory(), authority.server())];
  const { server, station } = await asked({ tls, fileTlsPort: 0 });
  const waiting = request(server, { waitMs: 60_000, protocol });
  const location = String((await station.received('GetDiagnostics')).location);
  const { clock } = server;
  if (protocol === 'ftps') {
    await upload(await ftpClient(location, { clock, secure: true }), Buffer.from('all is well'), 'x.zip');
  } else {
    await askFor(`${location}x.zip`, { method: 'PUT', body: Buffer.from('all is well') });
  }
  expect(await waiting).toMatchObject({ status: 'received', detail: { fileName: 'x.zip' } });
  expect(await content(server, 1)).toBe('all is well');
  expect(await listed(server)).toMatchObject([{ protocol }]);
});

it.each([
  [undefined, 'http', 'GetDiagnostics'],
  [undefined, 'ftp', 'GetDiagnostics'],
  ['diagnostics', 'http', 'GetLog'],
  ['security', 'ftp', 'GetLog'],
] as const)('a virtual station really uploads its log: %s by %s', async (type, protocol, action) => {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000, ftpPort: 0 });
  await server.add('CP1');
  const station = new VirtualStation({
    url: server.url,
    identity: 'CP1',
    clock: server.clock,
    random: seededRandom(7),
    energyWh: 1000,
    configuration: { WebSocketPingInterval: '0' },
  });
  onTestFinished(() => station.stop());
  station.start();
  await station.untilAccepted();
  const wanted = { waitMs: 60_000, protocol, ...(type && { type }) };
  expect(await request(server, wanted)).toMatchObject({ ok: true, status: 'received' });
  expect(await content(server, 1)).toContain('BootNotification');
  expect(await listed(server)).toMatchObject([{ protocol, fileName: expect.stringMatching(/^CP1-/) }]);
  const events = await server.fleet.run('event.list', { stationId: 'CP1', kind: 'remote' });
  expect(events.items.map(({ detail }) => detail)).toMatchObject([{ action }]);
});

it('a strict station of another maker has no objection', async () => {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  await server.add('CP1');
  const endpoint = server.url.replace(/\/$/, '');
  const options = { endpoint, identity: 'CP1', protocols: ['ocpp1.6'], strictMode: true, reconnect: false };
  const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]) as unknown as Foreign;
  const objections: unknown[] = [];
  client.on('strictValidationFailure', (detail) => objections.push(detail));
  client.on('badMessage', (detail) => objections.push(detail));
  client.handle('GetDiagnostics', () => ({ fileName: 'diag.zip' }));
  await client.connect();
  onTestFinished(async () => void (await client.close()));
  expect(await request(server, { from: 0, to: 1 })).toMatchObject({ ok: true });
  // It knows no security extension: the old way is taken, and said.
  expect((await request(server, { type: 'diagnostics', from: 0 })).message).toBe(
    'CP1 will upload diag.zip (by GetDiagnostics: it does not know GetLog): request 2.',
  );
  expect(objections).toEqual([]);
});

it('a station that has nothing says so, and may bring something all the same', async () => {
  const { server, station } = await asked();
  station.on('GetDiagnostics', () => ({}));
  expect(await request(server, { waitMs: 60_000, from: 0 })).toMatchObject({
    ok: true,
    status: 'nothing',
    message: 'CP1 has nothing to upload of that time.',
  });
  expect(await listed(server)).toMatchObject([{ state: 'nothing', description: 'has nothing to upload' }]);
  expect((await put((await station.received('GetDiagnostics')).location, 'late')).status).toBe(200);
  expect(await listed(server)).toMatchObject([{ state: 'received', sizeBytes: 4 }]);
});

it.each([
  ['UploadFailed', 'CP1: could not upload the file.'],
  ['Uploaded', 'CP1: says it has uploaded the file, but it did not arrive here.'],
])('an upload that ends with %s and no file has failed', async (status, message) => {
  const { server, station } = await asked();
  const waiting = request(server, { waitMs: 60_000 });
  await station.received('GetDiagnostics');
  await until(async () => (await listed(server))[0]?.fileName === 'diag.zip');
  await station.call('DiagnosticsStatusNotification', { status });
  expect(await waiting).toMatchObject({ ok: false, code: 'REFUSED', status, message });
});

it('a status with a request id belongs to that request, and to no other station', async () => {
  const { server, station } = await asked();
  station.on('GetLog', () => ({ status: 'Accepted', filename: 'log.txt' }));
  const other = await server.connected('CP2');
  await request(server, { type: 'security' });
  await other.call('LogStatusNotification', { status: 'UploadFailure', requestId: 1 });
  await station.call('DiagnosticsStatusNotification', { status: 'UploadFailed' });
  await station.call('LogStatusNotification', { status: 'Idle', requestId: 1 });
  await station.call('LogStatusNotification', { status: 'Uploading', requestId: 77 });
  expect(await listed(server)).toMatchObject([{ id: 1, state: 'requested' }]);
  await station.call('LogStatusNotification', { status: 'PermissionDenied', requestId: 1 });
  expect(await listed(server)).toMatchObject([
    { id: 1, state: 'failed', description: 'was denied access to the file server' },
  ]);
});

it.each([
  [{ status: 'Rejected' }, 'CP1 refused to upload its log: Rejected.'],
  [{ error: 'NotSupported' }, 'CP1 does not know GetLog: it has no log of security events to upload.'],
])('a refused log is refused, and its address gone: %j', async (answer: Payload, message) => {
  const { server, station } = await asked();
  let location = '';
  station.on('GetLog', ({ log }) => {
    location = String((log as Payload).remoteLocation);
    return answer as Payload;
  });
  expect(await request(server, { type: 'security' })).toMatchObject({ code: 'REFUSED', message });
  expect(await listed(server)).toMatchObject([{ state: 'refused' }]);
  expect((await put(location, 'x')).status).toBe(404);
});

it('who waits too long is told, and the file is still taken', async () => {
  const { server, station } = await asked();
  const waiting = request(server, { waitMs: 5000 });
  const { location } = await station.received('GetDiagnostics');
  await until(async () => (await listed(server))[0]?.fileName === 'diag.zip');
  await until(() => {
    server.clock.advance(5000);
    return server.clock.pending >= 0;
  });
  expect(await waiting).toMatchObject({ code: 'TIMED_OUT' });
  expect((await put(location, 'late')).status).toBe(200);
  expect(await listed(server)).toMatchObject([{ state: 'received' }]);
});

it('a newer request ends the older one, and one that nothing came of expires', async () => {
  const { server } = await asked();
  await request(server);
  await request(server);
  expect(await listed(server)).toMatchObject([
    { id: 2, state: 'requested' },
    { id: 1, state: 'failed', description: 'came to nothing: superseded by 2' },
  ]);
  server.clock.jump(6 * 3_600_000);
  expect(await listed(server)).toMatchObject([{ id: 2, state: 'expired' }, { id: 1 }]);
});

it('an offline station, a period that ends before it begins, and a server without FTP', async () => {
  const server = await TestServer.start();
  await server.add('CP1');
  expect(await request(server)).toMatchObject({ code: 'STATION_OFFLINE' });
  await failure(request(server, { from: 2, to: 2 }), 'USAGE');
  await server.connect('CP1');
  const { code, suggestions } = await request(server, { protocol: 'ftp' });
  expect([code, suggestions[0]]).toEqual(['CONFLICT', 'evfleet serve --ftp-port 2121']);
  expect(await listed(server)).toEqual([]);
});

it('a server restarted in between knows that the file will not come', async () => {
  const { server } = await asked();
  await request(server);
  await server.restart();
  expect(await listed(server)).toMatchObject([
    { state: 'failed', description: 'came to nothing: the server was restarted' },
  ]);
});

it('the limit is that of the setting, and the address that of the setting', async () => {
  const { server, station } = await asked({ filePort: 0 });
  await server.fleet.run('settings.set', { settings: [{ key: 'diagnostics.max-size', value: '64KiB' }] });
  await request(server);
  const first = await station.received('GetDiagnostics');
  expect((await put(first.location, 'x'.repeat(65_537))).status).toBe(413);
  await server.fleet.run('settings.set', {
    settings: [{ key: 'server.public-url', value: 'https://csms.example.com/ev/' }],
  });
  await request(server);
  const { location } = await station.received('GetDiagnostics', 2);
  expect(location).toMatch(/^https:\/\/csms\.example\.com\/ev\/files\/[0-9a-f]{10}-[0-9a-f]{32}\/$/);
});

it('a file of a request that was deleted is not taken, and nothing of it stays', async () => {
  const { server, station } = await asked();
  await request(server);
  const { location } = await station.received('GetDiagnostics');
  await server.fleet.run('diagnostics.delete', { id: 1 });
  const response = await put(location, 'all is well');
  expect([response.status, await response.text()]).toEqual([410, 'it is not wanted any more\n']);
  expect(await fs.readdir(path.join(server.dataDir, 'files', 'diagnostics'))).toEqual([]);
});

it('old files go with retention, and by hand', async () => {
  const { server, station } = await asked();
  const directory = path.join(server.dataDir, 'files', 'diagnostics');
  for (const count of [1, 2]) {
    await request(server);
    await put((await station.received('GetDiagnostics', count)).location, 'x');
  }
  expect(await fs.readdir(directory)).toHaveLength(2);
  await server.fleet.run('diagnostics.delete', { id: 2 });
  expect(await fs.readdir(directory)).toHaveLength(1);
  await failure(content(server, 2), 'NOT_FOUND');
  server.clock.jump(91 * 86_400_000);
  server.clock.advance(60_000);
  await until(async () => (await fs.readdir(directory)).length === 0);
  await until(async () => (await listed(server)).length === 0);
});
