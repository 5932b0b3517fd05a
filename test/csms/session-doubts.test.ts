import { describe, expect, it } from 'vitest';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

const at = (time: string) => `2026-05-04T${time}:00.000Z`;

async function begin(station: ScriptedStation, connectorId = 1, meterStart = 1000): Promise<number> {
  const start = { connectorId, idTag: 'TAG1', meterStart, timestamp: at('09:00') };
  return Number((await station.call('StartTransaction', start)).transactionId);
}

function stop(station: ScriptedStation, transactionId: number, change: object = {}) {
  const request = { transactionId, meterStop: 6000, timestamp: at('09:40'), ...change };
  return station.call('StopTransaction', request);
}

describe('what is flagged instead of believed', () => {
  it.each([
    ['a meter that ran backwards', { meterStop: 999 }, 0],
    ['more energy than a car can take', { meterStop: 5_000_000_000 }, 4_999_999],
    ['1970', { timestamp: '1970-01-01T00:00:00Z' }, 5],
    ['the far future', { timestamp: '2100-01-01T00:00:00Z' }, 5],
    ['no time', { timestamp: undefined }, 5],
  ])('%s', async (_, change, energyKwh) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, id, change);
    const session = await server.session(id);
    expect(session).toMatchObject({ state: 'suspect', energyKwh });
    expect(session.duration).toBeGreaterThanOrEqual(0);
  });

  it('a stop before the start has no negative duration', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, id, { timestamp: at('08:00') });
    expect(await server.session(id)).toMatchObject({
      ...{ duration: 0, stopTime: at('09:00'), state: 'suspect' },
      suspicion: `the station says it stopped before it started, at ${at('08:00')}`,
    });
  });

  const metered = async (station: ScriptedStation, id: number, sampledValue: object) =>
    station.call('MeterValues', {
      ...{ connectorId: 1, transactionId: id },
      meterValue: [{ timestamp: at('09:20'), sampledValue: [sampledValue] }],
    });

  it.each([
    ['a register that was reset', 1000, { value: '5000' }, 2000, 1, /fell from 5000 to 2000 Wh/],
    ['a register at zero', 1000, { value: '5000' }, 0, 0, /ran backwards, from 1000 to 0 Wh/],
    ['kWh called Wh', 12_345, { value: '12350', unit: 'kWh' }, 12_360, 0.015, /are kWh, not Wh/],
    ['kWh of the session called Wh', 0, { value: '14.9', unit: 'kWh' }, 15, 0.015, /are kWh, not Wh/],
  ])('%s', async (_, meterStart, sample, meterStop, energyKwh, reason) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station, 1, meterStart);
    await metered(station, id, sample);
    await stop(station, id, { meterStop });
    const session = await server.session(id);
    expect(session).toMatchObject({ state: 'suspect', energyKwh });
    expect(session.suspicion).toMatch(reason);
  });

  it.each([
    ['meter values of the session beside a register for life', 12_345_000, { value: '5000' }, 12_351_000],
    ['a register for life beside registers of the session', 0, { value: '99.5', unit: 'MWh' }, 15_000],
    ['a kWh rounded up', 1000, { value: '6.1', unit: 'kWh' }, 6050],
  ])('but not %s', async (_, meterStart, sample, meterStop) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station, 1, meterStart);
    await metered(station, id, sample);
    await stop(station, id, { meterStop });
    expect(await server.session(id)).toMatchObject({ state: 'ended', suspicion: null });
  });

  it('each reason there is, and those of the start stay', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: '1970-01-01T00:00:00Z' };
    const { transactionId } = await station.call('StartTransaction', start);
    await begin(station);
    await stop(station, Number(transactionId), { meterStop: 999, timestamp: '0001-01-01T00:00:00Z' });
    const { suspicion } = await server.session(transactionId);
    expect(suspicion).toContain("the station's clock says 1970-01-01");
    expect(suspicion).toContain('the meter ran backwards');
    expect(suspicion).toContain("the station's clock says 0001-01-01");
  });
});
