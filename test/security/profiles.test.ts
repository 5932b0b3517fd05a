import fs from 'node:fs/promises';
import { RPCClient } from 'ocpp-rpc';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../helpers/until.js';
import { dayMs } from '../pki/fixture.js';
import { accepted, reconnect, refusal, secureFleet } from './secure-fleet.js';

type Fleet = Awaited<ReturnType<typeof secureFleet>>;

async function withKey({ server }: Fleet, securityProfile: number, id = 'CP1'): Promise<string> {
  const { item } = await server.fleet.run('station.create', { id, generateAuthKey: true, securityProfile });
  return item.authKey ?? '';
}

/** What a station of profile 3 is provisioned with. */
async function withCertificate({ server }: Fleet, id = 'CP1', validityMs = 365 * dayMs) {
  await server.fleet.run('station.create', { id, securityProfile: 3 });
  const made = await server.fleet.run('certificate.issue-station', { stationId: id, validityMs });
  const [cert, key] = await Promise.all(
    [made.certFile, made.keyFile].map((file) => fs.readFile(file ?? '', 'utf8')),
  );
  return { serial: made.serial, certificate: { cert: cert ?? '', key: key ?? '' } };
}

/** The client of another maker; resolves when it was let in. */
async function foreignStation(endpoint: string, secrets: { password?: string; wsOpts?: object }) {
  const options = { endpoint: endpoint.replace(/\/$/, ''), identity: 'CP1', protocols: ['ocpp1.6'] };
  const all = { ...options, ...secrets, strictMode: true, reconnect: false };
  const client = new RPCClient(all as unknown as ConstructorParameters<typeof RPCClient>[0]);
  onTestFinished(async () => {
    await client.close().catch(() => undefined);
  });
  await client.connect();
  const boot = { chargePointVendor: 'Foreign', chargePointModel: 'X' };
  return client.call('BootNotification', boot) as Promise<Record<string, unknown>>;
}

async function all<T>(outcomes: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const outcome of outcomes) list.push(outcome);
  return list;
}

describe('a station that shows', () => {
  it('profile 1: its key, is let in; without it, with another, it is not', async () => {
    const fleet = await secureFleet();
    const { url } = fleet;
    const password = await withKey(fleet, 1);
    expect(await refusal({ url })).toBe('HTTP 401');
    expect(await refusal({ url, password: `${password.slice(0, -1)}x` })).toBe('HTTP 401');
    await accepted({ url, password });
    expect(await foreignStation(url, { password })).toMatchObject({ status: 'Accepted' });
  });

  it('profile 2: its key over TLS, is let in; over plain WebSocket it is not, nor does it trust a stranger', async () => {
    const fleet = await secureFleet();
    const { url, tlsUrl, ca } = fleet;
    const password = await withKey(fleet, 2);
    expect(await refusal({ url, password }), 'downgrade').toBe('HTTP 401');
    expect(await refusal({ url: tlsUrl, password }), 'authority not known').toBe('SELF_SIGNED_CERT_IN_CHAIN');
    await accepted({ url: tlsUrl, password, ca });
    const answer = await foreignStation(tlsUrl, { password, wsOpts: { ca } });
    expect(answer).toMatchObject({ status: 'Accepted' });
  });

  it('profile 3: its certificate, is let in; with a key, or the certificate of another, it is not', async () => {
    const fleet = await secureFleet();
    const { server, url, tlsUrl, ca } = fleet;
    const other = await withCertificate(fleet, 'CP2');
    const { certificate, serial } = await withCertificate(fleet);
    expect(await refusal({ url, password: 'x'.repeat(20) }), 'downgrade').toBe('HTTP 401');
    expect(await refusal({ url: tlsUrl, ca, password: 'x'.repeat(20) })).toBe('HTTP 401');
    expect(await refusal({ url: tlsUrl, ca, ...other })).toBe('HTTP 401');
    const station = await accepted({ url: tlsUrl, ca, certificate });
    station.goOffline();
    const answer = await foreignStation(tlsUrl, { wsOpts: { ca, ...certificate } });
    expect(answer).toMatchObject({ status: 'Accepted' });
    await server.fleet.run('certificate.revoke', { id: serial });
    expect(await refusal({ url: tlsUrl, ca, certificate }), 'revoked').toBe('HTTP 401');
  });

  it('less than the fleet asks for, is not let in, whatever it may show itself', async () => {
    const fleet = await secureFleet({ minSecurityProfile: 2 });
    const password = await withKey(fleet, 1);
    expect(await refusal({ url: fleet.url, password })).toBe('HTTP 401');
    await accepted({ url: fleet.tlsUrl, password, ca: fleet.ca });
  });
});

