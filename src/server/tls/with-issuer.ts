import { X509Certificate } from 'node:crypto';

const isOne = (pem: string): boolean => pem.split('-----BEGIN CERTIFICATE-----').length === 2;

/**
 * A certificate that comes alone, with its issuer behind it where that is at hand. OpenSSL would look for it itself and
 * check its signature in each handshake.
 */
export function withIssuer(cert: string, authorities: readonly string[]): string {
  if (!isOne(cert)) return cert;
  const leaf = new X509Certificate(cert);
  const issuer = authorities.find((pem) => isOne(pem) && leaf.checkIssued(new X509Certificate(pem)));
  return issuer === undefined ? cert : `${cert.trimEnd()}\n${issuer}`;
}
