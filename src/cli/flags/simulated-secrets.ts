import path from 'node:path';
import { Flags } from '@oclif/core';
import { FleetError } from '../../domain/errors.js';
import { readSecret } from '../files/stdin.js';
import { readTextFile } from '../files/text-file.js';

const maxBytes = 4 * 1024 * 1024;

/** How virtual stations prove who they are; neither keys nor passwords are ever in argv. */
export const simulatedSecretsFlags = {
  'password-stdin': Flags.boolean({
    helpGroup: 'SECURITY',
    default: false,
    exclusive: ['auth-key-file'],
    summary: 'Read the password of the stations from standard input.',
  }),
  'auth-key-file': Flags.string({
    helpGroup: 'SECURITY',
    helpValue: '<file>',
    summary: 'Passwords: one line for all stations, or a line for each: its id, a space, its key.',
  }),
  ca: Flags.string({
    helpGroup: 'SECURITY',
    helpValue: '<file>',
    summary: 'Certificates (PEM) of the only authorities to trust; those of the system when left out.',
  }),
  'client-cert': Flags.string({
    helpGroup: 'SECURITY',
    helpValue: '<path>',
    summary: 'Certificate (PEM) of the one station, or a directory with <id>.pem and <id>.key of each.',
  }),
  'client-key': Flags.string({
    helpGroup: 'SECURITY',
    helpValue: '<file>',
    dependsOn: ['client-cert'],
    summary: 'Its private key (PEM); <id>.key beside it when --client-cert is a directory.',
  }),
  'tls-url': Flags.string({
    helpGroup: 'SECURITY',
    summary: 'Where stations connect once they are raised to security profile 2 or 3; --url when left out.',
  }),
};

export interface SimulatedSecretsValues {
  readonly 'password-stdin': boolean;
  readonly 'auth-key-file'?: string | undefined;
  readonly ca?: string | undefined;
  readonly 'client-cert'?: string | undefined;
  readonly 'client-key'?: string | undefined;
}

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** As virtual stations take them. */
interface Secrets {
  readonly ca: string | undefined;
  readonly password: string | undefined;
  readonly certificate: Certificate | undefined;
}

/** All files are read before the first station connects. @throws FleetError USAGE that names flag and file */
export async function readSimulatedSecrets(
  flags: SimulatedSecretsValues,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<(id: string) => Secrets> {
  const read = (flag: string, file: string) => readTextFile(file, { flag, signal, maxBytes });
  const ca = flags.ca === undefined ? undefined : await read('--ca', flags.ca);
  if (ca !== undefined) await checkAuthorities(ca);
  const passwords = await readPasswords(flags, ids, signal);
  const certificates = await readCertificates(flags, ids, read);
  return (id) => ({ ca, password: passwords(id), certificate: certificates.get(id) });
}

async function checkAuthorities(ca: string): Promise<void> {
  const { X509Certificate } = await import('node:crypto');
  try {
    if (new X509Certificate(ca).fingerprint256 !== '') return;
  } catch {
    // Told below: whatever is wrong with it, it is no certificate.
  }
  throw new FleetError('USAGE', '--ca names a file without a certificate (PEM) that can be read.', {
    suggestions: ['evfleet certificate ca export > ca.pem'],
  });
}

async function readPasswords(
  flags: SimulatedSecretsValues,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<(id: string) => string | undefined> {
  const file = flags['auth-key-file'];
  if (file === undefined) {
    const reader = '--password-stdin';
    const password = flags['password-stdin'] ? await readSecret({ reader, signal }) : undefined;
    return () => password;
  }
  const text = await readTextFile(file, { flag: '--auth-key-file', signal, maxBytes });
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  if (lines.length === 1 && !/\s/.test(first)) return () => first;
  const keys = new Map(lines.map(splitLine));
  const without = ids.find((id) => !keys.has(id));
  if (without === undefined) return (id) => keys.get(id);
  throw new FleetError('USAGE', `--auth-key-file has no line for ${without}.`, {
    suggestions: ['One line for all stations, or lines of an id, a space and a key.'],
  });
}

function splitLine(line: string, index: number): readonly [string, string] {
  const [, id, key] = /^\s*(.*\S)\s+(\S+)\s*$/.exec(line) ?? [];
  if (id !== undefined && key !== undefined) return [id, key];
  // The line itself is a secret.
  throw new FleetError('USAGE', `Line ${index + 1} of --auth-key-file is not an id, a space and a key.`);
}

async function readCertificates(
  { 'client-cert': cert, 'client-key': key }: SimulatedSecretsValues,
  ids: readonly string[],
  read: (flag: string, file: string) => Promise<string>,
): Promise<ReadonlyMap<string, Certificate>> {
  if (cert === undefined) return new Map();
  if (key === undefined) {
    const pairs = ids.map(async (id) => {
      const file = path.join(cert, encodeURIComponent(id));
      const pem = await read('--client-cert', `${file}.pem`);
      return [id, await checkPair(pem, await read('--client-cert', `${file}.key`), `${file}.pem`)] as const;
    });
    return new Map(await Promise.all(pairs));
  }
  const [id] = ids;
  if (ids.length !== 1 || id === undefined) {
    throw new FleetError('USAGE', '--client-key is for one station; these are several.', {
      suggestions: ['--client-cert DIRECTORY, with <id>.pem and <id>.key of each'],
    });
  }
  return new Map([
    [id, await checkPair(await read('--client-cert', cert), await read('--client-key', key), cert)],
  ]);
}

async function checkPair(cert: string, key: string, file: string): Promise<Certificate> {
  const { createPrivateKey, X509Certificate } = await import('node:crypto');
  try {
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return { cert, key };
  } catch {
    // Told below, without what OpenSSL says of a private key.
  }
  throw new FleetError('USAGE', `${file} and its key are not a certificate and its private key (PEM).`);
}
