import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAR, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const IN_AN_HOUR = '2026-03-01T13:00:00Z';

describe('RemoteStartTransaction and RemoteStopTransaction', () => {
  it('starts after Authorize, and stops with reason Remote', async () => {
    const station = await stage.accepted();
    station.plugIn(1, CAR);
    expect(await stage.status('RemoteStartTransaction', { idTag: 'APP', connectorId: 1 })).toBe('Accepted');
    const transactionId = await station.untilTransaction(1);
    expect(stage.central.actions.indexOf('Authorize')).toBeGreaterThan(0);
    expect(await stage.status('RemoteStopTransaction', { transactionId: 99 })).toBe('Rejected');
    expect(await stage.status('RemoteStopTransaction', { transactionId })).toBe('Accepted');
    await station.untilFlushed();
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ transactionId, reason: 'Remote' });
  });

  it('skips Authorize when AuthorizeRemoteTxRequests is false', async () => {
    const station = await stage.accepted({ configuration: { AuthorizeRemoteTxRequests: 'false' } });
    station.plugIn(1, CAR);
    await stage.status('RemoteStartTransaction', { idTag: 'APP' });
    await station.untilTransaction(1);
    await station.untilFlushed();
    expect(stage.central.payloads('Authorize')).toEqual([]);
  });

  it('chooses the connector where a car waits, and waits for a car otherwise', async () => {
    const station = await stage.accepted({ connectors: 2 });
    station.plugIn(2, CAR);
    await stage.status('RemoteStartTransaction', { idTag: 'APP' });
    await station.untilTransaction(2);
    await stage.status('RemoteStartTransaction', { idTag: 'APP-2' });
    await station.untilStatus(1, 'Preparing');
    station.plugIn(1, CAR);
    await station.untilTransaction(1);
    await station.untilFlushed();
    expect(await stage.status('RemoteStartTransaction', { idTag: 'APP-3' })).toBe('Rejected');
  });

  it('refuses an unknown or busy connector, and a profile for another purpose', async () => {
    await stage.charging({ connectors: 2 });
    expect(await stage.status('RemoteStartTransaction', { idTag: 'A', connectorId: 7 })).toBe('Rejected');
    expect(await stage.status('RemoteStartTransaction', { idTag: 'A', connectorId: 1 })).toBe('Rejected');
    const chargingProfile = {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
    };
    expect(
      await stage.status('RemoteStartTransaction', { idTag: 'A', connectorId: 2, chargingProfile }),
    ).toBe('Rejected');
  });
});

describe('Reset', () => {
  it.each([
    ['Soft', 'SoftReset', 5_000],
    ['Hard', 'HardReset', 10_000],
  ])('%s: stops with %s, disconnects, boots again', async (type, reason, restartMs) => {
    const station = await stage.charging();
    expect(await stage.status('Reset', { type })).toBe('Accepted');
    await station.until((one) => one.registration === 'None');
    expect(station.isConnected).toBe(false);
    stage.clock.advance(restartMs);
    await station.untilAccepted();
    await station.untilFlushed();
    expect(stage.central.payloads('BootNotification')).toHaveLength(2);
    expect(stage.central.payloads('StopTransaction')).toHaveLength(1);
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ reason });
    expect(stage.statuses(1).at(-1)).toBe('Finishing');
  });
});

describe('ChangeAvailability', () => {
  it('waits for the end of a session', async () => {
    const station = await stage.charging();
    expect(await stage.status('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toBe(
      'Scheduled',
    );
    expect(station.connector(1).status).toBe('Charging');
    station.unplug(1);
    await station.untilFlushed();
    expect(stage.statuses(1).at(-1)).toBe('Unavailable');
    expect(await station.presentTag(1, 'TAG-1')).toBe('Invalid');
    expect(await stage.status('ChangeAvailability', { connectorId: 1, type: 'Operative' })).toBe('Accepted');
    await station.untilStatus(1, 'Available');
    await station.untilFlushed();
  });

  it('takes the whole station out of service with connector 0, over a reset too', async () => {
    const station = await stage.accepted({ connectors: 2 });
    expect(await stage.status('ChangeAvailability', { connectorId: 0, type: 'Inoperative' })).toBe(
      'Accepted',
    );
    await station.untilFlushed();
    await stage.status('Reset', { type: 'Hard' });
    await station.until((one) => one.registration === 'None');
    stage.clock.advance(10_000);
    await station.untilAccepted();
    await station.untilFlushed();
    expect([0, 1, 2].map((id) => stage.statuses(id).at(-1))).toEqual(Array(3).fill('Unavailable'));
  });

  it('refuses an unknown connector', async () => {
    await stage.accepted();
    expect(await stage.status('ChangeAvailability', { connectorId: 2, type: 'Operative' })).toBe('Rejected');
  });
});

describe('UnlockConnector', () => {
  it('ends the session first', async () => {
    const station = await stage.charging();
    expect(await stage.status('UnlockConnector', { connectorId: 1 })).toBe('Unlocked');
    await stage.central.nth('StopTransaction', 1);
    await station.untilFlushed();
    expect(stage.central.payloads('StopTransaction')[0]).toMatchObject({ reason: 'UnlockCommand' });
  });

  it('knows no other connectors, and a jammed lock', async () => {
    const station = await stage.accepted();
    expect(await stage.status('UnlockConnector', { connectorId: 3 })).toBe('NotSupported');
    station.fault(1, 'ConnectorLockFailure');
    expect(await stage.status('UnlockConnector', { connectorId: 1 })).toBe('UnlockFailed');
    await station.untilFlushed();
  });
});

describe('everything else', () => {
  it('has no vendor extensions', async () => {
    await stage.accepted();
    expect(await stage.status('DataTransfer', { vendorId: 'acme' })).toBe('UnknownVendorId');
  });

  it.each([
    ['InstallCertificate', 'OccurenceConstraintViolation'],
    ['DeleteCertificate', 'OccurenceConstraintViolation'],
    ['Nonsense', 'NotImplemented'],
    ['BootNotification', 'NotSupported'],
  ])('%s: %s', async (action, error) => {
    await stage.accepted();
    expect((await stage.call(action)).error).toBe(error);
  });

  it('refuses a command that breaks the schema and names the field', async () => {
    await stage.accepted();
    const outcome = await stage.call('Reset', { type: 'Gentle' });
    expect(outcome.error).toBe('PropertyConstraintViolation');
    expect(outcome.description).toContain('/type');
    expect((await stage.call('Reset', {})).error).toBe('OccurenceConstraintViolation');
  });

  it('takes no commands while rejected', async () => {
    stage.central.on('BootNotification', () => ({
      status: 'Rejected',
      currentTime: IN_AN_HOUR,
      interval: 60,
    }));
    const station = stage.station();
    station.start();
    await station.until((one) => one.registration === 'Rejected');
    expect((await stage.call('ClearCache')).error).toBe('SecurityError');
  });
});
