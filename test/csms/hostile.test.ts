import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { frame, frameHeader, handshake, RawSocket } from '../helpers/raw-socket.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

/** A server with somebody honest on it, who must not notice anything. */
async function withWitness(options: Parameters<typeof TestServer.start>[0] = {}) {
  const server = await TestServer.start(options);
  const witness = await server.connected('WITNESS');
  await server.add('EVIL');
  return { server, witness };
}

async function expectUnharmed(witness: ScriptedStation): Promise<void> {
  expect(await witness.call('Heartbeat', {})).toHaveProperty('currentTime');
}

describe('somebody who sends frames that no station sends', () => {
  it.each([
    [
      'ten megabytes in one message',
      1009,
      Buffer.concat([frameHeader(0x81, 10_000_000), Buffer.alloc(10_000_000)]),
    ],
    ['the announcement of a petabyte', 1009, frameHeader(0x81, 2 ** 50)],
    ['text that is not UTF-8', 1007, frame(Buffer.from([0x22, 0xc0, 0xaf, 0xff, 0x22]))],
    ['text with half a character at its end', 1007, frame(Buffer.from('"🔌').subarray(0, 3))],
    ['a frame of a kind that does not exist', 1002, frame('x', { opcode: 3 })],
    ['a frame without a mask', 1002, Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['a continuation of nothing', 1002, frame('x', { opcode: 0 })],
    ['reserved bits', 1002, frame('x', { opcode: 0x41 })],
    ['a ping of a kilobyte', 1002, frame('x'.repeat(1000), { opcode: 9 })],
    ['a close code that does not exist', 1002, frame(Buffer.from([0x03, 0xe7]), { opcode: 8 })],
  ])('%s: is told so and goes, nobody else notices', async (_, code, data) => {
    const { server, witness } = await withWitness();
    const evil = await RawSocket.station(server.url, 'EVIL');
    evil.write(data);
    await until(() => evil.received.includes('\x88'), 'the close frame');
    // It never answers the goodbye.
    server.clock.advance(3000);
    expect(await evil.closeCode()).toBe(code);
    await until(() => server.log.find(/disconnected/).length === 1);
    expect(server.log.find(/disconnected/)).toMatchObject([
      { level: 'warn', station: 'EVIL', initiator: 'protocol', code },
    ]);
    await expectUnharmed(witness);
  });

  it('a message that is too large: the log says whose, and how large is allowed', async () => {
    const { server } = await withWitness({ maxMessageBytes: 1024 * 1024 });
    const evil = await server.connect('EVIL');
    evil.send('x'.repeat(1024 * 1024 + 1));
    expect((await evil.closed).code).toBe(1009);
    await until(() => server.log.find(/disconnected/).length === 1);
    const [line] = server.log.find(/disconnected/);
    expect(line).toMatchObject({
      station: 'EVIL',
      reason: expect.stringContaining('more than 1048576 bytes'),
    });
  });

  it('a message of exactly the size that is allowed is taken', async () => {
    const { server } = await withWitness({ maxMessageBytes: 1024 * 1024 });
    const station = await server.connect('EVIL');
    const call = (data: string) => JSON.stringify([2, '1', 'DataTransfer', { vendorId: 'x', data }]);
    const answer = station.answerTo('1');
    station.send(call('x'.repeat(1024 * 1024 - call('').length)));
    expect((await answer).payload).toBeDefined();
  });

  it.each([
    ['an empty message', ''],
    ['nothing but spaces', ' '.repeat(100)],
    ['null', 'null'],
    ['arrays in arrays in arrays', '['.repeat(100_000)],
    [
      'a call with a payload as deep as a well',
      `[2,"d","Heartbeat",${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}]`,
    ],
    ['a prototype for everybody', '[2,"p","Heartbeat",{"__proto__":{"registration":"accepted"}}]'],
    ['a constructor', '[2,"c","BootNotification",{"constructor":{"prototype":{"vendor":"x"}}}]'],
    ['an action that every object has', '[2,"a","__proto__",{}]'],
    ['another action that every object has', '[2,"a","constructor",{}]'],
    ['an id that every object has', '[2,"__proto__","Heartbeat",{}]'],
    ['a number without an end', `[2,"n","Heartbeat",{"a":${'9'.repeat(100_000)}}]`],
  ])('%s: the connection stays, what comes next is answered', async (_, text) => {
    const { server, witness } = await withWitness();
    const evil = await server.connect('EVIL');
    evil.send(text);
    expect(await evil.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).registration).toBeUndefined();
    await expectUnharmed(witness);
  });

  it('binary frames: ignored, counted, and not a line in the log for each', async () => {
    const { server } = await withWitness();
    const evil = await server.connect('EVIL');
    for (let i = 0; i < 500; i += 1) evil.send(Buffer.from('[2,"1","Heartbeat",{}]'));
    await evil.call('Heartbeat', {});
    expect(server.log.find(/binary frame ignored/)).toHaveLength(10);
    server.clock.advance(60_000);
    expect(server.log.find(/…and 490 more in the last minute/)).toMatchObject([
      { level: 'warn', station: 'EVIL', message: 'binary: …and 490 more in the last minute' },
    ]);
  });

  it('one message in ten thousand pieces is one message', async () => {
    const { server } = await withWitness();
    const evil = await RawSocket.station(server.url, 'EVIL');
    const text = JSON.stringify([2, 'bits', 'DataTransfer', { vendorId: 'x', data: 'y'.repeat(10_000) }]);
    const pieces = [...text].map((character, i) =>
      frame(character, { opcode: i === 0 ? 1 : 0, fin: i === text.length - 1 }),
    );
    evil.write(Buffer.concat(pieces));
    await until(() => evil.received.includes('[3,"bits",'));
  });

  it('a frame whose end never comes keeps nobody waiting', async () => {
    const { server, witness } = await withWitness();
    const evil = await RawSocket.station(server.url, 'EVIL');
    evil.write(Buffer.concat([frameHeader(0x81, 1000), Buffer.from('[2,"1"')]));
    await expectUnharmed(witness);
    for (let second = 0; second < 61; second += 1) server.clock.advance(1000);
    await evil.closed;
  });
});

