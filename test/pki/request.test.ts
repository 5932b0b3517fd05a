import path from 'node:path';
import type { JsonName } from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { askOpenssl, makeRequest, openPki, openssl } from './fixture.js';

const named: JsonName = [{ O: ['Acme'] }, { CN: ['CP1'] }];

async function read(csr: string) {
  return (await openPki()).pki.readRequest(csr);
}

async function complaint(csr: string): Promise<string> {
  return read(csr).then(
    () => 'taken',
    (error: Error) => error.message,
  );
}

/** Text of the same length with one character changed far inside. */
function tampered(csr: string): string {
  const lines = csr.trim().split('\n');
  const index = lines.length - 3;
  const line = lines[index] ?? '';
  lines[index] = `${line.slice(0, 20)}${line[20] === 'A' ? 'B' : 'A'}${line.slice(21)}`;
  return lines.join('\n');
}

describe('a request for a certificate', () => {
  it.each(['P-256', 'P-384', 'RSA 2048'] as const)('with a key of the kind %s is taken', async (kind) => {
    const { csr } = await makeRequest(named, { kind });
    expect(await read(csr)).toMatchObject({ commonName: 'CP1', organization: 'Acme' });
  });

  it.each([
    ['with line breaks as in a source file', (csr: string) => csr.replaceAll('\n', '\\n')],
    ['with breaks as on Windows', (csr: string) => csr.replaceAll('\n', '\r\n')],
    [
      'as it was once called',
      (csr: string) => csr.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'),
    ],
    ['with space around it', (csr: string) => `\n  ${csr}\n\n`],
  ])('%s is taken', async (_, change) => {
    const { csr } = await makeRequest(named);
    expect(await read(change(csr))).toMatchObject({ commonName: 'CP1' });
  });

  it('without an organization is read', async () => {
    const { csr } = await makeRequest([{ CN: ['CP1'] }]);
    expect(await read(csr)).toMatchObject({ commonName: 'CP1', organization: null });
  });

  it.each([
    ['RSA 1024', /1024 bits, at least 2048/],
    ['RSA with SHA-1', /signed with SHA-1/],
  ] as const)('with %s is refused', async (kind, why) => {
    expect(await complaint((await makeRequest(named, { kind })).csr)).toMatch(why);
  });

  it.each([
    ['nobody', [{ O: ['Acme'] }], /no CN/],
    ['two names', [{ CN: ['CP1'] }, { CN: ['CP2'] }], /2 names of the kind CN/],
    ['two names in one part', [{ CN: ['CP1', 'CP2'] }], /2 names of the kind CN/],
    ['an empty name', [{ CN: [''] }], /empty/],
    ['a very long name', [{ CN: ['x'.repeat(65)] }], /longer than 64/],
    ['a name with a line break', [{ CN: [{ utf8String: 'CP1\nCN=CP2' }] }], /odd/],
    ['two organizations', [{ O: ['Acme'] }, { O: ['Other'] }, { CN: ['CP1'] }], /2 names of the kind O/],
  ] as [string, JsonName, RegExp][])('for %s is refused', async (_, name, why) => {
    expect(await complaint((await makeRequest(name)).csr)).toMatch(why);
  });

  it.each([
    ['nothing', '', /no request in PEM/],
    ['words', 'give me a certificate', /no request in PEM/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /no request in PEM/],
    [
      'garbage in PEM',
      '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----',
      /cannot be read/,
    ],
    [
      'a deep nest',
      `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from('3080'.repeat(1900), 'hex').toString('base64').slice(0, 5000)}\n-----END CERTIFICATE REQUEST-----`,
      /cannot be read/,
    ],
    ['too much', 'x'.repeat(5501), /more than 5500/],
  ])('that is %s is refused', async (_, csr, why) => {
    expect(await complaint(csr)).toMatch(why);
  });

  it('that somebody changed on its way is refused', async () => {
    expect(await complaint(tampered((await makeRequest(named)).csr))).toMatch(/signature|cannot be read/);
  });

  it('for an authority is refused', async () => {
    await import('reflect-metadata');
    const x509 = await import('@peculiar/x509');
    const authority = [new x509.BasicConstraintsExtension(true)];
    expect(await complaint((await makeRequest(named, { extensions: authority })).csr)).toMatch(/authority/);
    const signer = [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign)];
    expect(await complaint((await makeRequest(named, { extensions: signer })).csr)).toMatch(/authority/);
    const harmless = [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature),
    ];
    expect(await complaint((await makeRequest(named, { extensions: harmless })).csr)).toBe('taken');
  });
});

describe.runIf(openssl.isThere)('a request that OpenSSL made', () => {
  it.each([
    ['rsa:2048', [], 'taken'],
    ['rsa:3072', [], 'taken'],
    ['ec', ['-pkeyopt', 'ec_paramgen_curve:prime256v1'], 'taken'],
    ['ec', ['-pkeyopt', 'ec_paramgen_curve:secp521r1'], 'taken'],
    ['ec', ['-pkeyopt', 'ec_paramgen_curve:secp256k1'], 'secp256k1'],
    ['ec', ['-pkeyopt', 'ec_paramgen_curve:secp224r1'], 'secp224r1'],
    ['ed25519', [], 'neither RSA nor ECDSA'],
  ])('with %s %j: %s', async (key, options, expected) => {
    const { dataDir } = await openPki();
    const subject = ['-subj', '/O=Acme/CN=CP1', '-nodes', '-keyout', path.join(dataDir, 'key')];
    const csr = (await askOpenssl('req', '-new', '-newkey', key, ...options, ...subject)).replace(
      /^[\s\S]*?(-----BEGIN [\s\S]*-----END CERTIFICATE REQUEST-----)[\s\S]*$/,
      '$1',
    );
    expect(await complaint(csr)).toContain(expected);
  });
});
