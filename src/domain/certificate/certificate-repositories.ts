import type { Repositories } from '../repositories.js';
import type { Certificate, CertificateKind } from './certificate.js';
import type { SigningRequest } from './signing-request.js';

export interface CertificateFilter {
  readonly stationId?: string;
  readonly kind?: CertificateKind;
  readonly revoked?: boolean;
  /** Whose end is later than this. */
  readonly endsAfter?: number;
  /** Whose end is not later than this. */
  readonly endsBy?: number;
  /** Of stations that stand at one of these sites now; only those. */
  readonly siteUuids?: readonly string[];
}

export interface CertificateRepository {
  /** Nothing happens when there is one with this fingerprint. */
  insert(certificate: Certificate): Promise<void>;
  update(
    fingerprint: string,
    change: Partial<Pick<Certificate, 'installedAt' | 'revokedAt' | 'reason' | 'certFile' | 'keyFile'>>,
  ): Promise<void>;
  find(fingerprint: string): Promise<Certificate | undefined>;
  /** Another authority may have given the same number. */
  listBySerial(serial: string): Promise<Certificate[]>;
  /** Newest first; those behind `after`. */
  list(
    filter: CertificateFilter,
    page: { limit: number; after?: Pick<Certificate, 'issuedAt' | 'fingerprint'> | undefined },
  ): Promise<Certificate[]>;
  count(filter: CertificateFilter): Promise<number>;
}

export interface SigningRequestRepository {
  /** Gives it the next id. */
  insert(request: Omit<SigningRequest, 'id'>): Promise<number>;
  find(id: number): Promise<SigningRequest | undefined>;
  /** The one of a station that has not come to its end. */
  findOpen(stationUuid: string): Promise<SigningRequest | undefined>;
  /** Open ones whose next attempt is due, the longest due first. */
  listDue(now: number, limit: number): Promise<SigningRequest[]>;
  update(id: number, change: Partial<Omit<SigningRequest, 'id' | 'stationUuid' | 'csr'>>): Promise<void>;
  /** Forgets all but the newest of a station. */
  keepNewest(stationUuid: string, keep: number): Promise<void>;
}

export type CertificateStanding = 'unknown' | 'good' | 'revoked' | 'of another station';

/**
 * What is known of the certificate that somebody shows, for the admission of stations: who asks has checked its chain
 * and its time. `unknown`: it was neither made here nor for a station of ours.
 * @param fingerprint SHA-256 as Node writes it, or as `Certificate.fingerprint`
 */
export async function standingOf(
  { certificates }: Pick<Repositories, 'certificates'>,
  { fingerprint, stationUuid }: { readonly fingerprint: string; readonly stationUuid: string },
): Promise<CertificateStanding> {
  const known = await certificates.find(fingerprint.toLowerCase().replaceAll(':', ''));
  if (!known) return 'unknown';
  if (known.revokedAt !== null) return 'revoked';
  // Two stations may report the same serial number, which may be the name in a certificate.
  return known.stationUuid === stationUuid ? 'good' : 'of another station';
}