describe('somebody who plays with the URL', () => {
  it.each([
    '/ocpp/%2e%2e%2fEVIL%2f..',
    '/ocpp/..%2f..%2fetc%2fpasswd',
    '/ocpp/%2e%2e',
    '/ocpp/EVIL%00',
    '/ocpp/%00',
    '/ocpp/EVIL%0d%0aX-Admin:%201',
    '/ocpp/%c0%ae%c0%ae',
    '/ocpp/%c0%af',
    '/ocpp/%ed%a0%80',
    '/ocpp/%f8%88%80%80%80',
    '/ocpp/%',
    '/ocpp/%zz',
    '/ocpp/%20',
    '/ocpp/EVIL%20',
    `/ocpp/${'x'.repeat(256)}`,
    `/ocpp/${'%41'.repeat(256)}`,
    '//',
    '/ocpp//',
    '/?/ocpp/EVIL',
  ])('%s is told that no station is called that', async (path) => {
    const { server, witness } = await withWitness();
    const evil = await RawSocket.connect(server.url);
    evil.write(handshake(path));
    await evil.closed;
    expect(evil.received).toMatch(/^HTTP\/1\.1 400 /);
    expect(evil.received).not.toContain('X-Admin');
    expect((await server.fleet.run('station.list', { state: 'unknown' })).total).toBe(0);
    await expectUnharmed(witness);
  });

  it.each([
    ['decoded once, not twice', '/ocpp/%2545VIL', '%45VIL'],
    ['decoded once, not twice, to a way up', '/ocpp/%252e%252e%252f', '%2e%2e%2f'],
    ['with a space in it', '/ocpp/EVIL%20TWIN', 'EVIL TWIN'],
    ['of markup', '/ocpp/%3Cscript%3E', '<script>'],
    ['of SQL', "/ocpp/';DROP%20TABLE%20station;--", "';DROP TABLE station;--"],
    ['of another case', '/ocpp/evil', 'evil'],
  ])('an id %s is a stranger like any other', async (_, path, id) => {
    const { server } = await withWitness();
    const evil = await RawSocket.connect(server.url);
    evil.write(handshake(path));
    await evil.closed;
    expect(evil.received).toMatch(/^HTTP\/1\.1 404 /);
    const { items } = await server.fleet.run('station.list', { state: 'unknown' });
    expect(items).toMatchObject([{ id, address: '127.0.0.1', attempts: 1 }]);
  });
});

