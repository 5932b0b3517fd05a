import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HttpFleet } from '../../../src/cli/remote/http-fleet.js';
import { explainLost } from '../../../src/cli/remote/server-errors.js';
import { connectServer } from '../../../src/cli/remote/server-transport.js';
import { FleetError } from '../../../src/domain/errors.js';
import { answer, apiServer, refuse, testKey } from '../../helpers/api-server.js';
import { TestAuthority } from '../../helpers/certificates.js';
import { failure } from '../../helpers/failure.js';

/** The operations of a test's server, by names that no operation has. */
interface Asking {
  run(name: string, input: unknown): Promise<unknown>;
  stream(name: string, input: unknown): AsyncIterable<unknown>;
  close(): Promise<void>;
}

interface Way {
  readonly url: string;
  readonly caFile?: string | undefined;
  readonly signal?: AbortSignal;
  readonly connectWithinMs?: number;
  readonly keyPlace?: string;
}

async function connect({
  url,
  caFile,
  signal = new AbortController().signal,
  ...more
}: Way): Promise<Asking> {
  const ca = caFile === undefined ? undefined : readFileSync(caFile, 'utf8');
  const fleet = new HttpFleet(await connectServer({ url, key: testKey, ca, signal, ...more }), signal);
  onTestFinished(() => fleet.close());
  return fleet as unknown as Asking;
}

/** A program that is no HTTP server: says `banner` to whoever connects, if anything. */
async function otherProgram(
  banner: string | undefined,
  onConnection: (socket: net.Socket) => void = () => {},
) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (banner !== undefined) socket.write(banner);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('over TLS', () => {
  test('sends question and key, and gives the answer', async () => {
    const server = await apiServer((_asked, response) => answer(response, { n: 1 }));
    const fleet = await connect(server);
    expect(await fleet.run('floor.map.set', { name: '充电桩' })).toEqual({ n: 1 });
    expect(server.asked[0]).toMatchObject({
      path: '/api/v1/floor/map/set',
      authorization: `Bearer ${testKey}`,
      input: { name: '充电桩' },
    });
  });

  test('an address with a path is asked below that path', async () => {
    const server = await apiServer((_asked, response) => answer(response, 1));
    const fleet = await connect({ ...server, url: `${server.url}/evfleet` });
    await fleet.run('site.list', {});
    expect(server.asked[0]?.path).toBe('/evfleet/api/v1/site/list');
  });

  test('one connection serves many questions, and many at once take a few', async () => {
    const server = await apiServer((_asked, response) => answer(response, 1));
    const fleet = await connect(server);
    for (let n = 0; n < 20; n += 1) await fleet.run('a.b', { n });
    expect(server.connections()).toBe(1);
    await Promise.all(Array.from({ length: 50 }, (_, n) => fleet.run('a.b', { n })));
    expect(server.asked).toHaveLength(70);
    expect(server.connections()).toBeLessThanOrEqual(8);
  });

  test('a stream gives its items as they come', async () => {
    const server = await apiServer((_asked, response) => {
      response.setHeader('content-type', 'application/x-ndjson').write('{"n":1}\n');
      setTimeout(
        () => response.end('{"n":2}\n{"$error":{"code":"SOME_FAILED","message":"1 failed."}}\n'),
        20,
      );
    });
    const fleet = await connect(server);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const item of fleet.stream('a.list', {})) seen.push(item);
    })();
    await failure(reading, 'SOME_FAILED');
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('an interruption ends the wait with its own reason', async () => {
    const abort = new AbortController();
    const server = await apiServer(() => abort.abort(reason));
    const reason = new FleetError('INTERRUPTED', 'Interrupted.');
    const fleet = await connect({ ...server, signal: abort.signal });
    await expect(fleet.run('a.b', {})).rejects.toBe(reason);
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED does not switch the check of certificates off', async () => {
    const server = await apiServer((_asked, response) => answer(response, 1));
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    });
    await failure((await connect({ url: server.url })).run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(server.asked).toEqual([]);
  });
});

