import { describe, expect, it } from 'vitest';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

const timestamp = '2026-05-04T09:30:00.000Z';

async function charging() {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: '2026-05-04T09:00:00Z' };
  const { transactionId } = await station.call('StartTransaction', start);
  return { server, station, transactionId: Number(transactionId) };
}

function meter(station: ScriptedStation, transactionId: number | undefined, sampledValue: unknown) {
  return station.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp, sampledValue }],
  });
}

const samplesOf = async (server: TestServer, id: number) =>
  (await server.fleet.run('session.samples', { id: String(id) })).items;

describe('the energy of a running session', () => {
  it.each([
    ['Wh by default', [{ value: '3500' }], 2.5],
    ['Wh', [{ value: '3500', unit: 'Wh', measurand: 'Energy.Active.Import.Register' }], 2.5],
    ['kWh', [{ value: '3.5', unit: 'kWh' }], 2.5],
    ['a fraction of a Wh', [{ value: '3500.4' }], 2.5],
    ['the sum of the phases', [1, 2, 3].map((n) => ({ value: '1500', phase: `L${n}` })), 3.5],
    ['the whole before the phases', [{ value: '3500' }, { value: '1', phase: 'L1' }], 2.5],
    [
      'the outlet before the inlet',
      [
        { value: '3500', location: 'Outlet' },
        { value: '9', location: 'Inlet' },
      ],
      2.5,
    ],
    ['the outlet after the inlet', [{ value: '9999', location: 'Inlet' }, { value: '3500' }], 2.5],
    ['the inlet alone', [{ value: '3500', location: 'Inlet' }], 2.5],
    ['a number where text is due', [{ value: 3500 }], 2.5],
    ['an object where a list is due', { value: '3500' }, 2.5],
    ['a register that ran backwards', [{ value: '500' }], 0],
    ['a register beyond reach', [{ value: '9000000' }], 0],
    ['a register too large for a number', [{ value: '1e308', unit: 'kWh' }], 0],
    ['a value that is no number', [{ value: 'NaN' }], 0],
    ['an empty value', [{ value: '' }], 0],
    ['signed data', [{ value: '3500', format: 'SignedData' }], 0],
    ['no values', [], 0],
  ])('%s', async (_, sampledValue, energyKwh) => {
    const { server, station, transactionId } = await charging();
    expect(await meter(station, transactionId, sampledValue)).toEqual({});
    expect(await server.session(transactionId)).toMatchObject({ energyKwh, state: 'active' });
  });

  it('goes on with true readings after an absurd one', async () => {
    const { server, station, transactionId } = await charging();
    for (const value of ['2000', '99999999', '3000', '2500'])
      await meter(station, transactionId, [{ value }]);
    expect((await server.session(transactionId)).energyKwh).toBe(2);
  });

  it('does not add up what is metered at the inlet and at the outlet', async () => {
    const { server, station, transactionId } = await charging();
    const power = (location: string) =>
      [1, 2, 3].map((n) => ({ value: '1000', measurand: 'Power.Active.Import', phase: `L${n}`, location }));
    await meter(station, transactionId, [...power('Inlet'), ...power('Outlet')]);
    expect(await samplesOf(server, transactionId)).toMatchObject([{ powerKw: 3 }]);
  });
});

it('keeps power, current, voltage and state of charge', async () => {
  const { server, station, transactionId } = await charging();
  const of = (measurand: string, value: string, more: object = {}) => ({ measurand, value, ...more });
  await meter(station, transactionId, [
    of('Power.Active.Import', '7.4', { unit: 'kW' }),
    ...['15', '16.5', '16'].map((value, n) => of('Current.Import', value, { phase: `L${n + 1}`, unit: 'A' })),
    ...['229', '230', '231'].map((value, n) => of('Voltage', value, { phase: `L${n + 1}-N`, unit: 'V' })),
    of('SoC', '41.5', { unit: 'Percent' }),
    of('Frequency', '50.01', { unit: 'Hz' }),
    of('Made.Up', '1', { unit: 'Furlong' }),
  ]);
  expect(await samplesOf(server, transactionId)).toEqual([
    {
      time: timestamp,
      energyKwh: null,
      powerKw: 7.4,
      currentA: 16.5,
      voltageV: 230,
      soc: 41.5,
      context: 'Sample.Periodic',
    },
  ]);
});

