import type { Socket } from 'node:net';
import type { CertificateStanding } from '../domain/certificate/certificate-repositories.js';
import type { Station } from '../domain/model.js';

/** A client certificate as TLS saw it. */
export interface ClientCertificate {
  /** Whether the chain ends at an authority that is trusted for stations. */
  readonly isTrusted: boolean;
  /** Why not, in the words of OpenSSL. */
  readonly trustError?: string;
  readonly commonName: string | undefined;
  readonly organization: string | undefined;
  /** Hexadecimal, as the certificate has it. */
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly validFrom: number;
  readonly validTo: number;
}

/** What the connection is. */
export interface Transport {
  readonly isEncrypted: boolean;
  /** Undefined when none was shown. */
  readonly certificate?: ClientCertificate;
}

export interface CertificateRules {
  readonly now: number;
  /** The operator, which the subject must name; undefined: anything goes. */
  readonly organization: string | undefined;
  /** What is known of it here. */
  readonly standing: CertificateStanding;
}

/**
 * Why a certificate is not good for this station; undefined: it is. Its chain was checked by TLS; validity is looked at
 * again, because a session that is resumed was checked long ago.
 */
export function complaintAboutCertificate(
  certificate: ClientCertificate,
  station: Pick<Station, 'id' | 'serialNumber'>,
  { now, organization, standing }: CertificateRules,
): string | undefined {
  const { isTrusted, trustError, commonName, validFrom, validTo } = certificate;
  if (now > validTo) return `its certificate expired at ${new Date(validTo).toISOString()}`;
  if (now < validFrom) return `its certificate is not valid before ${new Date(validFrom).toISOString()}`;
  if (!isTrusted)
    return `its certificate is not trusted${trustError === undefined ? '' : ` (${trustError})`}`;
  if (standing === 'revoked') return 'its certificate was revoked';
  const isItsOwn =
    commonName !== undefined && (commonName === station.id || commonName === station.serialNumber);
  if (!isItsOwn) return `its certificate is for ${JSON.stringify(commonName ?? '')}`;
  if (standing === 'of another station') return 'its certificate was issued to another station';
  if (organization !== undefined && certificate.organization !== organization) {
    return `its certificate is of ${JSON.stringify(certificate.organization ?? '')}, not of ${JSON.stringify(organization)}`;
  }
  return undefined;
}

/** What is known of the connection that a request came over. */
export function transportOf(socket: Socket): Transport {
  if (!isTls(socket)) return { isEncrypted: false };
  const shown = socket.getPeerCertificate();
  // Without a certificate it is an empty object.
  if (!shown || Object.keys(shown).length === 0) return { isEncrypted: true };
  const { authorized, authorizationError } = socket;
  return {
    isEncrypted: true,
    certificate: {
      isTrusted: authorized,
      ...(authorizationError && { trustError: String(authorizationError) }),
      commonName: one(shown.subject?.CN),
      organization: one(shown.subject?.O),
      serialNumber: shown.serialNumber,
      fingerprint: shown.fingerprint256,
      validFrom: Date.parse(shown.valid_from),
      validTo: Date.parse(shown.valid_to),
    },
  };
}

function isTls(socket: Socket): socket is import('node:tls').TLSSocket {
  return 'encrypted' in socket && socket.encrypted === true;
}

/** A subject may name several; none of them is the one then. */
function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