it('TC_083_CSMS: a station goes over to TLS when it is told, and to plain WebSocket never again', async () => {
  const fleet = await secureFleet();
  const { server, url, tlsUrl: secureUrl, ca } = fleet;
  const password = await withKey(fleet, 1);
  const station = await accepted({ url, secureUrl, password, ca, speed: 1000 });
  const change = (value: string) =>
    server.fleet.run('remote.call', {
      stationId: 'CP1',
      action: 'ChangeConfiguration',
      payload: { key: 'SecurityProfile', value },
      timeoutMs: 30_000,
    });
  expect(await change('2')).toEqual({ status: 'RebootRequired' });
  await server.fleet.run('station.update', { id: 'CP1', securityProfile: 2 });
  await station.restart();
  await station.untilAccepted(AbortSignal.timeout(20_000));
  await until(() => station.isOnline);
  await expect(change('1')).rejects.toThrow('Rejected');
  expect(await refusal({ url, password })).toBe('HTTP 401');
  expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({ shownProfile: 2 });
});

it('TC_073_CSMS: rotate-key gives a virtual station a new key; from then on only that one opens', async () => {
  const fleet = await secureFleet();
  const { server, tlsUrl: url, ca } = fleet;
  const password = await withKey(fleet, 2);
  const station = await accepted({ url, ca, password });
  const input = { targets: { stationIds: ['CP1'] }, timeoutMs: 30_000, waitMs: 20_000 };
  const outcomes = await all(server.fleet.stream('station.rotate-key', input));
  expect(outcomes).toMatchObject([{ ok: true, detail: { shown: true } }]);
  expect(await refusal({ url, ca, password })).toBe('HTTP 401');
  await reconnect(station);
  expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({ pendingAuthKey: null });
});

it('a certificate that ends soon is renewed by itself, and the new one used from then on', async () => {
  const fleet = await secureFleet();
  const { server, tlsUrl: url, ca } = fleet;
  const { certificate, serial } = await withCertificate(fleet, 'CP1', 20 * dayMs);
  const station = await accepted({ url, ca, certificate, configuration: { CpoName: 'Acme' } });
  const newest = async () => (await server.fleet.run('certificate.list', { stationId: 'CP1' })).items[0];
  await until(async () => {
    server.clock.advance(10_000);
    return (await newest())?.installedAt !== null && (await newest())?.serial !== serial;
  });
  // Whoever comes back after this shows another one.
  await server.fleet.run('certificate.revoke', { id: serial });
  await reconnect(station);
  expect(await refusal({ url, ca, certificate })).toBe('HTTP 401');
  const { items } = await server.fleet.run('event.list', {});
  expect(items.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['certificate.requested', 'certificate.signed', 'certificate.installed']),
  );
});

it('a root is installed, read and deleted by the commands, and the security events of that are listed', async () => {
  const fleet = await secureFleet();
  const { server, url } = fleet;
  const station = await accepted({ url, password: await withKey(fleet, 1) });
  const targets = { stationIds: ['CP1'] };
  const outcomes = server.fleet.stream('certificate.install', { targets, timeoutMs: 30_000 });
  expect(await all(outcomes)).toMatchObject([{ ok: true, status: 'Accepted' }]);
  await station.untilFlushed();
  const { items } = await server.fleet.run('event.list', { kind: 'security' });
  expect(items.map(({ kind, stationId }) => [stationId, kind])).toEqual(
    expect.arrayContaining([
      ['CP1', 'security.StartupOfTheDevice'],
      ['CP1', 'security.ReconfigurationOfSecurityParameters'],
    ]),
  );
});

it('a security event that somebody has to look at is an alarm', async () => {
  const fleet = await secureFleet();
  const { server, url } = fleet;
  await accepted({ url, password: await withKey(fleet, 1) });
  const payload = { certificateType: 'CentralSystemRootCertificate', certificate: 'no certificate' };
  const call = { stationId: 'CP1', action: 'InstallCertificate', payload, timeoutMs: 30_000 };
  await expect(server.fleet.run('remote.call', call)).rejects.toThrow('Rejected');
  const alarms = async () => (await server.fleet.run('alarm.list', { kind: 'security' })).items;
  await until(async () => {
    server.clock.advance(1000);
    return (await alarms()).length > 0;
  });
  expect(await alarms()).toMatchObject([
    { kind: 'security', stationId: 'CP1', description: 'Security event: InvalidCentralSystemCertificate' },
  ]);
});
