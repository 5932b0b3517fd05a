import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askOpenssl, authority, dayMs, makeRequest, openPki, openssl } from './fixture.js';

const server = { organization: 'Acme', validityMs: 365 * dayMs, replace: false } as const;

async function modeOf(file: string): Promise<string> {
  return ((await fs.stat(file)).mode & 0o777).toString(8);
}

describe('the authority', () => {
  it('is nowhere until it is made, and then once', async () => {
    const { pki } = await openPki();
    expect(await pki.find()).toBeUndefined();
    const wanted = { commonName: 'CA', organization: null, validityMs: dayMs, keyType: 'ecdsa' as const };
    const made = await pki.create(wanted);
    expect(await pki.find()).toEqual(made);
    await expect(pki.create(wanted)).rejects.toMatchObject({ code: 'EXISTS' });
    expect(await pki.find()).toEqual(made);
  });

  it('says how to make it when something is to be signed without', async () => {
    const { pki } = await openPki();
    const issuing = pki.issueServer({ ...server, hosts: ['localhost'], keyType: 'ecdsa' });
    await expect(issuing).rejects.toMatchObject({
      code: 'NOT_FOUND',
      suggestions: [expect.stringContaining('certificate ca create')],
    });
  });

  it.each(['ecdsa', 'rsa'] as const)('has a %s key that nobody else may read', async (keyType) => {
    const { dataDir, ca } = await authority(keyType);
    const directory = path.join(dataDir, 'pki');
    expect(await modeOf(directory)).toBe('700');
    expect(await modeOf(path.join(directory, 'ca.key'))).toBe('600');
    expect((await fs.readdir(directory)).sort()).toEqual(['ca.key', 'ca.pem']);
    const certificate = new X509Certificate(ca.pem);
    expect(certificate).toMatchObject({ ca: true, subject: 'O=Acme\nCN=Acme CA' });
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  it('signs nothing any more once its own certificate has ended', async () => {
    const { pki, clock } = await authority();
    clock.advance(3651 * dayMs);
    const issuing = pki.issueServer({ ...server, hosts: ['localhost'], keyType: 'ecdsa' });
    await expect(issuing).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('signs for no longer than it lasts', async () => {
    const { pki, ca } = await authority();
    const validityMs = 9999 * dayMs;
    const made = await pki.issueServer({ ...server, validityMs, hosts: ['localhost'], keyType: 'ecdsa' });
    expect(made.notAfter).toBe(ca.notAfter);
  });
});

describe('a certificate of a server', () => {
  it.each([
    ['ecdsa', 'ecdsa'],
    ['ecdsa', 'rsa'],
    ['rsa', 'ecdsa'],
    ['rsa', 'rsa'],
  ] as const)(
    'of an %s authority with an %s key is taken by a client, by name and address',
    async (caType, keyType) => {
      const { pki, ca } = await authority(caType);
      const { certFile, keyFile } = await pki.issueServer({
        ...server,
        hosts: ['csms.example.org', 'localhost', '127.0.0.1', '::1'],
        keyType,
      });
      const [cert, key] = [await fs.readFile(certFile), await fs.readFile(keyFile)];
      const listener = tls.createServer({ cert, key }, (socket) => socket.end('hello'));
      listener.listen(0, '127.0.0.1');
      onTestFinished(() => void listener.close());
      await once(listener, 'listening');
      const { port } = listener.address() as AddressInfo;
      for (const servername of ['csms.example.org', 'localhost', undefined]) {
        const socket = tls.connect({
          host: '127.0.0.1',
          port,
          ca: ca.pem,
          ...(servername !== undefined && { servername }),
        });
        await once(socket, 'secureConnect');
        expect(socket.authorized).toBe(true);
        socket.destroy();
      }
      const odd = tls.connect({ host: '127.0.0.1', port, ca: ca.pem, servername: 'other.example.org' });
      const [error] = (await once(odd, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    },
  );

  it('takes the place of no file unless that is wanted', async () => {
    const { pki } = await authority();
    const wanted = { ...server, hosts: ['localhost'], keyType: 'ecdsa' as const };
    const first = await pki.issueServer(wanted);
    await expect(pki.issueServer(wanted)).rejects.toMatchObject({ code: 'EXISTS' });
    expect(await fs.readFile(first.certFile, 'utf8')).toBe(first.pem);
    const second = await pki.issueServer({ ...wanted, replace: true });
    expect(second.certFile).toBe(first.certFile);
    expect(await fs.readFile(first.certFile, 'utf8')).toBe(second.pem);
    expect(await modeOf(second.keyFile)).toBe('600');
    expect((await fs.readdir(path.dirname(second.keyFile))).filter((name) => name.endsWith('.new'))).toEqual(
      [],
    );
  });
});

it('a station that was provisioned by hand shows its certificate, and is believed', async () => {
  const { pki, ca } = await authority();
  const own = await pki.issueServer({ ...server, hosts: ['localhost'], keyType: 'ecdsa' });
  const station = await pki.issueStation({ ...server, stationId: 'CP/../1', keyType: 'ecdsa' });
  expect(path.dirname(station.keyFile)).toBe(path.dirname(own.keyFile));
  const read = (file: string) => fs.readFile(file, 'utf8');
  const listener = tls.createServer({
    cert: await read(own.certFile),
    key: await read(own.keyFile),
    ca: ca.pem,
    requestCert: true,
    rejectUnauthorized: true,
  });
  listener.listen(0, '127.0.0.1');
  onTestFinished(() => void listener.close());
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const client = tls.connect({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca: ca.pem,
    cert: await read(station.certFile),
    key: await read(station.keyFile),
  });
  const [socket] = (await once(listener, 'secureConnection')) as [tls.TLSSocket];
  expect(socket.getPeerCertificate()).toMatchObject({ subject: { O: 'Acme', CN: 'CP/../1' } });
  client.destroy();
  socket.destroy();
});

describe.runIf(openssl.isThere)('openssl', () => {
  it('agrees with certificates, their purposes and the list of revoked ones', async () => {
    const { pki, dataDir, clock } = await authority();
    const directory = path.join(dataDir, 'pki');
    const ca = path.join(directory, 'ca.pem');
    const own = await pki.issueServer({ ...server, hosts: ['csms.example.org', '10.0.0.1'], keyType: 'rsa' });
    const station = await pki.issueStation({ ...server, stationId: 'CP1', keyType: 'ecdsa' });
    const verify = (file: string, purpose: string, ...more: string[]) =>
      askOpenssl('verify', '-x509_strict', '-CAfile', ca, '-purpose', purpose, ...more, file);
    expect(await verify(own.certFile, 'sslserver')).toContain('OK');
    expect(await verify(station.certFile, 'sslclient')).toContain('OK');
    await expect(verify(station.certFile, 'sslserver')).rejects.toThrow(/purpose/);
    await expect(verify(own.certFile, 'sslclient')).rejects.toThrow(/purpose/);
    const text = await askOpenssl('x509', '-in', own.certFile, '-noout', '-text');
    expect(text).toContain('DNS:csms.example.org, IP Address:10.0.0.1');
    expect(text).toContain('Digital Signature, Key Encipherment');

    await pki.writeRevoked([], 7 * dayMs);
    const crl = ['-crl_check', '-CRLfile', path.join(directory, 'crl.pem')];
    expect(await verify(station.certFile, 'sslclient', ...crl)).toContain('OK');
    const gone = { serial: station.serial, revokedAt: clock.now(), reason: 'key-compromise' };
    await pki.writeRevoked([gone, { ...gone, serial: '4a', reason: 'unspecified' }], 7 * dayMs);
    await expect(verify(station.certFile, 'sslclient', ...crl)).rejects.toThrow(/revoked/);
    expect(await verify(own.certFile, 'sslserver', ...crl)).toContain('OK');
    const list = await askOpenssl('crl', '-in', path.join(directory, 'crl.pem'), '-noout', '-text');
    expect(list).toContain(`Serial Number: ${station.serial.toUpperCase()}`);
    expect(list).toContain('Key Compromise');
    expect(list).toMatch(/X509v3 CRL Number:\s+\d+/);
  });

  it('names certificates by the same hashes as OCSP does', async () => {
    const { pki, dataDir, ca } = await authority();
    const station = await pki.issueStation({ ...server, stationId: 'CP1', keyType: 'ecdsa' });
    const request = path.join(dataDir, 'ocsp');
    const caFile = path.join(dataDir, 'pki', 'ca.pem');
    const asked = ['ocsp', '-sha256', '-issuer', caFile, '-cert', station.certFile, '-reqout', request];
    await askOpenssl(...asked, '-no_nonce');
    const text = await askOpenssl('ocsp', '-reqin', request, '-req_text', '-noverify');
    const field = (name: string) => new RegExp(`${name}: ([0-9A-F]+)`).exec(text)?.[1]?.toLowerCase();
    const data = await pki.hashData(station.pem + ca.pem);
    expect(data[0]).toEqual({
      hashAlgorithm: 'SHA256',
      issuerNameHash: field('Issuer Name Hash'),
      issuerKeyHash: field('Issuer Key Hash'),
      serialNumber: field('Serial Number'),
    });
    expect(data.map(({ hashAlgorithm, issuerKeyHash }) => [hashAlgorithm, issuerKeyHash.length])).toEqual([
      ['SHA256', 64],
      ['SHA384', 96],
      ['SHA512', 128],
    ]);
  });
});

it('a root is its own issuer; of others the issuer has to be known', async () => {
  const { pki, ca } = await authority();
  expect((await pki.hashData(ca.pem)).map(({ serialNumber }) => serialNumber)).toEqual(
    Array(3).fill(ca.serial),
  );
  const station = await pki.issueStation({ ...server, stationId: 'CP1', keyType: 'ecdsa' });
  await expect(pki.hashData(station.pem)).rejects.toMatchObject({ code: 'USAGE' });
});

it('what a request wants beside its subject and key does not get into the certificate', async () => {
  const { pki, ca } = await authority();
  const { csr, key } = await makeRequest([{ O: ['Acme'] }, { CN: ['CP1'] }, { OU: ['Root of all'] }]);
  const signed = await pki.sign(csr, { commonName: 'CP1', organization: 'Acme' }, { validityMs: dayMs });
  const certificate = new X509Certificate(signed.pem);
  expect(certificate.subject).toBe('O=Acme\nCN=CP1');
  expect(certificate.checkPrivateKey((await import('node:crypto')).createPrivateKey(key))).toBe(true);
  expect(certificate.verify(new X509Certificate(ca.pem).publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
});

describe('a name', () => {
  const odd = ['#0C0643502D303031', '#', 'A+B', 'ST,1', 'a\\b', 'x"y', '<z>', 'a=b', ' Ünï'];

  it.each(odd)('%j is in the certificate as it was asked for, and nobody else is', async (name) => {
    const { pki } = await authority();
    const { csr } = await makeRequest([
      { O: [{ utf8String: 'Acme' }] },
      { CN: [{ utf8String: name }] },
    ] as never);
    const subject = await pki.readRequest(csr);
    expect(subject.commonName).toBe(name);
    const made = await pki.sign(csr, subject, { validityMs: dayMs });
    expect(new X509Certificate(made.pem).toLegacyObject().subject).toEqual({ O: 'Acme', CN: name });
    expect(await pki.readChain(made.pem, csr)).toMatchObject({ serial: made.serial });
  });

  it.each(['Acme, Inc.', '#0C0141', 'A "B" + C'])(
    'of an operator, %j, stays what it is',
    async (organization) => {
      const { pki } = await openPki();
      const ca = await pki.create({ commonName: 'CA', organization, validityMs: dayMs, keyType: 'ecdsa' });
      expect(ca.organization).toBe(organization);
      expect((await pki.read(ca.pem)).organization).toBe(organization);
    },
  );
});

it("lists of revoked certificates that are made at the same time do not get in each other's way", async () => {
  const { pki, dataDir } = await authority();
  const serials = Array.from({ length: 10 }, (_, i) => `a${i}`);
  const lists = await Promise.all(
    serials.map((serial) =>
      pki.writeRevoked([{ serial, revokedAt: Date.now(), reason: 'superseded' }], dayMs),
    ),
  );
  expect(lists).toContain(await fs.readFile(path.join(dataDir, 'pki', 'crl.pem'), 'utf8'));
  expect((await fs.readdir(path.join(dataDir, 'pki'))).sort()).toEqual(['ca.key', 'ca.pem', 'crl.pem']);
});
