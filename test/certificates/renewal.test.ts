import { X509Certificate } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../helpers/until.js';
import { askOpenssl, dayMs, openssl } from '../pki/fixture.js';
import {
  certificateEvents,
  certificates,
  chainsAt,
  connectWithKey,
  eventKinds,
  passUntil,
  requestOf,
  startFleet,
} from './flow-fixture.js';

const accept = () => ({ status: 'Accepted' });
const hourMs = 3600_000;
/** Less than a station may take for an answer. */
const stepMs = 20_000;

/** A station that has a certificate for a year. */
async function certified() {
  const server = await startFleet();
  const station = await connectWithKey(server);
  station.on('CertificateSigned', accept);
  await station.call('SignCertificate', { csr: (await requestOf()).csr });
  await until(async () => (await eventKinds(server)).includes('installed'));
  return { server, station };
}

it('a station is asked for a request 30 days before its certificate ends, and not before', async () => {
  const { server, station } = await certified();
  const asked = () => station.calls.filter(({ action }) => action === 'ExtendedTriggerMessage');
  station.on('ExtendedTriggerMessage', () => {
    void requestOf().then(({ csr }) => station.call('SignCertificate', { csr }));
    return { status: 'Accepted' };
  });
  server.clock.jump(334 * dayMs);
  await passUntil(
    server,
    async () => (await certificates(server, { stationId: 'CP1' }))[0]?.state === 'valid',
    1,
  );
  expect(asked()).toEqual([]);
  server.clock.jump(dayMs + hourMs);
  await passUntil(server, () => chainsAt(station).length === 2, stepMs);
  expect(asked()).toMatchObject([{ payload: { requestedMessage: 'SignChargePointCertificate' } }]);
  await until(async () =>
    (await certificates(server, { stationId: 'CP1' })).every((c) => c.installedAt !== null),
  );
  const [newest, before] = await certificates(server, { stationId: 'CP1' });
  expect(newest?.state).toBe('valid');
  expect(before?.state).toBe('expiring');
  // It has a newer one: nobody asks it again.
  server.clock.jump(5 * dayMs);
  server.clock.advance(hourMs);
  await station.call('Heartbeat', {});
  expect(asked()).toHaveLength(1);
});

it('a station that does not know how is told of once a day, until its certificate has ended', async () => {
  const { server } = await certified();
  server.clock.jump(336 * dayMs);
  const expiring = async () =>
    (await certificateEvents(server)).filter(({ kind }) => kind === 'certificate.expiring');
  await passUntil(server, async () => (await expiring()).length === 1, stepMs);
  expect(await expiring()).toMatchObject([{ reason: expect.stringContaining('NotImplemented') }]);
  const before = server.clock.now();
  server.clock.jump(22 * hourMs);
  await passUntil(server, async () => (await expiring()).length === 2, stepMs);
  expect(server.clock.now() - before).toBeGreaterThanOrEqual(23 * hourMs);
});

it('a station that is away is told of, and asked once it is back', async () => {
  const { server, station } = await certified();
  await station.leave();
  server.clock.jump(336 * dayMs);
  await passUntil(server, async () => (await eventKinds(server)).includes('expiring'), hourMs);
  expect((await certificateEvents(server)).at(-1)).toMatchObject({ reason: 'the station is offline' });
  const back = await connectWithKey(server);
  back.on('ExtendedTriggerMessage', accept);
  await passUntil(server, () => back.calls.length > 0, hourMs);
});

it('a certificate of the server is renewed in its files, and stays good for the same hosts', async () => {
  const server = await startFleet();
  const made = await server.fleet.run('certificate.issue-server', {
    hosts: ['csms.example.org', '192.0.2.7'],
    keyType: 'rsa',
  });
  const file = made.certFile ?? '';
  const read = async () => new X509Certificate(await fs.readFile(file));
  const before = await read();
  server.clock.jump(336 * dayMs);
  await passUntil(server, async () => (await read()).serialNumber !== before.serialNumber, hourMs);
  const after = await read();
  expect(after.subjectAltName).toBe(before.subjectAltName);
  expect(after.subject).toBe(before.subject);
  expect(after.publicKey.asymmetricKeyType).toBe('rsa');
  expect(Date.parse(after.validTo)).toBeGreaterThan(Date.parse(before.validTo) + 300 * dayMs);
  expect((await fs.stat(made.keyFile ?? '')).mode & 0o777).toBe(0o600);
  await until(async () => (await certificates(server)).filter(({ kind }) => kind === 'server').length === 2);
});

it('what somebody else put in the place of it is left alone', async () => {
  const server = await startFleet();
  const made = await server.fleet.run('certificate.issue-server', { hosts: ['localhost'] });
  await fs.writeFile(made.certFile ?? '', 'of another authority');
  server.clock.jump(340 * dayMs);
  server.clock.advance(2 * hourMs);
  await server.fleet.run('certificate.crl', {});
  expect(await fs.readFile(made.certFile ?? '', 'utf8')).toBe('of another authority');
});

it('a revoked certificate is on the list, cannot be revoked twice, and is known at the next start', async () => {
  const { server } = await certified();
  const [certificate] = await certificates(server, { stationId: 'CP1' });
  const id = certificate?.serial ?? '';
  const revoked = await server.fleet.run('certificate.revoke', { id, reason: 'key-compromise' });
  expect(revoked).toMatchObject({ state: 'revoked', reason: 'key-compromise' });
  await expect(server.fleet.run('certificate.revoke', { id })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await eventKinds(server)).toContain('revoked');
  expect((await server.fleet.run('certificate.list', { state: 'revoked' })).items).toHaveLength(1);
  expect(await server.fleet.run('certificate.crl', {})).toMatchObject({ revoked: 1 });
  if (!openssl.isThere) return;
  const list = path.join(server.dataDir, 'pki', 'crl.pem');
  expect(await askOpenssl('crl', '-in', list, '-noout', '-text')).toContain(id.toUpperCase());
  const ca = path.join(server.dataDir, 'pki', 'ca.pem');
  expect(await askOpenssl('crl', '-in', list, '-noout', '-verify', '-CAfile', ca)).toContain('verify OK');
});

it('with a station its certificates go: they are revoked, and what it asked for is not signed any more', async () => {
  const { server, station } = await certified();
  station.on('CertificateSigned', () => ({ status: 'Rejected' }));
  await station.call('SignCertificate', { csr: (await requestOf()).csr });
  await until(() => chainsAt(station).length === 2);
  await server.fleet.run('station.delete', { id: 'CP1' });
  const all = await certificates(server);
  expect(all.filter(({ kind }) => kind === 'station').map(({ state, reason }) => [state, reason])).toEqual([
    ['revoked', 'cessation-of-operation'],
    ['revoked', 'cessation-of-operation'],
  ]);
  expect(await server.fleet.run('certificate.crl', {})).toMatchObject({ revoked: 2 });
  await passUntil(server, async () => (await eventKinds(server)).includes('failed'));
  expect(await certificateEvents(server)).toContainEqual({
    kind: 'certificate.failed',
    reason: 'the station was deleted',
  });
});
