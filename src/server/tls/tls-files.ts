import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureVersion } from 'node:tls';
import type { ServerCertificate } from '../../domain/check/server-facts.js';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import { readPem } from './read-pem.js';
import { suitesFor } from './suites.js';

/** Where a certificate of the server is, and the key of it. */
export interface TlsFiles {
  /** PEM: the certificate first, then those between it and the root. */
  readonly cert: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

/** As Node takes it wherever a server speaks TLS. Of several certificates the one is shown that the client can check. */
export interface TlsIdentity {
  readonly cert: string[];
  readonly key: string[];
  readonly minVersion: SecureVersion;
  readonly ciphers: string;
  readonly honorCipherOrder: true;
}

export interface LoadedTls {
  readonly identity: TlsIdentity;
  readonly certificates: readonly ServerCertificate[];
}

/** Of every listener; older ones have been broken for years (RFC 8996). */
const minVersion: SecureVersion = 'TLSv1.2';

/** How they are called where they are given. */
export interface TlsFlags {
  readonly cert: string;
  readonly key: string;
}

export interface LoadTlsOptions {
  readonly now: number;
  readonly log: Log;
  readonly flags?: TlsFlags | undefined;
  /** Also suites without forward secrecy. */
  readonly hasLegacySuites?: boolean | undefined;
}

const sharedFlags: TlsFlags = { cert: '--tls-cert', key: '--tls-key' };

/** A certificate that ends this soon should have been renewed. */
const endsSoonMs = 14 * 86_400_000;

/**
 * Reads and checks all files, so that what is wrong with them shows at the start and not with the first station.
 * @throws FleetError USAGE that says which file is wrong, and how
 */
export async function loadTls(
  files: readonly TlsFiles[],
  { now, log, flags = sharedFlags, hasLegacySuites = false }: LoadTlsOptions,
): Promise<LoadedTls> {
  const pairs: Pair[] = [];
  for (const pair of files) pairs.push(await loadPair(pair, flags, log));
  if (new Set(pairs.map(({ keyType }) => keyType)).size < pairs.length) {
    throw wrong('Two certificates of the same kind were given: clients could be shown one of them only.');
  }
  const identity: TlsIdentity = {
    cert: pairs.map(({ cert }) => cert),
    key: pairs.map(({ key }) => key),
    minVersion,
    ciphers: suitesFor({ hasLegacy: hasLegacySuites }),
    honorCipherOrder: true,
  };
  for (const [n, { cert, key }] of pairs.entries()) {
    try {
      createSecureContext({ ...identity, cert, key });
    } catch (error) {
      throw wrong(`The certificate ${files[n]?.cert} cannot be used: ${messageOf(error)}.`, error);
    }
  }
  const certificates = pairs.map(({ file, keyType, certificate }) => ({
    file,
    keyType,
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
  }));
  for (const certificate of certificates) warnOfTime(certificate, now, log);
  return { identity, certificates };
}

function warnOfTime({ file, validFrom, validTo }: ServerCertificate, now: number, log: Log): void {
  const until = new Date(validTo).toISOString();
  if (validTo <= now) log.warn(`the certificate ${file} has expired: ${until}`);
  else if (validTo - now < endsSoonMs && validTo - validFrom > endsSoonMs) {
    log.warn(`the certificate ${file} ends soon: ${until}`);
  }
  if (validFrom > now)
    log.warn(`the certificate ${file} counts from ${new Date(validFrom).toISOString()} only`);
}

interface Pair {
  readonly file: string;
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate;
  readonly keyType: ServerCertificate['keyType'];
}

async function loadPair(files: TlsFiles, flags: TlsFlags, log: Log): Promise<Pair> {
  const cert = await readPem(files.cert, flags.cert);
  const key = await readPem(files.key, flags.key);
  const certificate = parsed(cert.text, files.cert);
  if (!certificate.checkPrivateKey(parsedKey(key.text, files.key))) {
    throw wrong(`The key ${files.key} is not that of the certificate ${files.cert}.`);
  }
  if ((key.mode & 0o007) !== 0) {
    log.warn(
      `the key ${files.key} is open to every user of this machine: chmod o-rwx, and think of another key`,
    );
  }
  return {
    file: files.cert,
    cert: cert.text,
    key: key.text,
    certificate,
    keyType: keyTypeOf(certificate, files.cert),
  };
}

function keyTypeOf({ publicKey }: X509Certificate, file: string): ServerCertificate['keyType'] {
  switch (publicKey.asymmetricKeyType) {
    case 'ec':
      return 'ecdsa';
    case 'rsa':
    case 'rsa-pss':
      return 'rsa';
    default:
      throw wrong(`The certificate ${file} is neither of ECDSA nor of RSA.`);
  }
}

function parsed(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw wrong(`${file} holds no certificate (PEM).`, error);
  }
}

function parsedKey(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    if (/ENCRYPTED/.test(text)) throw wrong(`The key ${file} is protected by a passphrase.`, error);
    throw wrong(`${file} holds no private key (PEM).`, error);
  }
}

function wrong(message: string, cause?: unknown): FleetError {
  return new FleetError('USAGE', message, {
    cause,
    suggestions: [
      'Each certificate is PEM, with those between it and the root; so is its key. There may be one of ECDSA and one of RSA.',
    ],
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
