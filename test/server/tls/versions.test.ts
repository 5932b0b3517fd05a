import { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ecdsa, fingerprintOf, rsa, TlsBench } from './tls-bench.js';

/** What a client of today would not even offer. */
const anything = 'ALL:@SECLEVEL=0';

const old = (version: tls.SecureVersion): tls.ConnectionOptions => ({
  minVersion: version,
  maxVersion: version,
  ciphers: anything,
});
const suite = (name: string): tls.ConnectionOptions => ({ maxVersion: 'TLSv1.2', ciphers: name });

const legacy = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384'];
const never = [
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-RSA-AES128-SHA',
  'DHE-RSA-AES128-GCM-SHA256',
  'AES128-SHA256',
  'AES256-SHA',
];

describe('by default', () => {
  it.each([
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ])('TLS 1.2 with %s is spoken', async (name) => {
    const socket = await (await TlsBench.begin()).handshake(suite(name));
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual(['TLSv1.2', name]);
    const shown = new X509Certificate(name.includes('ECDSA') ? ecdsa.cert : rsa.cert);
    expect(fingerprintOf(socket)).toBe(shown.fingerprint256);
  });

  it.each(['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'])(
    'TLS 1.3 with %s is spoken',
    async (ciphers) => {
      const socket = await (await TlsBench.begin()).handshake({ minVersion: 'TLSv1.3', ciphers });
      expect([socket.getProtocol(), socket.getCipher().name]).toEqual(['TLSv1.3', ciphers]);
    },
  );

  it.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (version) => {
    const bench = await TlsBench.begin();
    await expect(bench.handshake(old(version))).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
    expect(bench.server.log.find(/TLS could not be agreed on \(unsupported protocol\)/)).toHaveLength(1);
  });

  it.each([...never, ...legacy])('%s is refused', async (name) => {
    const bench = await TlsBench.begin();
    const refused = bench.handshake(suite(`${name}:@SECLEVEL=0`));
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' });
    expect(bench.server.log.find(/TLS could not be agreed on \(no shared cipher\)/)).toHaveLength(1);
  });
});

describe('with --tls-legacy-ciphers', () => {
  it.each(legacy)('TLS 1.2 with %s is spoken', async (name) => {
    const bench = await TlsBench.begin({ tlsLegacyCiphers: true });
    const socket = await bench.handshake(suite(name));
    expect(socket.getCipher().name).toBe(name);
  });

  it.each(never)('%s is refused all the same', async (name) => {
    const bench = await TlsBench.begin({ tlsLegacyCiphers: true });
    await expect(bench.handshake(suite(`${name}:@SECLEVEL=0`))).rejects.toThrow();
  });

  it('they are the last that the server chooses', async () => {
    const bench = await TlsBench.begin({ tlsLegacyCiphers: true });
    const offer = suite('AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384');
    expect((await bench.handshake(offer)).getCipher().name).toBe('ECDHE-RSA-AES256-GCM-SHA384');
  });
});

it('the server chooses, not the client', async () => {
  const bench = await TlsBench.begin();
  const offer = suite(
    'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256',
  );
  expect((await bench.handshake(offer)).getCipher().name).toBe('ECDHE-ECDSA-AES128-GCM-SHA256');
});

it.each([
  ['RSA', 'RSA-PSS+SHA256:RSA+SHA256', rsa],
  ['ECDSA', 'ECDSA+SHA256', ecdsa],
] as const)('a client of TLS 1.3 that can check %s alone is shown that', async (_, sigalgs, { cert }) => {
  const bench = await TlsBench.begin();
  const socket = await bench.handshake({ minVersion: 'TLSv1.3', sigalgs, rejectUnauthorized: false });
  expect(fingerprintOf(socket)).toBe(new X509Certificate(cert).fingerprint256);
});

it.each([
  ['ECDSA', ecdsa, 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['RSA', rsa, 'ECDHE-ECDSA-AES128-GCM-SHA256'],
] as const)('a server with %s alone refuses who cannot check it', async (_, identity, other) => {
  const bench = await TlsBench.begin({}, [identity]);
  await expect(bench.handshake(suite(other))).rejects.toThrow();
  expect((await bench.handshake()).authorized).toBe(true);
});
