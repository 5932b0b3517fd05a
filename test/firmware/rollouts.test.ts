import { describe, expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import {
  connected,
  fleetOf,
  gather,
  install,
  lapse,
  report,
  statesOf,
  targetOf,
  untilStates,
  update,
  upload,
} from './fixture.js';

const five = ['CP1', 'CP2', 'CP3', 'CP4', 'CP5'];

function one<T>(of: ReadonlyMap<string, T>, id: string): T {
  const found = of.get(id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

async function rolloutOf(server: TestServer) {
  const [newest] = (await server.fleet.run('firmware.rollouts', {})).items;
  return newest;
}

/** Resolves when every station of the newest rollout was judged. */
async function over(server: TestServer): Promise<void> {
  while (((await rolloutOf(server))?.endedAt ?? null) === null);
}

describe('waves', () => {
  it('begin when everybody in the one before was judged', async () => {
    const { server, stations } = await fleetOf(five);
    const outcomes = await update(server, five, { canary: 1, wave: 3 });
    expect(outcomes.map(({ stationId, ok, message }) => [stationId, ok, message]).sort()).toEqual([
      ['CP1', true, 'CP1 was told to install 2.0.0.'],
      ['CP2', true, 'CP2 is in wave 2 of rollout 1.'],
      ['CP3', true, 'CP3 is in wave 2 of rollout 1.'],
      ['CP4', true, 'CP4 is in wave 2 of rollout 1.'],
      ['CP5', true, 'CP5 is in wave 3 of rollout 1.'],
    ]);
    const waiting = { CP2: 'waiting', CP3: 'waiting', CP4: 'waiting', CP5: 'waiting' };
    expect(await statesOf(server)).toEqual({ CP1: 'offered', ...waiting });
    await install(server, one(stations, 'CP1'), 'CP1');
    const second = { CP2: 'offered', CP3: 'offered', CP4: 'offered' };
    await untilStates(server, { CP1: 'succeeded', ...second, CP5: 'waiting' });
    for (const id of ['CP2', 'CP3', 'CP4']) await install(server, one(stations, id), id);
    const done = { CP1: 'succeeded', CP2: 'succeeded', CP3: 'succeeded', CP4: 'succeeded' };
    await untilStates(server, { ...done, CP5: 'offered' });
    await install(server, one(stations, 'CP5'), 'CP5');
    await lapse(server, over(server));
    expect(await rolloutOf(server)).toMatchObject({
      state: 'done',
      succeeded: 5,
      failed: 0,
      wave: 3,
      waves: 3,
    });
  });

  it('end after too many failures; those that were told are followed to their end', async () => {
    const { server, stations } = await fleetOf(five);
    await update(server, five, { wave: 2, maxFailures: 0 });
    await report(one(stations, 'CP1'), 'InstallationFailed');
    const rest = { CP3: 'cancelled', CP4: 'cancelled', CP5: 'cancelled' };
    await untilStates(server, { CP1: 'failed', CP2: 'offered', ...rest });
    expect(await rolloutOf(server)).toMatchObject({
      state: 'stopped',
      failed: 1,
      left: 3,
      underWay: 1,
      endedAt: null,
    });
    await install(server, one(stations, 'CP2'), 'CP2');
    expect(await statesOf(server)).toEqual({ CP1: 'failed', CP2: 'succeeded', ...rest });
    expect((await targetOf(server, 'CP3')).detail).toBe('the rollout stopped after 1 failure');
    expect(one(stations, 'CP3').calls).toEqual([]);
  });

  it('go on as they were after a restart in the middle, downloads included', async () => {
    const { server, stations } = await fleetOf(['CP1', 'CP2', 'CP3']);
    await update(server, ['CP1', 'CP2', 'CP3'], { wave: 2 });
    const { location } = await one(stations, 'CP1').received('UpdateFirmware');
    await report(one(stations, 'CP1'), 'Downloading');
    await server.restart();
    expect(await statesOf(server)).toEqual({ CP1: 'downloading', CP2: 'offered', CP3: 'waiting' });
    const first = await connected(server, 'CP1');
    const path = new URL(String(location)).pathname;
    const url = new URL(path, server.url.replace('ws:', 'http:')).href;
    const image = async (): Promise<string> => {
      for (;;) {
        const response = await fetch(url);
        const text = await response.text();
        if (response.ok) return text;
      }
    };
    expect(await lapse(server, image(), 1000)).toBe('firmware image');
    await install(server, first, 'CP1');
    await connected(server, 'CP2', '2.0.0');
    const third = await connected(server, 'CP3');
    await untilStates(server, { CP1: 'succeeded', CP2: 'succeeded', CP3: 'offered' });
    expect(first.calls).toEqual([]);
    await install(server, third, 'CP3');
    expect(await statesOf(server)).toEqual({ CP1: 'succeeded', CP2: 'succeeded', CP3: 'succeeded' });
  });

  it('wait a while for a station that went offline, then leave it out', async () => {
    const { server, stations } = await fleetOf(['CP1', 'CP2', 'CP3']);
    await update(server, ['CP1', 'CP2', 'CP3'], { wave: 1 });
    await one(stations, 'CP2').leave();
    await install(server, one(stations, 'CP1'), 'CP1');
    await untilStates(server, { CP1: 'succeeded', CP2: 'skipped', CP3: 'offered' });
    expect(await targetOf(server, 'CP2')).toMatchObject({ detail: 'it was offline when its turn came' });
  });

  it('tell no more stations once cancelled', async () => {
    const { server, stations } = await fleetOf(['CP1', 'CP2']);
    await update(server, ['CP1', 'CP2'], { wave: 1 });
    const cancelled = await server.fleet.run('firmware.cancel', { rollout: 1 });
    expect(cancelled).toMatchObject({ state: 'cancelled', underWay: 1, left: 1 });
    await install(server, one(stations, 'CP1'), 'CP1');
    expect(await statesOf(server)).toEqual({ CP1: 'succeeded', CP2: 'cancelled' });
    await expect(server.fleet.run('firmware.cancel', { rollout: 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('end also when a connection broke as its station was told, and they were cancelled meanwhile', async () => {
    const { server, stations } = await fleetOf(['CP1']);
    const station = one(stations, 'CP1').on('UpdateFirmware', () => 'silence');
    const told = gather(server, ['CP1']);
    await lapse(server, station.received('UpdateFirmware'));
    await server.fleet.run('firmware.cancel', { rollout: 1 });
    await station.leave();
    await untilStates(server, { CP1: 'cancelled' });
    expect(await lapse(server, told)).toMatchObject([{ ok: false }]);
    await lapse(server, over(server));
    const again = await connected(server, 'CP1');
    await update(server, ['CP1']);
    expect(again.calls.map(({ action }) => action)).toEqual(['UpdateFirmware']);
  });
});

describe('with --wait', () => {
  it('each outcome comes when the station is judged', async () => {
    const { server, stations } = await fleetOf(['CP1', 'CP2']);
    const waiting = gather(server, ['CP1', 'CP2'], { wait: true, maxFailures: 1 });
    for (const id of ['CP1', 'CP2']) await lapse(server, one(stations, id).received('UpdateFirmware'));
    await install(server, one(stations, 'CP1'), 'CP1');
    await report(one(stations, 'CP2'), 'DownloadFailed');
    expect((await lapse(server, waiting)).sort((a, b) => (a.stationId < b.stationId ? -1 : 1))).toMatchObject(
      [
        { stationId: 'CP1', ok: true, message: 'CP1 runs 2.0.0 now, before it was 1.0.0.' },
        {
          stationId: 'CP2',
          ok: false,
          status: 'DownloadFailed',
          code: 'REFUSED',
          message: 'CP2 was not updated: it could not download the image.',
          suggestions: ['evfleet firmware status 1'],
        },
      ],
    );
  });
});

describe('a station that answers oddly', () => {
  it('has refused with an error', async () => {
    const { server, stations } = await fleetOf(['CP1']);
    one(stations, 'CP1').on('UpdateFirmware', () => ({ error: 'NotSupported' }));
    expect(await update(server, ['CP1'])).toMatchObject([
      {
        ok: false,
        code: 'REFUSED',
        message: expect.stringMatching(/^CP1 was not updated: CP1 refused UpdateFirmware/),
      },
    ]);
  });

  it('may have heard when it says nothing, and is judged by what it does', async () => {
    const { server, stations } = await fleetOf(['CP1']);
    one(stations, 'CP1').on('UpdateFirmware', () => 'silence');
    expect(await update(server, ['CP1'], { timeoutMs: 1000 })).toMatchObject([
      { ok: false, code: 'TIMED_OUT' },
    ]);
    await install(server, one(stations, 'CP1'), 'CP1');
    expect(await statesOf(server)).toEqual({ CP1: 'succeeded' });
  });

  it.each([
    ['Rejected', 'it answered Rejected'],
    ['InvalidCertificate', 'it does not take the signing certificate: InvalidCertificate'],
    ['RevokedCertificate', 'the signing certificate is revoked: RevokedCertificate'],
  ])('has refused a signed update with %s', async (status, why) => {
    const { server, stations } = await fleetOf(['CP1'], { signed: true });
    one(stations, 'CP1').on('SignedUpdateFirmware', () => ({ status }));
    expect(await update(server, ['CP1'], { signed: true })).toMatchObject([
      { ok: false, code: 'REFUSED', message: `CP1 was not updated: ${why}.` },
    ]);
  });

  it('gave up another update for a signed one', async () => {
    const { server, stations } = await fleetOf(['CP1'], { signed: true });
    const station = one(stations, 'CP1').on('SignedUpdateFirmware', () => ({ status: 'AcceptedCanceled' }));
    expect(await update(server, ['CP1'], { signed: true })).toMatchObject([
      { ok: true, message: 'CP1 was told to install 2.0.0; it gave up another update for this one.' },
    ]);
    expect(await station.received('SignedUpdateFirmware')).toMatchObject({
      requestId: 1,
      firmware: {
        signature: 'c2lnbmF0dXJl',
        signingCertificate: expect.stringContaining('BEGIN CERTIFICATE'),
      },
    });
    await station.call('SignedFirmwareStatusNotification', { status: 'Downloading', requestId: 99 });
    expect(await statesOf(server)).toEqual({ CP1: 'offered' });
    await station.call('SignedFirmwareStatusNotification', { status: 'InvalidSignature', requestId: 1 });
    expect(await targetOf(server, 'CP1')).toMatchObject({
      state: 'failed',
      detail: 'the signature of the image is not right',
    });
  });
});

describe('before anything is sent', () => {
  async function mixed() {
    const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
    await upload(server.fleet);
    for (const id of ['GOOD', 'OTHER', 'GONE', 'NEWER', 'NOBODY']) await server.add(id);
    const good = await connected(server, 'GOOD');
    const other = await server.connect('OTHER');
    await other.on('UpdateFirmware', () => ({})).boot({ chargePointModel: 'Tower', firmwareVersion: '1' });
    await (await connected(server, 'GONE')).leave();
    await connected(server, 'NEWER', '2.0.0');
    await server.connect('NOBODY');
    return { server, good, other };
  }

  it('stations that cannot be updated are named, and the others are updated', async () => {
    const { server, other } = await mixed();
    const outcomes = await update(server, ['GOOD', 'OTHER', 'GONE', 'NEWER', 'NOBODY']);
    const shown = outcomes.map(({ stationId, ok, code, message }) => [stationId, ok, code, message]).sort();
    expect(shown).toEqual([
      ['GONE', false, 'STATION_OFFLINE', expect.stringMatching(/^Station GONE has been offline since /)],
      ['GOOD', true, null, 'GOOD was told to install 2.0.0.'],
      ['NEWER', true, null, 'NEWER runs 2.0.0 already.'],
      ['NOBODY', false, 'CONFLICT', 'NOBODY has not said yet what it is, so no image can be chosen for it.'],
      ['OTHER', false, 'NOT_FOUND', 'OTHER is Acme Tower, and firmware 2.0.0 is there for Acme Box only.'],
    ]);
    expect(other.calls).toEqual([]);
    expect(await statesOf(server)).toEqual({ GOOD: 'offered' });
  });

  it('--force sends an image that is for another model', async () => {
    const { server, other } = await mixed();
    expect(await update(server, ['OTHER'], { force: true })).toMatchObject([{ ok: true }]);
    await other.received('UpdateFirmware');
  });

  it('a station that is being updated is left alone, unless forced', async () => {
    const { server } = await mixed();
    await update(server, ['GOOD']);
    expect(await update(server, ['GOOD'])).toMatchObject([
      { ok: false, code: 'CONFLICT', message: 'GOOD is being updated by rollout 1.' },
    ]);
    expect(await update(server, ['GOOD'], { force: true })).toMatchObject([
      { ok: true, detail: { rollout: 2 } },
    ]);
    expect(await statesOf(server, 1)).toEqual({ GOOD: 'cancelled' });
    expect(await statesOf(server, 2)).toEqual({ GOOD: 'offered' });
  });

  it.each([
    ['a version that is not there', { version: '2.0.1' }, 'NOT_FOUND', 'There is no firmware "2.0.1".'],
    ['a time that is over', { at: 0 }, 'USAGE', '--at is in the past: 1970-01-01T00:00:00.000Z.'],
    ['no signature', { signed: true }, 'USAGE', 'Firmware 2.0.0 for Acme Box has no signature.'],
  ])('nothing is done with %s', async (_, change, code, message) => {
    const { server } = await mixed();
    await expect(gather(server, ['GOOD'], change)).rejects.toMatchObject({ code, message });
    expect((await server.fleet.run('firmware.rollouts', {})).items).toEqual([]);
  });

  it('what the station is told is what was asked for', async () => {
    const { server, good } = await mixed();
    const at = server.clock.now() + 86_400_000;
    await update(server, ['GOOD'], { at, retries: 3, retryIntervalS: 300 });
    expect(await good.received('UpdateFirmware')).toMatchObject({
      retrieveDate: new Date(at).toISOString(),
      retries: 3,
      retryInterval: 300,
    });
  });
});
