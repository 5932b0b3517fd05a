import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAR, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const IN_AN_HOUR = '2026-03-01T13:00:00Z';

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
