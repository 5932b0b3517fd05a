import { createSecureContext } from 'node:tls';
import { FleetError } from '../../domain/errors.js';
import { readPem } from './read-pem.js';

/** Whose client certificates are trusted. */
export interface ClientAuthorityFiles {
  /** PEM, one or more certificates each. */
  readonly authorities: readonly string[];
  /** Lists of revoked certificates (PEM); with any, there must be one of each authority. */
  readonly revoked: readonly string[];
  /** The fleet's own authority and its list: they may come, and go, while the server runs. */
  readonly own?: { readonly authority: string; readonly revoked: string } | undefined;
}

/** As Node takes it. Empty lists are meant: without them, whoever has a certificate of any website would be trusted. */
export interface ClientAuthorities {
  readonly ca: string[];
  readonly crl?: string[];
}

/** @throws FleetError USAGE that says which file is wrong */
export async function loadClientAuthorities(files: ClientAuthorityFiles): Promise<ClientAuthorities> {
  const own = files.own && (await readIfThere(files.own.authority));
  const given = await readAll(files.authorities, '--tls-client-ca');
  const ca = [...given, ...(own === undefined ? [] : [own])];
  // Without a list of others, the own authority's is looked at in the store, where a revocation counts at once.
  if (files.revoked.length === 0) return { ca };
  const ownRevoked = files.own && (await readIfThere(files.own.revoked));
  if (own !== undefined && ownRevoked === undefined) throw noOwnList(files.own?.revoked ?? '');
  const revoked = await readAll(files.revoked, '--tls-client-crl');
  return { ca, crl: [...revoked, ...(ownRevoked === undefined ? [] : [ownRevoked])] };
}

async function readAll(files: readonly string[], flag: string): Promise<string[]> {
  const texts: string[] = [];
  const isList = flag === '--tls-client-crl';
  for (const file of files) {
    const { text } = await readPem(file, flag);
    const begin = isList ? '-----BEGIN X509 CRL-----' : '-----BEGIN CERTIFICATE-----';
    try {
      if (!text.includes(begin)) throw new Error(`there is no ${begin} in it`);
      createSecureContext(isList ? { crl: text } : { ca: text });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FleetError('USAGE', `The file of ${flag}, ${file}, cannot be used: ${reason}.`, {
        cause: error,
      });
    }
    texts.push(text);
  }
  return texts;
}

/** OpenSSL would trust no certificate of that authority, which is every station's perhaps. */
function noOwnList(file: string): FleetError {
  return new FleetError(
    'USAGE',
    `With --tls-client-crl each authority needs a list of its revoked certificates, and ${file} of the fleet's own is not there.`,
    { suggestions: ['evfleet certificate crl export > /dev/null, which makes it'] },
  );
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readPem(file, 'the certificate authority')).text;
  } catch (error) {
    const { cause } = error instanceof FleetError ? error : { cause: undefined };
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw error;
  }
}
