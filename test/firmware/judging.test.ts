import { describe, expect, it } from 'vitest';
import {
  connected,
  fleetOf,
  install,
  lapse,
  report,
  statesOf,
  targetOf,
  untilStates,
  update,
} from './fixture.js';

const hour = 3600_000;

async function told() {
  const { server, stations } = await fleetOf(['CP1']);
  const station = stations.get('CP1');
  if (!station) throw new Error('no station');
  const outcomes = await update(server, ['CP1']);
  return { server, station, outcomes };
}

describe('a station that was told', () => {
  it('is asked to fetch the image from this server, under its own name', async () => {
    const { server, station, outcomes } = await told();
    expect(outcomes).toMatchObject([
      {
        ok: true,
        message: 'CP1 was told to install 2.0.0.',
        detail: { rollout: 1, wave: 1, state: 'offered' },
      },
    ]);
    const { location, retrieveDate } = await station.received('UpdateFirmware');
    expect(new URL(String(location)).pathname).toMatch(/\/acme-2\.0\.0\.bin$/);
    // At once.
    expect(Date.parse(String(retrieveDate))).toBeLessThanOrEqual(server.clock.now());
    const response = await fetch(String(location));
    expect(await response.text()).toBe('firmware image');
    const half = await fetch(String(location), { headers: { range: 'bytes=9-' } });
    expect([half.status, await half.text()]).toEqual([206, 'image']);
    const head = await fetch(String(location), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '14']);
  });

  it('is shown with what it reports, and has succeeded once it boots with the new version', async () => {
    const { server, station } = await told();
    await report(station, 'Downloading');
    expect(await targetOf(server, 'CP1')).toMatchObject({ state: 'downloading', status: 'Downloading' });
    await install(server, station, 'CP1');
    expect(await targetOf(server, 'CP1')).toMatchObject({
      state: 'succeeded',
      status: 'Installed',
      fromVersion: '1.0.0',
      version: '2.0.0',
    });
    const events = await server.fleet.run('event.list', { kind: 'firmware' });
    expect(events.items.map(({ kind }) => kind)).toEqual([
      'firmware.offered',
      'firmware.Downloading',
      'firmware.Downloading',
      'firmware.Downloaded',
      'firmware.Installing',
      'firmware.Installed',
      'firmware.updated',
    ]);
    expect(events.items.at(-1)?.description).toBe('firmware 2.0.0 runs, before it was 1.0.0');
  });

  it('can fetch the image no more once it was judged', async () => {
    const { server, station } = await told();
    const { location } = await station.received('UpdateFirmware');
    await install(server, station, 'CP1');
    const status = await lapse(
      server,
      (async () => {
        for (;;) {
          // One that is being fetched at that moment breaks off.
          const response = await fetch(String(location)).catch(() => undefined);
          await response?.arrayBuffer().catch(() => undefined);
          if (response && response.status !== 200) return response.status;
        }
      })(),
    );
    expect(status).toBe(404);
  });

  it('has failed when it reports Installed but boots with the old version', async () => {
    const { server, station } = await told();
    await install(server, station, 'CP1', '1.0.0');
    expect(await targetOf(server, 'CP1')).toMatchObject({
      state: 'failed',
      detail: 'it reported Installed, but booted with 1.0.0',
    });
  });

  it('is believed when it reports Installed and never says what it runs', async () => {
    const { server, stations } = await fleetOf(['CP1']);
    await stations.get('CP1')?.leave();
    const station = await server.connect('CP1');
    await station.on('UpdateFirmware', () => ({})).boot();
    await update(server, ['CP1']);
    await report(station, 'Installed');
    await station.boot();
    expect(await targetOf(server, 'CP1')).toMatchObject({
      state: 'succeeded',
      detail: 'it reported Installed, and does not say which version it runs',
    });
  });

  it('has succeeded without a single report when it boots with the new version', async () => {
    const { server, station } = await told();
    await station.leave();
    await connected(server, 'CP1', '2.0.0');
    expect(await statesOf(server)).toEqual({ CP1: 'succeeded' });
  });

  it('may boot with the old version in the middle of the installation', async () => {
    const { server, station } = await told();
    for (const status of ['Downloading', 'Downloaded', 'Installing']) await report(station, status);
    await station.leave();
    const again = await connected(server, 'CP1');
    expect(await statesOf(server)).toEqual({ CP1: 'installing' });
    await again.leave();
    await connected(server, 'CP1', '2.0.0');
    expect(await statesOf(server)).toEqual({ CP1: 'succeeded' });
  });

  it.each([
    ['DownloadFailed', 'it could not download the image'],
    ['InstallationFailed', 'it could not install the image'],
  ])('has failed when it reports %s', async (status, detail) => {
    const { server, station } = await told();
    await report(station, status);
    expect(await targetOf(server, 'CP1')).toMatchObject({ state: 'failed', status, detail });
  });

  it('has failed when nothing is heard of it for too long', async () => {
    const { server, station } = await told();
    await report(station, 'Downloading');
    server.clock.advance(2 * hour - 60_000);
    expect(await statesOf(server)).toEqual({ CP1: 'downloading' });
    await untilStates(server, { CP1: 'failed' });
    const { detail } = await targetOf(server, 'CP1');
    expect(detail).toBe('it reported nothing after Downloading for 2h 00m');
  });
});