describe('values that belong to no session', () => {
  it.each([
    ['the station as a whole', { connectorId: 0 }],
    ['a connector that nobody knows', { connectorId: 9 }],
    ['an unknown transaction', { connectorId: 1, transactionId: 4711 }],
    ['no connector', { transactionId: 4711 }],
  ])('are taken: %s', async (_, about) => {
    const { server, station, transactionId } = await charging();
    const meterValue = [{ timestamp, sampledValue: [{ value: '5000' }] }];
    expect(await station.call('MeterValues', { ...about, meterValue })).toEqual({});
    expect(await samplesOf(server, transactionId)).toEqual([]);
  });

  const orphans = (server: TestServer, filter: object = {}) =>
    server.fleet.run('session.orphans', { stationId: 'CP1', ...filter });
  const meterValue = [{ timestamp, sampledValue: [{ value: '5000' }] }];

  it.each([
    ['without a transaction id', {}],
    ['of transaction 0', { transactionId: 0 }],
    ['of transaction -1', { transactionId: -1 }],
  ])('count for the one session that runs on their connector: %s', async (_, about) => {
    const { server, station, transactionId } = await charging();
    await station.call('MeterValues', { connectorId: 1, ...about, meterValue });
    expect((await server.session(transactionId)).energyKwh).toBe(4);
    expect(await samplesOf(server, transactionId)).toHaveLength(1);
    expect((await orphans(server)).total).toBe(0);
  });

  it.each([
    ['the car is gone', {}, { status: 'Available' }],
    ['they are older than the session', { timestamp: '2026-05-04T08:59:00Z' }, undefined],
    ['their time is nonsense', { timestamp: '1970-01-01T00:00:00Z' }, undefined],
  ])('do not when %s', async (_, change, status) => {
    const { server, station, transactionId } = await charging();
    if (status) await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', ...status });
    await station.call('MeterValues', { connectorId: 1, meterValue: [{ ...meterValue[0], ...change }] });
    expect(await samplesOf(server, transactionId)).toEqual([]);
    expect((await orphans(server)).items).toMatchObject([{ connector: 1, energyKwh: 5 }]);
  });

  it('do not when an older session was never stopped there', async () => {
    const { server, station } = await charging();
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 2000, timestamp: '2026-05-04T09:20:00Z' };
    await station.call('StartTransaction', start);
    await station.call('MeterValues', { connectorId: 1, meterValue });
    expect((await orphans(server)).total).toBe(1);
  });

  it('can be looked at by connector and time, newest first', async () => {
    const { server, station } = await charging();
    for (const [connectorId, minute] of [
      [0, 1],
      [7, 2],
      [7, 3],
    ]) {
      const time = `2026-05-04T09:0${minute}:00.000Z`;
      const values = [{ timestamp: time, sampledValue: [{ value: `${connectorId}` }] }];
      await station.call('MeterValues', { connectorId, meterValue: values });
    }
    const times = async (filter: object) =>
      (await orphans(server, filter)).items.map(({ time }) => time.slice(14, 16));
    expect(await times({})).toEqual(['03', '02', '01']);
    expect(await times({ connector: 7, limit: 1 })).toEqual(['03']);
    expect(await times({ from: Date.UTC(2026, 4, 4, 9, 2), to: Date.UTC(2026, 4, 4, 9, 3) })).toEqual(['02']);
    expect(await times({ sort: 'time' })).toEqual(['01', '02', '03']);
  });

  it('do not count for the session of another station', async () => {
    const { server, transactionId } = await charging();
    const other = await server.connected('CP2');
    expect(await meter(other, transactionId, [{ value: '5000' }])).toEqual({});
    expect((await server.session(transactionId)).energyKwh).toBe(0);
    expect(await samplesOf(server, transactionId)).toEqual([]);
  });
});

it('takes values that are sent before the answer to StartTransaction has come', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp };
  const meterValue = [{ timestamp, sampledValue: [{ value: '1001' }] }];
  const answers = await Promise.all([
    station.ask('StartTransaction', start),
    station.ask('MeterValues', { connectorId: 1, transactionId: 1, meterValue }),
  ]);
  expect(answers.map(({ error }) => error)).toEqual([undefined, undefined]);
  expect(await samplesOf(server, 1)).toMatchObject([{ energyKwh: 1.001 }]);
});

it('takes a time that cannot be for the time of receipt', async () => {
  const { server, station, transactionId } = await charging();
  const meterValue = ['1970-01-01T00:00:00Z', '', '2999-01-01T00:00:00Z'].map((time) => ({
    timestamp: time,
    sampledValue: [{ value: '2000' }],
  }));
  await station.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  const times = (await samplesOf(server, transactionId)).map(({ time }) => time);
  expect(times).toEqual(['2026-05-04T10:00:00.000Z', '2026-05-04T10:00:00.000Z', '2026-05-04T10:00:00.000Z']);
});

it('takes thousands of samples in one StopTransaction', async () => {
  const { server, station, transactionId } = await charging();
  const transactionData = Array.from({ length: 3000 }, (_, minute) => ({
    timestamp: new Date(Date.UTC(2026, 4, 4) + minute * 1000).toISOString(),
    sampledValue: [{ value: String(1000 + minute), context: 'Sample.Clock' }],
  }));
  await station.call('StopTransaction', { transactionId, meterStop: 4000, timestamp, transactionData });
  expect(await samplesOf(server, transactionId)).toHaveLength(3000);
});
