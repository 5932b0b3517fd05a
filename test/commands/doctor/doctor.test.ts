import { once } from 'node:events';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import Doctor from '../../../commands/doctor.js';
import { examine } from '../../../src/cli/doctor/doctor.js';
import { connectFleet } from '../../../src/cli/remote/http-fleet.js';
import type { CheckResult } from '../../../src/domain/check/check-result.js';
import { FleetStore } from '../../../src/store/fleet-store.js';
import { testStart } from '../../helpers/fake-clock.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';

/** What the command says of a directory, by check. */
async function doctor(dataDir: string) {
  const env = { EVFLEET_DATA_DIR: dataDir, EVFLEET_LOCK_TIMEOUT: '0s' };
  const { json, exitCode } = await runCommand(Doctor, ['--json'], { env, id: 'doctor' });
  const results = json as CheckResult[];
  const of = (check: string) => results.find((result) => result.check === check);
  return { results, of, exitCode };
}

/** A store that nobody has open, perhaps with settings that no command would store. */
async function closedStore(settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const directory = await temporaryDirectory();
  const store = await FleetStore.open({ directory, command: 'test', lockTimeoutMs: 0, now: () => testStart });
  await store.write(async (r) => {
    for (const [key, value] of Object.entries(settings)) await r.settings.set(key as never, value, testStart);
  });
  await store.close();
  return directory;
}

function serving(options: Parameters<typeof TestServer.start>[0] = {}): Promise<TestServer> {
  return TestServer.start({ version: '0.0.0', ftpPort: 0, ...options });
}

it('makes nothing where nothing is, and says how to begin', async () => {
  const dataDir = path.join(await temporaryDirectory(), 'fleet');
  const { of, exitCode } = await doctor(dataDir);
  expect(of('data-directory')).toMatchObject({
    status: 'warning',
    advice: expect.stringMatching(/^evfleet serve/),
  });
  expect(of('store')).toBeUndefined();
  expect(exitCode).toBe(0);
  await expect(fs.stat(dataDir)).rejects.toThrow('ENOENT');
});

it('opens no store in a directory without one', async () => {
  const dataDir = await temporaryDirectory();
  const { of, exitCode } = await doctor(dataDir);
  expect(of('store')).toMatchObject({ status: 'ok', message: expect.stringContaining('no store yet') });
  expect(exitCode).toBe(0);
  expect(await fs.readdir(dataDir)).toEqual([]);
});

it('ends with 1 where a file is in the place of the directory', async () => {
  const file = path.join(await temporaryDirectory(), 'file');
  await fs.writeFile(file, '');
  const { of, exitCode } = await doctor(file);
  expect(of('data-directory')?.status).toBe('problem');
  expect(exitCode).toBe(1);
});

it('checks a fleet without a server as far as it can', async () => {
  const { results, of, exitCode } = await doctor(await closedStore());
  expect(results.map(({ check }) => check)).toEqual([
    'node',
    'data-directory',
    'permissions',
    'disk-space',
    'store',
    'journal',
    'backup',
    'settings',
    'server',
    'public-url',
    'ftp-url',
    'clock',
    'open-files',
    'stations',
    'mail',
  ]);
  for (const result of results) expect(Object.keys(result)).toEqual(['check', 'status', 'message', 'advice']);
  expect(of('permissions')?.status).toBe('ok');
  expect(of('store')).toMatchObject({ status: 'ok', message: expect.stringContaining('The store opens') });
  expect(of('server')).toMatchObject({ status: 'warning', advice: 'evfleet serve' });
  expect(exitCode).toBe(0);
});

it('finds what other users may read, and what to type closes it', async () => {
  const dataDir = await closedStore();
  await fs.chmod(dataDir, 0o755);
  const [segment = ''] = await fs.readdir(path.join(dataDir, 'journal'));
  await fs.chmod(path.join(dataDir, 'journal', segment), 0o644);
  const { of, exitCode } = await doctor(dataDir);
  expect(of('permissions')).toEqual({
    check: 'permissions',
    status: 'problem',
    message: `Other users may read or change journal/${segment}.`,
    advice: `chmod -R go-rwx ${dataDir}`,
  });
  expect(exitCode).toBe(1);
});

it('names settings that an older or newer program stored and this one does not take', async () => {
  const { results, exitCode } = await doctor(await closedStore({ 'backup.keep': 'many' }));
  expect(results.filter(({ check }) => check === 'settings')).toMatchObject([
    { status: 'problem', message: expect.stringContaining('backup.keep') },
  ]);
  expect(exitCode).toBe(1);
});

it('tells who has the store when it cannot be opened', async () => {
  const dataDir = await closedStore();
  const store = await FleetStore.open({
    directory: dataDir,
    command: 'tag import',
    lockTimeoutMs: 0,
    now: () => testStart,
  });
  onTestFinished(() => store.close());
  const { of, exitCode } = await doctor(dataDir);
  expect(of('store')).toMatchObject({
    status: 'problem',
    message: expect.stringContaining('evfleet tag import'),
  });
  expect(of('clock')?.status).toBe('ok');
  expect(exitCode).toBe(1);
});

it('finds a damaged store', async () => {
  const dataDir = await closedStore();
  await fs.writeFile(path.join(dataDir, 'evfleet.db'), 'nonsense', { mode: 0o600 });
  const { of, exitCode } = await doctor(dataDir);
  expect(of('store')?.status).toBe('problem');
  expect(exitCode).toBe(1);
});

