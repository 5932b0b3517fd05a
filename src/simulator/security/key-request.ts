import { webcrypto } from 'node:crypto';

export interface KeyRequest {
  /** PEM (PKCS #8). */
  readonly key: string;
  /** PEM (PKCS #10). */
  readonly csr: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A new pair of keys, and the request for a certificate for it. @param organization left out when empty */
export async function makeKeyRequest(commonName: string, organization: string): Promise<KeyRequest> {
  // Takes a tenth of a second to load, and few stations ever ask for a certificate.
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [...(organization === '' ? [] : [{ O: [organization] }]), { CN: [commonName] }],
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
  return { key, csr: request.toString('pem') };
}
