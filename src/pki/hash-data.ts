import { createHash, type X509Certificate } from 'node:crypto';
import { plainSerial } from '../domain/certificate/certificate.js';
import type { HashData } from '../domain/certificate/certificate-authority.js';
import { loadX509 } from './library.js';

const algorithms = { SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' } as const;

/**
 * CertificateHashDataType of the security extension, edition 3: the hash of the issuer's name as DER, the hash of the
 * issuer's key without the tag and length around it (as OCSP has it, RFC 6960), and the number without leading zeros.
 */
export async function hashDataOf(
  certificate: X509Certificate,
  issuer: X509Certificate,
): Promise<readonly HashData[]> {
  const x509 = await loadX509();
  const name = Buffer.from(new x509.X509Certificate(certificate.raw).issuerName.toArrayBuffer());
  const key = bitStringOf(issuer.publicKey.export({ type: 'spki', format: 'der' }));
  return Object.entries(algorithms).map(([hashAlgorithm, algorithm]) => ({
    hashAlgorithm: hashAlgorithm as HashData['hashAlgorithm'],
    issuerNameHash: createHash(algorithm).update(name).digest('hex'),
    issuerKeyHash: createHash(algorithm).update(key).digest('hex'),
    serialNumber: plainSerial(certificate.serialNumber),
  }));
}

/** The content of the last element of a SubjectPublicKeyInfo, a bit string of which the first byte counts unused bits. */
function bitStringOf(spki: Buffer): Buffer {
  const outer = elementAt(spki, 0);
  const algorithm = elementAt(spki, outer.start);
  const key = elementAt(spki, algorithm.end);
  return spki.subarray(key.start + 1, key.end);
}

/** Where the content of a DER element begins and ends. */
function elementAt(der: Buffer, offset: number): { readonly start: number; readonly end: number } {
  const first = der.readUInt8(offset + 1);
  const more = first < 0x80 ? 0 : first & 0x7f;
  const length = more === 0 ? first : der.readUIntBE(offset + 2, more);
  const start = offset + 2 + more;
  return { start, end: start + length };
}
