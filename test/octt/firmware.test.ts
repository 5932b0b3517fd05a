import { expect, it } from 'vitest';
import { gather, lapse, upload } from '../firmware/fixture.js';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Firmware Management, and signed firmware of the profile Security. */

/** The station was told to update to 2.0.0 by the command for that. */
async function updating({ signed = false }: { signed?: boolean } = {}) {
  const bench = await Certification.begin();
  const { server } = bench;
  await upload(server.fleet, { signed, model: 'Bench' });
  bench.answers('UpdateFirmware', {}).answers('SignedUpdateFirmware', { status: 'Accepted' });
  expect(await lapse(server, gather(server, ['OCTT'], { signed }))).toMatchObject([{ ok: true }]);
  const judged = async () => (await server.fleet.run('firmware.status', { of: 'OCTT' })).items[0];
  return { bench, judged };
}

it('TC_044_1_CSMS: a firmware is fetched from the place that was named and installed, with a reboot', async () => {
  const { bench, judged } = await updating();
  const { location, retrieveDate } = await bench.asked('UpdateFirmware');
  expect(new URL(location).pathname).toMatch(/\/acme-2\.0\.0\.bin$/);
  expect(Date.parse(retrieveDate)).toBeLessThanOrEqual(Date.parse(bench.now));
  for (const status of ['Downloading', 'Downloaded', 'Installing'] as const) {
    expect(await bench.tell('FirmwareStatusNotification', { status })).toEqual({});
  }
  await bench.reboot();
  expect(await bench.tell('FirmwareStatusNotification', { status: 'Installed' })).toEqual({});
  expect(await judged()).toMatchObject({ state: 'installed', status: 'Installed' });
  // This station never says what it runs, so that it can only be believed.
  await bench.reboot();
  expect(await judged()).toMatchObject({ state: 'succeeded' });
});

it('TC_044_2_CSMS: the download fails', async () => {
  const { bench, judged } = await updating();
  for (const status of ['Downloading', 'DownloadFailed'] as const) {
    expect(await bench.tell('FirmwareStatusNotification', { status })).toEqual({});
  }
  expect(await judged()).toMatchObject({ state: 'failed', status: 'DownloadFailed' });
});

it('TC_044_3_CSMS: the installation fails', async () => {
  const { bench, judged } = await updating();
  for (const status of ['Downloading', 'Downloaded', 'Installing', 'InstallationFailed'] as const) {
    expect(await bench.tell('FirmwareStatusNotification', { status })).toEqual({});
  }
  expect(await judged()).toMatchObject({ state: 'failed', status: 'InstallationFailed' });
});

it('TC_080_CSMS: a signed firmware is downloaded, verified and installed, with a reboot', async () => {
  const { bench, judged } = await updating({ signed: true });
  const { requestId, firmware } = await bench.asked('SignedUpdateFirmware');
  expect(firmware).toMatchObject({
    signature: 'c2lnbmF0dXJl',
    signingCertificate: expect.stringContaining('-----BEGIN CERTIFICATE-----'),
  });
  const statuses = [
    'Downloading',
    'Downloaded',
    'SignatureVerified',
    'Installing',
    'InstallRebooting',
  ] as const;
  for (const status of statuses) {
    expect(await bench.tell('SignedFirmwareStatusNotification', { status, requestId })).toEqual({});
  }
  await bench.reboot();
  const event = { type: 'FirmwareUpdated', timestamp: bench.now };
  expect(await bench.tell('SecurityEventNotification', event)).toEqual({});
  expect(await bench.tell('SignedFirmwareStatusNotification', { status: 'Installed', requestId })).toEqual(
    {},
  );
  expect(await judged()).toMatchObject({ state: 'installed', status: 'Installed' });
});

it('TC_081_CSMS: the signature of a firmware is not right', async () => {
  const { bench, judged } = await updating({ signed: true });
  const { requestId } = await bench.asked('SignedUpdateFirmware');
  for (const status of ['Downloading', 'Downloaded', 'InvalidSignature'] as const) {
    expect(await bench.tell('SignedFirmwareStatusNotification', { status, requestId })).toEqual({});
  }
  const event = { type: 'InvalidFirmwareSignature', timestamp: bench.now };
  expect(await bench.tell('SecurityEventNotification', event)).toEqual({});
  expect(await judged()).toMatchObject({
    state: 'failed',
    detail: 'the signature of the image is not right',
  });
});
