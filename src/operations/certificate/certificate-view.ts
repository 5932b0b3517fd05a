import { type Static, Type } from '@sinclair/typebox';
import {
  type Certificate,
  certificateKinds,
  certificateState,
  plainHex,
  plainSerial,
  revocationReasons,
} from '../../domain/certificate/certificate.js';
import { type CertificateFacts, keyTypes } from '../../domain/certificate/certificate-authority.js';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import type { OperationContext } from '../operation.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

export const keyType = Type.Optional(oneOf(...keyTypes));
export const certificateStates = ['valid', 'expiring', 'expired', 'revoked'] as const;

/** Names and order are a contract: CSV columns follow them. */
export const certificateView = Type.Object({
  serial: Type.String(),
  kind: oneOf(...certificateKinds),
  stationId: nullable(Type.String()),
  subject: Type.String(),
  state: oneOf(...certificateStates),
  notBefore: instant,
  notAfter: instant,
  issuedAt: instant,
  /** When the station took it. */
  installedAt: nullable(instant),
  revokedAt: nullable(instant),
  reason: nullable(oneOf(...revocationReasons)),
  /** Names and addresses of a server. */
  hosts: Type.Array(Type.String()),
  /** Who signed it: the fleet's own authority, or the program of --csr-command. */
  origin: oneOf('own', 'command'),
  /** Where it and its key were written, on the machine of the server. */
  certFile: nullable(Type.String()),
  keyFile: nullable(Type.String()),
  /** SHA-256. */
  fingerprint: Type.String(),
});
export type CertificateView = Static<typeof certificateView>;

/** With the certificate itself. */
export const certificateDetail = Type.Object({ ...certificateView.properties, pem: Type.String() });
export type CertificateDetail = Static<typeof certificateDetail>;

export interface Moment {
  readonly now: number;
  readonly renewBeforeMs: number;
}

/** What the state of a certificate depends on besides itself: the clock and the settings. */
export async function momentOf({ store, clock }: Pick<OperationContext, 'store' | 'clock'>): Promise<Moment> {
  const settings = effectiveSettings(await store.read((r) => r.settings.list()));
  return { now: clock.now(), renewBeforeMs: settings['certificates.renew-before'] };
}

export function toCertificateView(certificate: Certificate, moment: Moment): CertificateView {
  const { serial, kind, stationId, subject, hosts, origin, certFile, keyFile, reason, fingerprint } =
    certificate;
  return {
    serial,
    kind,
    stationId,
    subject,
    state: certificateState(certificate, moment),
    notBefore: toIso(certificate.notBefore),
    notAfter: toIso(certificate.notAfter),
    issuedAt: toIso(certificate.issuedAt),
    installedAt: toIso(certificate.installedAt),
    revokedAt: toIso(certificate.revokedAt),
    reason,
    hosts: hosts === null ? [] : hosts.split(','),
    origin,
    certFile,
    keyFile,
    fingerprint,
  };
}

export function toCertificateDetail(certificate: Certificate, moment: Moment): CertificateDetail {
  return { ...toCertificateView(certificate, moment), pem: certificate.pem };
}

/** What is kept of one that was made here. */
export function toCertificate(
  { fingerprint, serial, subject, notBefore, notAfter, pem }: CertificateFacts,
  about: Pick<Certificate, 'kind' | 'issuedAt'> &
    Partial<Pick<Certificate, 'stationUuid' | 'stationId' | 'hosts' | 'certFile' | 'keyFile'>>,
): Certificate {
  return {
    fingerprint,
    serial,
    stationUuid: null,
    stationId: null,
    subject,
    hosts: null,
    notBefore,
    notAfter,
    pem,
    origin: 'own',
    certFile: null,
    keyFile: null,
    installedAt: null,
    revokedAt: null,
    reason: null,
    ...about,
  };
}

/** @param typed its serial number or fingerprint. @throws FleetError NOT_FOUND; USAGE when two have this number */
export async function findCertificate(
  { certificates }: Pick<Repositories, 'certificates'>,
  typed: string,
): Promise<Certificate> {
  const byFingerprint = await certificates.find(plainHex(typed));
  if (byFingerprint) return byFingerprint;
  const [found, ...others] = await certificates.listBySerial(plainSerial(typed));
  if (found && others.length === 0) return found;
  if (found) {
    throw new FleetError('USAGE', `Several certificates have the serial number ${typed}.`, {
      suggestions: ['Name it by its fingerprint: evfleet certificate list --columns serial,fingerprint'],
    });
  }
  throw new FleetError('NOT_FOUND', `There is no certificate ${JSON.stringify(typed)}.`, {
    suggestions: ['evfleet certificate list'],
  });
}

/** @throws FleetError CONFLICT where there is no data directory */
export function authorityOf({ certificates }: OperationContext) {
  if (certificates) return certificates.authority;
  throw new FleetError('CONFLICT', 'There is no place for certificates here.');
}
