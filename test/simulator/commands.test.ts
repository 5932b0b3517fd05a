import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAR, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const IN_AN_HOUR = '2026-03-01T13:00:00Z';

async function entries(
  keys?: string[],
): Promise<{ known: Record<string, string | undefined>; unknown: unknown }> {
  const { payload } = await stage.call('GetConfiguration', keys === undefined ? {} : { key: keys });
  const list = (payload?.configurationKey ?? []) as { key: string; value?: string }[];
  return {
    known: Object.fromEntries(list.map(({ key, value }) => [key, value])),
    unknown: payload?.unknownKey,
  };
}

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

describe('configuration', () => {
  it('lists everything, or what was asked for', async () => {
    await stage.accepted({ connectors: 2 });
    const all = await entries();
    expect(Object.keys(all.known).length).toBeGreaterThan(40);
    expect(all.known).toMatchObject({ NumberOfConnectors: '2', HeartbeatInterval: '300' });
    expect(all.known.AuthorizationKey).toBeUndefined();
    expect(all.unknown).toBeUndefined();
    const some = await entries(['heartbeatinterval', 'Nonsense']);
    expect(some).toEqual({ known: { HeartbeatInterval: '300' }, unknown: ['Nonsense'] });
    const keys = Array.from({ length: 51 }, (_none, index) => `K${index}`);
    expect((await stage.call('GetConfiguration', { key: keys })).error).toBe('OccurenceConstraintViolation');
    expect((await entries(keys.slice(0, 50))).unknown).toHaveLength(50);
  });

  it.each([
    ['HeartbeatInterval', '60', 'Accepted'],
    ['heartbeatinterval', '60', 'Accepted'],
    ['HeartbeatInterval', 'soon', 'Rejected'],
    ['HeartbeatInterval', '-1', 'Rejected'],
    ['LocalPreAuthorize', 'TRUE', 'Accepted'],
    ['LocalPreAuthorize', 'yes', 'Rejected'],
    ['NumberOfConnectors', '9', 'Rejected'],
    ['MeterValuesSampledData', 'Power.Active.Import,Voltage.L1', 'Accepted'],
    ['MeterValuesSampledData', 'Frequency', 'Rejected'],
    ['ConnectorPhaseRotation', '0.RST,1.RTS', 'RebootRequired'],
    ['ConnectorPhaseRotation', 'sideways', 'Rejected'],
    ['AuthorizationKey', 'too short', 'Rejected'],
    ['VendorKey', '1', 'NotSupported'],
  ])('%s = %s: %s', async (key, value, status) => {
    await stage.accepted();
    expect(await stage.status('ChangeConfiguration', { key, value })).toBe(status);
  });

  it('takes a new value after the reboot when it says so', async () => {
    const station = await stage.accepted();
    await stage.status('ChangeConfiguration', { key: 'ConnectorPhaseRotation', value: '1.RTS' });
    expect((await entries(['ConnectorPhaseRotation'])).known.ConnectorPhaseRotation).toBe('0.RST');
    await stage.status('Reset', { type: 'Soft' });
    await station.until((one) => one.registration === 'None');
    stage.clock.advance(5_000);
    await station.untilAccepted();
    await station.untilFlushed();
    expect((await entries(['ConnectorPhaseRotation'])).known.ConnectorPhaseRotation).toBe('1.RTS');
  });

  it('HeartbeatInterval and MeterValueSampleInterval take effect at once', async () => {
    const station = await stage.charging();
    await stage.status('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '5' });
    const before = stage.central.payloads('MeterValues').length;
    await stage.pass(station, 10_000, 5_000);
    expect(stage.central.payloads('MeterValues').length).toBe(before + 2);
    await stage.status('ChangeConfiguration', { key: 'MeterValueSampleInterval', value: '0' });
    await stage.status('ChangeConfiguration', { key: 'HeartbeatInterval', value: '30' });
    await stage.pass(station, 30_000);
    expect(stage.central.payloads('Heartbeat')).toHaveLength(1);
  });

  it('uses a new AuthorizationKey from the next connection on, which follows at once', async () => {
    const station = await stage.accepted({ password: 'old-password-1234' });
    const value = '000102030405060708090a0b0c0d0e0fffffffff';
    expect(await stage.status('ChangeConfiguration', { key: 'AuthorizationKey', value })).toBe('Accepted');
    await stage.central.until(() => stage.central.handshakes.length === 2);
    await station.untilAccepted();
    const sent = stage.central.handshakes.map((one) =>
      Buffer.from(one.authorization?.split(' ')[1] ?? '', 'base64'),
    );
    expect(sent[0]?.toString()).toBe('S1:old-password-1234');
    expect(sent[1]?.subarray(3).toString('hex')).toBe(value);
  });
});

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

  it('refuses unknown connectors, a second boot, and certificates', async () => {
    await stage.accepted();
    const heartbeat = { requestedMessage: 'Heartbeat', connectorId: 4 };
    expect(await stage.status('TriggerMessage', heartbeat)).toBe('Rejected');
    expect(await stage.status('ExtendedTriggerMessage', heartbeat)).toBe('Rejected');
    const boot = { requestedMessage: 'BootNotification' };
    expect(await stage.status('TriggerMessage', boot)).toBe('Rejected');
    expect(await stage.status('ExtendedTriggerMessage', boot)).toBe('Rejected');
    const sign = { requestedMessage: 'SignChargePointCertificate' };
    expect(await stage.status('ExtendedTriggerMessage', sign)).toBe('NotImplemented');
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

describe('local list and cache', () => {
  const entry = (idTag: string, status = 'Accepted') => ({ idTag, idTagInfo: { status } });

  it('keeps versions and answers mistakes', async () => {
    await stage.accepted({ configuration: { SendLocalListMaxLength: '2', LocalAuthListMaxLength: '2' } });
    const send = (listVersion: number, updateType: string, localAuthorizationList: unknown[]) =>
      stage.status('SendLocalList', { listVersion, updateType, localAuthorizationList });
    const version = async () => (await stage.call('GetLocalListVersion')).payload?.listVersion;
    expect(await version()).toBe(0);
    expect(await send(5, 'Full', [entry('A'), entry('B')])).toBe('Accepted');
    expect(await version()).toBe(5);
    expect(await send(5, 'Differential', [entry('C')])).toBe('VersionMismatch');
    expect(await send(6, 'Differential', [entry('C')])).toBe('Failed');
    expect(await send(6, 'Differential', [{ idTag: 'a' }, entry('C')])).toBe('Accepted');
    expect(await send(7, 'Full', [{ idTag: 'A' }])).toBe('Failed');
    expect(await send(7, 'Full', [entry('A'), entry('a')])).toBe('Failed');
    expect(await send(7, 'Full', [entry('A'), entry('B'), entry('C')])).toBe('Failed');
    expect(await send(-1, 'Full', [])).toBe('Failed');
    expect(await version()).toBe(6);
    await stage.status('ChangeConfiguration', { key: 'LocalAuthListEnabled', value: 'false' });
    expect(await send(8, 'Full', [])).toBe('NotSupported');
  });

  it('starts from the list without asking when LocalPreAuthorize is set', async () => {
    const station = await stage.accepted({ configuration: { LocalPreAuthorize: 'true' } });
    await stage.status('SendLocalList', {
      listVersion: 1,
      updateType: 'Full',
      localAuthorizationList: [entry('LOCAL')],
    });
    station.plugIn(1, CAR);
    expect(await station.presentTag(1, 'local')).toBe('Accepted');
    await station.untilFlushed();
    expect(stage.central.payloads('Authorize')).toEqual([]);
  });

  it('forgets the cache on ClearCache', async () => {
    const station = await stage.charging();
    station.unplug(1);
    await station.untilFlushed();
    expect(await stage.status('ClearCache')).toBe('Accepted');
    station.goOffline();
    await station.until((one) => !one.isConnected);
    expect(await station.presentTag(1, 'TAG-1')).toBe('Invalid');
    station.goOnline();
    await station.untilAccepted();
    await stage.status('ChangeConfiguration', { key: 'AuthorizationCacheEnabled', value: 'false' });
    expect(await stage.status('ClearCache')).toBe('Rejected');
  });
});

describe('reservations', () => {
  const reserve = (change: object = {}) =>
    stage.status('ReserveNow', {
      connectorId: 1,
      expiryDate: IN_AN_HOUR,
      idTag: 'MINE',
      reservationId: 7,
      ...change,
    });

  it('keeps the connector for its tag and ends with the session', async () => {
    const station = await stage.accepted();
    expect(await reserve()).toBe('Accepted');
    expect(station.connector(1).status).toBe('Reserved');
    station.plugIn(1, CAR);
    expect(station.connector(1).status).toBe('Reserved');
    expect(await stage.status('RemoteStartTransaction', { idTag: 'OTHER', connectorId: 1 })).toBe('Rejected');
    expect(await station.presentTag(1, 'OTHER')).toBe('Invalid');
    expect(await station.presentTag(1, 'mine')).toBe('Accepted');
    await station.untilTransaction(1);
    await station.untilFlushed();
    expect(stage.central.payloads('StartTransaction')[0]).toMatchObject({ reservationId: 7 });
    expect(await stage.status('CancelReservation', { reservationId: 7 })).toBe('Rejected');
  });

  it('expires', async () => {
    const station = await stage.accepted({ configuration: { HeartbeatInterval: '0' } });
    await reserve();
    await stage.pass(station, 3_600_000, 3_600_000);
    expect(stage.statuses(1)).toEqual(['Available', 'Reserved', 'Available']);
  });

  it('can be replaced and cancelled, and answers mistakes', async () => {
    const station = await stage.accepted({ connectors: 2 });
    expect(await reserve()).toBe('Accepted');
    expect(await reserve({ idTag: 'HERS' })).toBe('Accepted');
    expect(await reserve({ reservationId: 8 })).toBe('Occupied');
    expect(await reserve({ connectorId: 2 })).toBe('Accepted');
    expect(station.connector(1).status).toBe('Available');
    expect(await reserve({ connectorId: 0 })).toBe('Rejected');
    expect(await reserve({ connectorId: 3 })).toBe('Rejected');
    expect(await reserve({ expiryDate: '2026-03-01T11:00:00Z' })).toBe('Rejected');
    expect(await stage.status('CancelReservation', { reservationId: 7 })).toBe('Accepted');
    station.fault(1, 'OtherError');
    expect(await reserve()).toBe('Faulted');
    await stage.status('ChangeAvailability', { connectorId: 2, type: 'Inoperative' });
    expect(await reserve({ connectorId: 2 })).toBe('Unavailable');
    await station.untilFlushed();
  });
});

describe('everything else', () => {
  it('has no vendor extensions', async () => {
    await stage.accepted();
    expect(await stage.status('DataTransfer', { vendorId: 'acme' })).toBe('UnknownVendorId');
  });

  it.each([
    ['GetLog', 'NotImplemented'],
    ['InstallCertificate', 'NotImplemented'],
    ['SignedUpdateFirmware', 'NotImplemented'],
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
