import { Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';
import { writeIdentity } from '../server/files/file-bench.js';
import { authority, ftpClient, request } from '../server/files/tls-clients.js';
import { connected, update, upload } from './fixture.js';

it('a station fetches the image over FTP, also the rest of it after a break', async () => {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000, ftpPort: 0 });
  await upload(server.fleet);
  await server.add('CP1');
  const station = await connected(server, 'CP1');
  expect(await update(server, ['CP1'], { protocol: 'ftp' })).toMatchObject([{ ok: true }]);
  const { location } = await station.received('UpdateFirmware');
  const { protocol, hostname, port, username, password, pathname } = new URL(String(location));
  expect(protocol).toBe('ftp:');
  const client = new Client();
  onTestFinished(() => client.close());
  await client.access({ host: hostname, port: Number(port), user: username, password });
  const fetchFrom = async (start: number): Promise<string> => {
    const chunks: Buffer[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    await client.downloadTo(sink, decodeURIComponent(pathname), start);
    return Buffer.concat(chunks).toString();
  };
  expect(await fetchFrom(0)).toBe('firmware image');
  expect(await fetchFrom(9)).toBe('image');
});

it.each(['https', 'ftps'] as const)('a station fetches the image over %s', async (protocol) => {
  const tls = [await writeIdentity(await temporaryDirectory(), authority.server())];
  const options = { tls, fileTlsPort: 0, ftpPort: 0 };
  const server = await TestServer.start({ pingIntervalMs: 86_400_000, ...options });
  await upload(server.fleet);
  await server.add('CP1');
  const station = await connected(server, 'CP1');
  expect(await update(server, ['CP1'], { protocol })).toMatchObject([{ ok: true }]);
  const { location } = await station.received('UpdateFirmware');
  const url = String(location);
  expect(url).toMatch(`${protocol}://`);
  if (protocol === 'https') {
    expect(String((await request(url)).body)).toBe('firmware image');
    return;
  }
  const client = await ftpClient(url, { clock: server.clock, secure: true });
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  await client.downloadTo(sink, decodeURIComponent(new URL(url).pathname));
  expect(text).toBe('firmware image');
});

it('a station is not told of FTP where there is none', async () => {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  await upload(server.fleet);
  await server.add('CP1');
  const station = await connected(server, 'CP1');
  expect(await update(server, ['CP1'], { protocol: 'ftp' })).toMatchObject([
    { ok: false, message: expect.stringContaining('no FTP server') },
  ]);
  expect(station.calls).toEqual([]);
});
