import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLoopback } from '../../../src/simulator/files/file-servers.js';
import { versionOf } from '../../../src/simulator/files/file-transfers.js';
import { Stage } from '../stage.js';

let stage: Stage;
let server: Server;
let requests: { method: string | undefined; url: string | undefined; body: string }[];
let statusOf: (request: IncomingMessage) => number;

beforeEach(async () => {
  stage = await Stage.open();
  requests = [];
  statusOf = () => 200;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString() });
      response.writeHead(statusOf(request)).end('firmware image');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await stage.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const location = (path: string): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
const diagnostics = () => stage.central.payloads('DiagnosticsStatusNotification').map((one) => one.status);
const firmware = () => stage.central.payloads('FirmwareStatusNotification').map((one) => one.status);

describe('GetDiagnostics', () => {
  it('uploads its log and says so', async () => {
    await stage.accepted();
    const { payload } = await stage.call('GetDiagnostics', { location: location('/upload/?key=1') });
    await stage.central.nth('DiagnosticsStatusNotification', 2);
    expect(diagnostics()).toEqual(['Uploading', 'Uploaded']);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.method).toBe('PUT');
    expect(requests[0]?.url).toBe(`/upload/${String(payload?.fileName)}?key=1`);
    expect(requests[0]?.body).toContain('BootNotification answered');
  });

  it('tries the location itself when it is no directory', async () => {
    statusOf = (request) => (request.method === 'POST' ? 201 : 405);
    await stage.accepted();
    await stage.call('GetDiagnostics', { location: location('/upload') });
    await stage.central.nth('DiagnosticsStatusNotification', 2);
    expect(diagnostics().at(-1)).toBe('Uploaded');
    expect(requests.at(-1)).toMatchObject({ method: 'POST', url: '/upload' });
  });

  it('fails after the retries asked for', async () => {
    statusOf = () => 500;
    const station = await stage.accepted();
    await stage.call('GetDiagnostics', { location: location('/'), retries: 1, retryInterval: 30 });
    while (requests.length < 1 || stage.clock.pending < 2)
      await new Promise((resolve) => setImmediate(resolve));
    while (requests.length < 2) {
      stage.clock.advance(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stage.central.nth('DiagnosticsStatusNotification', 2);
    await station.until((one) => !one.isCalling);
    expect(diagnostics()).toEqual(['Uploading', 'UploadFailed']);
  });

  it.each([
    'ftp://example.com/x',
    'ftp://127.0.0.1.example.com/x',
    'sftp://127.0.0.1/x',
    'ftps://127.0.0.1/x',
    'http://example.com/x',
    'http://127.0.0.1.example.com/',
  ])('does not touch %s', async (url) => {
    await stage.accepted();
    await stage.call('GetDiagnostics', { location: url });
    await stage.central.nth('DiagnosticsStatusNotification', 2);
    expect(diagnostics()).toEqual(['Uploading', 'UploadFailed']);
    expect(isLoopback(url)).toBe(false);
  });
});

describe('GetLog', () => {
  const getLog = (requestId: number) =>
    stage.call('GetLog', {
      logType: 'SecurityLog',
      requestId,
      log: { remoteLocation: location('/upload/') },
    });
  const told = () => stage.central.payloads('LogStatusNotification');

  it('uploads its log and says so with the number of the request', async () => {
    await stage.accepted();
    const { payload } = await getLog(41);
    expect(payload?.status).toBe('Accepted');
    await stage.central.nth('LogStatusNotification', 2);
    expect(told()).toEqual([
      { status: 'Uploading', requestId: 41 },
      { status: 'Uploaded', requestId: 41 },
    ]);
    expect(requests).toMatchObject([{ method: 'PUT', url: `/upload/${String(payload?.filename)}` }]);
    expect(diagnostics()).toEqual([]);
  });

  it('says that it failed in the words of the security extension', async () => {
    statusOf = () => 403;
    await stage.accepted();
    await getLog(42);
    await stage.central.nth('LogStatusNotification', 2);
    expect(told().at(-1)).toEqual({ status: 'UploadFailure', requestId: 42 });
  });

  it('gives up a running upload, and tells when it is asked how far it is', async () => {
    const station = await stage.accepted();
    const held: (() => void)[] = [];
    server.prependListener('request', (request) => {
      request.pause();
      held.push(() => request.resume());
    });
    await getLog(1);
    await stage.central.nth('LogStatusNotification', 1);
    await stage.status('ExtendedTriggerMessage', { requestedMessage: 'LogStatusNotification' });
    await stage.central.nth('LogStatusNotification', 2);
    expect((await getLog(2)).payload?.status).toBe('AcceptedCanceled');
    await stage.central.nth('LogStatusNotification', 3);
    while (held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    for (const release of held) release();
    await stage.central.nth('LogStatusNotification', 4);
    await station.untilFlushed();
    expect(told().map(({ status, requestId }) => `${requestId} ${status}`)).toEqual([
      '1 Uploading',
      '1 Uploading',
      '2 Uploading',
      '2 Uploaded',
    ]);
  });
});

describe('SignedUpdateFirmware', () => {
  const update = (requestId = 7) =>
    stage.status('SignedUpdateFirmware', {
      requestId,
      firmware: {
        location: location('/fw/acme-2.5.0.bin'),
        retrieveDateTime: '2026-03-01T12:00:00Z',
        signingCertificate: 'a certificate',
        signature: 'c2lnbmVk',
      },
    });
  const told = () => stage.central.payloads('SignedFirmwareStatusNotification');

  it('downloads, checks the signature, installs, restarts with the new version', async () => {
    const station = await stage.accepted();
    expect(await update()).toBe('Accepted');
    await stage.central.nth('SignedFirmwareStatusNotification', 4);
    await station.untilFlushed();
    expect(await update(8)).toBe('AcceptedCanceled');
    await stage.central.nth('SignedFirmwareStatusNotification', 8);
    await station.untilFlushed();
    stage.clock.advance(20_000);
    await station.until((one) => one.registration === 'None');
    stage.clock.advance(5_000);
    await station.untilAccepted();
    await station.untilFlushed();
    const steps = ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing'];
    expect(told()).toEqual([
      ...steps.map((status) => ({ status, requestId: 7 })),
      ...[...steps, 'Installed'].map((status) => ({ status, requestId: 8 })),
    ]);
    expect(firmware()).toEqual([]);
    expect(stage.central.payloads('BootNotification').at(-1)).toMatchObject({ firmwareVersion: '2.5.0' });
  });

  it('installs nothing with a wrong signature, and reports the attempt', async () => {
    const station = await stage.accepted({ firmwareFailure: 'InvalidSignature' });
    await update();
    await stage.central.nth('SignedFirmwareStatusNotification', 3);
    await station.untilFlushed();
    expect(told().at(-1)).toEqual({ status: 'InvalidSignature', requestId: 7 });
    expect(stage.central.payloads('SecurityEventNotification')).toMatchObject([
      { type: 'InvalidFirmwareSignature' },
    ]);
    await stage.status('ExtendedTriggerMessage', { requestedMessage: 'FirmwareStatusNotification' });
    await stage.central.nth('SignedFirmwareStatusNotification', 4);
    expect(told().at(-1)).toEqual({ status: 'Idle' });
  });
});

describe('UpdateFirmware', () => {
  const update = (path: string, retrieveDate = '2026-03-01T12:00:00Z') =>
    stage.call('UpdateFirmware', { location: location(path), retrieveDate });

  it('downloads, installs, restarts with the new version', async () => {
    const station = await stage.accepted();
    await update('/fw/acme-2.5.0.bin');
    await stage.central.nth('FirmwareStatusNotification', 3);
    await station.untilFlushed();
    stage.clock.advance(20_000);
    await station.until((one) => one.registration === 'None');
    stage.clock.advance(5_000);
    await station.untilAccepted();
    await station.untilFlushed();
    expect(firmware()).toEqual(['Downloading', 'Downloaded', 'Installing', 'Installed']);
    expect(stage.central.payloads('BootNotification').at(-1)).toMatchObject({ firmwareVersion: '2.5.0' });
    expect(requests).toMatchObject([{ method: 'GET', url: '/fw/acme-2.5.0.bin' }]);
  });

  it('waits for its time and for the cars', async () => {
    const station = await stage.charging();
    await update('/fw.bin', '2026-03-01T12:05:00Z');
    await stage.pass(station, 299_000);
    expect(firmware()).toEqual([]);
    await stage.pass(station, 1_000);
    await stage.central.nth('FirmwareStatusNotification', 2);
    expect(firmware()).toEqual(['Downloading', 'Downloaded']);
    station.unplug(1);
    await stage.central.nth('FirmwareStatusNotification', 3);
    expect(firmware().at(-1)).toBe('Installing');
    await station.untilFlushed();
  });

  it('fails to install when it was told to', async () => {
    const station = await stage.accepted({ firmwareFailure: 'InstallationFailed' });
    await update('/fw/acme-2.5.0.bin');
    await stage.central.nth('FirmwareStatusNotification', 3);
    await station.untilFlushed();
    stage.clock.advance(20_000);
    await stage.central.nth('FirmwareStatusNotification', 4);
    await station.untilFlushed();
    expect(firmware().at(-1)).toBe('InstallationFailed');
    expect(station.registration).toBe('Accepted');
  });

  it('fails when the file is not there', async () => {
    statusOf = () => 404;
    const station = await stage.accepted();
    await update('/missing.bin');
    await stage.central.nth('FirmwareStatusNotification', 2);
    await station.untilFlushed();
    expect(firmware()).toEqual(['Downloading', 'DownloadFailed']);
  });

  it('tells later what happened while the line was down', async () => {
    statusOf = () => 404;
    const station = await stage.accepted();
    await update('/missing.bin', '2026-03-01T12:01:00Z');
    station.goOffline();
    await station.until((one) => !one.isConnected);
    stage.clock.advance(60_000);
    // The limit on the download is the only timer that ends while the clock stands still.
    const during = stage.clock.pending;
    while (stage.clock.pending === during) await new Promise((resolve) => setImmediate(resolve));
    station.goOnline();
    await stage.central.nth('FirmwareStatusNotification', 1);
    await station.untilFlushed();
    expect(firmware()).toEqual(['DownloadFailed']);
  });

  it('finds the version in the name, or counts up', () => {
    expect(versionOf('http://localhost/a/acme-1.2.3.bin', '1.0.0')).toBe('1.2.3');
    expect(versionOf('http://localhost/acme.bin', '1.0.9')).toBe('1.0.10');
  });
});
