import { describe, expect, it } from 'vitest';
import { stationActions } from '../../src/domain/ocpp-actions.js';
import { checkResponse } from '../../src/ocpp/v16/validate.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { samples } from '../ocpp/v16/samples.js';

describe('BootNotification', () => {
  it('is accepted, with the time and the interval of the station or the server', async () => {
    const server = await TestServer.start({ heartbeatIntervalS: 120 });
    const station = await server.connected('CP1');
    expect(await station.boot()).toEqual({
      status: 'Accepted',
      currentTime: '2026-05-04T10:00:00.000Z',
      interval: 120,
    });
    await server.fleet.run('station.update', { id: 'CP1', heartbeatIntervalS: 45 });
    expect(await station.boot()).toMatchObject({ interval: 45 });
  });

  it('is remembered', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.boot({ chargeBoxSerialNumber: 'S1', firmwareVersion: '1.2' });
    expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({
      vendor: 'Acme',
      model: 'Box',
      serialNumber: 'S1',
      firmwareVersion: '1.2',
      protocol: 'ocpp1.6',
      bootedAt: '2026-05-04T10:00:00.000Z',
    });
  });

  it('and the StatusNotifications right behind it are not lost', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 3 });
    const boot = station.ask('BootNotification', { chargePointVendor: 'A', chargePointModel: 'B' });
    const status = (connectorId: number) =>
      station.ask('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available' });
    const answers = await Promise.all([boot, status(0), status(1), status(2), status(3)]);
    expect(answers.every(({ payload }) => payload)).toBe(true);
    const { connectors, state } = await server.fleet.run('station.show', { id: 'CP1' });
    expect(connectors.map((connector) => connector.status)).toEqual(['Available', 'Available', 'Available']);
    expect(state).toBe('available');
  });

  it('of a new station is followed at once by a status that is not lost', async () => {
    const server = await TestServer.start({ unknownStations: 'accept' });
    const station = await server.connect('NEW');
    station.send('[2,"1","BootNotification",{"chargePointVendor":"A","chargePointModel":"B"}]');
    station.send('[2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]');
    expect(await station.answerTo('2')).toEqual({ payload: {} });
    const { connectors } = await server.fleet.run('station.show', { id: 'NEW' });
    expect(connectors).toMatchObject([{ connector: 1, status: 'Charging' }]);
  });
});

describe('a station that is not accepted', () => {
  it.each([
    ['pending', 'Pending'],
    ['rejected', 'Rejected'],
  ] as const)('%s: gets SecurityError for the rest until it is accepted', async (registration, status) => {
    const server = await TestServer.start();
    await server.add('CP1', { registration });
    const station = await server.connect('CP1');
    expect(await station.boot()).toMatchObject({ status, interval: 60 });
    for (const action of ['Authorize', 'StartTransaction', 'StopTransaction', 'MeterValues'] as const) {
      const { error } = await station.ask(action, samples[action].request[0]);
      expect(error, action).toMatchObject({ code: 'SecurityError' });
    }
    expect((await station.ask('Heartbeat', {})).error?.code).toBe(
      registration === 'pending' ? undefined : 'SecurityError',
    );
    expect(await server.sessions()).toEqual([]);
    await server.fleet.run('station.update', { id: 'CP1', registration: 'accepted' });
    expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  });

  it('feels at once that it was rejected, by create as by update', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.call('Heartbeat', {});
    await server.fleet.run('station.create', { id: 'CP1', registration: 'rejected', ifExists: 'update' });
    expect((await station.ask('Heartbeat', {})).error?.code).toBe('SecurityError');
  });

  it('hears of a decision that fell while it connected', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    for (let round = 0; round < 10; round += 1) {
      const registration = round % 2 === 0 ? 'rejected' : 'accepted';
      const [station] = await Promise.all([
        server.connect('CP1'),
        server.fleet.run('station.update', { id: 'CP1', registration }),
      ]);
      const expected = registration === 'rejected' ? 'SecurityError' : undefined;
      await until(async () => (await station.ask('Heartbeat', {})).error?.code === expected);
    }
  });
});

describe('a station that reconnects without booting', () => {
  it('just goes on', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.boot();
    await station.leave();
    const back = await server.connect('CP1');
    expect(await back.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(await back.call('Authorize', { idTag: 'TAG1' })).toEqual({ idTagInfo: { status: 'Accepted' } });
  });

  it('goes on with its session, also when the server was restarted meanwhile', async () => {
    const server = await TestServer.start();
    let station = await server.connected('CP1');
    await station.boot();
    const timestamp = server.clock.iso();
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp };
    const { transactionId } = await station.call('StartTransaction', start);
    station.cut();
    station = await server.connect('CP1');
    const meter = (value: string) => ({
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: server.clock.iso(), sampledValue: [{ value }] }],
    });
    await station.call('MeterValues', meter('1500'));
    await server.restart();
    expect(await server.session(transactionId)).toMatchObject({ state: 'active', energyKwh: 0.5 });
    station = await server.connect('CP1');
    await station.call('MeterValues', meter('2500'));
    expect((await server.session(transactionId)).energyKwh).toBe(1.5);
    await station.call('StopTransaction', { transactionId, meterStop: 4000, timestamp: server.clock.iso() });
    expect(await server.session(transactionId)).toMatchObject({ state: 'ended', energyKwh: 3 });
  });
});

it('answers each of the 14 messages of a station as the specification wants it', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  for (const action of stationActions) {
    for (const request of samples[action].request) {
      const answer = await station.call(action, request);
      expect(() => checkResponse(action, answer), action).not.toThrow();
    }
  }
  expect(server.log.find(/handler-failed|understood all the same/)).toEqual([]);
});
