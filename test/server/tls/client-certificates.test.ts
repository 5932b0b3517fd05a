import { once } from 'node:events';
import fs from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { type Transport, transportOf } from '../../../src/csms/client-certificate.js';
import { createPki } from '../../../src/pki/pki.js';
import { pkiPaths } from '../../../src/pki/pki-directory.js';
import { newSecret, systemClock } from '../../../src/server/system.js';
import { createSecureServer } from '../../../src/server/tls/secure-server.js';
import { TlsKeeper } from '../../../src/server/tls/tls-keeper.js';
import { MadeUpAuthority } from '../../helpers/client-certificates.js';
import { failure } from '../../helpers/failure.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { writeIdentity } from '../files/file-bench.js';
import { authority, ecdsa, handshake } from './tls-bench.js';

const own = await MadeUpAuthority.create('Fleet');
const stranger = await MadeUpAuthority.create('Stranger');
const subject = 'CN=CP1, O=Acme';
const now = Date.now();

/** A server that says of each request what it knows of the connection, and nothing more. */
async function listening({
  hasAuthority = true,
  given,
}: {
  hasAuthority?: boolean;
  given?: { authorities: string[]; revoked: string[] };
} = {}) {
  const directory = await temporaryDirectory();
  const ca = path.join(directory, 'ca.pem');
  await fs.writeFile(ca, own.cert);
  const ownAuthority = path.join(directory, 'pki-ca.pem');
  const log = new RecordingLog();
  const keeper = await TlsKeeper.open({
    files: [await writeIdentity(directory, ecdsa)],
    clients: {
      ...(given ?? { authorities: hasAuthority ? [ca] : [], revoked: [] }),
      own: { authority: ownAuthority, revoked: path.join(directory, 'pki-crl.pem') },
    },
    clock: systemClock,
    log,
  });
  onTestFinished(() => keeper.close());
  const onFailure = () => undefined;
  const { server } = createSecureServer({}, { tls: keeper, handshakeTimeoutMs: 10_000, log, onFailure });
  server.on('request', (request, response) => response.end(JSON.stringify(transportOf(request.socket))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const seen = (options: ConnectionOptions = {}) =>
    new Promise<Transport>((resolve, reject) => {
      const agent = new https.Agent({ keepAlive: false, maxCachedSessions: 0 });
      const where = { host: '127.0.0.1', port, ca: authority.cert, agent, ...options };
      https
        .get(where, async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve(JSON.parse(text));
        })
        .on('error', reject);
    });
  return { keeper, port, seen, ownAuthority };
}

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'in %s who has no certificate gets in, and it is told',
  async (v) => {
    const { seen } = await listening();
    expect(await seen({ minVersion: v, maxVersion: v })).toEqual({ isEncrypted: true });
  },
);

it.each(['TLSv1.2', 'TLSv1.3'] as const)('in %s a certificate that is trusted is told', async (version) => {
  const { seen } = await listening();
  const client = await own.issue({ subject, serialNumber: '0b' });
  expect(await seen({ ...client, minVersion: version, maxVersion: version })).toMatchObject({
    isEncrypted: true,
    certificate: { isTrusted: true, commonName: 'CP1', organization: 'Acme', serialNumber: '0B' },
  });
});

