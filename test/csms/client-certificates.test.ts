import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ClientCertificate, complaintAboutCertificate } from '../../src/csms/client-certificate.js';
import { Csms } from '../../src/csms/csms.js';
import type { Certificate } from '../../src/domain/certificate/certificate.js';
import type { Station } from '../../src/domain/model.js';
import { StationKeyHasher } from '../../src/domain/station/station-key-hash.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { MadeUpAuthority } from '../helpers/client-certificates.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { ScriptedStation, type StationOptions } from '../helpers/scripted-station.js';
import { basic, keyBytes } from '../helpers/station-key.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { newStation } from '../store/support/fixtures.js';

describe('a client certificate', () => {
  const good: ClientCertificate = {
    isTrusted: true,
    commonName: 'CP1',
    organization: 'Acme',
    serialNumber: '0A',
    fingerprint: 'AA:BB',
    validFrom: 1000,
    validTo: 2000,
  };
  const rules = { now: 1500, organization: undefined, standing: 'unknown' as const };
  const station = { id: 'CP1', serialNumber: 'SN-7' };

  it.each([
    ['of the station', {}, {}],
    ['of its hardware', { commonName: 'SN-7' }, {}],
    ['of the operator', {}, { organization: 'Acme' }],
    ['on its first and last day', { validFrom: 1500, validTo: 1500 }, {}],
  ])('%s is good', (_, certificate, change) => {
    expect(complaintAboutCertificate({ ...good, ...certificate }, station, { ...rules, ...change })).toBe(
      undefined,
    );
  });

  it.each([
    ['of another station', { commonName: 'CP2' }, {}, 'its certificate is for "CP2"'],
    ['in other letters', { commonName: 'cp1' }, {}, 'its certificate is for "cp1"'],
    ['of nobody', { commonName: undefined }, {}, 'its certificate is for ""'],
    ['of yesterday', {}, { now: 2001 }, 'its certificate expired at 1970-01-01T00:00:02.000Z'],
    ['of tomorrow', {}, { now: 999 }, 'its certificate is not valid before 1970-01-01T00:00:01.000Z'],
    ['that was revoked', {}, { standing: 'revoked' as const }, 'its certificate was revoked'],
    [
      'with the id of one that was there before',
      {},
      { standing: 'of another station' as const },
      'its certificate was issued to another station',
    ],
    ['of another operator', {}, { organization: 'Other' }, 'its certificate is of "Acme", not of "Other"'],
    [
      'that it signed itself',
      { isTrusted: false, trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      {},
      'its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
  ])('%s is not', (_, certificate, change, why) => {
    expect(complaintAboutCertificate({ ...good, ...certificate }, station, { ...rules, ...change })).toBe(
      why,
    );
  });

  it('names nobody who has no serial number', () => {
    const nobody = { id: 'CP1', serialNumber: null };
    expect(complaintAboutCertificate({ ...good, commonName: undefined }, nobody, rules)).toBeDefined();
  });
});

describe('over TLS', () => {
  let authority: MadeUpAuthority;
  let stranger: MadeUpAuthority;
  beforeAll(async () => {
    authority = await MadeUpAuthority.create('Stations');
    stranger = await MadeUpAuthority.create('Others');
  });

  async function listen(change: Partial<Station>) {
    const clock = new FakeClock();
    clock.advance(Date.now() - clock.now());
    const log = new RecordingLog();
    const directory = await temporaryDirectory();
    const store = await FleetStore.open({
      directory,
      command: 'serve',
      lockTimeoutMs: 0,
      now: () => clock.now(),
    });
    await store.write((r) => r.stations.insert(newStation('CP1', change)));
    const csms = new Csms({
      store,
      clock,
      newId: () => 'id',
      log,
      unknownStations: 'reject',
    });
    const identity = await authority.issue({ subject: 'CN=server' });
    const server = https
      .createServer({ ...identity, ca: authority.cert, requestCert: true, rejectUnauthorized: false })
      .on('upgrade', (request, socket, head) => csms.upgrade(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(async () => {
      const closed = csms.close();
      const nudge = setInterval(() => clock.advance(1000), 5);
      await closed.finally(() => clearInterval(nudge));
      server.close();
      await store.close();
    });
    const { port } = server.address() as AddressInfo;
    const url = `wss://127.0.0.1:${port}/ocpp/`;
    const ca = authority.cert;
    return {
      store,
      log,
      csms,
      connect: (shown: StationOptions) => ScriptedStation.connect(url, 'CP1', { ca, ...shown }),
      refusal: (shown: StationOptions) => ScriptedStation.refusal(url, 'CP1', { ca, ...shown }),
    };
  }

  it('the key of a station shows profile 2', async () => {
    const authKeyHash = new StationKeyHasher().hashGenerated(keyBytes, (bytes) => Buffer.alloc(bytes));
    const { connect, refusal, csms } = await listen({ securityProfile: 2, authKeyHash });
    await connect(basic('CP1', keyBytes));
    expect(csms.live.shownSecurity('station-CP1')).toMatchObject({
      isEncrypted: true,
      hasCertificate: false,
    });
    expect((await refusal({})).status).toBe(401);
  });

  it('TC_087_CSMS: the certificate of a station shows profile 3, without a key', async () => {
    const { connect, csms } = await listen({ securityProfile: 3 });
    await connect(await authority.issue({ subject: 'CN=CP1' }));
    expect(csms.live.shownSecurity('station-CP1')).toMatchObject({ isEncrypted: true, hasCertificate: true });
  });

  it.each([
    ['no certificate', async () => ({}), /it shows no client certificate; profile 3/],
    [
      'one of another authority',
      () => stranger.issue({ subject: 'CN=CP1' }),
      /its certificate is not trusted \([A-Z_]+\); profile 3/,
    ],
    ['one of another station', () => authority.issue({ subject: 'CN=CP2' }), /its certificate is for \\"CP2/],
    [
      'one that has expired',
      () => authority.issue({ subject: 'CN=CP1', until: Date.now() - 60_000 }),
      /its certificate expired at/,
    ],
    [
      'one that is not valid yet',
      () => authority.issue({ subject: 'CN=CP1', from: Date.now() + 60_000 }),
      /its certificate is not valid before/,
    ],
    ['two names in one', () => authority.issue({ subject: 'CN=CP1, CN=CP2' }), /its certificate is for/],
  ])('a station of profile 3 that shows %s is refused', async (_, issue, why) => {
    const { refusal, log } = await listen({ securityProfile: 3 });
    expect((await refusal(await issue())).status).toBe(401);
    expect(log.find(why)).toHaveLength(1);
  });
  it.each([
    ['was revoked', { stationUuid: 'station-CP1', revokedAt: 1 }, /its certificate was revoked/],
    [
      'was issued to the one that had its id before',
      { stationUuid: 'station-before' },
      /its certificate was issued to another station/,
    ],
  ])('a certificate that %s is refused; another with its number is not', async (_, what, why) => {
    const { refusal, connect, store, log } = await listen({ securityProfile: 3 });
    const [bad, good] = await Promise.all(
      [1, 2].map(() => authority.issue({ subject: 'CN=CP1', serialNumber: '0b' })),
    );
    await store.write((r) => r.certificates.insert(known(bad?.cert ?? '', what)));
    expect((await refusal(bad ?? {})).status).toBe(401);
    expect(log.find(why)).toHaveLength(1);
    await connect(good ?? {});
  });
});

/** As it is kept of what was issued here. */
function known(pem: string, change: Partial<Certificate>): Certificate {
  const { fingerprint256 } = new X509Certificate(pem);
  const fingerprint = fingerprint256.toLowerCase().replaceAll(':', '');
  return {
    ...{ fingerprint, serial: 'b', kind: 'station', stationUuid: null, stationId: 'CP1', subject: 'CN=CP1' },
    ...{ hosts: null, notBefore: 0, notAfter: 4e12, pem, origin: 'own', certFile: null, keyFile: null },
    ...{ issuedAt: 0, installedAt: 0, revokedAt: null, reason: null },
    ...change,
  };
}
