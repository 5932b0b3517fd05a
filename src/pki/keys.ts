import { createPublicKey, type webcrypto } from 'node:crypto';
import type { KeyType } from '../domain/certificate/certificate-authority.js';
import { FleetError } from '../domain/errors.js';

const { subtle } = globalThis.crypto;

/** Old stations take RSA keys of servers up to this (OCPP 1.6 J §6.2.2), and stations must not have shorter ones. */
const leafRsaBits = 2048;
/** An authority's lives for ten years. */
const authorityRsaBits = 3072;

export const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
export const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

export type SigningAlgorithm = typeof ecdsa | typeof rsa;

export interface KeyPair {
  readonly keys: webcrypto.CryptoKeyPair;
  /** PEM (PKCS #8). */
  readonly privateKey: string;
}

export async function generateKeys(type: KeyType, { forAuthority = false } = {}): Promise<KeyPair> {
  const keys =
    type === 'ecdsa'
      ? await subtle.generateKey(ecdsa, true, ['sign', 'verify'])
      : await subtle.generateKey(
          {
            ...rsa,
            modulusLength: forAuthority ? authorityRsaBits : leafRsaBits,
            publicExponent: new Uint8Array([1, 0, 1]),
          },
          true,
          ['sign', 'verify'],
        );
  const der = Buffer.from(await subtle.exportKey('pkcs8', keys.privateKey));
  return { keys, privateKey: toPem(der) };
}

/** The key of the authority. @throws FleetError CONFLICT when it is none that was made here */
export async function importKey(
  pem: string,
  file: string,
): Promise<{ readonly key: webcrypto.CryptoKey; readonly algorithm: SigningAlgorithm }> {
  try {
    const algorithm = createPublicKey(pem).asymmetricKeyType === 'rsa' ? rsa : ecdsa;
    const base64 = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
    const key = await subtle.importKey('pkcs8', Buffer.from(base64, 'base64'), algorithm, false, ['sign']);
    return { key, algorithm };
  } catch (error) {
    throw new FleetError('CONFLICT', `The file ${file} holds no key of the authority (PEM, PKCS #8).`, {
      cause: error,
      suggestions: ['Bring back the directory pki of the data directory from where you keep copies of it.'],
    });
  }
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
