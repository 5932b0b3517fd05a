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

const connectors = async (server: TestServer) =>
  (await server.fleet.run('station.show', { id: 'CP1' })).connectors;

describe('StatusNotification', () => {
  it('keeps what was reported, with the time of the station', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const fault = { status: 'Faulted', errorCode: 'GroundFailure', info: 'rain', vendorErrorCode: 'E7' };
    await report(station, { ...fault, timestamp: '2026-05-04T09:59:00Z' });
    expect(await connectors(server)).toMatchObject([
      { ...fault, state: 'faulted', statusSince: '2026-05-04T09:59:00.000Z' },
    ]);
    expect(server.log.find(/GroundFailure/)).toMatchObject([{ level: 'warn', station: 'CP1', connector: 1 }]);
    await report(station);
    expect(await connectors(server)).toMatchObject([
      { status: 'Available', errorCode: 'NoError', info: null, vendorErrorCode: null },
    ]);
  });

  it.each([
    ['an unknown status', { status: 'Dreaming' }, { status: 'Dreaming', state: 'unavailable' }],
    ['a status named after a method', { status: 'constructor' }, { state: 'unavailable' }],
    ['a status in another case', { status: 'available' }, { status: 'Available' }],
    ['an unknown error code', { errorCode: 'Error' }, { errorCode: 'Error' }],
    ['no error code', { errorCode: undefined }, { errorCode: 'NoError' }],
    ['an over-long info', { info: 'x'.repeat(500) }, { info: 'x'.repeat(500) }],
    ['a number for a text', { vendorErrorCode: 7 }, { vendorErrorCode: '7' }],
    ['a connector as text', { connectorId: '1' }, { status: 'Available' }],
    [
      'a time without a zone',
      { timestamp: '2026-05-04T09:00:00' },
      { statusSince: '2026-05-04T09:00:00.000Z' },
    ],
    ['1970', { timestamp: '1970-01-01T00:00:00Z' }, { statusSince: '2026-05-04T10:00:00.000Z' }],
    ['no time', {}, { statusSince: '2026-05-04T10:00:00.000Z' }],
  ])('understands %s', async (_, change, expected) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    expect(await report(station, change)).toEqual({});
    expect(await connectors(server)).toMatchObject([expected]);
  });

  it('adds connectors nobody had told of, and takes noise for noise', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    for (const connectorId of [3, 1000, 1001, 2_000_000_000, -1]) {
      expect(await report(station, { connectorId })).toEqual({});
    }
    expect((await connectors(server)).map(({ connector }) => connector)).toEqual([1, 3, 1000]);
  });

  it('of connector 0 is that of the station', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await report(station);
    await report(station, { connectorId: 0, status: 'Faulted', errorCode: 'PowerMeterFailure' });
    const shown = await server.fleet.run('station.show', { id: 'CP1' });
    expect(shown.state).toBe('faulted');
    expect(shown.connectors).toHaveLength(1);
  });

  it('logs a habit once, not with every message', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    for (let round = 0; round < 5; round += 1) await report(station, { info: 'x'.repeat(60 + round) });
    expect(server.log.find(/understood all the same/)).toHaveLength(1);
  });
});

it('a megabyte where a few characters are due is understood, and not kept', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const long = 'x'.repeat(1e6);
  await station.ask('BootNotification', {
    chargePointVendor: long,
    chargePointModel: `${'x'.repeat(999)}😀`,
  });
  const report = { connectorId: 1, status: 'Faulted', errorCode: long, info: long, vendorErrorCode: long };
  await station.ask('StatusNotification', report);
  await station.ask('StartTransaction', {
    connectorId: 1,
    idTag: long,
    meterStart: 0,
    timestamp: '2026-05-04T10:00:00Z',
  });
  await station.ask('SecurityEventNotification', {
    type: long,
    timestamp: '2026-05-04T10:00:00Z',
    techInfo: long,
  });
  const { vendor, model } = await server.fleet.run('station.show', { id: 'CP1' });
  expect(vendor).toBe(`${'x'.repeat(1000)}…`);
  expect(model).toBe(`${'x'.repeat(999)}…`);
  const everything = [
    await server.fleet.run('event.list', {}),
    await server.fleet.run('fault.list', {}),
    await server.fleet.run('session.list', {}),
    await server.fleet.run('connector.list', {}),
  ];
  expect(JSON.stringify(everything).length).toBeLessThan(40_000);
});

it('boots with over-long and missing fields', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const long = { chargePointVendor: 'V'.repeat(200), chargePointModel: undefined, firmwareVersion: 7 };
  expect(await station.boot(long)).toMatchObject({ status: 'Accepted' });
  expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({
    vendor: 'V'.repeat(200),
    firmwareVersion: '7',
  });
});
