import { X509Certificate } from 'node:crypto';
import type { Request16, Response16 } from '../../ocpp/v16/actions.js';
import { type HashAlgorithm, type HashData, hashDataOf, plainNumber } from './certificate-hash.js';

export type RootType = Request16<'InstallCertificate'>['certificateType'];
type Installed = Response16<'InstallCertificate'>['status'];
type Deleted = Response16<'DeleteCertificate'>['status'];

interface Root {
  readonly type: RootType;
  readonly certificate: X509Certificate;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** The certificates in a text. @throws Error when one of them is none */
export function readCertificates(pem: string): X509Certificate[] {
  return (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
}

/** The root certificates that a station believes. */
export class RootStore {
  readonly #now: () => number;
  #roots: Root[] = [];

  /** @param central of whom certifies central systems. @throws Error when it holds what is no certificate */
  constructor(central: string, now: () => number) {
    this.#now = now;
    for (const certificate of readCertificates(central)) {
      this.#roots.push({ type: 'CentralSystemRootCertificate', certificate });
    }
  }

  get size(): number {
    return this.#roots.length;
  }

  of(type: RootType): readonly X509Certificate[] {
    return this.#roots.filter((root) => root.type === type).map(({ certificate }) => certificate);
  }

  /** @param max how many roots there may be, of both types together */
  install(type: RootType, pem: string, max: number): Installed {
    const certificate = readRoot(pem);
    if (certificate === undefined || Date.parse(certificate.validTo) <= this.#now()) return 'Rejected';
    if (this.of(type).some((known) => known.raw.equals(certificate.raw))) return 'Accepted';
    if (this.size >= max) return 'Failed';
    this.#roots.push({ type, certificate });
    return 'Accepted';
  }

  list(type: RootType, algorithm: HashAlgorithm = 'SHA256'): readonly HashData[] {
    return this.of(type).map((certificate) => hashDataOf(certificate, algorithm));
  }

  /** The last one by which central systems are certified stays where `mustKeepOne`: nobody could be reached any more. */
  delete(wanted: HashData, mustKeepOne: boolean): Deleted {
    const found = this.#roots.filter(({ certificate }) => isMeant(certificate, wanted));
    if (found.length === 0) return 'NotFound';
    const rest = this.#roots.filter((root) => !found.includes(root));
    const isLast = !rest.some(({ type }) => type === 'CentralSystemRootCertificate');
    const isCentral = found.some(({ type }) => type === 'CentralSystemRootCertificate');
    if (mustKeepOne && isLast && isCentral) return 'Failed';
    this.#roots = rest;
    return 'Accepted';
  }
}

/** Undefined: it is not one root certificate. */
function readRoot(pem: string): X509Certificate | undefined {
  try {
    const certificates = readCertificates(pem);
    const [certificate] = certificates;
    if (certificates.length !== 1 || certificate === undefined || !certificate.ca) return undefined;
    return certificate.verify(certificate.publicKey) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function isMeant(certificate: X509Certificate, wanted: HashData): boolean {
  const own = hashDataOf(certificate, wanted.hashAlgorithm);
  return (
    own.issuerNameHash === wanted.issuerNameHash.toLowerCase() &&
    own.issuerKeyHash === wanted.issuerKeyHash.toLowerCase() &&
    own.serialNumber === plainNumber(wanted.serialNumber)
  );
}
