import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const IN_AN_HOUR = '2026-03-01T13:00:00Z';

describe('TriggerMessage', () => {
  it.each([
    ['TriggerMessage', 'Heartbeat', 'Heartbeat', 1],
    ['TriggerMessage', 'StatusNotification', 'StatusNotification', 2],
    ['TriggerMessage', 'DiagnosticsStatusNotification', 'DiagnosticsStatusNotification', 1],
    ['TriggerMessage', 'FirmwareStatusNotification', 'FirmwareStatusNotification', 1],
    ['TriggerMessage', 'MeterValues', 'MeterValues', 1],
    ['ExtendedTriggerMessage', 'Heartbeat', 'Heartbeat', 1],
    ['ExtendedTriggerMessage', 'LogStatusNotification', 'LogStatusNotification', 1],
    ['ExtendedTriggerMessage', 'FirmwareStatusNotification', 'SignedFirmwareStatusNotification', 1],
    ['ExtendedTriggerMessage', 'MeterValues', 'MeterValues', 1],
    ['ExtendedTriggerMessage', 'StatusNotification', 'StatusNotification', 2],
  ])('%s %s sends %s', async (action, requestedMessage, expected, count) => {
    const station = await stage.accepted();
    const before = stage.central.payloads(expected).length;
    expect(await stage.status(action, { requestedMessage })).toBe('Accepted');
    await station.untilFlushed();
    expect(stage.central.payloads(expected).length).toBe(before + count);
  });

  it('sends meter values with context Trigger, of the running session', async () => {
    const station = await stage.charging();
    await stage.status('TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 });
    await station.untilFlushed();
    const message = stage.central.payloads('MeterValues').at(-1);
    expect(message).toMatchObject({ transactionId: 1 });
    expect(JSON.stringify(message)).toContain('"Trigger"');
  });

  it('refuses unknown connectors and a second boot', async () => {
    await stage.accepted();
    const heartbeat = { requestedMessage: 'Heartbeat', connectorId: 4 };
    expect(await stage.status('TriggerMessage', heartbeat)).toBe('Rejected');
    expect(await stage.status('ExtendedTriggerMessage', heartbeat)).toBe('Rejected');
    const boot = { requestedMessage: 'BootNotification' };
    expect(await stage.status('TriggerMessage', boot)).toBe('Rejected');
    expect(await stage.status('ExtendedTriggerMessage', boot)).toBe('Rejected');
  });

  it('boots a pending station', async () => {
    let isReady = false;
    stage.central.on('BootNotification', () => ({
      status: isReady ? 'Accepted' : 'Pending',
      currentTime: IN_AN_HOUR,
      interval: 3_600,
    }));
    const station = stage.station();
    station.start();
    await station.until((one) => one.registration === 'Pending');
    isReady = true;
    expect(await stage.status('RemoteStartTransaction', { idTag: 'A' })).toBe('Rejected');
    expect(await stage.status('TriggerMessage', { requestedMessage: 'BootNotification' })).toBe('Accepted');
    await station.untilAccepted();
    await station.untilFlushed();
  });
});