it.each([
  ['of another authority', () => stranger.issue({ subject }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [
    'that pretends to be of the authority',
    async () => (await MadeUpAuthority.create('Fleet')).issue({ subject }),
    /UNABLE|SIGNATURE/,
  ],
  ['that expired', () => own.issue({ subject, from: now - 9e8, until: now - 60_000 }), 'CERT_HAS_EXPIRED'],
  [
    'that does not count yet',
    () => own.issue({ subject, from: now + 9e6, until: now + 9e8 }),
    'CERT_NOT_YET_VALID',
  ],
] as const)('a certificate %s gets in and is not trusted', async (_, issue, why) => {
  const { seen } = await listening();
  const { certificate } = await seen(await issue());
  expect(certificate).toMatchObject({ isTrusted: false, commonName: 'CP1' });
  expect(certificate?.trustError).toMatch(why);
});

it('a certificate that signed itself gets in and is not trusted', async () => {
  const { seen } = await listening();
  const itself = await MadeUpAuthority.create('CP1');
  const { certificate } = await seen(await itself.root);
  expect(certificate).toMatchObject({ isTrusted: false, trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

it('a certificate of any website is not trusted where there is no authority for stations', async () => {
  const { seen, keeper } = await listening({ hasAuthority: false });
  expect(keeper.clients).toEqual({ ca: [] });
  const { certificate } = await seen(await own.issue({ subject }));
  expect(certificate).toMatchObject({ isTrusted: false });
});

it('a session that is resumed knows the certificate that was shown', async () => {
  const { seen, port } = await listening();
  const client = await own.issue({ subject });
  const first = await handshake(port, { ...client, maxVersion: 'TLSv1.2' });
  const session = first.getSession();
  expect(await seen({ session, maxVersion: 'TLSv1.2' })).toMatchObject({
    certificate: { isTrusted: true, commonName: 'CP1' },
  });
});

it("the fleet's own authority counts from when it is made, and sessions of before are checked anew", async () => {
  const { seen, keeper, ownAuthority, port } = await listening({ hasAuthority: false });
  const client = await own.issue({ subject });
  const { certificate: before } = await seen(client);
  expect(before).toMatchObject({ isTrusted: false });
  const session = (await handshake(port, { ...client, maxVersion: 'TLSv1.2' })).getSession();
  await fs.writeFile(ownAuthority, own.cert);
  await keeper.reload();
  expect(await seen({ ...client, session, maxVersion: 'TLSv1.2' })).toMatchObject({
    certificate: { isTrusted: true },
  });
  await fs.rm(ownAuthority);
  await keeper.reload();
  expect(await seen(client)).toMatchObject({ certificate: { isTrusted: false } });
});

it('a certificate on the list of revoked ones is not trusted, others of the same authority are', async () => {
  const dataDir = await temporaryDirectory();
  const pki = createPki({ dataDir, clock: systemClock, newSecret });
  const term = { organization: 'Acme', keyType: 'ecdsa', validityMs: 86_400_000 } as const;
  await pki.create({ ...term, commonName: 'Given' });
  const [lost, kept] = await Promise.all(
    ['CP1', 'CP2'].map(async (stationId) => {
      const { certFile, keyFile, serial } = await pki.issueStation({ ...term, stationId, replace: false });
      return { serial, cert: await fs.readFile(certFile), key: await fs.readFile(keyFile) };
    }),
  );
  if (!lost || !kept) throw new Error('two were issued');
  const { authorityCert, revoked } = pkiPaths(dataDir);
  await pki.writeRevoked([{ serial: lost.serial, revokedAt: now, reason: 'key-compromise' }], 86_400_000);
  const { seen } = await listening({ given: { authorities: [authorityCert], revoked: [revoked] } });
  expect(await seen({ cert: lost.cert, key: lost.key })).toMatchObject({
    certificate: { isTrusted: false, trustError: 'CERT_REVOKED' },
  });
  expect(await seen({ cert: kept.cert, key: kept.key })).toMatchObject({ certificate: { isTrusted: true } });
});

it("lists of others alone are refused: without its own, OpenSSL trusts nobody of the fleet's authority", async () => {
  const directory = await temporaryDirectory();
  const dataDir = await temporaryDirectory();
  const pki = createPki({ dataDir, clock: systemClock, newSecret });
  const term = { organization: 'Acme', keyType: 'ecdsa', validityMs: 86_400_000 } as const;
  await pki.create({ ...term, commonName: 'Fleet' });
  await pki.writeRevoked([], 86_400_000);
  const { authorityCert, revoked } = pkiPaths(dataDir);
  const given = path.join(directory, 'crl.pem');
  await fs.rename(revoked, given);
  const open = async () =>
    TlsKeeper.open({
      files: [await writeIdentity(directory, ecdsa)],
      clients: { authorities: [], revoked: [given], own: { authority: authorityCert, revoked } },
      clock: systemClock,
      log: new RecordingLog(),
    });
  const { message } = await failure(open(), 'USAGE');
  expect(message).toContain(revoked);
  await pki.writeRevoked([], 86_400_000);
  const keeper = await open();
  keeper.close();
  expect(keeper.clients.crl).toHaveLength(2);
});

it.each([
  ['--tls-client-ca', 'authorities', 'nonsense', /ca.*BEGIN CERTIFICATE/],
  ['--tls-client-crl', 'revoked', ecdsa.cert, /crl.*BEGIN X509 CRL/],
] as const)('a file of %s that is none is named', async (flag, which, text, message) => {
  const directory = await temporaryDirectory();
  const file = path.join(directory, 'file.pem');
  await fs.writeFile(file, text);
  const opening = TlsKeeper.open({
    files: [await writeIdentity(directory, ecdsa)],
    clients: { authorities: [], revoked: [], [which]: [file] },
    clock: systemClock,
    log: new RecordingLog(),
  });
  const error = await failure(opening, 'USAGE');
  expect(error.message).toContain(`${flag}, ${file}`);
  expect(error.message).toMatch(message);
});
