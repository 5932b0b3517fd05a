import type { RevokedSerial } from '../domain/certificate/certificate-authority.js';
import type { Issuer } from './issuing.js';
import { loadX509 } from './library.js';

/** Their numbers in RFC 5280 §5.3.1. `unspecified` is said by saying none. */
const reasons: ReadonlyMap<string, number> = new Map([
  ['key-compromise', 1],
  ['affiliation-changed', 3],
  ['superseded', 4],
  ['cessation-of-operation', 5],
]);

const crlNumber = '2.5.29.20';

/** A list of revoked certificates (RFC 5280 §5) as PEM. Its number is its time, so that later lists have greater ones. */
export async function signRevocationList(
  { certificate, key, algorithm }: Issuer,
  revoked: readonly RevokedSerial[],
  { now, validMs }: { readonly now: number; readonly validMs: number },
): Promise<string> {
  const x509 = await loadX509();
  const crl = await x509.X509CrlGenerator.create({
    issuer: certificate.subjectName,
    thisUpdate: new Date(now),
    nextUpdate: new Date(now + validMs),
    entries: revoked.map(({ serial, revokedAt, reason }) => {
      const number = reasons.get(reason);
      return {
        serialNumber: serial.length % 2 === 0 ? serial : `0${serial}`,
        revocationDate: new Date(revokedAt),
        ...(number !== undefined && { reason: number }),
      };
    }),
    signingKey: key,
    signingAlgorithm: algorithm,
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey),
      new x509.Extension(crlNumber, false, derInteger(now)),
    ],
  });
  // RFC 7468 §6; the library calls it otherwise, which OpenSSL does not take.
  const lines =
    Buffer.from(crl.rawData)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
}

function derInteger(value: number): Buffer {
  const hex = value.toString(16);
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // The first bit is the sign.
  const content = (digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Buffer.from([0]), digits]);
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}
