import { once } from 'node:events';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fleetNames } from '../../../src/cli/complete/fleet-names.js';
import type { TypedLine } from '../../../src/cli/complete/typed-line.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';

const limits = { hereWithinMs: 50_000, elsewhereWithinMs: 50_000 };

function lineWith(flags: Readonly<Record<string, string>>): TypedLine {
  const given = Object.entries(flags).map(([name, value]) => [name, [value]] as const);
  const command = { id: 'station:show', args: {}, flags: {} };
  return { command, args: [], place: { at: 'flag' }, flags: new Map(given) };
}

async function stations(flags: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) {
  const found = await fleetNames(lineWith(flags), { env, ...limits })({ kind: 'station', prefix: '' });
  return found.map(({ name }) => name);
}

it('asks the server that runs, on the directory that the line, the environment or the file means', async () => {
  const server = await TestServer.start();
  await server.add('CP001');
  const { dataDir } = server;
  const home = await temporaryDirectory();
  expect(await stations({ 'data-dir': dataDir }, { HOME: home })).toEqual(['CP001']);
  expect(await stations({}, { HOME: home, EVFLEET_DATA_DIR: dataDir })).toEqual(['CP001']);
  await mkdir(join(home, '.config', 'evfleet'), { recursive: true });
  const file = join(home, '.config', 'evfleet', 'config.json');
  await writeFile(file, JSON.stringify({ 'station show': { 'data-dir': dataDir } }));
  expect(await stations({}, { HOME: home })).toEqual(['CP001']);
  await writeFile(file, 'no JSON');
  expect(await stations({ 'data-dir': dataDir }, { HOME: home })).toEqual(['CP001']);
});

it('makes nothing where there is nothing, and says nothing when it fails', async () => {
  const home = await temporaryDirectory();
  expect(await stations({}, { HOME: home })).toEqual([]);
  expect(await readdir(home)).toEqual([]);
  expect(
    await stations({ server: 'https://127.0.0.1:1' }, { HOME: home, EVFLEET_API_KEY: 'evf_nothing_1' }),
  ).toEqual([]);
  expect(await stations({ server: 'no address' }, { HOME: home })).toEqual([]);
  expect(await stations({ server: 'https://127.0.0.1:1', 'data-dir': home }, { HOME: home })).toEqual([]);
});

it('gives up when it takes too long', async () => {
  const server = await TestServer.start();
  await server.add('CP001');
  const line = lineWith({ 'data-dir': server.dataDir });
  const names = fleetNames(line, { env: {}, hereWithinMs: 0, elsewhereWithinMs: 0 });
  expect(await names({ kind: 'station', prefix: '' })).toEqual([]);
});

it('leaves keys alone that others can read: the next command puts that right, and warns', async () => {
  const home = await temporaryDirectory();
  const directory = join(home, '.config', 'evfleet');
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'credentials.json');
  await writeFile(file, '{}');
  await chmod(file, 0o644);
  expect(await stations({ server: 'https://127.0.0.1:1' }, { HOME: home })).toEqual([]);
  const { mode } = await (await import('node:fs/promises')).stat(file);
  expect(mode & 0o777).toBe(0o644);
});

it('takes the key of the environment to the server of the environment, not to one that is only being typed', async () => {
  const home = await temporaryDirectory();
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    response.writeHead(401).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = `evf_${'a'.repeat(12)}_${'b'.repeat(43)}`;
  const keyFile = join(home, 'key');
  await writeFile(keyFile, key, { mode: 0o600 });

  expect(await stations({ server: url }, { HOME: home, EVFLEET_API_KEY: key })).toEqual([]);
  expect(await stations({ server: url }, { HOME: home, EVFLEET_API_KEY_FILE: keyFile })).toEqual([]);
  expect(keys).toEqual([]);

  await stations({ server: url, 'api-key-file': keyFile }, { HOME: home });
  await stations({}, { HOME: home, EVFLEET_SERVER: url, EVFLEET_API_KEY_FILE: keyFile });
  expect(keys).toEqual([`Bearer ${key}`, `Bearer ${key}`]);
});
