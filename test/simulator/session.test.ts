import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Payload } from './scripted-central.js';
import { CAR, Stage } from './stage.js';

interface SampledValue {
  readonly value: string;
  readonly context: string;
  readonly measurand: string;
  readonly phase?: string;
}

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

function samples(message: Payload | undefined, field = 'meterValue'): SampledValue[] {
  const values = message?.[field] as { sampledValue: SampledValue[] }[] | undefined;
  return (values ?? []).flatMap((one) => one.sampledValue);
}

describe('a session', () => {
  it('goes from Available to Available by the book', async () => {
    const station = await stage.accepted();
    station.plugIn(1, CAR);
    expect(await station.presentTag(1, 'TAG-1')).toBe('Accepted');
    const transactionId = await station.untilTransaction(1);
    await stage.pass(station, 180_000);
    expect(await station.presentTag(1, 'tag-1')).toBe('Accepted');
    station.unplug(1);
    await station.untilFlushed();

    expect(stage.statuses(1)).toEqual(['Available', 'Preparing', 'Charging', 'Finishing', 'Available']);
    expect(stage.central.payloads('StartTransaction')).toEqual([
      { connectorId: 1, idTag: 'TAG-1', meterStart: 1_000, timestamp: '2026-03-01T12:00:00.000Z' },
    ]);
    const [stop] = stage.central.payloads('StopTransaction');
    expect(stop).toMatchObject({
      transactionId,
      reason: 'Local',
      idTag: 'tag-1',
      timestamp: '2026-03-01T12:03:00.000Z',
    });
    // 11 kW for three minutes, less the ramp.
    expect(stop?.meterStop).toBeGreaterThan(1_000 + 530);
    expect(stop?.meterStop).toBeLessThan(1_000 + 560);
    expect(stage.central.payloads('MeterValues').map((one) => samples(one)[0]?.context)).toEqual([
      'Transaction.Begin',
      'Sample.Periodic',
      'Sample.Periodic',
      'Sample.Periodic',
      'Transaction.End',
    ]);
  });

  it('sends currents and voltages of every phase, and what they add up to', async () => {
    const station = await stage.charging();
    await stage.pass(station, 60_000);
    const values = samples(stage.central.payloads('MeterValues').at(-1));
    const of = (measurand: string) => values.filter((one) => one.measurand === measurand);
    expect(of('Current.Import').map((one) => one.phase)).toEqual(['L1', 'L2', 'L3']);
    expect(of('Voltage').map((one) => one.phase)).toEqual(['L1', 'L2', 'L3']);
    const volts = of('Voltage').map((one) => Number(one.value));
    const sum = of('Current.Import').reduce(
      (all, one, phase) => all + Number(one.value) * (volts[phase] ?? 0),
      0,
    );
    expect(Math.abs(sum - Number(of('Power.Active.Import')[0]?.value))).toBeLessThan(15);
    expect(of('SoC')).toEqual([]);
  });

  it('tells the state of charge over DC', async () => {
    const station = await stage.charging({ outlet: { kind: 'dc', powerW: 150_000 } });
    await stage.pass(station, 60_000);
    const soc = samples(stage.central.payloads('MeterValues').at(-1)).filter(
      (one) => one.measurand === 'SoC',
    );
    expect(Number(soc[0]?.value)).toBeGreaterThanOrEqual(22);
  });

  it('starts with the tag first, too', async () => {
    const station = await stage.accepted();
    expect(await station.presentTag(1, 'TAG-1')).toBe('Accepted');
    expect(station.connector(1).status).toBe('Preparing');
    station.plugIn(1, CAR);
    await station.untilTransaction(1);
    await station.untilFlushed();
    expect(stage.statuses(1)).toEqual(['Available', 'Preparing', 'Charging']);
  });

  it('forgets a tag when no cable follows within ConnectionTimeOut', async () => {
    const station = await stage.accepted({ configuration: { ConnectionTimeOut: '30' } });
    await station.presentTag(1, 'TAG-1');
    stage.clock.advance(29_999);
    expect(station.connector(1).status).toBe('Preparing');
    stage.clock.advance(1);
    expect(station.connector(1).status).toBe('Available');
    station.plugIn(1, CAR);
    await station.untilFlushed();
    expect(stage.central.payloads('StartTransaction')).toEqual([]);
  });

  it('is suspended by the car when it is full', async () => {
    const station = await stage.accepted();
    station.plugIn(1, { ...CAR, socPercent: 79.9, targetSocPercent: 80 });
    await station.presentTag(1, 'TAG-1');
    await station.untilStatus(1, 'Charging');
    await stage.pass(station, 60_000);
    expect(station.connector(1)).toMatchObject({ status: 'SuspendedEV', isFull: true });
    expect(station.connector(1).reading.powerW).toBe(0);
    expect(stage.statuses(1).at(-1)).toBe('SuspendedEV');
  });

  it('ends when the cable is pulled', async () => {
    const station = await stage.charging();
    station.unplug(1);
    await station.untilFlushed();
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ reason: 'EVDisconnected' });
    expect(stage.statuses(1).at(-1)).toBe('Available');
  });

  it('survives a pulled cable when StopTransactionOnEVSideDisconnect is false', async () => {
    const station = await stage.charging({ configuration: { StopTransactionOnEVSideDisconnect: 'false' } });
    station.unplug(1);
    expect(station.connector(1).status).toBe('SuspendedEV');
    station.plugIn(1, CAR);
    expect(station.connector(1).status).toBe('Charging');
    await station.untilFlushed();
    expect(stage.central.payloads('StopTransaction')).toEqual([]);
  });

  it('does not start for a tag that the central system refuses', async () => {
    stage.central.on('Authorize', () => ({ idTagInfo: { status: 'Blocked' } }));
    const station = await stage.accepted();
    station.plugIn(1, CAR);
    expect(await station.presentTag(1, 'TAG-1')).toBe('Blocked');
    expect(station.connector(1).status).toBe('Preparing');
    expect(stage.central.payloads('StartTransaction')).toEqual([]);
  });

  it('stops with DeAuthorized when StartTransaction is not accepted', async () => {
    stage.central.on('StartTransaction', () => ({ transactionId: 9, idTagInfo: { status: 'ConcurrentTx' } }));
    const station = await stage.accepted();
    station.plugIn(1, CAR);
    await station.presentTag(1, 'TAG-1');
    await stage.central.nth('StopTransaction', 1);
    await station.untilFlushed();
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({
      transactionId: 9,
      reason: 'DeAuthorized',
    });
    expect(station.connector(1).status).toBe('Finishing');
  });

  it('gives MaxEnergyOnInvalidId and then nothing when StopTransactionOnInvalidId is false', async () => {
    stage.central.on('StartTransaction', () => ({ transactionId: 9, idTagInfo: { status: 'Invalid' } }));
    const station = await stage.charging({
      configuration: { StopTransactionOnInvalidId: 'false', MaxEnergyOnInvalidId: '100' },
    });
    await stage.pass(station, 120_000);
    const { status, sessionWh } = station.connector(1);
    expect(status).toBe('SuspendedEVSE');
    expect(sessionWh).toBeGreaterThanOrEqual(100);
    expect(sessionWh).toBeLessThan(120);
    expect(stage.central.payloads('StopTransaction')).toEqual([]);
  });

  it('can be stopped by a tag of the same family, and by no other', async () => {
    stage.central.on('Authorize', ({ idTag }) => ({
      idTagInfo: { status: 'Accepted', parentIdTag: idTag === 'STRANGER' ? 'B' : 'A' },
    }));
    const station = await stage.charging();
    expect(await station.presentTag(1, 'STRANGER')).toBe('Invalid');
    expect(station.connector(1).status).toBe('Charging');
    expect(await station.presentTag(1, 'SISTER')).toBe('Accepted');
    await station.untilFlushed();
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ reason: 'Local', idTag: 'SISTER' });
  });

  it('puts samples into StopTransaction when StopTxnSampledData asks for them, thinned to the limit', async () => {
    const station = await stage.charging({
      configuration: {
        StopTxnSampledData: 'Energy.Active.Import.Register',
        MeterValueSampleInterval: '10',
        StopTransactionMaxMeterValues: '5',
      },
    });
    await stage.pass(station, 200_000, 10_000);
    station.unplug(1);
    await station.untilFlushed();
    const data = samples(stage.central.payloads('StopTransaction')[0], 'transactionData');
    expect(data.length).toBeLessThanOrEqual(5);
    expect(data[0]).toMatchObject({ context: 'Transaction.Begin', value: '1000' });
    expect(data.at(-1)?.context).toBe('Transaction.End');
  });

  it('reads as a minute with the energy of an hour at speed 60', async () => {
    const station = await stage.charging({ speed: 60 });
    await stage.pass(station, 60_000);
    station.unplug(1);
    await station.untilFlushed();
    const [stop] = stage.central.payloads('StopTransaction');
    expect(stop?.timestamp).toBe('2026-03-01T12:01:00.000Z');
    expect(Number(stop?.meterStop) - 1_000).toBeGreaterThan(10_500);
    // The interval of 60 s is one second here.
    expect(stage.central.payloads('MeterValues').length).toBeGreaterThan(58);
  });

  it('sends values by the clock as well', async () => {
    const station = await stage.charging({
      configuration: { ClockAlignedDataInterval: '900', MeterValueSampleInterval: '0' },
    });
    stage.clock.advance(7_000);
    await stage.pass(station, 893_000, 893_000);
    const [aligned] = stage.central.payloads('MeterValues');
    expect(aligned).toMatchObject({ connectorId: 1, transactionId: 1 });
    expect(aligned?.meterValue).toMatchObject([{ timestamp: '2026-03-01T12:15:00.000Z' }]);
    expect(samples(aligned)[0]?.context).toBe('Sample.Clock');
  });

  it('ends by a fault and does not begin during one', async () => {
    const station = await stage.charging();
    station.fault(1, 'GroundFailure');
    await station.untilFlushed();
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ reason: 'Other' });
    expect(stage.central.payloads('StatusNotification').at(-1)).toMatchObject({
      status: 'Faulted',
      errorCode: 'GroundFailure',
    });
    expect(await station.presentTag(1, 'TAG-1')).toBe('Invalid');
    station.fault(1, 'NoError');
    expect(station.connector(1).status).toBe('Finishing');
  });

  it('runs on several connectors at once', async () => {
    const station = await stage.accepted({ connectors: 2 });
    for (const id of [1, 2]) {
      station.plugIn(id, CAR);
      await station.presentTag(id, `TAG-${id}`);
      await station.untilTransaction(id);
    }
    await station.untilFlushed();
    expect(station.sessionsWh).toHaveLength(2);
    expect(stage.statuses(2)).toEqual(['Available', 'Preparing', 'Charging']);
    expect(() => station.connector(3)).toThrow(RangeError);
  });
});
