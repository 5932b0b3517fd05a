import { describe, expect, it } from 'vitest';
import type { Fleet, Output, StreamName } from '../../src/operations/fleet.js';
import { systemUser } from '../../src/server/system.js';
import { failure } from '../helpers/failure.js';
import { openOperations } from '../helpers/test-operations.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

/** Reads a stream in the background. */
function collect<N extends StreamName>(items: AsyncIterable<Output<N>>) {
  const seen: Output<N>[] = [];
  const end = (async () => {
    for await (const item of items) seen.push(item);
  })();
  end.catch(() => undefined);
  return { seen, end };
}

type FollowName = 'connection.follow' | 'fault.follow' | 'event.follow';

function follow(fleet: Fleet, name: FollowName, input: object = {}) {
  return fleet.batches(name, input)[Symbol.asyncIterator]();
}

const available = { connectorId: 1, errorCode: 'NoError', status: 'Available' };

async function kinds(server: TestServer, filter: object = {}): Promise<string[]> {
  const { items } = await server.fleet.run('event.list', filter);
  return items.map(({ kind, description }) => `${kind}: ${description}`);
}

it('tells the day of a station in order', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  station.on('RemoteStartTransaction', () => ({ status: 'Rejected' }));
  await station.boot({ firmwareVersion: '1.2' });
  await station.call('StatusNotification', { ...available, status: 'Faulted', errorCode: 'GroundFailure' });
  await station.call('StatusNotification', available);
  const timestamp = server.clock.iso();
  const { transactionId } = await station.call('StartTransaction', {
    ...{ connectorId: 1, idTag: 'TAG1', meterStart: 10, timestamp },
  });
  await station.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp, sampledValue: [{ value: '11' }] }],
  });
  await station.call('Heartbeat', {});
  await station.call('StopTransaction', { transactionId, meterStop: 5, timestamp, reason: 'Local' });
  await station.call('FirmwareStatusNotification', { status: 'Downloaded' });
  await station.call('SecurityEventNotification', {
    type: 'TamperDetectionActivated',
    timestamp,
    techInfo: 'lid',
  });
  const start = { stationId: 'CP1', connector: 1, tag: 'TAG1', timeoutMs: 1000 };
  await failure(server.fleet.run('remote.start', start), 'REFUSED');
  await server.fleet.run('station.update', { id: 'CP1', registration: 'rejected' });
  await server.fleet.run('station.update', { id: 'CP1', registration: 'rejected' });
  await station.leave();
  await until(async () => (await kinds(server, { kind: 'station.disconnected' })).length === 1);
  expect(await kinds(server)).toEqual([
    expect.stringMatching(/^station.connected: connected from .*127.0.0.1$/),
    'station.booted: booted: Acme Box, firmware 1.2',
    'connector.status: Faulted, GroundFailure',
    'fault.began: GroundFailure began',
    'connector.status: Available',
    'fault.ended: GroundFailure is over after 0s',
    'session.started: session 1 started with tag TAG1',
    'session.ended: session 1 ended: Local',
    expect.stringMatching(/^session.suspect: session 1 is suspect: /),
    'firmware.Downloaded: firmware: Downloaded',
    'security.TamperDetectionActivated: security: TamperDetectionActivated, lid',
    `remote.refused: RemoteStartTransaction refused: Rejected, asked by ${systemUser()}`,
    `station.registration: registration is rejected now, was accepted, changed by ${systemUser()}`,
    'station.disconnected: disconnected (1000)',
  ]);
});

describe('event list', () => {
  it('says which kinds there are when it is asked for one that cannot be', async () => {
    const { fleet } = await openOperations();
    const { message, suggestions } = await failure(
      fleet.run('event.list', { kind: 'sesion.started' }),
      'USAGE',
    );
    expect(message).toMatch(
      /^No event is of the kind "sesion.started"\. Kinds begin with: alarm, .*, station\.$/,
    );
    expect(suggestions).toEqual(['evfleet event list --kind session']);
    // Stations say what their own security events are called.
    expect((await fleet.run('event.list', { kind: 'security.vendor-own' })).items).toEqual([]);
  });

  it('keeps the newest when it is cut, and shows them like a log', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    for (const status of ['Preparing', 'Charging', 'Finishing', 'Available'])
      await station.call('StatusNotification', { ...available, status });
    const { items, total } = await server.fleet.run('event.list', { kind: 'connector', limit: 2 });
    expect([items.map(({ description }) => description), total]).toEqual([['Finishing', 'Available'], 4]);
    const sorted = await server.fleet.run('event.list', { kind: 'connector', sort: 'description', limit: 1 });
    expect(sorted.items[0]?.description).toBe('Available');
    const found = await server.fleet.run('event.list', { filter: ['description=charging'] });
    expect(found.items).toHaveLength(1);
  });

  it('filters', async () => {
    const server = await TestServer.start();
    await server.fleet.run('site.create', { name: 'Solna' });
    const station = await server.connected('CP1');
    await server.fleet.run('station.update', { id: 'CP1', site: 'Solna' });
    await (await server.connected('CP2')).boot();
    const at = server.clock.now();
    server.clock.advance(1000);
    await station.boot();
    const stations = async (filter: object) =>
      (await server.fleet.run('event.list', { kind: 'station.booted', ...filter })).items.map(
        ({ stationId }) => stationId,
      );
    expect(await stations({})).toEqual(['CP2', 'CP1']);
    expect(await stations({ stationId: 'CP1' })).toEqual(['CP1']);
    expect(await stations({ site: 'solna' })).toEqual(['CP1']);
    expect(await stations({ from: at + 1 })).toEqual(['CP1']);
    expect(await stations({ to: at + 1 })).toEqual(['CP2']);
    expect(await stations({ kind: 'station.*', from: at + 1 })).toEqual(['CP1']);
    expect(await stations({ kind: 'station.boot' })).toEqual([]);
    await failure(stations({ kind: 'stat' }), 'USAGE');
    await failure(server.fleet.run('event.list', { stationId: 'CP3' }), 'NOT_FOUND');
    await failure(server.fleet.run('event.list', { site: 'Kista' }), 'NOT_FOUND');
  });
});

