import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FleetError } from '../../../src/domain/errors.js';
import type { ApiOptions } from '../../../src/server/api/api-options.js';
import { ApiServer } from '../../../src/server/api/api-server.js';
import { TestAuthority } from '../../helpers/certificates.js';
import { failure } from '../../helpers/failure.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { RawSocket } from '../../helpers/raw-socket.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { callerOf, keyNamed, TestApi } from '../../helpers/test-api.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';

const list = '/api/v1/site/list';
const authorization = `Authorization: Bearer ${keyNamed('admin')}\r\n`;

const authority = new TestAuthority();

async function certificateFiles() {
  const directory = await temporaryDirectory();
  const files = { cert: path.join(directory, 'cert.pem'), key: path.join(directory, 'key.pem') };
  const write = async ({ cert, key }: { cert: string; key: string }) => {
    await fs.writeFile(files.cert, cert);
    await fs.writeFile(files.key, key, { mode: 0o600 });
  };
  await write(authority.server());
  return { files, write };
}

async function handshake(url: string, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  const { port } = new URL(url);
  const socket = tls.connect({ host: '127.0.0.1', port: Number(port), ca: authority.cert, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

describe('where it listens', () => {
  const tlsFiles = { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' };

  it.each<[string, ApiOptions, boolean]>([
    ['this machine', { apiHost: '127.0.0.1' }, true],
    ['this machine by another of its addresses', { apiHost: '127.5.5.5' }, true],
    ['this machine by IPv6', { apiHost: '::1' }, true],
    ['this machine by name', { apiHost: 'localhost' }, true],
    ['all networks', { apiHost: '0.0.0.0' }, false],
    ['all networks by IPv6', { apiHost: '::' }, false],
    ['a network', { apiHost: '192.0.2.1' }, false],
    ['a name that only begins so', { apiHost: 'localhost.example.com' }, false],
    ['a name that looks like this machine', { apiHost: '127.0.0.1.example.com' }, false],
    ['this machine as IPv6 writes it', { apiHost: '::ffff:192.0.2.1' }, false],
    ['a network, as somebody insists', { apiHost: '192.0.2.1', apiInsecure: true }, true],
    ['nowhere', { apiPort: undefined, apiHost: '0.0.0.0' }, true],
  ])('without TLS: %s', async (_, options, isAllowed) => {
    const preparing = ApiServer.prepare(
      { apiPort: 0, ...options },
      { clock: new FakeClock(), log: new RecordingLog() },
    );
    if (isAllowed) await preparing;
    else expect((await failure(preparing, 'USAGE')).message).toContain('would be plain HTTP');
  });

  it('is refused before anything is opened', async () => {
    const dataDir = path.join(await temporaryDirectory(), 'data');
    const start = (options: ApiOptions) => TestServer.start({ dataDir, apiPort: 0, ...options });
    await failure(start({ apiHost: '0.0.0.0' }), 'USAGE');
    const missing = await failure(start({ apiTls: tlsFiles }), 'USAGE');
    expect(missing.message).toContain('--api-tls-cert');
    await expect(fs.access(dataDir)).rejects.toThrow();
  });

  it('cannot be a port that is taken', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    const error = await failure(TestApi.start({ apiPort: port }), 'PORT_IN_USE');
    expect(error.suggestions).toContain(`evfleet serve --api-port ${port + 1}`);
  });
});

describe('HTTPS', () => {
  it('is trusted by who trusts its authority, and tells browsers to stay with it', async () => {
    const { files } = await certificateFiles();
    const api = await TestApi.start({ apiTls: files });
    expect(api.url).toMatch(/^https:/);
    const answer = await api.ask(list, { ca: authority.cert });
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    await expect(api.ask(list)).rejects.toThrow();
  });

  it.each([
    ['TLSv1.3', true],
    ['TLSv1.2', true],
    ['TLSv1.1', false],
    ['TLSv1', false],
  ] as const)('by %s: %s', async (version, isAllowed) => {
    const { files } = await certificateFiles();
    const api = await TestApi.start({ apiTls: files });
    const agreeing = handshake(api.url, {
      minVersion: version,
      maxVersion: version,
      ciphers: 'ALL:@SECLEVEL=0',
    });
    if (isAllowed) expect((await agreeing).getProtocol()).toBe(version);
    else await expect(agreeing).rejects.toThrow();
  });

  it('does not speak plain HTTP, and goes on', async () => {
    const { files } = await certificateFiles();
    const api = await TestApi.start({ apiTls: files });
    const raw = await RawSocket.connect(api.url);
    raw.write(`GET ${list} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`);
    await raw.closed;
    expect(raw.received).not.toContain('200 OK');
    await until(() => api.log.find(/TLS could not be agreed on/).length === 1, 'the line');
    expect((await api.ask(list, { ca: authority.cert })).status).toBe(200);
  });

  it('has the new certificate within a minute after it was renewed, and keeps the old one while it is wrong', async () => {
    const { files, write } = await certificateFiles();
    const api = await TestApi.start({ apiTls: files });
    const { clock } = api.opened;
    const serial = async () => (await handshake(api.url)).getPeerCertificate().serialNumber;
    const first = await serial();
    await fs.writeFile(files.cert, 'half of it');
    clock.advance(60_000);
    await until(() => api.log.find(/certificates of before stay/).length === 1, 'the complaint');
    await until(() => clock.pendingOf(60_000) === 1, 'the next look');
    clock.advance(60_000);
    await until(() => clock.pendingOf(60_000) === 1, 'the look after that');
    expect(await serial()).toBe(first);
    expect(api.log.find(/certificates of before stay/)).toHaveLength(1);
    await write(authority.server());
    clock.advance(60_000);
    await until(() => api.log.find(/certificates have changed/).length === 1, 'the new one');
    expect(await serial()).not.toBe(first);
  });

  it('cuts off who does not agree on TLS when it stops', async () => {
    const { files } = await certificateFiles();
    const api = await TestApi.start({ apiTls: files });
    const raw = await RawSocket.connect(api.url);
    await until(() => true);
    await api.close();
    await raw.closed;
  });
});

describe('connections', () => {
  it('without a key make room for others: the oldest of the busiest address goes', async () => {
    const api = await TestApi.start({ apiLimits: { strangersMax: 2 } });
    const first = await RawSocket.connect(api.url);
    await RawSocket.connect(api.url);
    expect((await api.ask(list, { agent: new http.Agent() })).status).toBe(200);
    await first.closed;
    expect(api.log.find(/too many connections without a key/)).toHaveLength(1);
  });

  it('with a key stay, whoever else comes', async () => {
    const api = await TestApi.start({ apiLimits: { strangersMax: 1 } });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const known = await api.open(list, { agent });
    const { socket } = known;
    known.resume();
    await once(known, 'end');
    for (let n = 0; n < 3; n += 1) await RawSocket.connect(api.url);
    const again = await api.open(list, { agent });
    again.resume();
    expect([again.statusCode, again.socket]).toEqual([200, socket]);
  });

  it('of one person make room for each other: the oldest that waits for nothing goes', async () => {
    const api = await TestApi.start({ apiLimits: { connectionsPerUserMax: 2 } });
    api.callers.set(keyNamed('other'), callerOf('other'));
    const open = async (path: string, key = keyNamed('admin')) => {
      const raw = await RawSocket.connect(api.url);
      raw.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
      return raw;
    };
    const answered = async (raw: RawSocket) => {
      await until(() => raw.received.includes('"items"'), 'the answer');
      return raw;
    };
    const others = await answered(await open(list, keyNamed('other')));
    const waiting = await RawSocket.connect(api.url);
    const head = `${authorization}Content-Type: application/json\r\nContent-Length: 2`;
    waiting.write(`POST ${list} HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n`);
    const idle = await answered(await open(list));
    await answered(await open(list));
    await idle.closed;
    expect([waiting, others].map(({ socket }) => socket.destroyed)).toEqual([false, false]);
    // One at which somebody else shows a key, as behind a proxy, is theirs from then on.
    others.received = '';
    others.write(`GET ${list} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`);
    await answered(others);
    expect(waiting.socket.destroyed).toBe(false);
  });

  it('are no more than so many', async () => {
    const api = await TestApi.start({ apiLimits: { connectionsMax: 2 } });
    const [first] = [await RawSocket.connect(api.url), await RawSocket.connect(api.url)];
    const third = await RawSocket.connect(api.url);
    await third.closed;
    first.socket.destroy();
    await first.closed;
    await until(async () => (await api.ask(list).catch(() => undefined))?.status === 200, 'room');
  });

  it('that ask for nothing end', async () => {
    const api = await TestApi.start({ apiLimits: { keepAliveTimeoutMs: 50, readTimeoutMs: 100 } });
    const raw = await RawSocket.connect(api.url);
    raw.write(`GET ${list} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`);
    await raw.closed;
    expect(raw.received).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });
});

/** Items without end, as fast as somebody reads them. */
function endless(api: TestApi): { readonly made: number; readonly isOver: boolean } {
  const state = { made: 0, isOver: false };
  const batch = Array.from({ length: 100 }, (_, n) => ({ n, text: 'x'.repeat(100) }));
  api.opened.runner.stream = async function* () {
    try {
      for (;;) {
        state.made += batch.length;
        yield batch;
        await setImmediate();
      }
    } finally {
      state.isOver = true;
    }
  };
  return state;
}

/** Until nothing more comes for a while. */
async function settled(value: () => number): Promise<number> {
  let before = -1;
  await until(async () => {
    const isSame = before === value();
    before = value();
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    return isSame;
  });
  return before;
}

describe('an export', () => {
  it('is made no faster than it is read, and ends when nobody reads it', async () => {
    const api = await TestApi.start();
    const state = endless(api);
    const raw = await RawSocket.connect(api.url);
    raw.socket.pause();
    raw.write(`GET /api/v1/session/export HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`);
    await until(() => state.made > 0, 'the first items');
    expect(await settled(() => state.made)).toBeLessThan(200_000);
    expect(state.isOver).toBe(false);
    api.opened.clock.advance(59_999);
    await setImmediate();
    expect(state.isOver).toBe(false);
    api.opened.clock.advance(1);
    await until(() => state.isOver, 'the end');
    raw.socket.resume();
    await raw.closed;
  });

  it('ends when the client goes away', async () => {
    const api = await TestApi.start();
    const state = endless(api);
    const response = await api.open('/api/v1/session/export');
    response.destroy();
    await until(() => state.isOver, 'the end');
  });

  it('may be silent for long: who follows events is not cut off', async () => {
    const api = await TestApi.start({ apiLimits: { readTimeoutMs: 50, keepAliveTimeoutMs: 20 } });
    let next = (): void => undefined;
    api.opened.runner.stream = async function* () {
      yield [{ n: 1 }];
      await new Promise<void>((resolve) => {
        next = resolve;
      });
      yield [{ n: 2 }];
    };
    const response = await api.open('/api/v1/session/export');
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    await until(() => text === '{"n":1}\n', 'the first line');
    const silentUntil = performance.now() + 200;
    await until(() => performance.now() > silentUntil, 'a long silence');
    next();
    await once(response, 'end');
    expect(text).toBe('{"n":1}\n{"n":2}\n');
  });

  it('says with an empty line now and then that nothing has happened', async () => {
    const api = await TestApi.start();
    const { clock } = api.opened;
    let next = (): void => undefined;
    api.opened.runner.stream = async function* () {
      await new Promise<void>((resolve) => {
        next = resolve;
      });
      yield [{ n: 1 }];
      throw new FleetError('STORE_FAILED', 'The disk is full.');
    };
    const opening = api.open('/api/v1/event/follow');
    await until(() => clock.pendingOf(15_000) === 1, 'the wait');
    clock.advance(15_000);
    const response = await opening;
    expect(response.statusCode).toBe(200);
    let text = '';
    response.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    await until(() => clock.pendingOf(15_000) === 1, 'the next wait');
    clock.advance(15_000);
    await until(() => text === '\n\n', 'two empty lines');
    next();
    await once(response, 'end');
    expect(text).toBe(
      '\n\n{"n":1}\n{"$error":{"code":"STORE_FAILED","message":"The disk is full.","suggestions":[]}}\n',
    );
  });

  it('of one document that nobody reads is cut off', async () => {
    const api = await TestApi.start({ apiLimits: { readTimeoutMs: 100 } });
    api.opened.runner.run = async () => 'x'.repeat(50 * 1024 * 1024);
    const raw = await RawSocket.connect(api.url);
    raw.socket.pause();
    raw.write(`GET ${list} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`);
    await until(() => api.log.find(/does not read/).length === 1, 'the line');
    raw.socket.resume();
    await raw.closed;
  });
});

describe('the server', () => {
  it('tells where its API is', async () => {
    const server = await TestServer.start({ apiPort: 0 });
    const { apiUrl } = server.running;
    expect(apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await server.fleet.run('server.info', {})).apiUrl).toBe(apiUrl);
    const described = await fetch(`${apiUrl}/api/v1/openapi.json`);
    expect(((await described.json()) as { openapi: string }).openapi).toBe('3.1.0');
    await server.stop();
    await expect(fetch(`${apiUrl}/api/v1/openapi.json`)).rejects.toThrow();
  });

  it('tells who reads along to the end, and lets go of who only waits', async () => {
    const server = await TestServer.start({ apiPort: 0 });
    const { apiUrl } = server.running;
    await server.fleet.run('user.create', { email: 'ann@example.com', role: 'admin' });
    const { key } = await server.fleet.run('api-key.create', { user: 'ann@example.com' });
    const headers = { authorization: `Bearer ${key}` };
    await server.connected('CP1');
    const followed = await fetch(`${apiUrl}/api/v1/event/follow?tail=1`, { headers });
    const idle = await RawSocket.connect(String(apiUrl));
    const [text] = await Promise.all([followed.text(), server.stop()]);
    expect(text.trimEnd().split('\n').at(-1)).toContain('station.disconnected');
    await idle.closed;
  });

  it('has none unless asked', async () => {
    const server = await TestServer.start();
    expect(server.running.apiUrl).toBeNull();
    expect((await server.fleet.run('server.info', {})).apiUrl).toBeNull();
  });
});
