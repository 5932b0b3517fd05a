import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Extension, HashedAlgorithm, JsonName } from '@peculiar/x509';
import { createPki } from '../../src/pki/pki.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const run = promisify(execFile);

export const dayMs = 86_400_000;

/** Clients of a test go by the clock of the machine, so the authority does as well. */
export function presentClock(): FakeClock {
  const clock = new FakeClock();
  clock.advance(Date.now() - clock.now());
  return clock;
}

export async function openPki(clock = presentClock()) {
  const dataDir = await temporaryDirectory();
  return { dataDir, clock, pki: createPki({ dataDir, clock, newSecret: randomBytes }) };
}

/** With an authority. */
export async function authority(keyType: 'ecdsa' | 'rsa' = 'ecdsa') {
  const opened = await openPki();
  const ca = await opened.pki.create({
    commonName: 'Acme CA',
    organization: 'Acme',
    validityMs: 3650 * dayMs,
    keyType,
  });
  return { ...opened, ca };
}

async function hasOpenssl(): Promise<boolean> {
  return run('openssl', ['version']).then(
    () => true,
    () => false,
  );
}

export const openssl = { isThere: await hasOpenssl() };

/** What it says; rejects when it disagrees. */
export async function askOpenssl(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('openssl', args);
  return stdout + stderr;
}

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
export const keyKinds = {
  'P-256': p256,
  'P-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  'RSA 2048': rsaOf(2048),
  'RSA 1024': rsaOf(1024),
  'RSA with SHA-1': { ...rsaOf(2048), hash: 'SHA-1' },
};

function rsaOf(modulusLength: number) {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
}

/** What a station makes: its key, and the request for a certificate. */
export async function makeRequest(
  name: JsonName,
  { kind = 'P-256', extensions = [] }: { kind?: keyof typeof keyKinds; extensions?: Extension[] } = {},
): Promise<{ csr: string; key: string }> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = keyKinds[kind];
  const keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as {
    privateKey: CryptoKeyOf;
    publicKey: CryptoKeyOf;
  };
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name,
    keys,
    signingAlgorithm: algorithm as unknown as HashedAlgorithm,
    extensions,
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return { csr: request.toString('pem'), key };
}

type CryptoKeyOf = Parameters<typeof crypto.subtle.exportKey>[1];
