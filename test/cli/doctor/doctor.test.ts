import { once } from 'node:events';
import fs from 'node:fs/promises';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { inspectDirectory } from '../../../src/cli/doctor/doctor-directory.js';
import { probeAddress, probePorts, probeStations } from '../../../src/cli/doctor/doctor-probes.js';
import { TestAuthority } from '../../helpers/certificates.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

async function listening(greeting: string): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(greeting);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('looks at no more paths than it may, and says how many it did not', async () => {
  const dataDir = await temporaryDirectory();
  for (const name of ['a', 'b', 'c']) await fs.writeFile(path.join(dataDir, name), '', { mode: 0o600 });
  expect(await inspectDirectory(dataDir, { maxPaths: 3 })).toMatchObject({ unseen: 0 });
  expect(await inspectDirectory(dataDir, { maxPaths: 2 })).toMatchObject({ unseen: 1 });
});

it('contacts no other machine', async () => {
  const { signal } = new AbortController();
  expect(await probeAddress('http://192.0.2.1:80', { signal })).toBe('not-tried');
  expect(
    await probeStations({ host: '192.0.2.1', url: 'ws://192.0.2.1:80/ocpp/', stationPort: 80 }, { signal }),
  ).toBe('not-tried');
});

it('gives a port up that says nothing, or something else', async () => {
  const { signal } = new AbortController();
  const [mute, odd] = [await listening(''), await listening('x'.repeat(2000))];
  expect(await probeAddress(`ftp://127.0.0.1:${mute}`, { signal, timeoutMs: 30 })).toBe('no-answer');
  expect(await probeAddress(`http://127.0.0.1:${odd}`, { signal })).toBe('no-answer');
  expect(await probeAddress(`https://127.0.0.1:${odd}`, { signal })).toBe('no-answer');
  const ended = new AbortController();
  const probe = probeAddress(`ftp://127.0.0.1:${mute}`, { signal: ended.signal });
  ended.abort(new Error('enough'));
  await expect(probe).rejects.toThrow('enough');
});

it('asks in TLS, whoever signed the certificate', async () => {
  const server = https.createServer(new TestAuthority().server(), (_request, response) => response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { signal } = new AbortController();
  expect(await probeAddress(`https://127.0.0.1:${port}`, { signal })).toBe('answered');
  expect(await probeAddress(`http://127.0.0.1:${port}`, { signal })).toBe('no-answer');
});

it('finds ports that another program has', async () => {
  const port = await listening('');
  expect(await probePorts('127.0.0.1', { first: port, last: port })).toEqual({ tried: 1, free: 0 });
  expect(await probePorts('127.0.0.1', { first: 0, last: 0 })).toEqual({ tried: 0, free: 0 });
  const { tried } = await probePorts('127.0.0.1', { first: 20_000, last: 20_009 }, { maxPorts: 3 });
  expect(tried).toBe(3);
});
