import { describe, expect, it } from 'vitest';
import { lapse } from '../csms/remote-fixture.js';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Core: what a station does by itself, and remote start and stop. */

describe('boot', () => {
  it('TC_001_CSMS: a cold boot is accepted, every connector may report, heartbeats tell the time', async () => {
    const bench = await Certification.begin({ heartbeatIntervalS: 60 });
    const { interval } = await bench.tell('BootNotification', {
      ...{ chargePointVendor: 'Acme', chargePointModel: 'Bench' },
      ...{ chargePointSerialNumber: 'S1', firmwareVersion: '1.0', iccid: '89', imsi: '26', meterType: 'M' },
    });
    expect(interval).toBe(60);
    for (const connectorId of [0, 1, 2]) await bench.status('Available', connectorId);
    for (let beat = 0; beat < 3; beat += 1) {
      bench.server.clock.advance(60_000);
      expect(await bench.tell('Heartbeat', {})).toEqual({ currentTime: bench.now });
    }
  });
});

describe('a session that a driver starts', () => {
  it('TC_003_CSMS: first the cable, then the tag', async () => {
    const bench = await Certification.begin();
    await bench.status('Preparing');
    expect(await bench.authorize()).toBe('Accepted');
    const id = await bench.start();
    await bench.status('Charging');
    expect(await bench.session(id)).toMatchObject({ state: 'active', tag: 'VALID', connector: 1 });
  });

  it('TC_004_1_CSMS: first the tag, then the cable', async () => {
    const bench = await Certification.begin();
    expect(await bench.authorize()).toBe('Accepted');
    await bench.status('Preparing');
    const id = await bench.start();
    await bench.status('Charging');
    expect(await bench.session(id)).toMatchObject({ state: 'active', authentication: 'rfid' });
  });

  it('TC_004_2_CSMS: the tag, and no cable in time', async () => {
    const bench = await Certification.begin();
    expect(await bench.authorize()).toBe('Accepted');
    await bench.status('Preparing');
    bench.server.clock.advance(60_000);
    await bench.status('Available');
    expect(await bench.sessions()).toEqual([]);
  });

  it('TC_005_1_CSMS: the cable is pulled at the car, which ends it', async () => {
    const bench = await Certification.begin();
    const id = await bench.charging();
    await bench.status('SuspendedEV');
    await bench.stop(id, 'EVDisconnected');
    await bench.free();
    expect(await bench.session(id)).toMatchObject({
      ...{ state: 'ended', stopReason: 'EVDisconnected', energyKwh: 2 },
    });
  });

  it('TC_007_CSMS: a tag that the station remembers starts without being asked about', async () => {
    const bench = await Certification.begin();
    await bench.status('Preparing');
    const id = await bench.start();
    await bench.status('Charging');
    expect(await bench.session(id)).toMatchObject({ state: 'active', tag: 'VALID' });
  });
});

describe('a tag that may not charge', () => {
  it('TC_023_1_CSMS: is unknown', async () => {
    const bench = await Certification.begin();
    expect(await bench.authorize('NOBODY')).toBe('Invalid');
  });

  it('TC_023_2_CSMS: has expired', async () => {
    const bench = await Certification.begin();
    await bench.server.addTag('OLD', { expiresAt: bench.server.clock.now() - 1 });
    expect(await bench.authorize('OLD')).toBe('Expired');
  });

  it('TC_023_3_CSMS: is blocked', async () => {
    const bench = await Certification.begin();
    await bench.server.fleet.run('tag.block', { tag: 'VALID' });
    expect(await bench.authorize()).toBe('Blocked');
  });
});

it('TC_024_CSMS: the connector cannot be locked at the start, and reports that', async () => {
  const bench = await Certification.begin();
  await bench.status('Preparing');
  expect(await bench.authorize()).toBe('Accepted');
  await bench.status('Faulted', 1, 'ConnectorLockFailure');
  const { connectors } = await bench.server.fleet.run('station.show', { id: 'OCTT' });
  expect(connectors).toContainEqual(
    expect.objectContaining({ connector: 1, status: 'Faulted', errorCode: 'ConnectorLockFailure' }),
  );
});

describe('remote start', () => {
  it('TC_010_CSMS: with the cable plugged in', async () => {
    const bench = await Certification.begin();
    bench.answers('RemoteStartTransaction', { status: 'Accepted' });
    await bench.status('Preparing');
    const starting = bench.remoteStart({ waitMs: 60_000 });
    expect(await bench.asked('RemoteStartTransaction')).toEqual({ connectorId: 1, idTag: 'VALID' });
    expect(await bench.authorize()).toBe('Accepted');
    const transactionId = await bench.start();
    await bench.status('Charging');
    expect((await starting).session).toMatchObject({ transactionId, authentication: 'remote' });
  });

  it('TC_011_1_CSMS: with the cable plugged in afterwards', async () => {
    const bench = await Certification.begin();
    bench.answers('RemoteStartTransaction', { status: 'Accepted' });
    expect(await bench.remoteStart()).toMatchObject({ status: 'Accepted', session: null });
    expect(await bench.authorize()).toBe('Accepted');
    await bench.status('Preparing');
    const id = await bench.start();
    await bench.status('Charging');
    expect(await bench.session(id)).toMatchObject({ state: 'active', authentication: 'remote' });
  });

  it('TC_011_2_CSMS: with no cable in time, which the command says', async () => {
    const bench = await Certification.begin();
    bench.answers('RemoteStartTransaction', { status: 'Accepted' });
    const late = bench.failing(bench.remoteStart({ waitMs: 20_000 }), 'TIMED_OUT');
    await bench.asked('RemoteStartTransaction');
    expect(await bench.authorize()).toBe('Accepted');
    await bench.status('Preparing');
    expect((await lapse(bench.server, late)).message).toContain('no session has begun yet');
    await bench.status('Available');
    expect(await bench.sessions()).toEqual([]);
    bench.server.clock.advance(15 * 60_000);
    expect((await bench.session(await bench.start())).authentication).toBe('rfid');
  });

  it('TC_026_CSMS: is rejected', async () => {
    const bench = await Certification.begin();
    bench.answers('RemoteStartTransaction', { status: 'Rejected' });
    await bench.failing(bench.remoteStart(), 'REFUSED');
    expect((await bench.session(await bench.start())).authentication).toBe('rfid');
  });
});

describe('remote stop', () => {
  it('TC_012_CSMS: of the running session', async () => {
    const bench = await Certification.begin();
    bench.answers('RemoteStopTransaction', { status: 'Accepted' });
    const transactionId = await bench.charging();
    const stopping = bench.remoteStop(transactionId, { waitMs: 60_000 });
    expect(await bench.asked('RemoteStopTransaction')).toEqual({ transactionId });
    await bench.stop(transactionId, 'Remote');
    await bench.free();
    expect(await stopping).toMatchObject({ session: { state: 'ended', stopReason: 'Remote' } });
  });

  it('TC_028_CSMS: is rejected, of a session that runs or of one that nobody knows', async () => {
    const bench = await Certification.begin();
    bench.answers('RemoteStopTransaction', { status: 'Rejected' });
    await bench.refused('RemoteStopTransaction', { transactionId: 4711 }, 'Rejected');
    const id = await bench.charging();
    await bench.failing(bench.remoteStop(id), 'REFUSED');
    expect(await bench.session(id)).toMatchObject({ state: 'active' });
  });
});
