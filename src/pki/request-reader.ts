import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Pkcs10CertificateRequest } from '@peculiar/x509';
import { type RequestedSubject, signingRequestMaxLength } from '../domain/certificate/signing-request.js';
import { FleetError } from '../domain/errors.js';
import { loadX509, type X509Library } from './library.js';

export interface ReadRequest extends RequestedSubject {
  readonly pem: string;
  readonly key: KeyObject;
}

const rsaMinBits = 2048;
const rsaMaxBits = 8192;
const curves: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const hashes: ReadonlySet<string> = new Set(['SHA-256', 'SHA-384', 'SHA-512']);

/** Longest name in a certificate (RFC 5280, ub-common-name and ub-organization-name). */
const nameMaxLength = 64;

const form =
  /^\s*-----BEGIN (NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/;

/**
 * Reads a request for a certificate (PKCS #10) and checks all that can be told from itself.
 * @throws FleetError USAGE that says what is wrong with it
 */
export async function readSigningRequest(text: string): Promise<ReadRequest> {
  const x509 = await loadX509();
  const request = parse(x509, text);
  const key = keyOf(request);
  const hash = hashOf(request);
  if (hash === undefined || !hashes.has(hash)) throw wrong(`it is signed with ${hash ?? 'no known hash'}`);
  if (!(await isSignedByItsKey(request))) throw wrong('its signature is not that of its key');
  if (asksForAuthority(x509, request)) throw wrong('it asks for the certificate of an authority');
  return {
    commonName: nameOf(request, 'CN') ?? missing(),
    organization: nameOf(request, 'O') ?? null,
    pem: `${request.toString('pem').trim()}\n`,
    key,
  };
}

function parse(x509: X509Library, text: string): Pkcs10CertificateRequest {
  if (text.length > signingRequestMaxLength)
    throw wrong(`it has more than ${signingRequestMaxLength} characters`);
  // Some stations write line breaks as they look in a source file.
  const base64 = form.exec(text.replaceAll(/\\r|\\n/g, '\n'))?.[2];
  if (base64 === undefined) throw wrong('it is no request in PEM');
  try {
    return new x509.Pkcs10CertificateRequest(Buffer.from(base64, 'base64'));
  } catch (error) {
    throw wrong('it cannot be read', error);
  }
}

function keyOf(request: Pkcs10CertificateRequest): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
  } catch (error) {
    throw wrong('its key cannot be read', error);
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key;
  if (type === 'rsa') {
    const { modulusLength: bits = 0, publicExponent: exponent = 0n } = details;
    if (bits < rsaMinBits) throw wrong(`its RSA key has ${bits} bits, at least ${rsaMinBits} are needed`);
    if (bits > rsaMaxBits) throw wrong(`its RSA key has more than ${rsaMaxBits} bits`);
    if (exponent < 65_537n) throw wrong('the exponent of its RSA key is too small');
    return key;
  }
  if (type !== 'ec') throw wrong('its key is neither RSA nor ECDSA');
  const { namedCurve: curve = 'unknown' } = details;
  if (!curves.has(curve)) throw wrong(`its key is on the curve ${curve}; P-256, P-384 and P-521 are taken`);
  return key;
}

function hashOf(request: Pkcs10CertificateRequest): string | undefined {
  try {
    return request.signatureAlgorithm.hash?.name;
  } catch {
    return undefined;
  }
}

async function isSignedByItsKey(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    return false;
  }
}

const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';

function asksForAuthority(x509: X509Library, request: Pkcs10CertificateRequest): boolean {
  try {
    const constraints = request.getExtension(basicConstraints);
    const usage = request.getExtension(keyUsage);
    const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
    return (
      (constraints !== null && new x509.BasicConstraintsExtension(constraints.rawData).ca) ||
      (usage !== null && (new x509.KeyUsagesExtension(usage.rawData).usages & (keyCertSign | cRLSign)) !== 0)
    );
  } catch (error) {
    throw wrong('its extensions cannot be read', error);
  }
}

function nameOf(request: Pkcs10CertificateRequest, field: 'CN' | 'O'): string | undefined {
  const found = request.subjectName.getField(field);
  const [name] = found;
  if (name === undefined) return undefined;
  if (found.length > 1) throw wrong(`it has ${found.length} names of the kind ${field}`);
  if (name === '' || name.length > nameMaxLength || /\p{Cc}/u.test(name)) {
    throw wrong(`its ${field} is empty, longer than ${nameMaxLength} characters, or has odd ones`);
  }
  return name;
}

function missing(): never {
  throw wrong('it names nobody: there is no CN in its subject');
}

function wrong(why: string, cause?: unknown): FleetError {
  return new FleetError('USAGE', `This request for a certificate is not signed: ${why}.`, {
    ...(cause !== undefined && { cause }),
  });
}
