import { describe, expect, it } from 'vitest';
import type { HashData } from '../../src/domain/certificate/certificate-authority.js';
import { createPki } from '../../src/pki/pki.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import type { TestServer } from '../helpers/test-server.js';
import { authority, dayMs } from '../pki/fixture.js';
import { connectWithKey, eventKinds, startFleet } from './flow-fixture.js';

const timeoutMs = 30_000;
type Algorithm = HashData['hashAlgorithm'];

/** A station that keeps roots, and names them by hashes of the algorithm that it likes. */
function keepsRoots(station: ScriptedStation, algorithm: Algorithm = 'SHA256') {
  const { pki } = {
    pki: createPki({
      dataDir: '/nowhere',
      clock: { now: Date.now, schedule: () => () => undefined },
      newSecret: Buffer.alloc,
    }),
  };
  const roots: { type: string; data: HashData }[] = [];
  const pending: Promise<void>[] = [];
  station
    .on('InstallCertificate', ({ certificateType, certificate }) => {
      const hashed = pki.hashData(String(certificate)).then((all) => {
        const data = all.find(({ hashAlgorithm }) => hashAlgorithm === algorithm);
        if (data) roots.push({ type: String(certificateType), data });
      });
      pending.push(hashed);
      return { status: 'Accepted' };
    })
    .on('GetInstalledCertificateIds', ({ certificateType }) => {
      const found = roots.filter(({ type }) => type === certificateType).map(({ data }) => data);
      return found.length === 0 ? { status: 'NotFound' } : { status: 'Accepted', certificateHashData: found };
    })
    .on('DeleteCertificate', ({ certificateHashData }) => {
      const index = roots.findIndex(
        ({ data }) => JSON.stringify(data) === JSON.stringify(certificateHashData),
      );
      if (index < 0) return { status: 'NotFound' };
      roots.splice(index, 1);
      return { status: 'Accepted' };
    });
  return { roots, settled: () => Promise.all(pending) };
}

async function install(server: TestServer, input: object = {}) {
  const targets = { stationIds: ['CP1'] };
  for await (const outcome of server.fleet.stream('certificate.install', { targets, timeoutMs, ...input })) {
    return outcome;
  }
  throw new Error('nothing came of it');
}

const installed = async (server: TestServer, input: object = {}) =>
  (await server.fleet.run('certificate.installed', { stationId: 'CP1', timeoutMs, ...input })).items;

describe('root certificates on stations', () => {
  it('TC_075_2: that of the fleet is installed, and found again', async () => {
    const server = await startFleet();
    const station = await connectWithKey(server);
    const { settled } = keepsRoots(station);
    expect(await installed(server)).toEqual([]);
    expect(await install(server)).toMatchObject({ ok: true, status: 'Accepted' });
    await settled();
    const ca = await server.fleet.run('certificate.ca-show', {});
    expect(station.calls.at(-1)?.payload).toEqual({
      certificateType: 'CentralSystemRootCertificate',
      certificate: ca.pem,
    });
    expect(await installed(server)).toMatchObject([
      { type: 'CentralSystemRootCertificate', isOwn: true, serialNumber: ca.serial, hashAlgorithm: 'SHA256' },
    ]);
  });

  it('TC_075_1: that of a manufacturer, from a file', async () => {
    const server = await startFleet();
    const { settled } = keepsRoots(await connectWithKey(server));
    const { ca } = await authority();
    const type = 'ManufacturerRootCertificate';
    expect(await install(server, { type, certificate: ca.pem })).toMatchObject({ ok: true });
    await settled();
    expect(await installed(server, { type })).toMatchObject([
      { type, isOwn: false, serialNumber: ca.serial },
    ]);
  });

  it.each(['SHA256', 'SHA384', 'SHA512'] as const)(
    'TC_076: one is removed, named by %s',
    async (algorithm) => {
      const server = await startFleet();
      const station = await connectWithKey(server);
      const { settled, roots } = keepsRoots(station, algorithm);
      await install(server);
      await settled();
      const [found] = await installed(server);
      const removed = await server.fleet.run('certificate.delete', {
        stationId: 'CP1',
        serial: found?.serialNumber.toUpperCase() ?? '',
        timeoutMs,
      });
      expect(removed).toMatchObject({ deleted: true, status: 'Accepted', hashAlgorithm: algorithm });
      expect(roots).toEqual([]);
    },
  );

  it('one is removed that is named by its file, or by its hashes', async () => {
    const server = await startFleet();
    const { settled, roots } = keepsRoots(await connectWithKey(server), 'SHA384');
    const { ca, pki } = await authority();
    for (const which of [{ certificate: ca.pem }, { hashData: (await pki.hashData(ca.pem))[1] }]) {
      await install(server, { certificate: ca.pem });
      await settled();
      await server.fleet.run('certificate.delete', { stationId: 'CP1', timeoutMs, ...which });
      expect(roots).toEqual([]);
    }
  });

  it('TC_078: a station refuses one, and says why in an event', async () => {
    const server = await startFleet();
    const station = await connectWithKey(server);
    station.on('InstallCertificate', () => ({ status: 'Rejected' }));
    expect(await install(server)).toMatchObject({ ok: false, code: 'REFUSED', status: 'Rejected' });
    const type = 'InvalidCentralSystemCertificate';
    expect(await station.call('SecurityEventNotification', { type, timestamp: server.clock.iso() })).toEqual(
      {},
    );
    expect(await eventKinds(server)).toEqual([]);
  });

  it('what is no root is sent to nobody', async () => {
    const server = await startFleet();
    const station = await connectWithKey(server);
    const { pki } = await authority();
    const wanted = { organization: null, validityMs: dayMs, keyType: 'ecdsa', replace: false } as const;
    const { pem } = await pki.issueServer({ ...wanted, hosts: ['localhost'] });
    await expect(install(server, { certificate: pem })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(install(server, { certificate: 'garbage' })).rejects.toMatchObject({ code: 'USAGE' });
    expect(station.calls).toEqual([]);
  });

  it('what a station does not have, or is not named, is not removed', async () => {
    const server = await startFleet();
    const station = await connectWithKey(server);
    keepsRoots(station);
    const remove = (which: object) =>
      server.fleet.run('certificate.delete', { stationId: 'CP1', timeoutMs, ...which });
    await expect(remove({ serial: '4a' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await remove({ serial: '4a', ignoreNotFound: true })).toEqual({
      ...{ stationId: 'CP1', deleted: false, status: 'NotFound' },
      ...{ hashAlgorithm: null, issuerNameHash: null, issuerKeyHash: null, serialNumber: null },
    });
    await expect(remove({})).rejects.toMatchObject({ code: 'USAGE' });
    await expect(remove({ serial: '4a', certificate: 'x' })).rejects.toMatchObject({ code: 'USAGE' });
    expect(station.calls.map(({ action }) => action)).not.toContain('DeleteCertificate');
    station.on('DeleteCertificate', () => ({ status: 'NotFound' }));
    const hashData = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '4a' };
    await expect(remove({ hashData })).rejects.toMatchObject({ code: 'REFUSED' });
    expect(await remove({ hashData, ignoreNotFound: true })).toMatchObject({ deleted: false });
    station.on('DeleteCertificate', () => ({ status: 'Failed' }));
    await expect(remove({ hashData, ignoreNotFound: true })).rejects.toMatchObject({ code: 'REFUSED' });
  });
});
