import { once } from 'node:events';
import net from 'node:net';
import { Writable } from 'node:stream';
import tls from 'node:tls';
import { FTPError } from 'basic-ftp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failure } from '../../helpers/failure.js';
import { until } from '../../helpers/until.js';
import { FileBench } from './file-bench.js';
import { authority, ftpClient, greeted, request, upload } from './tls-clients.js';

const tlsIdentity = authority.server();
/** More than what is moved at once. */
const image = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
const log = image.subarray(0, 3000);

/** `toEqual` takes seconds for so many bytes. */
function isImage(content: Buffer | undefined, start = 0): boolean {
  return content?.equals(image.subarray(start)) === true;
}

type BenchOptions = NonNullable<Parameters<typeof FileBench.begin>[1]>;

function begin(options: BenchOptions = {}): Promise<FileBench> {
  return FileBench.begin({}, { tls: tlsIdentity, ...options });
}

/** The code with which an FTP server refused. */
async function code(work: Promise<unknown>): Promise<number> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FTPError) return error.code;
  throw new Error(`not refused: ${String(error)}`);
}

/** How a handshake with nothing newer than `version` ends: with the version agreed on, or an error. */
async function handshake(socket: tls.ConnectionOptions, version: tls.SecureVersion): Promise<string | null> {
  const client = tls.connect({
    ...{ host: '127.0.0.1', ca: authority.cert, ...socket },
    // Else this side would refuse by itself.
    ...{ minVersion: 'TLSv1', maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
  });
  onTestFinished(() => void client.destroy());
  return new Promise((resolve) => {
    client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    client.on('secureConnect', () => resolve(client.getProtocol()));
  });
}

/** A connection without TLS, and all that was answered until now. */
async function plain(port: number) {
  const socket = net.connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(socket, 'connect');
  return { socket, text: () => text };
}

/** A client of FTP that speaks by hand, greeted already. */
async function plainFtp(bench: FileBench) {
  const client = await plain(Number(bench.ports.ftp));
  await greeted(bench.clock, () => client.text().includes('220'));
  const say = async (command: string) => {
    const before = client.text().length;
    client.socket.write(`${command}\r\n`);
    await until(() => client.text().slice(before).includes('\r\n'), command);
    return client.text().slice(before).trim();
  };
  return { ...client, say };
}

describe('HTTPS', () => {
  it('takes an upload at the address that the station is told', async () => {
    const bench = await begin({ stationHost: '127.0.0.1:9220' });
    const { url, received } = await bench.offerUpload({ protocol: 'https', maxBytes: 1_000_000 });
    expect(url).toMatch(`https://127.0.0.1:${bench.ports.https}/files/`);
    expect(await request(`${url}log.zip`, { method: 'PUT', body: image })).toMatchObject({ status: 200 });
    expect(received).toEqual([{ name: 'log.zip', sizeBytes: image.length }]);
    expect(isImage((await bench.stored()).file1)).toBe(true);
    expect(bench.log.find(/file received/)).toMatchObject([{ protocol: 'https' }]);
  });

  it('gives a file, and the rest of it', async () => {
    const bench = await begin();
    const { url } = await bench.offerDownload('fw-1.2.bin', image, { protocol: 'https' });
    const { status, body } = await request(url);
    expect([status, isImage(body)]).toEqual([200, true]);
    const rest = await request(url, { headers: { Range: 'bytes=299000-' } });
    expect(rest).toEqual({ status: 206, body: image.subarray(299_000) });
  });

  it('refuses wrong credentials and files beyond the limit as HTTP does', async () => {
    const bench = await begin();
    const { url, received } = await bench.offerUpload({ protocol: 'https', maxBytes: 2999 });
    const other = url.replace(/-[0-9a-f]{32}/, `-${'0'.repeat(32)}`);
    expect(await request(other, { method: 'PUT', body: log })).toMatchObject({ status: 404 });
    expect(await request(url, { method: 'PUT', body: log })).toMatchObject({ status: 413 });
    expect(received).toEqual([]);
    expect(bench.log.find(/wrong credentials/)).toMatchObject([{ protocol: 'https' }]);
  });

  it('moves no file in plain that a station was told to move in TLS', async () => {
    const bench = await begin();
    const { url, received } = await bench.offerUpload({ protocol: 'https' });
    const response = await fetch(bench.httpUrl + new URL(url).pathname.slice(1), {
      method: 'PUT',
      body: log,
    });
    expect([response.status, await response.text()]).toEqual([403, 'this file is moved in TLS only\n']);
    expect(received).toEqual([]);
    expect(await bench.everything()).toEqual([]);
  });

  it('also takes what was offered for HTTP, which is no worse for it', async () => {
    const bench = await begin();
    const { url, received } = await bench.offerUpload();
    const secure = `https://127.0.0.1:${bench.ports.https}${new URL(url).pathname}`;
    expect(await request(secure, { method: 'PUT', body: log })).toMatchObject({ status: 200 });
    expect(received).toHaveLength(1);
  });

  it('behind a reverse proxy that speaks TLS, the address is that of the setting', async () => {
    const bench = await FileBench.begin(
      {},
      { settings: { 'server.public-url': 'https://csms.example.com/ev' } },
    );
    const { url, received } = await bench.offerUpload({ protocol: 'https' });
    expect(url).toMatch(/^https:\/\/csms\.example\.com\/ev\/files\//);
    const response = await fetch(bench.httpUrl + new URL(url).pathname.slice(1), {
      method: 'PUT',
      body: log,
    });
    expect(response.status).toBe(200);
    expect(received).toHaveLength(1);
  });

  it('has the host of the setting where that is for HTTP', async () => {
    const bench = await begin({ settings: { 'server.public-url': 'http://csms.example.com:8080/ev' } });
    const { url } = await bench.offerUpload({ protocol: 'https' });
    expect(url).toMatch(`https://csms.example.com:${bench.ports.https}/files/`);
  });

  it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
    const bench = await begin();
    const port = Number(bench.ports.https);
    expect(await handshake({ port }, 'TLSv1.1')).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    expect(await handshake({ port }, 'TLSv1.2')).toBe('TLSv1.2');
    expect(await handshake({ port }, 'TLSv1.3')).toBe('TLSv1.3');
    await bench.log.waitFor('TLS could not be agreed on (unsupported protocol)');
  });

  it('tells a client without TLS nothing', async () => {
    const bench = await begin();
    const { url } = await bench.offerDownload('fw-1.2.bin', log, { protocol: 'https' });
    const { socket, text } = await plain(Number(bench.ports.https));
    socket.write(`GET ${new URL(url).pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await bench.closed(socket);
    expect(text()).not.toMatch(/HTTP/);
  });

  it('stops at once, whoever is in the middle of a handshake', async () => {
    const bench = await begin();
    const { socket } = await plain(Number(bench.ports.https));
    const ftp = await plain(Number(bench.ports.ftp));
    await Promise.all([bench.close(), bench.closed(socket), bench.closed(ftp.socket)]);
  });
});

describe('FTPS', () => {
  it.each([
    ['asks for TLS (AUTH TLS)', true as const],
    ['begins with TLS', 'implicit' as const],
  ])('takes the file of a station that %s', async (_, secure) => {
    const bench = await begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftps', maxBytes: 1_000_000 });
    expect(url).toMatch(new RegExp(`^ftps://[0-9a-f]{10}:[0-9a-f]{32}@127\\.0\\.0\\.1:${bench.ports.ftp}/$`));
    const ftp = await ftpClient(url, { clock: bench.clock, secure });
    await upload(ftp, image, 'log.zip');
    expect(received).toEqual([{ name: 'log.zip', sizeBytes: image.length }]);
    expect(isImage((await bench.stored()).file1)).toBe(true);
    expect(bench.log.find(/file received/)).toMatchObject([{ protocol: 'ftps' }]);
  });

  it('gives a file, and the rest of it', async () => {
    const bench = await begin();
    const { url } = await bench.offerDownload('fw-1.2.bin', image, { protocol: 'ftps' });
    const ftp = await ftpClient(url, { clock: bench.clock, secure: true });
    for (const start of [0, 299_000]) {
      const chunks: Buffer[] = [];
      const sink = new Writable({
        write(chunk, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      });
      await ftp.downloadTo(sink, 'fw-1.2.bin', start);
      expect(isImage(Buffer.concat(chunks), start)).toBe(true);
    }
    expect(await ftp.list()).toMatchObject([{ name: 'fw-1.2.bin', size: image.length }]);
  });

  it('refuses wrong credentials', async () => {
    const bench = await begin();
    const { url } = await bench.offerUpload({ protocol: 'ftps' });
    const other = url.replace(/:[0-9a-f]{32}@/, `:${'0'.repeat(32)}@`);
    expect(await code(ftpClient(other, { clock: bench.clock, secure: true }))).toBe(530);
    expect(bench.log.find(/wrong credentials/)).toMatchObject([{ protocol: 'ftps' }]);
  });

  it('lets nobody in without TLS who was told to use it', async () => {
    const bench = await begin();
    const { url } = await bench.offerUpload({ protocol: 'ftps' });
    expect(await code(ftpClient(url, { clock: bench.clock, secure: false }))).toBe(530);
    expect(bench.log.find(/moved in TLS only/)).toMatchObject([{ protocol: 'ftp' }]);
  });

  it('takes no such file over a data connection in plain', async () => {
    const bench = await begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftps' });
    const ftp = await ftpClient(url, { clock: bench.clock, secure: true });
    await ftp.send('PROT C');
    const { message } = await ftp.send('EPSV');
    const data = await plain(Number(/\|(\d+)\|/.exec(message)?.[1]));
    expect(await code(ftp.send('STOR log.zip'))).toBe(521);
    await bench.closed(data.socket);
    expect(received).toEqual([]);
  });

  it('still speaks plain FTP with stations that were told so', async () => {
    const bench = await begin();
    const { url, received } = await bench.offerUpload({ protocol: 'ftp' });
    const ftp = await ftpClient(url, { clock: bench.clock, secure: false });
    await upload(ftp, log, 'log.zip');
    expect(received).toEqual([{ name: 'log.zip', sizeBytes: 3000 }]);
  });

  it('speaks TLS 1.2 and newer only', async () => {
    const bench = await begin();
    const port = Number(bench.ports.ftp);
    expect(await handshake({ port }, 'TLSv1.1')).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    expect(await handshake({ port }, 'TLSv1.2')).toBe('TLSv1.2');
    const { socket, say } = await plainFtp(bench);
    expect(await say('AUTH TLS')).toMatch(/^234/);
    socket.removeAllListeners('data');
    expect(await handshake({ socket }, 'TLSv1.1')).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  it('obeys nothing in TLS that came in plain', async () => {
    const bench = await begin();
    const { socket, text } = await plainFtp(bench);
    socket.write('AUTH TLS\r\nUSER somebody\r\n');
    await bench.closed(socket);
    expect(text()).toMatch(/\r\n500 /);
  });

  it('says what it speaks, and what has to come first', async () => {
    const bench = await begin();
    const { socket, say } = await plainFtp(bench);
    expect(await say('PBSZ 0')).toMatch(/^503/);
    expect(await say('PROT P')).toMatch(/^503/);
    expect(await say('AUTH KERBEROS_V4')).toMatch(/^504/);
    expect(await say('FEAT')).toMatch(/ AUTH TLS\r\n PBSZ\r\n PROT\r\n211 End$/);
    expect(await say('AUTH TLS')).toMatch(/^234/);
    socket.write('no TLS at all\r\n');
    await bench.closed(socket);
    await bench.log.waitFor('could not be agreed on');
  });

  it('is not there without a certificate', async () => {
    const bench = await FileBench.begin();
    const client = await plainFtp(bench);
    expect(await client.say('AUTH TLS')).toMatch(/^502/);
    expect(await client.say('FEAT')).not.toContain('TLS');
    const ftps = await failure(bench.offerUpload({ protocol: 'ftps' }), 'CONFLICT');
    expect(ftps.suggestions[0]).toBe('evfleet serve --tls-cert F --tls-key F --ftp-port 2121');
    const https = await failure(bench.offerUpload({ protocol: 'https' }), 'CONFLICT');
    expect(https.message).toBe('This server has no HTTPS server for files.');
    expect(https.suggestions[0]).toBe('evfleet serve --tls-cert F --tls-key F --file-tls-port 9443');
  });

  it('is where the setting says FTP is, with the port written', async () => {
    const bench = await begin({ settings: { 'server.ftp-url': 'ftp://203.0.113.7' } });
    const { url } = await bench.offerUpload({ protocol: 'ftps' });
    expect(url).toMatch(/^ftps:\/\/\w+:\w+@203\.0\.113\.7:21\/$/);
  });
});
