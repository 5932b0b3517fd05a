import { expect, it } from 'vitest';
import type { Certificate } from '../../src/domain/certificate/certificate.js';
import { openPeople } from './people-fixture.js';

function certificate(stationUuid: string, change: Partial<Certificate> = {}): Certificate {
  return {
    ...{ fingerprint: 'f1', serial: 'a1', kind: 'station', stationUuid, stationId: 'CP1', subject: 'CN=CP1' },
    ...{ hosts: null, notBefore: 0, notAfter: 9e12, pem: '', origin: 'own', certFile: null, keyFile: null },
    ...{ issuedAt: 0, installedAt: 0, revokedAt: null, reason: null },
    ...change,
  };
}

it('who is for a site only, and deletes a station there, revokes its certificates; those of others stay', async () => {
  const { fleet, user, asUser, write } = await openPeople();
  await fleet.run('station.create', { id: 'CP1', site: 'Solna' });
  await write(async (r) => {
    const station = await r.stations.findById('CP1');
    await r.certificates.insert(certificate(station?.uuid ?? ''));
    await r.certificates.insert(certificate('before', { fingerprint: 'f2', serial: 'a2' }));
  });
  await user('bo@example.org', 'site-admin', ['Solna']);
  const bo = await asUser('bo@example.org');
  await bo('station.delete', { id: 'CP1' });
  const left = await write((r) => r.certificates.list({}, { limit: 10 }));
  expect(left.map(({ serial, reason }) => [serial, reason]).sort()).toEqual([
    ['a1', 'cessation-of-operation'],
    ['a2', null],
  ]);
});
