import { RPCClient } from 'ocpp-rpc';
import { expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { push } from '../csms/local-list-fixture.js';
import { failure } from '../helpers/failure.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

type Params = Record<string, unknown>;

/** The little of the package's client that is used here; its own types do not cover `handle` by name. */
interface Client {
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  handle(action: string, handler: (call: { params: Params }) => Params): void;
  on(event: string, listener: (detail: unknown) => void): void;
}

async function fixture() {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  await server.addTag('TAG1', { parent: 'FAMILY', expiresAt: server.clock.now() + 86_400_000 });
  await server.addTag('TAG2', { parent: 'FAMILY' });
  await server.addTag('OTHER');
  await server.addTag('BLOCKED');
  await server.fleet.run('tag.block', { tag: 'BLOCKED' });
  await server.add('CP1', { connectors: 2 });
  const reserve = (connector = 1) =>
    server.fleet.run('reservation.create', {
      stationId: 'CP1',
      connector,
      tag: 'TAG1',
      expiresAt: server.clock.now() + 3600_000,
      timeoutMs: 30_000,
    });
  const cancel = (id: number) => server.fleet.run('reservation.cancel', { id, timeoutMs: 30_000 });
  return { server, reserve, cancel };
}

it('a strict station of another maker has no objection to lists and reservations', async () => {
  const { server, reserve, cancel } = await fixture();
  const endpoint = server.url.replace(/\/$/, '');
  const options = { endpoint, identity: 'CP1', protocols: ['ocpp1.6'], strictMode: true, reconnect: false };
  const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]) as unknown as Client;
  const objections: unknown[] = [];
  for (const event of ['strictValidationFailure', 'badMessage']) {
    client.on(event, (detail) => objections.push(detail));
  }
  let listVersion = 0;
  client.handle('GetLocalListVersion', () => ({ listVersion }));
  client.handle('GetConfiguration', ({ params }) => {
    const values: Params = { SendLocalListMaxLength: '2', LocalAuthListMaxLength: '9' };
    const wanted = params.key as string[];
    const known = wanted.filter((key) => key in values);
    return {
      configurationKey: known.map((key) => ({ key, readonly: true, value: values[key] })),
      unknownKey: wanted.filter((key) => !(key in values)),
    };
  });
  client.handle('SendLocalList', ({ params }) => {
    listVersion = Number(params.listVersion);
    return { status: 'Accepted' };
  });
  client.handle('ReserveNow', () => ({ status: 'Accepted' }));
  client.handle('CancelReservation', () => ({ status: 'Accepted' }));
  await client.connect();
  onTestFinished(async () => {
    await client.close();
  });

  expect((await push(server)).detail).toMatchObject({ update: 'full', messages: 2, version: 2 });
  await server.fleet.run('tag.delete', { tag: 'OTHER' });
  expect((await push(server)).detail).toMatchObject({ update: 'differential', version: 3 });
  for (const tag of ['TAG1', 'TAG2', 'BLOCKED']) await server.fleet.run('tag.delete', { tag });
  expect((await push(server)).detail).toMatchObject({ update: 'full', version: 4, entries: 0 });
  await server.addTag('TAG1', { parent: 'FAMILY' });
  for (const connector of [1, 0]) await cancel((await reserve(connector)).id);
  expect(objections).toEqual([]);
  expect(server.log.find(/understood all the same|handler-failed/)).toEqual([]);
});

it('a station decides by its list while it is offline, and keeps a connector for those it is reserved for', async () => {
  const { server, reserve, cancel } = await fixture();
  const { url, clock } = server;
  const configuration = { WebSocketPingInterval: '0', SendLocalListMaxLength: '3' };
  const station = new VirtualStation({
    url,
    identity: 'CP1',
    clock,
    random: seededRandom(7),
    connectors: 2,
    configuration,
  });
  onTestFinished(() => station.stop({ sessions: 'drop' }));
  station.start();
  await station.untilAccepted();
  await station.untilFlushed();

  expect((await push(server)).message).toBe('CP1 took the whole list in 2 messages: version 2, 4 tags.');
  const version = await server.fleet.run('local-list.version', { stationId: 'CP1', timeoutMs: 30_000 });
  expect(version).toMatchObject({ version: 2, sentVersion: 2 });
  station.goOffline();
  await until(() => !station.isConnected);
  expect(await station.presentTag(1, 'BLOCKED')).toBe('Blocked');
  expect(await station.presentTag(1, 'NOBODY')).not.toBe('Accepted');
  station.goOnline();
  await until(() => {
    clock.advance(1000);
    return station.isOnline;
  });
  await station.untilFlushed();

  const status = async () => {
    const { connectors } = await server.fleet.run('station.show', { id: 'CP1' });
    return connectors.find(({ connector }) => connector === 1)?.status;
  };
  const first = await reserve();
  await until(async () => (await status()) === 'Reserved');
  await cancel(first.id);
  await until(async () => (await status()) === 'Available');
  const second = await reserve();
  expect((await failure(reserve(), 'REFUSED')).message).toMatch(/in use or reserved already/);
  expect(await station.presentTag(1, 'OTHER')).toBe('Invalid');
  station.plugIn(1);
  expect(await station.presentTag(1, 'TAG2')).toBe('Accepted');
  const all = async () => (await server.fleet.run('reservation.list', { allStates: true })).items;
  await until(async () => (await all()).some(({ id, state }) => id === second.id && state === 'used'));
  expect((await all()).map(({ state }) => state)).toEqual(['refused', 'used', 'cancelled']);
  expect((await failure(reserve(0), 'REFUSED')).message).toMatch(/^--connector 0: CP1 reserves single/);
});