describe('following', () => {
  it('events gives the newest first, then each new one once', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    for (let round = 0; round < 5; round += 1) await station.boot({ firmwareVersion: `1.${round}` });
    const batches = follow(server.fleet, 'event.follow', { kind: 'station.booted', tail: 2 });
    const descriptions = (value: readonly object[]) =>
      value.map((item) => 'description' in item && item.description);
    expect(descriptions((await batches.next()).value)).toEqual([
      'booted: Acme Box, firmware 1.3',
      'booted: Acme Box, firmware 1.4',
    ]);
    // More than it reads at once, and others that it did not ask for.
    const all = 450;
    const expected = Array.from({ length: all }, (_, i) => `booted: Acme Box, firmware 2.${i}`);
    const sending = (async () => {
      for (let i = 0; i < all; i += 1) {
        await station.boot({ firmwareVersion: `2.${i}` });
        if (i % 9 === 0)
          await station.call('StatusNotification', {
            ...available,
            status: i % 2 ? 'Charging' : 'Preparing',
          });
      }
    })();
    const seen: unknown[] = [];
    while (seen.length < all) seen.push(...descriptions((await batches.next()).value));
    await sending;
    expect(seen).toEqual(expected);
  });

  it('connections gives a line for each opening and ending', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.add('CP2');
    const following = collect<'connection.follow'>(
      server.fleet.stream('connection.follow', { stationId: 'CP1' }),
    );
    await until(async () => {
      const station = await server.connect('CP1');
      await (await server.connect('CP2')).leave();
      await station.leave();
      return following.seen.length >= 2;
    });
    const [opened, closed] = following.seen;
    expect(opened).toMatchObject({ stationId: 'CP1', closedAt: null, code: null, initiator: null });
    expect(closed).toMatchObject({ stationId: 'CP1', code: '1000', initiator: 'station' });
    expect(following.seen.every(({ stationId }) => stationId === 'CP1')).toBe(true);
  });

  it('faults gives a line for each beginning and end', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const controller = new AbortController();
    const fleet = await server.newFleet(controller.signal);
    const following = collect<'fault.follow'>(fleet.stream('fault.follow', { connector: 1 }));
    await until(async () => {
      await station.call('StatusNotification', { ...available, status: 'Faulted' });
      await station.call('StatusNotification', { ...available, connectorId: 0, status: 'Faulted' });
      server.clock.advance(5000);
      await station.call('StatusNotification', available);
      return following.seen.length >= 2;
    });
    const [first, second] = following.seen;
    expect([first?.until === null, second?.until === null].sort()).toEqual([false, true]);
    expect(following.seen.every(({ connector }) => connector === 1)).toBe(true);
    controller.abort(new Error('enough'));
    await expect(following.end).rejects.toThrow('enough');
  });

  it('ends when the server stops, after the last that happened', async () => {
    const server = await TestServer.start();
    await server.connected('CP1');
    const batches = follow(await server.newFleet(), 'event.follow', { tail: 5 });
    expect((await batches.next()).value).toHaveLength(1);
    const goodbye = batches.next();
    await server.stop();
    expect((await goodbye).value).toMatchObject([{ kind: 'station.disconnected' }]);
    const rest = await batches.next().then(
      ({ done }) => done,
      () => true,
    );
    expect(rest).toBe(true);
  });

  it('needs a running server', async () => {
    const { fleet } = await openOperations();
    for (const name of ['event.follow', 'connection.follow', 'fault.follow'] as const) {
      const batches = follow(fleet, name);
      const error = await failure(batches.next(), 'SERVER_UNREACHABLE');
      expect(error.message).toMatch(/nothing happens that could be followed/);
    }
  });

  it('does not know the station', async () => {
    const server = await TestServer.start();
    for (const name of ['event.follow', 'connection.follow', 'fault.follow'] as const) {
      const batches = follow(server.fleet, name, { stationId: 'NOPE' });
      await failure(batches.next(), 'NOT_FOUND');
    }
  });
});
