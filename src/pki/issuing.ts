import type { webcrypto } from 'node:crypto';
import net from 'node:net';
import type { Extension, JsonGeneralName, Name, PublicKeyType, X509Certificate } from '@peculiar/x509';
import { FleetError } from '../domain/errors.js';
import type { SigningAlgorithm } from './keys.js';
import { loadX509, type X509Library } from './library.js';

/** Clocks of stations run late; a certificate counts from before it was made. */
const backdateMs = 3600_000;

/** Whoever signs. */
export interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: SigningAlgorithm;
}

export interface Term {
  readonly now: number;
  readonly validityMs: number;
  /** Hexadecimal. */
  readonly serialNumber: string;
}

export interface Subject {
  readonly commonName: string;
  readonly organization: string | null;
}

/** Spelled out as text: the library reads a plain string as RFC 4514 has it, where `#0c…` is the DER of another name. */
function nameOf({ Name }: X509Library, { commonName, organization }: Subject): Name {
  const text = (value: string) => [{ utf8String: value }];
  return new Name([...(organization === null ? [] : [{ O: text(organization) }]), { CN: text(commonName) }]);
}

/** Certificates count in whole seconds. */
function period({ now, validityMs }: Term, latest = Number.POSITIVE_INFINITY) {
  const notAfter = Math.min(now + validityMs, latest);
  return { notBefore: whole(now - backdateMs), notAfter: whole(notAfter) };
}

function whole(at: number): Date {
  return new Date(Math.floor(at / 1000) * 1000);
}

/** An authority that signs no other authorities. */
export async function selfSigned(
  subject: Subject,
  keys: webcrypto.CryptoKeyPair,
  algorithm: SigningAlgorithm,
  term: Term,
): Promise<X509Certificate> {
  const x509 = await loadX509();
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  return x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: term.serialNumber,
    name: nameOf(x509, subject),
    ...period(term),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

export interface Leaf {
  readonly subject: Subject;
  readonly publicKey: PublicKeyType;
  /** Names and addresses that a server is reached at; none for a station. */
  readonly hosts: readonly string[];
}

/** @throws FleetError CONFLICT when the authority's own certificate has ended */
export async function signLeaf(issuer: Issuer, leaf: Leaf, term: Term): Promise<X509Certificate> {
  const x509 = await loadX509();
  const { certificate } = issuer;
  const latest = certificate.notAfter.getTime();
  if (latest <= term.now) {
    throw new FleetError(
      'CONFLICT',
      `The certificate of the authority has expired: ${certificate.notAfter.toISOString()}.`,
      {
        suggestions: [
          'Move the directory pki of the data directory away, then evfleet certificate ca create.',
        ],
      },
    );
  }
  return x509.X509CertificateGenerator.create({
    serialNumber: term.serialNumber,
    subject: nameOf(x509, leaf.subject),
    issuer: certificate.subjectName,
    ...period(term, latest),
    publicKey: leaf.publicKey,
    signingKey: issuer.key,
    signingAlgorithm: issuer.algorithm,
    extensions: await leafExtensions(x509, issuer, leaf),
  });
}

async function leafExtensions(
  x509: X509Library,
  { certificate }: Issuer,
  { publicKey, hosts }: Leaf,
): Promise<Extension[]> {
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const isServer = hosts.length > 0;
  const isRsa = (await publicKeyName(x509, publicKey)).startsWith('RSA');
  // Old stations only know the suites that encrypt with the key of the server (TLS_RSA_…).
  const usage = isServer && isRsa ? digitalSignature | keyEncipherment : digitalSignature;
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(usage, true),
    new x509.ExtendedKeyUsageExtension([isServer ? serverAuth : clientAuth]),
    ...(isServer ? [new x509.SubjectAlternativeNameExtension(hosts.map(generalName))] : []),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey),
  ];
}

async function publicKeyName(x509: X509Library, key: PublicKeyType): Promise<string> {
  return (await x509.PublicKey.create(key)).algorithm.name;
}

function generalName(host: string): JsonGeneralName {
  return { type: net.isIP(host) === 0 ? 'dns' : 'ip', value: host };
}
