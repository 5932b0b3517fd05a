import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { handshake, TlsBench } from './tls-bench.js';

/** The beginning of what a client of TLS says first. */
const beginning = Buffer.from('16030102000100', 'hex');

function open(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
    onTestFinished(() => void socket.destroy());
  });
}

async function answerTo(port: number, text: string | Buffer): Promise<string> {
  const socket = await open(port);
  socket.on('error', () => undefined);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

it('who speaks plain HTTP to the port of TLS is told that it is one', async () => {
  const bench = await TlsBench.begin();
  const answer = await answerTo(
    bench.port,
    'GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toMatch(/This port speaks TLS: use wss:\/\/\n$/);
  const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(answer) ?? [];
  expect(head).toContain(`Content-Length: ${body.length}`);
  expect(bench.server.log.find(/TLS could not be agreed on/)).toMatchObject([
    { level: 'warn', address: '127.0.0.1' },
  ]);
});

it.each([
  ['nonsense', Buffer.from('nonsense that is long enough to be read as a record')],
  ['zeros', Buffer.alloc(1000)],
  ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
])('%s ends the connection', async (_, bytes) => {
  const bench = await TlsBench.begin();
  expect(await answerTo(bench.port, bytes)).not.toContain('HTTP');
});

it('nobody has the server agree on TLS again and again on one connection', async () => {
  const bench = await TlsBench.begin();
  const socket = await bench.handshake({ maxVersion: 'TLSv1.2' });
  const refused = new Promise<Error | null>((resolve) => {
    socket.once('error', resolve);
    socket.renegotiate({}, resolve);
  });
  expect(await refused).toMatchObject({ message: expect.stringMatching(/no.renegotiation/i) });
});

it('a thousand that speak no TLS write ten lines', async () => {
  const bench = await TlsBench.begin();
  for (let n = 0; n < 20; n += 1) {
    await Promise.all(Array.from({ length: 50 }, () => answerTo(bench.port, 'nonsense, and more of it')));
  }
  expect(bench.server.log.find(/TLS could not be agreed on/)).toHaveLength(10);
});

it('who looks whether the port is open is no news', async () => {
  const bench = await TlsBench.begin();
  (await open(bench.port)).destroy();
  await handshake(bench.port);
  expect(bench.server.log.find(/TLS/)).toEqual([]);
});

/** How many did not agree on TLS for this reason. */
async function failures(bench: TlsBench, reason: string): Promise<number> {
  const { controlSocket } = bench.server.running;
  const asking = http.get({ socketPath: controlSocket, path: '/metrics' });
  const [response] = (await once(asking, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  const line = new RegExp(`^evfleet_tls_handshakes_failed_total\\{reason="${reason}"\\} (\\d+)$`, 'm');
  return Number(line.exec(text)?.[1] ?? 0);
}

it('a handshake that comes byte by byte is cut off in time, and counted', async () => {
  const bench = await TlsBench.begin({ handshakeTimeoutMs: 300 });
  const socket = await open(bench.port);
  socket.on('error', () => undefined);
  let sent = 0;
  const dripOne = () => {
    socket.write(beginning.subarray(sent % beginning.length, (sent % beginning.length) + 1));
    sent += 1;
  };
  dripOne();
  // It would go on for ever.
  const drip = setInterval(dripOne, 20);
  await once(socket, 'close');
  clearInterval(drip);
  expect(sent).toBeGreaterThan(1);
  expect(bench.server.log.find(/TLS was not agreed on in time/)).toMatchObject([
    { level: 'warn', address: '127.0.0.1' },
  ]);
  expect(await failures(bench, 'timeout')).toBe(1);
});

it('failures are counted by reason', async () => {
  const bench = await TlsBench.begin();
  await answerTo(bench.port, 'nonsense, and more of it');
  await handshake(bench.port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-SHA' }).catch(() => 0);
  await handshake(bench.port, {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'ALL:@SECLEVEL=0',
  }).catch(() => 0);
  // A client that does not trust the server.
  await handshake(bench.port, { maxVersion: 'TLSv1.3', ca: [] }).catch(() => 0);
  const counts = ['not-tls', 'suite', 'version', 'timeout'].map((reason) => failures(bench, reason));
  expect(await Promise.all(counts)).toEqual([1, 1, 1, 0]);
});

it('who has agreed on TLS and then says nothing is cut off too', async () => {
  const bench = await TlsBench.begin({ handshakeTimeoutMs: 300 });
  const socket = await handshake(bench.port);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 408 /);
});

it.each([
  ['at the limit', 3000, 404],
  ['beyond it', 5000, 431],
])('headers %s', async (_, bytes, status) => {
  const bench = await TlsBench.begin({ maxHeaderBytes: 4096 });
  const socket = await handshake(bench.port);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const upgrade = [
    'GET /ocpp/CP1 HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: ocpp1.6',
    `X-Long: ${'a'.repeat(bytes)}`,
  ];
  socket.write(`${upgrade.join('\r\n')}\r\n\r\n`);
  await once(socket, 'close');
  expect(Buffer.concat(chunks).toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

it('the crowd that has not agreed on TLS is limited, oldest first, and stations come in', async () => {
  const bench = await TlsBench.begin({ maxHandshakes: 20 });
  await bench.server.add('CP1');
  const crowd: net.Socket[] = [];
  for (let n = 0; n < 30; n += 1) {
    const socket = await open(bench.port);
    socket.on('error', () => undefined);
    socket.write(beginning);
    crowd.push(socket);
  }
  const station = await bench.connect('CP1');
  expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  expect(crowd.slice(0, 10).every(({ closed, readyState }) => closed || readyState !== 'open')).toBe(true);
  expect(crowd.slice(12).every(({ readyState }) => readyState === 'open')).toBe(true);
});

it('a thousand half-open connections do not disturb two hundred stations', async () => {
  const bench = await TlsBench.begin({ unknownStations: 'accept', handshakeTimeoutMs: 60_000 });
  const stations = await Promise.all(Array.from({ length: 200 }, (_, n) => bench.connect(`CP${n}`)));
  await Promise.all(stations.map((station) => station.boot()));
  const crowd = await Promise.all(Array.from({ length: 1000 }, () => open(bench.port)));
  for (const socket of crowd) {
    socket.on('error', () => undefined);
    socket.write(beginning);
  }
  const waitsMs: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(
      stations.map(async (station) => {
        const sentMs = performance.now();
        await station.call('Heartbeat', {});
        waitsMs.push(performance.now() - sentMs);
      }),
    );
  }
  expect(waitsMs).toHaveLength(1000);
  expect(Math.max(...waitsMs)).toBeLessThan(10_000);
  expect(crowd.filter(({ readyState }) => readyState === 'open')).toHaveLength(1000);
  const late = await bench.connect('CP-late');
  expect(await late.boot()).toMatchObject({ status: 'Accepted' });
  // The half-open ones do not hold the server up when it stops.
  await bench.server.stop();
  expect((await stations[0]?.closed)?.code).toBe(1001);
});

it('who asks the port of TLS by HTTPS is told what it is for', async () => {
  const bench = await TlsBench.begin();
  const status = await new Promise((resolve, reject) => {
    const where = { host: '127.0.0.1', port: bench.port, rejectUnauthorized: false };
    https
      .get(where, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject);
  });
  expect(status).toBe(426);
});
