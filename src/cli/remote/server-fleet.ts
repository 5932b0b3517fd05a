import type { Fleet } from '../../operations/fleet.js';
import { HttpFleet } from './http-fleet.js';
import type { ServerChoice } from './server-choice.js';
import { keyFor, keyPlace } from './server-key.js';
import { connectServer, type ServerTransport } from './server-transport.js';
import { refusePlainHttp } from './server-url.js';

interface KeyToShow {
  readonly key: string | undefined;
  /** Where it was put by hand. */
  readonly place?: string | undefined;
  readonly signal: AbortSignal;
}

/** Certificates of a few authorities. */
const caMaxBytes = 1024 * 1024;

/**
 * The fleet of a server elsewhere, as the person whose key is used. Nothing is sent before the first operation.
 * @throws FleetError NOT_AUTHENTICATED without a key, USAGE when the key would travel in clear
 */
export async function openServerFleet(server: ServerChoice, signal: AbortSignal): Promise<Fleet> {
  refusePlainHttp(server.url, { isAllowed: server.allowsPlainHttp });
  const key = await keyFor(server, process.env, signal);
  return new HttpFleet(
    await serverTransport(server, { key, place: keyPlace(server, process.env), signal }),
    signal,
  );
}

/** @throws FleetError USAGE when the key, or the password, would travel in clear; when the authority cannot be read */
export async function serverTransport(
  server: ServerChoice,
  { key, place, signal }: KeyToShow,
): Promise<ServerTransport> {
  refusePlainHttp(server.url, { isAllowed: server.allowsPlainHttp });
  const ca = await readAuthority(server.caFile, signal);
  return connectServer({ url: server.url, key, keyPlace: place, ca, signal });
}

/** @throws FleetError USAGE when the file of --server-ca cannot be read, or is no certificate */
export async function readAuthority(
  file: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { readTextFile } = await import('../files/text-file.js');
  const pem = await readTextFile(file, { flag: '--server-ca', signal, maxBytes: caMaxBytes });
  const { checkAuthority } = await import('./server-authority.js');
  checkAuthority(pem, file);
  return pem;
}
