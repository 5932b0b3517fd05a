import type { RequestedSubject } from './signing-request.js';

export const keyTypes = ['ecdsa', 'rsa'] as const;
export type KeyType = (typeof keyTypes)[number];

/** What can be read from a certificate. */
export interface CertificateFacts {
  readonly fingerprint: string;
  readonly serial: string;
  readonly subject: string;
  readonly organization: string | null;
  readonly keyType: KeyType;
  readonly notBefore: number;
  readonly notAfter: number;
  /** PEM. */
  readonly pem: string;
}

/** A certificate and where it lies, with its key. */
interface IssuedFiles extends CertificateFacts {
  readonly certFile: string;
  readonly keyFile: string;
}

interface NewCertificate {
  readonly validityMs: number;
  readonly organization: string | null;
  readonly keyType: KeyType;
  /** Absolute; the authority's own directory when left out. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Whether files may be written over. */
  readonly replace: boolean;
}

/** How OCPP names a certificate that a station holds. */
export interface HashData {
  readonly hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export interface RevokedSerial {
  readonly serial: string;
  readonly revokedAt: number;
  readonly reason: string;
}

/** The small authority of a fleet that has no other: a port. Its key lies in the data directory, not in the store. */
export interface CertificateAuthority {
  /** Its own certificate; undefined when there is none. */
  find(): Promise<CertificateFacts | undefined>;
  /** @throws FleetError EXISTS */
  create(wanted: {
    readonly commonName: string;
    readonly organization: string | null;
    readonly validityMs: number;
    readonly keyType: KeyType;
  }): Promise<CertificateFacts>;
  /** A key and a certificate for a server. @throws FleetError NOT_FOUND without an authority, EXISTS for files */
  issueServer(wanted: NewCertificate & { readonly hosts: readonly string[] }): Promise<IssuedFiles>;
  /** The same for a station that is provisioned by hand. */
  issueStation(wanted: NewCertificate & { readonly stationId: string }): Promise<IssuedFiles>;
  /**
   * Signs a request that was checked; nothing of it but subject and key gets into the certificate.
   * @throws FleetError NOT_FOUND without an authority, CONFLICT when its own certificate has ended
   */
  sign(
    csr: string,
    subject: RequestedSubject,
    wanted: { readonly validityMs: number },
  ): Promise<CertificateFacts>;
  /**
   * Reads a request and checks what can be told from itself: its form, its signature, its key.
   * @throws FleetError USAGE that says what is wrong with it
   */
  readRequest(csr: string): Promise<RequestedSubject & { readonly pem: string }>;
  /** Reads what somebody else signed. @throws FleetError USAGE when it does not fit the request */
  readChain(chain: string, csr: string): Promise<CertificateFacts>;
  /** Writes the list of revoked certificates to the directory, and gives it as PEM. */
  writeRevoked(revoked: readonly RevokedSerial[], validMs: number): Promise<string>;
  /** @throws FleetError USAGE when it is no certificate */
  read(pem: string): Promise<CertificateFacts & { readonly isAuthority: boolean }>;
  /** Of a certificate of which the issuer is known: itself, or the next in the text. Under each algorithm. */
  hashData(pem: string): Promise<readonly HashData[]>;
}
