export const certificateKinds = ['ca', 'server', 'station'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** Who signed it: the authority in the data directory, or the command that `serve --csr-command` names. */
export type CertificateOrigin = 'own' | 'command';

/** Why one is no longer good; as RFC 5280 has them, in words. */
export const revocationReasons = [
  'unspecified',
  'key-compromise',
  'affiliation-changed',
  'superseded',
  'cessation-of-operation',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** A certificate that was made here, or for a station of ours. Its private key is never in the store. */
export interface Certificate {
  /** SHA-256 of the certificate; hexadecimal, lower case, without colons. */
  readonly fingerprint: string;
  /** Hexadecimal, lower case, without leading zeros. */
  readonly serial: string;
  readonly kind: CertificateKind;
  /** Whose it is; null unless it is a station's. It outlives the station. */
  readonly stationUuid: string | null;
  readonly stationId: string | null;
  readonly subject: string;
  /** Names and addresses of a server, with commas between them; null for all others. */
  readonly hosts: string | null;
  readonly notBefore: number;
  readonly notAfter: number;
  /** PEM: the certificate, then those between it and the root. */
  readonly pem: string;
  readonly origin: CertificateOrigin;
  /** Where it and its key were written; null when the key never was here. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly issuedAt: number;
  /** When the station took it; null for what no station was sent. */
  readonly installedAt: number | null;
  readonly revokedAt: number | null;
  readonly reason: RevocationReason | null;
}

export type CertificateState = 'valid' | 'expiring' | 'expired' | 'revoked';

/** @param renewBeforeMs how long before its end one counts as expiring */
export function certificateState(
  { notAfter, revokedAt }: Pick<Certificate, 'notAfter' | 'revokedAt'>,
  { now, renewBeforeMs }: { readonly now: number; readonly renewBeforeMs: number },
): CertificateState {
  if (revokedAt !== null) return 'revoked';
  if (notAfter <= now) return 'expired';
  return notAfter - now <= renewBeforeMs ? 'expiring' : 'valid';
}

/** Two spellings of a serial number or fingerprint are the same one; what is neither, an id perhaps, is not made one. */
export function plainHex(text: string): string {
  return text.toLowerCase().replaceAll(/[:\s-]/g, '');
}

/** As `Certificate.serial` has it. */
export function plainSerial(text: string): string {
  return plainHex(text.replace(/^0x/i, '')).replace(/^0+(?=.)/, '');
}
