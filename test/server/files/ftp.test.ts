import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { Client, FTPError } from 'basic-ftp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileBench } from './file-bench.js';

const log = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256));

/** A client of the usual kind, logged in as the address says. */
async function client(url: string): Promise<Client> {
  const ftp = new Client(60_000);
  onTestFinished(() => ftp.close());
  const { hostname, port, username, password } = new URL(url);
  await ftp.access({ host: hostname, port: Number(port), user: username, password });
  return ftp;
}

/** The code with which the server refused. */
async function code(work: Promise<unknown>): Promise<number> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FTPError) return error.code;
  throw new Error(`not refused: ${String(error)}`);
}

async function fetched(ftp: Client, name: string, startAt = 0): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await ftp.downloadTo(sink, name, startAt);
  return Buffer.concat(chunks);
}

/** A station that speaks FTP by hand. */
class Wire {
  readonly socket: Socket;
  #text = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      this.#text += String(chunk);
    });
  }

  static async open(bench: FileBench, url: string): Promise<Wire> {
    const wire = new Wire(net.connect(Number(new URL(url).port), '127.0.0.1'));
    onTestFinished(() => void wire.socket.destroy());
    await wire.reply(bench);
    return wire;
  }

  static async inside(bench: FileBench, url: string): Promise<Wire> {
    const wire = await Wire.open(bench, url);
    const { username, password } = new URL(url);
    await wire.say(bench, `USER ${username}`);
    await wire.say(bench, `PASS ${password}`);
    return wire;
  }

  async say(bench: FileBench, command: string): Promise<string> {
    this.socket.write(`${command}\r\n`);
    return this.reply(bench);
  }

  /** The next line. */
  async reply(bench: FileBench): Promise<string> {
    await bench.until(() => this.#text.includes('\r\n'));
    const end = this.#text.indexOf('\r\n');
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return line;
  }

  async data(bench: FileBench): Promise<Socket> {
    const port = Number(/\|(\d+)\|/.exec(await this.say(bench, 'EPSV'))?.[1]);
    const data = net.connect(port, '127.0.0.1');
    data.on('error', () => undefined);
    await once(data, 'connect');
    return data;
  }
}

