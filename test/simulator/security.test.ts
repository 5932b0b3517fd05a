import { describe, expect, it } from 'vitest';
import { createPki } from '../../src/pki/pki.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { dayMs } from '../pki/fixture.js';
import { staged } from './staged.js';

const key = 'fb00fe01fd02fc03ff80ff81ff82ff83ff84ff3a';

describe('security profile', () => {
  it.each([
    [{}, '1', 'Rejected'],
    [{ password: key }, '1', 'RebootRequired'],
    [{ password: key }, '0', 'Rejected'],
    [{ password: key }, '2', 'Rejected'],
    [{ password: key, secureUrl: 'wss://127.0.0.1:1' }, '2', 'RebootRequired'],
    [{ password: key, secureUrl: 'wss://127.0.0.1:1' }, '3', 'Rejected'],
    [{ password: key }, 'high', 'Rejected'],
  ])('%j is told to show %s: %s', async (options, value, answer) => {
    const stage = await staged();
    await stage.accepted(options);
    expect(await stage.status('ChangeConfiguration', { key: 'SecurityProfile', value })).toBe(answer);
  });

  it('reports what happens to it once it has a key, and keeps that while the line is down', async () => {
    const stage = await staged();
    const station = await stage.accepted({ password: key });
    expect(types(stage)).toEqual(['StartupOfTheDevice']);
    expect(await stage.status('ChangeConfiguration', { key: 'AuthorizationKey', value: key })).toBe(
      'Accepted',
    );
    await stage.central.until(() => stage.central.handshakes.length === 2);
    await station.untilFlushed();
    expect(types(stage)).toEqual(['StartupOfTheDevice', 'ReconfigurationOfSecurityParameters']);
  });
});

function types(stage: Awaited<ReturnType<typeof staged>>): unknown[] {
  return stage.central.payloads('SecurityEventNotification').map(({ type }) => type);
}

describe('certificates', () => {
  /** A root that goes by the clock of the stage. */
  async function rootAt(clock: { now(): number }, validityMs = 3650 * dayMs) {
    const at = new FakeClock();
    at.advance(clock.now() - at.now());
    const { randomBytes } = await import('node:crypto');
    const pki = createPki({ dataDir: await temporaryDirectory(), clock: at, newSecret: randomBytes });
    const ca = await pki.create({ commonName: 'Acme CA', organization: 'Acme', validityMs, keyType: 'rsa' });
    return { pki, ca };
  }

  it('installs a root, tells the hashes that the central system computes too, and deletes it', async () => {
    const stage = await staged();
    await stage.accepted();
    const { pki, ca } = await rootAt(stage.clock);
    const type = { certificateType: 'CentralSystemRootCertificate' };
    expect(await stage.status('GetInstalledCertificateIds', type)).toBe('NotFound');
    const request = { ...type, certificate: ca.pem };
    expect(await stage.status('InstallCertificate', request)).toBe('Accepted');
    const { payload } = await stage.call('GetInstalledCertificateIds', type);
    const hashes = await pki.hashData(ca.pem);
    expect(payload).toEqual({ status: 'Accepted', certificateHashData: [hashes[0]] });
    for (const certificateHashData of hashes) {
      expect(await stage.status('DeleteCertificate', { certificateHashData })).toBe('Accepted');
      expect(await stage.status('DeleteCertificate', { certificateHashData })).toBe('NotFound');
      expect(await stage.status('InstallCertificate', request)).toBe('Accepted');
    }
  });

  it('asks for a certificate with a key of its own and takes only one that follows from its root', async () => {
    const stage = await staged();
    const station = await stage.accepted({ configuration: { CpoName: 'Acme' } });
    const [{ pki, ca }, stranger] = [await rootAt(stage.clock), await rootAt(stage.clock)];
    stage.central.on('SignCertificate', () => ({ status: 'Accepted' }));
    const sign = { requestedMessage: 'SignChargePointCertificate' };
    expect(await stage.status('ExtendedTriggerMessage', sign)).toBe('Accepted');
    await stage.central.until(() => stage.central.payloads('SignCertificate').length === 1);
    const csr = String(stage.central.payloads('SignCertificate')[0]?.csr);
    expect(await pki.readRequest(csr)).toMatchObject({ commonName: 'S1', organization: 'Acme' });

    const subject = { commonName: 'S1', organization: 'Acme' };
    const good = await pki.sign(csr, subject, { validityMs: dayMs });
    const answer = (certificateChain: string) => stage.status('CertificateSigned', { certificateChain });
    expect(await answer(good.pem), 'no root is installed').toBe('Rejected');
    const root = { certificateType: 'CentralSystemRootCertificate', certificate: ca.pem };
    await stage.status('InstallCertificate', root);
    const foreign = await stranger.pki.sign(csr, subject, { validityMs: dayMs });
    expect(await answer(foreign.pem), 'another authority').toBe('Rejected');
    expect(await answer(ca.pem), 'another key').toBe('Rejected');
    expect(await answer('nothing')).toBe('Rejected');
    expect(await answer(good.pem)).toBe('Accepted');
    expect(await answer(good.pem), 'a second time').toBe('Rejected');
    await station.untilFlushed();
    expect(types(stage)).toEqual([
      'InvalidChargePointCertificate',
      'ReconfigurationOfSecurityParameters',
      'InvalidChargePointCertificate',
      'InvalidChargePointCertificate',
      'InvalidChargePointCertificate',
      'ReconfigurationOfSecurityParameters',
      'InvalidChargePointCertificate',
    ]);
  });

  it.each(['nothing', '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n'])(
    'refuses %j as a root and reports it',
    async (certificate) => {
      const stage = await staged();
      const station = await stage.accepted();
      const request = { certificateType: 'CentralSystemRootCertificate', certificate };
      expect(await stage.status('InstallCertificate', request)).toBe('Rejected');
      await station.untilFlushed();
      expect(types(stage)).toEqual(['InvalidCentralSystemCertificate']);
    },
  );
});
