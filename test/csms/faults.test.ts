import { describe, expect, it } from 'vitest';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

function report(station: ScriptedStation, change: object = {}) {
  return station.call('StatusNotification', {
    connectorId: 1,
    errorCode: 'NoError',
    status: 'Available',
    ...change,
  });
}

const ground = { status: 'Faulted', errorCode: 'GroundFailure' };

/** From the newest to the oldest. */
async function faults(server: TestServer, filter: object = {}) {
  return (await server.fleet.run('fault.list', filter)).items;
}

async function started() {
  const server = await TestServer.start();
  return { server, station: await server.connected('CP1', { connectors: 2 }) };
}

describe('a fault', () => {
  it('lasts from the first report of an error until the connector reports none', async () => {
    const { server, station } = await started();
    const details = { vendorErrorCode: 'E7', vendorId: 'com.acme', info: 'rain' };
    await report(station, { ...ground, ...details, timestamp: server.clock.iso() });
    expect(await faults(server, { active: true })).toEqual([
      {
        since: '2026-05-04T10:00:00.000Z',
        until: null,
        duration: 0,
        stationId: 'CP1',
        connector: 1,
        errorCode: 'GroundFailure',
        ...details,
        status: 'Faulted',
        maintenance: false,
      },
    ]);
    server.clock.advance(40_000);
    await report(station, { timestamp: server.clock.iso(-10_000) });
    expect(await faults(server)).toMatchObject([
      { since: '2026-05-04T10:00:00.000Z', until: '2026-05-04T10:00:30.000Z', duration: 30 },
    ]);
    expect(await faults(server, { active: true })).toEqual([]);
  });

  it('that is reported again and again is one, with the latest that was said of it', async () => {
    const { server, station } = await started();
    await report(station, { ...ground, vendorErrorCode: 'E7', info: 'first' });
    for (const info of ['second', 'third']) {
      server.clock.advance(1000);
      await report(station, { ...ground, status: 'Unavailable', info });
    }
    expect(await faults(server)).toMatchObject([
      { since: '2026-05-04T10:00:00.000Z', vendorErrorCode: 'E7', info: 'third', status: 'Unavailable' },
    ]);
    const { items } = await server.fleet.run('event.list', { kind: 'fault' });
    expect(items).toHaveLength(1);
  });

  it.each([
    ['another error', { errorCode: 'HighTemperature' }],
    ['another error of the vendor', { vendorErrorCode: 'E8' }],
  ])('ends when the connector reports %s, which begins', async (_, other) => {
    const { server, station } = await started();
    await report(station, { ...ground, vendorErrorCode: 'E7' });
    server.clock.advance(5000);
    await report(station, { ...ground, vendorErrorCode: 'E7', ...other });
    expect(await faults(server)).toMatchObject([
      { since: '2026-05-04T10:00:05.000Z', until: null, ...other },
      { since: '2026-05-04T10:00:00.000Z', until: '2026-05-04T10:00:05.000Z', vendorErrorCode: 'E7' },
    ]);
  });

  it.each([
    ['Faulted without an error code', { status: 'Faulted' }],
    ['an error while charging', { status: 'Charging', errorCode: 'WeakSignal' }],
    ['the whole station', { connectorId: 0, ...ground }],
  ])('begins with %s', async (_, change) => {
    const { server, station } = await started();
    await report(station, change);
    const { connectorId = 1, ...said } = change as { connectorId?: number };
    expect(await faults(server)).toMatchObject([{ connector: connectorId, until: null, ...said }]);
    expect(await faults(server, { connector: connectorId })).toHaveLength(1);
    expect(await faults(server, { connector: 2 })).toHaveLength(0);
  });

  it('of one connector is no business of another', async () => {
    const { server, station } = await started();
    await report(station, ground);
    await report(station, { connectorId: 2 });
    expect(await faults(server)).toMatchObject([{ connector: 1, until: null }]);
  });

  it('goes on over a reconnect and a restart', async () => {
    const { server, station } = await started();
    await report(station, ground);
    await station.leave();
    await server.restart();
    const again = await server.connect('CP1');
    await report(again, ground);
    expect(await faults(server)).toMatchObject([{ until: null }]);
    await report(again);
    expect(await faults(server, { active: false })).toHaveLength(1);
  });

  it('is kept when the station is deleted', async () => {
    const { server, station } = await started();
    await report(station, ground);
    await server.fleet.run('station.delete', { id: 'CP1' });
    expect(await faults(server, { stationId: 'CP1' })).toHaveLength(1);
  });
});