describe('a server that cannot be reached', () => {
  const day = 86_400_000;

  test.each([
    ['is from an authority that nobody knows', {}, false, /nobody that this machine trusts/, /--server-ca/],
    ['has expired', { until: Date.now() - 1000 }, true, /has expired/, /clock of this machine/],
    [
      'is not valid yet',
      { from: Date.now() + day, until: Date.now() + 2 * day },
      true,
      /not valid yet/,
      /clock/,
    ],
    [
      'is for another host',
      { hosts: ['fleet.example'] },
      true,
      /not for 127\.0\.0\.1, but for fleet\.example/,
      /--server/,
    ],
  ])('because its certificate %s', async (_what, details, isTrusted, message, suggestion) => {
    const server = await apiServer((_asked, response) => answer(response, 1), {
      identity: (authority) => authority.server(details),
    });
    const fleet = await connect({ url: server.url, caFile: isTrusted ? server.caFile : undefined });
    const error = await failure(fleet.run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(error.exitCode).toBe(7);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(server.url);
    expect(error.suggestions.join()).toMatch(suggestion);
    expect(server.asked).toEqual([]);
  });

  test('because somebody else pretends to be its authority', async () => {
    const impostor = new TestAuthority();
    const server = await apiServer((_asked, response) => answer(response, 1), {
      identity: () => impostor.server(),
    });
    await failure((await connect(server)).run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(server.asked).toEqual([]);
  });

  test.each([
    ['https', 'SSH-2.0-OpenSSH_9.9\r\n', /does not speak TLS/],
    ['http', 'SSH-2.0-OpenSSH_9.9\r\n', /does not speak HTTP/],
  ])('because another program answers %s', async (scheme, banner, message) => {
    const fleet = await connect({ url: `${scheme}://${await otherProgram(banner)}` });
    expect((await failure(fleet.run('a.b', {}), 'SERVER_UNREACHABLE')).message).toMatch(message);
  });

  test('because it speaks HTTP without TLS', async () => {
    const server = await apiServer((_asked, response) => answer(response, 1), { isPlain: true });
    const fleet = await connect({ url: server.url.replace('http:', 'https:') });
    const { message } = await failure(fleet.run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(message).toMatch(/does not speak TLS/);
  });

  test('because it hangs up before TLS stands', async () => {
    const address = await otherProgram(undefined, (socket) => socket.end());
    const { message } = await failure(
      (await connect({ url: `https://${address}` })).run('a.b', {}),
      'SERVER_UNREACHABLE',
    );
    expect(message).toMatch(/does not speak TLS/);
  });

  test('because it takes the connection and says nothing', async () => {
    const url = `https://${await otherProgram(undefined)}`;
    const fleet = await connect({ url, connectWithinMs: 100 });
    const { message } = await failure(fleet.run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(message).toBe(`${url} cannot be reached: no connection within 0.1 s.`);
  });

  test('because nothing listens', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const fleet = await connect({ url: `https://127.0.0.1:${port}` });
    const { message, suggestions } = await failure(fleet.run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(message).toBe(`https://127.0.0.1:${port} cannot be reached: nothing listens there.`);
    expect(suggestions.join()).toContain('--api-port');
  });

  test.each([
    ['ENOTFOUND', /no such host/],
    ['EAI_AGAIN', /cannot be looked up now/],
    ['EHOSTUNREACH', /no way to it/],
    ['ETIMEDOUT', /does not answer/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /TLS fails \(ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION\)/],
    ['ECONNRESET', /broke before the answer was complete; whether what was asked was done is unknown/],
  ])('because of %s', (code, message) => {
    const error = explainLost('https://fleet.example', Object.assign(new Error('it failed'), { code }));
    expect(error).toMatchObject({ code: 'SERVER_UNREACHABLE', exitCode: 7 });
    expect(error.message).toMatch(message);
    expect(error.message).toContain('https://fleet.example');
  });
});

describe('a server that answers otherwise', () => {
  test('sends on to another address: the key does not go there', async () => {
    const other = await apiServer((_asked, response) => answer(response, 1));
    const server = await apiServer((_asked, response) => {
      response.writeHead(307, { location: `${other.url}/api/v1/a/b` }).end();
    });
    const { message } = await failure((await connect(server)).run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(message).toMatch(/sends on to another address \(HTTP 307\)/);
    expect(other.asked).toEqual([]);
  });

  test.each([
    [200, 'text/html', '<html>Welcome'],
    [502, 'text/html', '<html>Bad Gateway'],
    [404, 'text/plain', 'Not Found'],
    [204, '', ''],
  ])('with HTTP %d and %j is something else', async (status, type, body) => {
    const server = await apiServer((_asked, response) => {
      response.writeHead(status, type === '' ? {} : { 'content-type': type }).end(body);
    });
    const { message } = await failure((await connect(server)).run('a.b', {}), 'SERVER_UNREACHABLE');
    expect(message).toBe(`What answers at ${server.url} is not the API of evfleet (HTTP ${status}).`);
  });

  test('does not know the key: how to log in', async () => {
    const server = await apiServer((_asked, response) => refuse(response, 401, 'NOT_AUTHENTICATED'));
    const error = await failure((await connect(server)).run('a.b', {}), 'NOT_AUTHENTICATED');
    expect([error.exitCode, error.suggestions]).toEqual([4, [`evfleet login --server ${server.url}`]]);
  });

  test('does not know the key that was put by hand: which one that is', async () => {
    const server = await apiServer((_asked, response) => refuse(response, 401, 'NOT_AUTHENTICATED'));
    const fleet = await connect({ ...server, keyPlace: 'EVFLEET_API_KEY' });
    const { suggestions } = await failure(fleet.run('a.b', {}), 'NOT_AUTHENTICATED');
    expect(suggestions).toEqual([
      'The one in EVFLEET_API_KEY is wrong, expired or revoked.',
      `evfleet login --server ${server.url}, and leave EVFLEET_API_KEY out`,
    ]);
  });

  test('does not allow it', async () => {
    const server = await apiServer((_asked, response) => refuse(response, 403, 'NOT_ALLOWED'));
    expect((await failure((await connect(server)).run('a.b', {}), 'NOT_ALLOWED')).exitCode).toBe(4);
  });

  test('breaks off in the middle of a stream', async () => {
    const server = await apiServer((_asked, response) => {
      response.setHeader('content-type', 'application/x-ndjson');
      response.write('{"n":1}\n', () => setTimeout(() => response.destroy(), 20));
    });
    const fleet = await connect(server);
    const reading = (async () => {
      for await (const item of fleet.stream('a.list', {})) expect(item).toEqual({ n: 1 });
    })();
    expect((await failure(reading, 'SERVER_UNREACHABLE')).message).toContain(server.url);
  });
});

test('a server that takes the question and says nothing counts as hung after the time it may take', async () => {
  const server = await apiServer(() => {});
  const { signal } = new AbortController();
  const ca = readFileSync(server.caFile, 'utf8');
  const transport = await connectServer({ url: server.url, key: testKey, ca, signal });
  onTestFinished(() => transport.close());
  const asking = transport.post('/api/v1/a/b', '{}', { signal, answerWithinMs: 100 });
  const { message, exitCode } = await failure(asking, 'TIMED_OUT');
  expect([message, exitCode]).toEqual([
    'The server took the call but did not answer within 1 s; whether it did what was asked is unknown.',
    8,
  ]);
});

describe('a server that is asked too often', () => {
  test('is asked again after the time it names', async () => {
    const server = await apiServer((_asked, response) => {
      if (server.asked.length < 3) refuse(response, 429, 'TOO_MANY_REQUESTS', { retryAfter: 0 });
      else answer(response, 'done');
    });
    expect(await (await connect(server)).run('a.b', {})).toBe('done');
    expect([server.asked.length, server.connections()]).toEqual([3, 1]);
  });

  test('is asked four times at most', async () => {
    const server = await apiServer((_asked, response) =>
      refuse(response, 429, 'TOO_MANY_REQUESTS', { retryAfter: 0 }),
    );
    const error = await failure((await connect(server)).run('a.b', {}), 'TOO_MANY_REQUESTS');
    expect([server.asked.length, error.exitCode]).toEqual([4, 7]);
  });

  test.each([6, 3600, undefined])('is left alone when it names %s seconds', async (retryAfter) => {
    const server = await apiServer((_asked, response) =>
      refuse(response, 429, 'TOO_MANY_REQUESTS', retryAfter === undefined ? {} : { retryAfter }),
    );
    await failure((await connect(server)).run('a.b', {}), 'TOO_MANY_REQUESTS');
    expect(server.asked).toHaveLength(1);
  });

  test('an interruption ends the waiting', async () => {
    const abort = new AbortController();
    const reason = new FleetError('INTERRUPTED', 'Interrupted.');
    const server = await apiServer((_asked, response) => {
      refuse(response, 429, 'TOO_MANY_REQUESTS', { retryAfter: 5 });
      setTimeout(() => abort.abort(reason), 50);
    });
    const fleet = await connect({ ...server, signal: abort.signal });
    await expect(fleet.run('a.b', {})).rejects.toBe(reason);
  });
});
