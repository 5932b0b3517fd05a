import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const boots = () => stage.central.payloads('BootNotification').length;

describe('registration', () => {
  it('boots, then reports connectors 0 to n', async () => {
    await stage.accepted({ connectors: 2 });
    expect(stage.central.actions).toEqual([
      'BootNotification',
      'StatusNotification',
      'StatusNotification',
      'StatusNotification',
    ]);
    expect(stage.central.payloads('StatusNotification').map((one) => one.connectorId)).toEqual([0, 1, 2]);
    expect(stage.central.payloads('BootNotification')[0]).toMatchObject({
      chargePointVendor: 'evfleet',
      firmwareVersion: '1.0.0',
    });
  });

  it.each(['Pending', 'Rejected'] as const)(
    'retries after the interval when %s, and says nothing else',
    async (status) => {
      stage.central.on('BootNotification', () =>
        boots() < 3
          ? { status, currentTime: '2026-03-01T12:00:00Z', interval: 20 }
          : { status: 'Accepted', currentTime: '2026-03-01T12:00:00Z', interval: 300 },
      );
      const station = stage.station();
      station.start();
      await station.until((one) => one.registration === status);
      expect(await station.presentTag(1, 'TAG-1')).toBe('Invalid');
      stage.clock.advance(19_999);
      expect(boots()).toBe(1);
      stage.clock.advance(1);
      await stage.central.nth('BootNotification', 2);
      await station.until((one) => one.pendingMessages === 0);
      expect(stage.central.actions).toEqual(['BootNotification', 'BootNotification']);
      stage.clock.advance(20_000);
      await station.untilAccepted();
    },
  );

  it('keeps to the interval even if the central system hangs up on it', async () => {
    stage.central.on('BootNotification', () => ({
      status: 'Rejected',
      currentTime: '2026-03-01T12:00:00Z',
      interval: 600,
    }));
    const station = stage.station();
    station.start();
    await station.until((one) => one.registration === 'Rejected');
    stage.central.hangUp('S1', 1008);
    await station.until((one) => !one.isConnected);
    stage.clock.advance(2_000);
    await station.until((one) => one.isConnected);
    stage.clock.advance(500_000);
    expect(boots()).toBe(1);
    stage.clock.advance(98_000);
    await stage.central.nth('BootNotification', 2);
    await station.until((one) => one.pendingMessages === 0);
  });

  it('tries again later when the boot is answered with an error', async () => {
    stage.central.on('BootNotification', () =>
      boots() < 2
        ? { error: 'InternalError' }
        : { status: 'Accepted', currentTime: '2026-03-01T12:00:00Z', interval: 300 },
    );
    const station = stage.station();
    station.start();
    await stage.central.nth('BootNotification', 1);
    await station.until((one) => one.pendingMessages === 0);
    stage.clock.advance(60_000);
    await station.untilAccepted();
    await station.untilFlushed();
  });

  it('sends no BootNotification after a plain reconnect', async () => {
    const station = await stage.accepted();
    stage.central.cut('S1');
    await station.until((one) => !one.isConnected);
    stage.clock.advance(2_000);
    await station.untilAccepted();
    await station.untilFlushed();
    expect(boots()).toBe(1);
    expect(stage.central.payloads('StatusNotification')).toHaveLength(2);
  });

  it('sends heartbeats at the interval given, and skips them when other messages prove as much', async () => {
    const station = await stage.accepted();
    stage.clock.advance(299_999);
    expect(stage.central.payloads('Heartbeat')).toHaveLength(0);
    stage.clock.advance(1);
    await stage.central.nth('Heartbeat', 1);
    await station.untilFlushed();
    stage.clock.advance(200_000);
    await station.presentTag(1, 'TAG-1');
    await station.untilFlushed();
    stage.clock.advance(100_000);
    await station.untilFlushed();
    expect(stage.central.payloads('Heartbeat')).toHaveLength(1);
    // ConnectionTimeOut ended in between and was reported 60 s after the tag.
    stage.clock.advance(260_000);
    await stage.central.nth('Heartbeat', 2);
    await station.untilFlushed();
  });
});