describe('reports that were kept while the station was offline', () => {
  it('older than the fault do not end it', async () => {
    const { server, station } = await started();
    await report(station, { ...ground, timestamp: server.clock.iso() });
    await report(station, { timestamp: server.clock.iso(-60_000) });
    await report(station, { errorCode: 'HighTemperature', timestamp: server.clock.iso(-30_000) });
    expect(await faults(server)).toMatchObject([{ errorCode: 'GroundFailure', until: null }]);
  });

  it('older than its end do not begin it again', async () => {
    const { server, station } = await started();
    await report(station, { ...ground, timestamp: server.clock.iso(-60_000) });
    await report(station, { timestamp: server.clock.iso() });
    await report(station, { ...ground, timestamp: server.clock.iso(-30_000) });
    expect(await faults(server)).toMatchObject([{ since: '2026-05-04T09:59:00.000Z', duration: 60 }]);
  });

  it('in their order give the times of the station', async () => {
    const { server, station } = await started();
    await report(station, { ...ground, timestamp: server.clock.iso(-7200_000) });
    await report(station, { timestamp: server.clock.iso(-3600_000) });
    expect(await faults(server)).toMatchObject([{ duration: 3600 }]);
    const { items } = await server.fleet.run('event.list', { kind: 'fault' });
    expect(items.map(({ time, receivedAt, description }) => [time, receivedAt, description])).toEqual([
      ['2026-05-04T08:00:00.000Z', '2026-05-04T10:00:00.000Z', 'GroundFailure began'],
      ['2026-05-04T09:00:00.000Z', '2026-05-04T10:00:00.000Z', 'GroundFailure is over after 1h 00m'],
    ]);
  });
});

it('a fault of a station that is deleted is over: nobody would ever say so', async () => {
  const { server, station } = await started();
  await report(station, { ...ground, timestamp: server.clock.iso() });
  await server.add('CP2');
  await station.leave();
  server.clock.advance(30_000);
  await server.fleet.run('station.delete', { id: 'CP2' });
  expect(await faults(server, { active: true })).toHaveLength(1);
  await server.fleet.run('station.delete', { id: 'CP1' });
  expect(await faults(server, { active: true })).toEqual([]);
  expect(await faults(server)).toMatchObject([{ until: server.clock.iso(), duration: 30 }]);
  const { items } = await server.fleet.run('event.list', { kind: 'fault.ended' });
  expect(items.map(({ description }) => description)).toEqual(['GroundFailure is over after 30s']);
});

describe('a station that makes up connectors', () => {
  it('gets 32 rows and no more, and says so once', async () => {
    const { server, station } = await started();
    for (let connectorId = 3; connectorId <= 40; connectorId += 1) await report(station, { connectorId });
    await report(station, { connectorId: 0, ...ground });
    const shown = await server.fleet.run('station.show', { id: 'CP1' });
    expect(shown.connectors).toHaveLength(32);
    expect(shown.state).toBe('faulted');
    const { items } = await server.fleet.run('event.list', { kind: 'connector.ignored' });
    expect(items).toMatchObject([{ connector: 33, detail: { status: 'Available' } }]);
  });

  it('still reports those that people have added', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 40 });
    await report(station, { connectorId: 40, ...ground });
    await report(station, { connectorId: 41, ...ground });
    expect(await faults(server)).toMatchObject([{ connector: 40 }]);
  });

  it('that begins during maintenance of its connector or station is marked, one that was there before is not', async () => {
    const { server, station } = await started();
    const plan = (connector?: number) =>
      server.fleet.run('maintenance.create', {
        stationIds: ['CP1'],
        lastsMs: 60_000,
        ...(connector && { connector }),
      });
    await report(station, { ...ground, connectorId: 2 });
    await plan(1);
    await report(station, ground);
    await report(station, { connectorId: 0, ...ground });
    const marks = async () => (await faults(server)).map((one) => [one.connector, one.maintenance]);
    expect(await marks()).toEqual(
      expect.arrayContaining([
        [1, true],
        [2, false],
        [0, false],
      ]),
    );
    const { items } = await server.fleet.run('event.list', { kind: 'fault.began' });
    expect(items.map(({ detail }) => detail.maintenance)).toEqual([undefined, true, undefined]);
    await plan();
    await report(station, { connectorId: 0, ...ground, errorCode: 'HighTemperature' });
    expect((await faults(server, { connector: 0, active: true }))[0]).toMatchObject({ maintenance: true });
  });

  it('is marked by the time at which it began, whenever the server hears of it', async () => {
    const { server, station } = await started();
    await server.fleet.run('maintenance.create', { stationIds: ['CP1'], lastsMs: 60_000 });
    server.clock.advance(60_000);
    await report(station, { ...ground, timestamp: server.clock.iso(-1000) });
    await report(station, { ...ground, connectorId: 2, timestamp: server.clock.iso() });
    expect((await faults(server)).map((one) => [one.connector, one.maintenance])).toEqual([
      [2, false],
      [1, true],
    ]);
  });
});
