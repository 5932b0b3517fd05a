import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { dayMs, presentClock } from '../pki/fixture.js';
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

async function installed(server: TestServer) {
  await until(async () => (await certificates(server)).some(({ installedAt }) => installedAt !== null));
}

it('a station asks for a certificate, gets it, and takes it', async () => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  station.on('CertificateSigned', accept);
  const { csr, key } = await requestOf();
  expect(await station.call('SignCertificate', { csr })).toEqual({ status: 'Accepted' });
  await installed(server);
  const [chain = ''] = chainsAt(station);
  const certificate = new X509Certificate(chain);
  const ca = new X509Certificate((await server.fleet.run('certificate.ca-show', {})).pem);
  expect(certificate.subject).toBe('O=Acme\nCN=CP1');
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
  const [shown] = await certificates(server, { stationId: 'CP1' });
  expect(shown).toMatchObject({ kind: 'station', state: 'valid', origin: 'own', keyFile: null });
  expect(BigInt(`0x${shown?.serial}`)).toBe(BigInt(`0x${certificate.serialNumber}`));
  expect(await eventKinds(server)).toEqual(['requested', 'signed', 'installed']);
});

it.each([
  ['400', 0],
  ['0', 1],
  ['9000', 1],
])('a station that says it takes %s characters is sent %i chains', async (value, sent) => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  station.on('CertificateSigned', accept).on('GetConfiguration', () => ({
    configurationKey: [{ key: 'CertificateSignedMaxChainSize', readonly: true, value }],
  }));
  await server.fleet.run('config.get', { stationId: 'CP1', keys: [], timeoutMs: 30_000 });
  await station.call('SignCertificate', { csr: (await requestOf()).csr });
  const ended = sent === 0 ? 'failed' : 'installed';
  await until(async () => (await eventKinds(server)).includes(ended));
  expect(chainsAt(station)).toHaveLength(sent);
  if (sent > 0) return;
  expect(await certificateEvents(server)).toContainEqual({
    kind: 'certificate.failed',
    reason: expect.stringMatching(/^the chain is \d+ characters long, and the station takes 400 at most$/),
  });
});

it('without an authority nobody is promised anything', async () => {
  const server = await TestServer.start({ clock: presentClock() });
  const station = await connectWithKey(server);
  const { csr } = await requestOf();
  expect(await station.call('SignCertificate', { csr })).toEqual({ status: 'Rejected' });
  expect(await certificateEvents(server)).toEqual([
    { kind: 'certificate.signing-refused', reason: 'no certificate authority is set up' },
  ]);
});

it('who shows neither key nor certificate gets none: anybody could say to be that station', async () => {
  const server = await startFleet();
  const station = await server.connected('CP1');
  const { csr } = await requestOf();
  expect(await station.call('SignCertificate', { csr })).toEqual({ status: 'Rejected' });
  expect(await certificateEvents(server)).toMatchObject([
    { reason: expect.stringContaining('neither a key') },
  ]);
});

it.each([
  ['of another station', 'CP2', null, /for the name "CP2", not "CP1"/],
  ['that another station says is its number', 'SN2', null, /for the name "SN2", not "CP1"/],
  ['of another operator', 'CP1', 'Other', /the organization "Other", not "Acme"/],
  ['of no operator', 'CP1', null, /no organization, not "Acme"/],
])('a request in the name %s is refused', async (_, name, organization, why) => {
  const server = await startFleet();
  await server.fleet.run('settings.set', { settings: [{ key: 'security.organization', value: 'Acme' }] });
  const other = await connectWithKey(server, 'CP2');
  const boot = { chargePointVendor: 'V', chargePointModel: 'M', chargePointSerialNumber: 'SN2' };
  await other.call('BootNotification', boot);
  const station = await connectWithKey(server);
  await station.call('BootNotification', boot);
  const { csr } = await requestOf(name, organization ?? (name === 'CP1' ? null : 'Acme'));
  expect(await station.call('SignCertificate', { csr })).toEqual({ status: 'Rejected' });
  expect((await certificateEvents(server)).at(-1)).toMatchObject({ reason: expect.stringMatching(why) });
  expect(await certificates(server, { stationId: 'CP1' }).catch(() => [])).toEqual([]);
});