it('checks a running server over its own sockets', async () => {
  const server = await serving();
  const { of, exitCode } = await doctor(server.dataDir);
  expect(of('store')?.message).toContain('is open in the server');
  expect(of('server')).toMatchObject({
    status: 'ok',
    message: expect.stringContaining(`Process ${process.pid}`),
  });
  expect(of('station-port')?.message).toContain(`${server.url}<station id>; the port answers.`);
  expect(of('ftp-passive-ports')?.status).toBe('ok');
  expect(of('stations')?.message).toBe('0 stations, none waits to be accepted.');
  expect(exitCode).toBe(0);
});

it('tells of itself where it listens and since when', async () => {
  const server = await serving({ maxConnections: 77, ftpPassivePorts: { first: 50_000, last: 50_100 } });
  server.clock.advance(90_000);
  const { http, ftp } = server.running.filePorts;
  expect(await server.fleet.run('server.info', {})).toMatchObject({
    version: '0.0.0',
    pid: process.pid,
    uptimeS: 90,
    host: '127.0.0.1',
    url: server.url,
    stationPort: http,
    httpPort: http,
    ftpPort: ftp,
    ftpPassivePorts: { first: 50_000, last: 50_100 },
    maxConnections: 77,
  });
});

it('asks addresses of this machine whether they answer', async () => {
  const server = await serving();
  const { http, ftp } = server.running.filePorts;
  const set = (httpPort: number | null, ftpPort: number | null) =>
    server.fleet.run('settings.set', {
      settings: [
        { key: 'server.public-url', value: `http://127.0.0.1:${httpPort}` },
        { key: 'server.ftp-url', value: `ftp://localhost:${ftpPort}` },
      ],
    });
  await set(http, ftp);
  const right = await doctor(server.dataDir);
  expect(right.of('public-url')).toMatchObject({
    status: 'ok',
    message: expect.stringMatching(/It answers\.$/),
  });
  expect(right.of('ftp-url')).toMatchObject({
    status: 'ok',
    message: expect.stringMatching(/It answers\.$/),
  });
  // One speaks, but not what is expected there; at the other nobody is.
  await set(ftp, 1);
  const wrong = await doctor(server.dataDir);
  expect(wrong.of('public-url')).toMatchObject({
    status: 'problem',
    message: expect.stringMatching(/not answer\.$/),
  });
  expect(wrong.of('ftp-url')).toMatchObject({
    status: 'problem',
    message: expect.stringMatching(/not answer\.$/),
  });
  expect(wrong.exitCode).toBe(1);
});

it('contacts no other machine, and says so', async () => {
  const server = await serving();
  const settings = [{ key: 'server.public-url', value: 'https://csms.example.com' }];
  await server.fleet.run('settings.set', { settings });
  const { of } = await doctor(server.dataDir);
  expect(of('public-url')).toMatchObject({
    status: 'ok',
    message: expect.stringContaining('not tried from here'),
  });
});

it('finds an address that leads stations to themselves', async () => {
  const server = await serving({ host: '0.0.0.0', wsInsecure: true });
  const settings = [{ key: 'server.public-url', value: `http://localhost:${server.running.filePorts.http}` }];
  await server.fleet.run('settings.set', { settings });
  const { of, exitCode } = await doctor(server.dataDir);
  expect(of('public-url')).toMatchObject({
    status: 'problem',
    message: expect.stringContaining("station's own machine"),
  });
  expect(of('station-port')?.status).toBe('ok');
  expect(exitCode).toBe(1);
});

it('counts stations that wait, and finds stations whose clock is ahead', async () => {
  const server = await serving();
  await server.add('CP1', { registration: 'pending' });
  const station = await server.connected('CP2');
  const timestamp = new Date(server.clock.now() + 600_000).toISOString();
  await station.call('StatusNotification', {
    connectorId: 1,
    errorCode: 'GroundFailure',
    status: 'Faulted',
    timestamp,
  });
  const { of, exitCode } = await doctor(server.dataDir);
  expect(of('stations')).toMatchObject({
    status: 'warning',
    message: '1 station of 2 waits to be accepted.',
  });
  expect(of('clock')).toMatchObject({ status: 'warning', message: expect.stringContaining('clocks of CP2') });
  expect(exitCode).toBe(0);
});

it('does not wait for a server that takes the call and says nothing', async () => {
  const dataDir = await closedStore();
  const socketPath = path.join(dataDir, 'control.sock');
  const mute = net.createServer((socket) => socket.on('error', () => undefined));
  mute.listen(socketPath);
  await once(mute, 'listening');
  await fs.chmod(socketPath, 0o600);
  onTestFinished(() => void mute.close());
  const results = await examine({
    dataDir,
    version: '0.0.0',
    now: () => testStart,
    signal: new AbortController().signal,
    answerTimeoutMs: 30,
    openFleet: async (signal) => {
      const fleet = await connectFleet({ socketPath, signal });
      if (!fleet) throw new Error('nobody listens');
      return fleet;
    },
  });
  expect(results.find(({ check }) => check === 'server')).toMatchObject({
    status: 'problem',
    message: expect.stringContaining('did not answer within 30ms'),
  });
});

it('marks each line for people and sums up', async () => {
  const env = { EVFLEET_DATA_DIR: await closedStore({ 'backup.keep': 'many' }) };
  const { stdout } = await runCommand(Doctor, [], { env, id: 'doctor' });
  expect(stdout).toMatch(/^✔ node {12}Node\.js/);
  expect(stdout).toMatch(/^! server {10}No server is running.*\n {18}→ evfleet serve$/m);
  expect(stdout).toMatch(/^✖ settings {8}The stored value of backup\.keep/m);
  expect(stdout).toMatch(/\n\n15 checks: 1 problem, \d warnings?\.\n$/);
});