describe('somebody who never finishes the handshake', () => {
  it('a slow one, byte by byte: is cut off when its time is up', async () => {
    const { server, witness } = await withWitness({ handshakeTimeoutMs: 200 });
    const evil = await RawSocket.connect(server.url);
    const drip = setInterval(() => evil.write('X'), 10);
    evil.write('GET /ocpp/EVIL HTTP/1.1\r\nX-Slow: ');
    await evil.closed.finally(() => clearInterval(drip));
    expect(evil.received).toMatch(/^HTTP\/1\.1 408 /);
    expect(server.log.find(/did not finish its request in time/)).toMatchObject([{ address: '127.0.0.1' }]);
    await expectUnharmed(witness);
  });

  it('a silent one is cut off too', async () => {
    const { server } = await withWitness({ handshakeTimeoutMs: 200 });
    const evil = await RawSocket.connect(server.url);
    await evil.closed;
  });

  it('thousands who open and wait: the oldest go, a station comes in all the same', async () => {
    const { server, witness } = await withWitness({ maxHandshakes: 50 });
    const crowd = await Promise.all(Array.from({ length: 500 }, () => RawSocket.connect(server.url)));
    const open = () => crowd.filter(({ socket }) => !socket.destroyed).length;
    await until(() => open() <= 50);
    const station = await server.connect('EVIL');
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
    expect(open()).toBeGreaterThanOrEqual(49);
    expect(server.log.find(/connections that ask for nothing/)).toHaveLength(10);
    await expectUnharmed(witness);
  });

  it.each([
    [
      'headers of a megabyte',
      `${handshake('/ocpp/EVIL').slice(0, -2)}X: ${'x'.repeat(1_000_000)}\r\n\r\n`,
      431,
    ],
    [
      'a thousand headers',
      handshake(
        '/ocpp/EVIL',
        Array.from({ length: 2000 }, (_, i) => `X-${i}: abcdefgh`),
      ),
      431,
    ],
    ['a URL of a megabyte', handshake(`/ocpp/${'x'.repeat(1_000_000)}`), 431],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a key that is none', handshake('/ocpp/EVIL').replace('dGhlIHNhbXBsZSBub25jZQ==', 'x'), 400],
    ['another method', handshake('/ocpp/EVIL').replace('GET', 'DELETE'), 405],
    ['another version', handshake('/ocpp/EVIL').replace('Version: 13', 'Version: 99'), 400],
  ])('%s: refused', async (_, request, status) => {
    const { server, witness } = await withWitness();
    const evil = await RawSocket.connect(server.url);
    evil.write(request);
    await evil.closed;
    expect(evil.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await expectUnharmed(witness);
  });

  it('one that is gone before it is answered leaves nothing behind', async () => {
    const { server, witness } = await withWitness();
    for (let i = 0; i < 50; i += 1) {
      const evil = await RawSocket.connect(server.url);
      evil.write(handshake('/ocpp/EVIL'));
      evil.socket.resetAndDestroy();
      await once(evil.socket, 'close').catch(() => undefined);
    }
    await expectUnharmed(witness);
    await until(async () => !(await server.fleet.run('station.show', { id: 'EVIL' })).online);
  });
});
