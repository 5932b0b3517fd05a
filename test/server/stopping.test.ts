import { expect, it } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

it('stations are told that the server goes away, and come back to it', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  await server.stop();
  expect(await station.closed).toEqual({ code: 1001, reason: 'the server is stopping' });
  await server.resume();
  expect(await (await server.connect('CP1')).boot()).toMatchObject({ status: 'Accepted' });
});

it.each([
  ['an answer of a station', 'silence' as const],
  ['a session to begin', { status: 'Accepted' }],
])('who waits for %s when the server stops is told that it does', async (_, answer) => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  station.on('RemoteStartTransaction', () => answer);
  const fleet = await server.newFleet();
  const request = { stationId: 'CP1', tag: 'TAG1', timeoutMs: 30_000, waitMs: 60_000 };
  const outcome = fleet.run('remote.start', request).catch((error: unknown) => error);
  await station.received('RemoteStartTransaction');
  await server.stop();
  const error = await outcome;
  expect(error).toBeInstanceOf(FleetError);
  expect(error).toMatchObject({ code: 'SERVER_UNREACHABLE', exitCode: 7 });
  expect(String(error)).toContain('The server is stopping');
  expect(server.log.find(/operation failed/)).toEqual([]);
});

it('what stations sent before the goodbye is on the disk', async () => {
  const server = await TestServer.start();
  const stations = await Promise.all(['A', 'B', 'C'].map((id) => server.connected(id)));
  for (const station of stations) {
    void station.boot({ firmwareVersion: 'last words' });
    station.socket.ping();
  }
  await until(() => server.log.find(/booted/).length === 3);
  await server.restart();
  const { items } = await server.fleet.run('station.list', {});
  expect(items.map(({ firmwareVersion }) => firmwareVersion)).toEqual([
    'last words',
    'last words',
    'last words',
  ]);
});

it('a server that stops while a station is being let in leaves no socket open', async () => {
  const server = await TestServer.start({ unknownStations: 'accept' });
  const attempts = Array.from({ length: 20 }, (_, i) =>
    server.connect(`CP${i}`).then(
      (station) => station.closed.then(({ code }) => code),
      () => undefined,
    ),
  );
  await server.stop();
  for (const code of await Promise.all(attempts)) expect([1001, 1006, undefined]).toContain(code);
});
