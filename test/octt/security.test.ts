import { describe, expect, it } from 'vitest';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { Certification } from './certification.js';

/**
 * OCPP 1.6 certification, profile Security, as far as it needs nothing but the server and a command.
 *
 * Elsewhere: TC_073 (a new key) in test/operations/station-rotate-key.test.ts, TC_074 and TC_077 (a new certificate) in
 * test/certificates/flow.test.ts, TC_075, TC_076 and TC_078 by the commands in test/certificates/roots.test.ts, TC_080 and
 * TC_081 in firmware.test.ts here, TC_083 (a higher security profile) and TC_085 (Basic authentication) in
 * test/csms/credentials.test.ts, TC_086 (TLS) in test/server/tls/versions.test.ts, TC_087 (certificate of the station) in
 * test/csms/client-certificates.test.ts; TC_073, TC_083 and TC_087 also with a virtual station in
 * test/security/profiles.test.ts.
 */

/** Any text in the form of a certificate: what is in it is the station's affair here. */
const certificate = ['-----BEGIN CERTIFICATE-----', 'QUJD'.repeat(16), '-----END CERTIFICATE-----', ''].join(
  '\n',
);

const hashData = (hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512') => ({
  hashAlgorithm,
  issuerNameHash: 'ab'.repeat(32),
  issuerKeyHash: 'cd'.repeat(32),
  serialNumber: '1a2b',
});

/** The station reports what happened to its security, and the fleet knows it. */
async function report(bench: Certification, type: string): Promise<void> {
  const event = { type, timestamp: bench.now };
  expect(await bench.tell('SecurityEventNotification', event)).toEqual({});
  const logged = bench.server.log.find(new RegExp(`security\\.${type}`));
  expect(logged.length).toBeGreaterThan(0);
}

it('TC_073_CSMS, first half: a new password is sent in hexadecimal, and stands in no log', async () => {
  const bench = await Certification.begin();
  bench.answers('ChangeConfiguration', { status: 'Accepted' });
  const input = { targets: { stationIds: ['OCTT'] }, timeoutMs: 30_000 };
  for await (const outcome of bench.server.fleet.stream('station.rotate-key', input)) {
    expect(outcome).toMatchObject({ ok: true, status: 'Accepted' });
  }
  const request = await bench.asked('ChangeConfiguration');
  expect(request).toEqual({ key: 'AuthorizationKey', value: expect.stringMatching(/^[0-9a-f]{32,40}$/) });
  expect(JSON.stringify(bench.server.log.lines)).not.toContain(request.value);
});

describe('certificates at the station', () => {
  it.each([
    ['TC_075_1_CSMS', 'ManufacturerRootCertificate'],
    ['TC_075_2_CSMS', 'CentralSystemRootCertificate'],
  ] as const)('%s: a %s is installed and listed', async (_, certificateType) => {
    const bench = await Certification.begin();
    const found = { status: 'Accepted' as const, certificateHashData: [hashData('SHA256')] };
    bench.answers('InstallCertificate', { status: 'Accepted' }).answers('GetInstalledCertificateIds', found);
    const request = { certificateType, certificate };
    expect(await bench.call('InstallCertificate', request)).toEqual({ status: 'Accepted' });
    expect(await bench.asked('InstallCertificate')).toEqual(request);
    expect(await bench.call('GetInstalledCertificateIds', { certificateType })).toEqual(found);
    expect(await bench.asked('GetInstalledCertificateIds')).toEqual({ certificateType });
  });

  it.each(['SHA256', 'SHA384', 'SHA512'] as const)(
    'TC_076_CSMS: one is deleted by the %s hashes that were just read',
    async (algorithm) => {
      const bench = await Certification.begin();
      const certificateHashData = hashData(algorithm);
      bench
        .answers('GetInstalledCertificateIds', {
          status: 'Accepted',
          certificateHashData: [certificateHashData],
        })
        .answers('DeleteCertificate', { status: 'Accepted' });
      const type = { certificateType: 'CentralSystemRootCertificate' as const };
      expect(await bench.call('GetInstalledCertificateIds', type)).toMatchObject({
        certificateHashData: [certificateHashData],
      });
      expect(await bench.call('DeleteCertificate', { certificateHashData })).toEqual({ status: 'Accepted' });
      expect(await bench.asked('DeleteCertificate')).toEqual({ certificateHashData });
    },
  );

  it('TC_077_CSMS: the station refuses its new certificate and reports that', async () => {
    const bench = await Certification.begin();
    bench.answers('CertificateSigned', { status: 'Rejected' });
    await bench.refused('CertificateSigned', { certificateChain: certificate }, 'Rejected');
    await report(bench, 'InvalidChargePointCertificate');
  });

  it('TC_078_CSMS: the station refuses a root certificate and reports that', async () => {
    const bench = await Certification.begin();
    bench.answers('InstallCertificate', { status: 'Rejected' });
    const request = { certificateType: 'CentralSystemRootCertificate' as const, certificate };
    await bench.refused('InstallCertificate', request, 'Rejected');
    await report(bench, 'InvalidCentralSystemCertificate');
  });
});

it('TC_079_CSMS: the security log is asked for and its upload reported', async () => {
  const bench = await Certification.begin();
  bench.answers('GetLog', { status: 'Accepted', filename: 'security.log' });
  const request = {
    ...{ logType: 'SecurityLog' as const, requestId: 7 },
    log: { remoteLocation: 'https://files.example/logs' },
  };
  expect(await bench.call('GetLog', request)).toEqual({ status: 'Accepted', filename: 'security.log' });
  expect(await bench.asked('GetLog')).toEqual(request);
  for (const status of ['Uploading', 'Uploaded'] as const) {
    expect(await bench.tell('LogStatusNotification', { status, requestId: 7 })).toEqual({});
  }
});

it('TC_088_CSMS: a protocol that nobody speaks is refused, one of several is agreed on', async () => {
  const { server } = await Certification.begin();
  const { status } = await ScriptedStation.refusal(server.url, 'OCTT', { protocols: ['ocpp0.1'] });
  expect(status).toBe(400);
  const station = await server.connect('OCTT', { protocols: ['ocpp0.1', 'ocpp1.6'] });
  expect(station.socket.protocol).toBe('ocpp1.6');
});
