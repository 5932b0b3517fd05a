import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackOff } from '../../src/simulator/back-off.js';
import { seededRandom } from '../../src/simulator/random.js';
import type { VirtualStation } from '../../src/simulator/station.js';
import { CAR, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

async function offline(station: VirtualStation): Promise<void> {
  station.goOffline();
  await station.until((one) => !one.isConnected);
}

async function online(station: VirtualStation): Promise<void> {
  station.goOnline();
  await station.untilAccepted();
  await station.untilFlushed();
}

describe('without a connection', () => {
  it('goes on charging, and delivers in order with the original times', async () => {
    const station = await stage.charging();
    await offline(station);
    stage.clock.advance(120_000);
    expect(station.connector(1).status).toBe('Charging');
    await station.presentTag(1, 'TAG-1');
    station.unplug(1);
    stage.clock.advance(600_000);
    const before = stage.central.received.length;
    await online(station);

    const late = stage.central.received.slice(before).filter((one) => one.action !== 'StatusNotification');
    expect(late.map((one) => one.action)).toEqual([
      'MeterValues',
      'MeterValues',
      'MeterValues',
      'StopTransaction',
    ]);
    const times = late.map(({ payload }) => {
      const values = payload.meterValue as { timestamp: string }[] | undefined;
      return values?.[0]?.timestamp ?? payload.timestamp;
    });
    expect(times).toEqual([
      '2026-03-01T12:01:00.000Z',
      '2026-03-01T12:02:00.000Z',
      '2026-03-01T12:02:00.000Z',
      '2026-03-01T12:02:00.000Z',
    ]);
    // What changed and changed back is no news; nothing else is told of connector 1 but where it is now.
    expect(stage.statuses(1)).toEqual(['Available', 'Preparing', 'Charging', 'Available']);
  });

  it('starts sessions for tags it knows and gives them the id it learns later', async () => {
    const station = await stage.charging();
    station.unplug(1);
    await station.untilFlushed();
    await offline(station);
    station.plugIn(1, CAR);
    expect(await station.presentTag(1, 'UNKNOWN')).toBe('Invalid');
    expect(await station.presentTag(1, 'tag-1')).toBe('Accepted');
    stage.clock.advance(60_000);
    station.unplug(1);
    await online(station);
    const starts = stage.central.payloads('StartTransaction');
    expect(starts).toHaveLength(2);
    expect(starts[1]).toMatchObject({ idTag: 'tag-1', timestamp: '2026-03-01T12:00:00.000Z' });
    expect(stage.central.payloads('StopTransaction')[1]).toMatchObject({ transactionId: 2 });
    expect(stage.central.payloads('MeterValues').at(-1)).toMatchObject({ transactionId: 2 });
  });

  it('trusts unknown tags only with AllowOfflineTxForUnknownId', async () => {
    const station = await stage.accepted({ configuration: { AllowOfflineTxForUnknownId: 'true' } });
    await offline(station);
    station.plugIn(1, CAR);
    expect(await station.presentTag(1, 'UNKNOWN')).toBe('Accepted');
    stage.central.on('StartTransaction', () => ({ transactionId: 5, idTagInfo: { status: 'Invalid' } }));
    await online(station);
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ reason: 'DeAuthorized' });
  });

  it('resends what was on the wire when the line broke', async () => {
    const station = await stage.charging();
    stage.central.on('StopTransaction', () => 'silence');
    station.unplug(1);
    await stage.central.nth('StopTransaction', 1);
    stage.central.cut('S1');
    await station.until((one) => !one.isConnected);
    stage.central.on('StopTransaction', () => ({}));
    stage.clock.advance(2_000);
    await station.untilAccepted();
    await station.untilFlushed();
    const [first, second] = stage.central.payloads('StopTransaction');
    expect(second).toEqual(first);
  });
});

describe('when the central system fails to process', () => {
  const configuration = { TransactionMessageAttempts: '3', TransactionMessageRetryInterval: '60' };

  it('resends after 60 and 120 s, then gives up, and everything else waited', async () => {
    stage.central.on('StartTransaction', () => ({ error: 'InternalError' }));
    const station = await stage.accepted({ configuration });
    station.plugIn(1, CAR);
    await station.presentTag(1, 'TAG-1');
    const starts = () => stage.central.payloads('StartTransaction').length;
    const settle = (count: number) => station.until((one) => starts() === count && !one.isCalling);
    await settle(1);
    stage.clock.advance(59_999);
    expect(starts()).toBe(1);
    stage.clock.advance(1);
    await settle(2);
    stage.clock.advance(119_999);
    expect(starts()).toBe(2);
    expect(stage.central.payloads('MeterValues')).toHaveLength(0);
    stage.clock.advance(1);
    await settle(3);
    await station.untilFlushed();
    station.unplug(1);
    await station.untilFlushed();
    expect(starts()).toBe(3);
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ transactionId: -1 });
    const timestamps = new Set(stage.central.payloads('StartTransaction').map((one) => one.timestamp));
    expect([...timestamps]).toEqual(['2026-03-01T12:00:00.000Z']);
  });

  it('takes silence for a failure', async () => {
    stage.central.on('StartTransaction', () =>
      stage.central.payloads('StartTransaction').length < 2
        ? 'silence'
        : { transactionId: 3, idTagInfo: { status: 'Accepted' } },
    );
    const station = await stage.accepted({
      configuration: { ...configuration, MessageTimeout: '5', MeterValueSampleInterval: '0' },
    });
    station.plugIn(1, CAR);
    await station.presentTag(1, 'TAG-1');
    await stage.central.nth('StartTransaction', 1);
    stage.clock.advance(5_000);
    await station.until((one) => !one.isCalling);
    stage.clock.advance(60_000);
    expect(await station.untilTransaction(1)).toBe(3);
    await station.untilFlushed();
  });
});

describe('back-off', () => {
  it('grows, jitters, and has an end', () => {
    const backOff = new BackOff({ minimumMs: 1_000, maximumMs: 60_000 }, seededRandom(3));
    const delays = Array.from({ length: 200 }, () => backOff.next());
    for (const [attempt, delay] of delays.entries()) {
      const step = Math.min(60_000, 1_000 * 2 ** attempt);
      expect(delay).toBeGreaterThanOrEqual(step / 2);
      expect(delay).toBeLessThanOrEqual(step);
    }
    expect(new Set(delays.slice(10)).size).toBeGreaterThan(100);
    backOff.reset();
    expect(backOff.next()).toBeLessThanOrEqual(1_000);
  });
});
