import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import fs from 'node:fs/promises';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';

/** Where the certificate of the server is, and the key of it. */
export interface TlsFiles {
  /** PEM: the certificate first, then those between it and the root. */
  readonly cert: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

/** As Node takes it wherever a server speaks TLS. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: SecureVersion;
}

/** Of every listener; older ones have been broken for years (RFC 8996). */
const minVersion: SecureVersion = 'TLSv1.2';

/** How they are called where they are given. */
export interface TlsFlags {
  readonly cert: string;
  readonly key: string;
}

const fileFlags: TlsFlags = { cert: '--tls-cert', key: '--tls-key' };

/** A chain of certificates takes a few kilobytes. */
const fileMaxBytes = 1024 * 1024;

/**
 * Reads and checks both files, so that what is wrong with them shows at the start and not with the first station.
 * @throws FleetError USAGE that says which file is wrong, and how
 */
export async function loadTls(
  files: TlsFiles,
  { now, log, flags = fileFlags }: { now: number; log: Log; flags?: TlsFlags },
): Promise<TlsIdentity> {
  const cert = await read(files.cert, flags.cert);
  const key = await read(files.key, flags.key);
  const certificate = parsed(cert.text, files.cert);
  if (!certificate.checkPrivateKey(parsedKey(key.text, files.key))) {
    throw wrong(`The key ${files.key} is not that of the certificate ${files.cert}.`);
  }
  const identity = { cert: cert.text, key: key.text, minVersion };
  try {
    createSecureContext(identity);
  } catch (error) {
    throw wrong(`The certificate ${files.cert} cannot be used: ${messageOf(error)}.`, error);
  }
  if ((key.mode & 0o007) !== 0) {
    log.warn(
      `the key ${files.key} is open to every user of this machine: chmod o-rwx, and think of another key`,
    );
  }
  const until = Date.parse(certificate.validTo);
  if (until <= now) log.warn(`the certificate ${files.cert} has expired: ${new Date(until).toISOString()}`);
  const from = Date.parse(certificate.validFrom);
  if (from > now) log.warn(`the certificate ${files.cert} counts from ${new Date(from).toISOString()} only`);
  return identity;
}

async function read(file: string, flag: string): Promise<{ text: string; mode: number }> {
  try {
    const { mode, size } = await fs.stat(file);
    if (size > fileMaxBytes) throw new Error('it is too large for that');
    return { text: await fs.readFile(file, 'utf8'), mode };
  } catch (error) {
    throw wrong(`The file of ${flag}, ${file}, cannot be read: ${messageOf(error)}.`, error);
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
    suggestions: ['Both files are PEM: the certificate with those between it and the root, and its key.'],
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
