import { X509Certificate } from 'node:crypto';
import { plainHex, plainSerial } from '../domain/certificate/certificate.js';
import type { CertificateFacts } from '../domain/certificate/certificate-authority.js';
import { FleetError } from '../domain/errors.js';

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** No chain of certificates is longer. */
const textMaxLength = 64 * 1024;

/** The certificates in a text, in their order. @throws FleetError USAGE when there is none, or one cannot be read */
export function parseChain(text: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = text.length > textMaxLength ? [] : (text.match(block) ?? []);
  const [first, ...others] = blocks.map(parseOne);
  if (!first) throw notOne('it holds no certificate (PEM)');
  return [first, ...others];
}

function parseOne(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw notOne('its certificate cannot be read', error);
  }
}

function notOne(why: string, cause?: unknown): FleetError {
  return new FleetError('USAGE', `This is no certificate: ${why}.`, {
    ...(cause !== undefined && { cause }),
    suggestions: ['openssl x509 -in FILE -noout -text'],
  });
}

/** @param pem what is kept of it; its own text when left out */
export function factsOf(certificate: X509Certificate, pem = certificate.toString()): CertificateFacts {
  return {
    fingerprint: plainHex(certificate.fingerprint256),
    serial: plainSerial(certificate.serialNumber),
    // The name nearest to whom it is for comes last, as people write it.
    subject: certificate.subject.split('\n').join(', '),
    organization: organizationOf(certificate),
    keyType: certificate.publicKey.asymmetricKeyType === 'rsa' ? 'rsa' : 'ecdsa',
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    pem: pem.endsWith('\n') ? pem : `${pem}\n`,
  };
}

function organizationOf(certificate: X509Certificate): string | null {
  return namesIn(certificate, 'O')[0] ?? null;
}

/** What the subject says of this kind, as it is: `X509Certificate.subject` has it as people read it, with backslashes. */
export function namesIn(certificate: X509Certificate, field: 'CN' | 'O'): readonly string[] {
  const { subject } = certificate.toLegacyObject();
  const names: string | readonly string[] | undefined = subject?.[field];
  return names === undefined ? [] : [names].flat();
}