describe('an upload over FTP', () => {
  it.each(['log.zip', '/log.zip'])('is taken: STOR %s', async (name) => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp' });
    const ftp = await client(url);
    await ftp.uploadFrom(Readable.from([log]), name);
    expect(received).toEqual([{ name: 'log.zip', sizeBytes: 3000 }]);
    expect(await bench.stored()).toEqual({ file1: log });
  });

  it('is taken from a station that uses PASV', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    const [, high, low] = /\(127,0,0,1,(\d+),(\d+)\)/.exec(await wire.say(bench, 'PASV')) ?? [];
    expect(await wire.say(bench, 'TYPE I')).toMatch(/^200/);
    const data = net.connect(Number(high) * 256 + Number(low), '127.0.0.1');
    expect(await wire.say(bench, 'STOR log.zip')).toMatch(/^150/);
    data.end(log);
    expect(await wire.reply(bench)).toMatch(/^226/);
    expect(received).toHaveLength(1);
  });

  it('tells the address of the setting to a station behind a router', async () => {
    const settings = { 'server.ftp-url': 'ftp://203.0.113.7:2121' };
    const bench = await FileBench.begin({}, { settings });
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    expect(url).toMatch(/^ftp:\/\/[0-9a-f]{10}:[0-9a-f]{32}@203\.0\.113\.7:2121\/$/);
    const wire = await Wire.inside(bench, bench.ftpUrl(url));
    expect(await wire.say(bench, 'PASV')).toContain('(203,0,113,7,');
  });

  it('is refused beyond the limit and leaves nothing behind', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp', maxBytes: 2999 });
    const ftp = await client(url);
    expect(await code(ftp.uploadFrom(Readable.from([log]), 'log.zip'))).toBe(552);
    await bench.until(async () => (await bench.everything()).length === 0);
    expect(received).toEqual([]);
    expect(bench.log.text).toContain('file transfer refused: the file is larger than 2999 bytes');
  });

  it('is taken once', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const ftp = await client(url);
    await ftp.uploadFrom(Readable.from([log]), 'log.zip');
    expect(await code(ftp.uploadFrom(Readable.from(['other']), 'log.zip'))).toBe(550);
    expect(await code((await client(url)).uploadFrom(Readable.from(['other']), 'other'))).toBe(550);
    expect(await bench.stored()).toEqual({ file1: log });
  });

  it.each(['../x', '..', '/etc/passwd', 'a/b', 'a\\b'])('is refused with the name %s', async (name) => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    await wire.data(bench);
    expect(await wire.say(bench, `STOR ${name}`)).toMatch(/^553/);
    expect(await bench.everything()).toEqual([]);
  });

  it('is refused with wrong credentials, and the third attempt is the last', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const { username } = new URL(url);
    const wire = await Wire.open(bench, url);
    expect(await wire.say(bench, 'STOR log.zip')).toMatch(/^530/);
    for (const reply of [/^530/, /^530/, /^421/]) {
      expect(await wire.say(bench, `USER ${username}`)).toMatch(/^331/);
      expect(await wire.say(bench, 'PASS guess')).toMatch(reply);
    }
    await bench.closed(wire.socket);
    expect(await code(client(url.replace(/:\w+@/, ':anonymous@')))).toBe(530);
    expect(bench.log.text).toContain('file transfer refused: wrong credentials');
  });

  it('who does not log in in time is sent away, however much is said meanwhile', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.open(bench, url);
    for (const command of ['NOOP', 'USER nobody']) {
      bench.clock.advance(9_000);
      expect(await wire.say(bench, command)).toMatch(/^(200|331)/);
    }
    bench.clock.advance(2_000);
    await bench.closed(wire.socket);
  });

  it('credentials for HTTP are none for FTP', async () => {
    const bench = await FileBench.begin();
    const { credentials } = await bench.offerUpload();
    const { url } = await bench.offerUpload({ protocol: 'ftp', storeAs: 'file2' });
    const other = url.replace(/\/\/.*@/, `//${credentials.user}:${credentials.password}@`);
    expect(await code(client(other))).toBe(530);
  });

  it('an expired offer is refused, also to a station that is logged in', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp', validMs: 10_000 });
    const ftp = await client(url);
    bench.clock.advance(10_000);
    expect(await code(ftp.uploadFrom(Readable.from([log]), 'log.zip'))).toBe(530);
    expect(await code(client(url))).toBe(530);
  });

  it('shows no directory, and nothing in it', async () => {
    const bench = await FileBench.begin();
    await (await client((await bench.offerUpload({ protocol: 'ftp' })).url)).uploadFrom(
      Readable.from([log]),
      'a',
    );
    const { url } = await bench.offerUpload({ protocol: 'ftp', storeAs: 'file2' });
    const ftp = await client(url);
    expect(await ftp.list()).toEqual([]);
    expect(await ftp.pwd()).toBe('/');
    expect(await code(ftp.cd('/etc'))).toBe(550);
    expect(await code(ftp.cd('..'))).toBe(550);
    expect(await code(ftp.remove('file1'))).toBe(550);
    expect(await code(ftp.rename('file1', 'file3'))).toBe(550);
    expect(await code(ftp.size('file1'))).toBe(550);
    expect(await code(fetched(ftp, 'file1'))).toBe(553);
    expect(await code(ftp.send('MKD x'))).toBe(550);
    expect(await code(ftp.send('PORT 127,0,0,1,4,5'))).toBe(502);
    expect(await code(ftp.send('XYZ'))).toBe(502);
  });

  it('half of it is nothing when the control connection ends, and the station may begin again', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    const data = await wire.data(bench);
    expect(await wire.say(bench, 'STOR log.zip')).toMatch(/^150/);
    data.write(log.subarray(0, 1000));
    await bench.untilRunning();
    wire.socket.destroy();
    await bench.closed(data);
    await bench.until(async () => (await bench.everything()).length === 0);
    expect(received).toEqual([]);
    await (await client(url)).uploadFrom(Readable.from([log]), 'log.zip');
    expect(received).toHaveLength(1);
  });

  it('half of it is nothing when the data connection is reset', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    const data = await wire.data(bench);
    await wire.say(bench, 'STOR log.zip');
    data.write(log.subarray(0, 1000));
    await bench.untilRunning();
    data.resetAndDestroy();
    expect(await wire.reply(bench)).toMatch(/^426/);
    expect(received).toEqual([]);
    expect(await bench.everything()).toEqual([]);
  });

  it('that is broken off (ABOR) is nothing', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    const data = await wire.data(bench);
    await wire.say(bench, 'STOR log.zip');
    data.write(log.subarray(0, 1000));
    await bench.untilRunning();
    expect(await wire.say(bench, 'ABOR')).toMatch(/^426/);
    expect(await wire.reply(bench)).toMatch(/^226/);
    expect(await bench.everything()).toEqual([]);
  });

  it('two at once: the second is told that it is busy', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    const data = await wire.data(bench);
    await wire.say(bench, 'STOR log.zip');
    data.write(log.subarray(0, 1000));
    await bench.untilRunning();
    expect(await code((await client(url)).uploadFrom(Readable.from([log]), 'log.zip'))).toBe(450);
    data.end(log.subarray(1000));
    expect(await wire.reply(bench)).toMatch(/^226/);
    expect(received).toHaveLength(1);
    expect(await bench.stored()).toEqual({ file1: log });
  });

  it('that stands still is cut off', async () => {
    const bench = await FileBench.begin({ idleTimeoutMs: 30_000 });
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    const data = await wire.data(bench);
    await wire.say(bench, 'STOR log.zip');
    data.write(log.subarray(0, 1000));
    await bench.untilRunning();
    bench.clock.advance(30_000);
    expect(await wire.reply(bench)).toBe('426 nothing moved for 30 s.');
    expect(await bench.everything()).toEqual([]);
  });

  it('a station that asks for a data connection and opens none is told so', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const wire = await Wire.inside(bench, url);
    expect(await wire.say(bench, 'STOR log.zip')).toMatch(/^426 PASV or EPSV/);
    await wire.say(bench, 'EPSV');
    expect(await wire.say(bench, 'STOR log.zip')).toMatch(/^150/);
    bench.clock.advance(15_000);
    expect(await wire.reply(bench)).toMatch(/^426/);
  });

  it('who says nothing, and who says too much, is cut off', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ protocol: 'ftp' });
    const silent = await Wire.open(bench, url);
    const loud = await Wire.open(bench, url);
    bench.clock.advance(20_000);
    await bench.closed(silent.socket);
    loud.socket.write('x'.repeat(5000));
    await bench.closed(loud.socket);
  });

  it('an empty file is none', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp' });
    expect(await code((await client(url)).uploadFrom(Readable.from([]), 'log.zip'))).toBe(550);
    expect(received).toEqual([]);
  });
});

describe('a download over FTP', () => {
  it('gives the file, whole and in parts', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerDownload('fw-1.2.bin', log, { protocol: 'ftp' });
    expect(new URL(url).pathname).toBe('/fw-1.2.bin');
    const ftp = await client(url);
    expect(await ftp.size('fw-1.2.bin')).toBe(3000);
    expect(await fetched(ftp, 'fw-1.2.bin')).toEqual(log);
    expect(await fetched(ftp, '/fw-1.2.bin', 1000)).toEqual(log.subarray(1000));
    expect((await ftp.list()).map(({ name, size }) => [name, size])).toEqual([['fw-1.2.bin', 3000]]);
    expect(await code(fetched(ftp, 'fw-1.3.bin'))).toBe(553);
    expect(await code(ftp.uploadFrom(Readable.from([log]), 'fw-1.2.bin'))).toBe(553);
  });
});
