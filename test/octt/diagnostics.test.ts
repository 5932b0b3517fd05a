import { expect, it } from 'vitest';
import type { Payload } from '../../src/ocpp/frame.js';
import { Certification } from './certification.js';

/** OCPP 1.6 certification: diagnostics (profile Firmware Management) and the security log. */

async function request(bench: Certification, wanted: { type?: 'security' } = {}) {
  const input = { targets: { stationIds: ['OCTT'] }, timeoutMs: 30_000, ...wanted };
  const outcomes = [];
  for await (const outcome of bench.server.fleet.stream('diagnostics.request', input)) outcomes.push(outcome);
  return outcomes;
}

async function listed(bench: Certification) {
  return (await bench.server.fleet.run('diagnostics.list', {})).items;
}

it('TC_045_1_CSMS: diagnostics are asked for, uploaded, and every state is answered', async () => {
  const bench = await Certification.begin();
  bench.answers('GetDiagnostics', { fileName: 'diag.zip' });
  expect(await request(bench)).toMatchObject([{ ok: true, status: 'Accepted', detail: { id: 1 } }]);
  const { location } = await bench.asked('GetDiagnostics');
  expect(await bench.tell('DiagnosticsStatusNotification', { status: 'Uploading' })).toEqual({});
  expect(await listed(bench)).toMatchObject([{ id: 1, state: 'uploading', fileName: 'diag.zip' }]);
  expect((await fetch(`${location}diag.zip`, { method: 'PUT', body: 'all is well' })).status).toBe(200);
  expect(await bench.tell('DiagnosticsStatusNotification', { status: 'Uploaded' })).toEqual({});
  expect(await listed(bench)).toMatchObject([{ id: 1, state: 'received', sizeBytes: 11 }]);
});

it('TC_045_2_CSMS: the upload of diagnostics fails', async () => {
  const bench = await Certification.begin();
  bench.answers('GetDiagnostics', { fileName: 'diag.zip' });
  await request(bench);
  await bench.tell('DiagnosticsStatusNotification', { status: 'Uploading' });
  expect(await bench.tell('DiagnosticsStatusNotification', { status: 'UploadFailed' })).toEqual({});
  expect(await listed(bench)).toMatchObject([{ state: 'failed', description: 'could not upload the file' }]);
});

it('TC_079_CSMS: the security log is asked for, uploaded, and every state is answered', async () => {
  const bench = await Certification.begin();
  bench.answers('GetLog', { status: 'Accepted', filename: 'security.log' });
  expect(await request(bench, { type: 'security' })).toMatchObject([{ ok: true, status: 'Accepted' }]);
  const { logType, requestId, log } = await bench.asked('GetLog');
  expect([logType, requestId]).toEqual(['SecurityLog', 1]);
  const remoteLocation = String((log as Payload).remoteLocation);
  expect(await bench.tell('LogStatusNotification', { status: 'Uploading', requestId })).toEqual({});
  expect((await fetch(remoteLocation, { method: 'POST', body: 'nobody came' })).status).toBe(200);
  expect(await bench.tell('LogStatusNotification', { status: 'Uploaded', requestId })).toEqual({});
  expect(await listed(bench)).toMatchObject([
    { state: 'received', type: 'security', fileName: 'security.log', sizeBytes: 11 },
  ]);
});
