import { Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { expect, it, onTestFinished } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
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