it('a serial number that nobody else has is a good name', async () => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  station.on('CertificateSigned', accept);
  const boot = { chargePointVendor: 'V', chargePointModel: 'M', chargePointSerialNumber: 'SN-7' };
  await station.call('BootNotification', boot);
  expect(await station.call('SignCertificate', { csr: (await requestOf('SN-7')).csr })).toEqual(accept());
  await installed(server);
});

it.each([
  ['garbage', 'garbage'],
  ['nothing', ''],
  ['more than OCPP allows', 'x'.repeat(6000)],
])('a request that is %s is refused, and the station stays', async (_, csr) => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  expect(await station.call('SignCertificate', { csr })).toEqual({ status: 'Rejected' });
  expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
  expect(await eventKinds(server)).toEqual(['signing-refused']);
});

it('a request outlives a restart, and the time that the station is away', async () => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  station.on('CertificateSigned', () => 'silence');
  const { csr } = await requestOf();
  await station.call('SignCertificate', { csr });
  await until(() => chainsAt(station).length === 1);
  await server.restart();
  server.clock.jump(3 * dayMs);
  const back = await connectWithKey(server);
  back.on('CertificateSigned', accept);
  await passUntil(server, async () => (await eventKinds(server)).includes('installed'));
  // The same one: none was made a second time.
  expect(chainsAt(back)).toEqual(chainsAt(station));
  expect(await certificates(server, { stationId: 'CP1' })).toHaveLength(1);
});

it('a station that asks twice for the same gets one; a newer request takes the place of the one before', async () => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  station.on('CertificateSigned', () => 'silence');
  const first = await requestOf();
  await station.call('SignCertificate', { csr: first.csr });
  await until(() => chainsAt(station).length === 1);
  await station.call('SignCertificate', { csr: first.csr });
  expect(await certificates(server, { stationId: 'CP1' })).toHaveLength(1);
  station.on('CertificateSigned', accept);
  const second = await requestOf();
  await station.call('SignCertificate', { csr: second.csr });
  // It has not answered yet what it was sent before.
  await passUntil(server, async () => (await eventKinds(server)).includes('installed'));
  const newest = new X509Certificate(chainsAt(station).at(-1) ?? '');
  expect(newest.checkPrivateKey(createPrivateKey(second.key))).toBe(true);
  expect(await eventKinds(server)).toEqual(['requested', 'signed', 'requested', 'signed', 'installed']);
});

it('TC_077: a certificate that the station does not take is offered again, then given up', async () => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  station.on('CertificateSigned', () => ({ status: 'Rejected' }));
  await station.call('SignCertificate', { csr: (await requestOf()).csr });
  await station.call('SecurityEventNotification', {
    type: 'InvalidChargePointCertificate',
    timestamp: server.clock.iso(),
  });
  await passUntil(server, async () => (await eventKinds(server)).includes('failed'), 15_000);
  expect(chainsAt(station)).toHaveLength(5);
  expect((await certificateEvents(server)).at(-1)).toEqual({
    kind: 'certificate.failed',
    reason: 'the station answered Rejected',
  });
  const [certificate] = await certificates(server, { stationId: 'CP1' });
  expect(certificate).toMatchObject({ installedAt: null });
});

it('more than ten requests in an hour are not looked at', async () => {
  const server = await startFleet();
  const station = await connectWithKey(server);
  const answers: unknown[] = [];
  for (let n = 0; n < 11; n++) answers.push(await station.call('SignCertificate', { csr: 'x' }));
  expect((await certificateEvents(server)).at(-1)).toMatchObject({
    reason: expect.stringContaining('an hour'),
  });
  station.on('CertificateSigned', accept);
  server.clock.advance(3600_000);
  expect(await station.call('SignCertificate', { csr: (await requestOf()).csr })).toEqual(accept());
});
