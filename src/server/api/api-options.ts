import net from 'node:net';
import { isLoopback } from '../../domain/check/address-checks.js';
import { FleetError } from '../../domain/errors.js';
import type { TlsFiles } from '../tls/tls-files.js';

/** What those who administer from elsewhere may do to the server; each is tested at the limit and one past it. */
export interface ApiLimits {
  /** Largest input of an operation, unless `bodyLimits` says otherwise. */
  readonly bodyMaxBytes: number;
  /** Inputs up to this are not counted below. */
  readonly bodySmallBytes: number;
  /** Of all inputs that are being sent, or worked on. */
  readonly bodiesTotalBytes: number;
  /** Of those of one person. */
  readonly bodiesPerUserBytes: number;
  readonly urlMaxBytes: number;
  /** All headers of a request together; the request line counts. */
  readonly headersMaxBytes: number;
  /** From the connection, or the last answer, to the end of the headers. */
  readonly headersTimeoutMs: number;
  /** To the end of the body. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay that asks for nothing. */
  readonly keepAliveTimeoutMs: number;
  /** How long somebody may read nothing of an answer that is there. */
  readonly readTimeoutMs: number;
  /** After so long without an item a stream has an empty line. */
  readonly quietMs: number;
  /** How often it is looked whether whoever gets a stream still may. */
  readonly permissionMs: number;
  readonly connectionsMax: number;
  /** Of one person, beyond which the oldest that waits for nothing goes; more than there can be requests of theirs. */
  readonly connectionsPerUserMax: number;
  /** Of them those that have not shown a key yet; then the oldest of the busiest network goes. */
  readonly strangersMax: number;
  /** Requests of one key that run at the same time. */
  readonly requestsPerKeyMax: number;
  /** Requests a second of one key in the long run. */
  readonly keyRate: number;
  /** How many at once. */
  readonly keyBurst: number;
  /** Requests a second of one network without a known key. */
  readonly strangerRate: number;
  readonly strangerBurst: number;
  /** Wrong keys or passwords of one network before it has to wait: 1 s, 2 s, 4 s and so on. */
  readonly failuresFree: number;
  readonly failureDelayMaxMs: number;
  /** Wrong passwords for one e-mail address, whoever tries, before the answer takes its time: 0.25 s, 0.5 s and so on. */
  readonly loginDelayMaxMs: number;
  /** Passwords of one network that are being checked. */
  readonly loginsPerNetworkMax: number;
  /** Passwords for one e-mail address that are being checked. */
  readonly loginsPerEmailMax: number;
  /** Networks, keys and e-mail addresses that are remembered; the one not seen for longest is forgotten. */
  readonly rememberedMax: number;
}

export const defaultApiLimits: ApiLimits = {
  bodyMaxBytes: 1024 * 1024,
  bodySmallBytes: 64 * 1024,
  bodiesTotalBytes: 64 * 1024 * 1024,
  bodiesPerUserBytes: 16 * 1024 * 1024,
  urlMaxBytes: 8 * 1024,
  headersMaxBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  keepAliveTimeoutMs: 30_000,
  readTimeoutMs: 60_000,
  quietMs: 15_000,
  permissionMs: 10_000,
  connectionsMax: 1000,
  connectionsPerUserMax: 200,
  strangersMax: 500,
  requestsPerKeyMax: 32,
  // An image of firmware goes up in pieces of a megabyte, as fast as the line is.
  keyRate: 200,
  keyBurst: 400,
  strangerRate: 10,
  strangerBurst: 50,
  failuresFree: 5,
  failureDelayMaxMs: 30_000,
  loginDelayMaxMs: 4000,
  loginsPerNetworkMax: 2,
  loginsPerEmailMax: 8,
  rememberedMax: 10_000,
};

/** Operations that need more than `bodyMaxBytes`. */
export const bodyLimits: Readonly<Record<string, number>> = {
  'tag-import.append': 10 * 1024 * 1024,
  'site-import.apply': 10 * 1024 * 1024,
  'station-import.apply': 10 * 1024 * 1024,
  'firmware.append': 2 * 1024 * 1024,
};

/** The API for those who administer from elsewhere. */
export interface ApiOptions {
  /** Unless given there is none. 0 takes any free one. */
  readonly apiPort?: number | undefined;
  /** Default 127.0.0.1. */
  readonly apiHost?: string | undefined;
  /** HTTPS with a certificate of its own; unless given that of the server, without one HTTP. */
  readonly apiTls?: TlsFiles | undefined;
  /** Insists on HTTP where others can read along. */
  readonly apiInsecure?: boolean | undefined;
  readonly apiLimits?: Partial<ApiLimits> | undefined;
}

export const defaultApiHost = '127.0.0.1';

/** @throws FleetError USAGE when keys and passwords would go over a network in plain text, and nobody insists on it */
export function checkApiOptions(
  { apiPort, apiHost = defaultApiHost, apiInsecure }: ApiOptions,
  { isTls }: { readonly isTls: boolean },
): void {
  if (apiPort === undefined || isTls || apiInsecure || isLoopback(apiHost)) return;
  throw new FleetError(
    'USAGE',
    `The API on ${apiHost} would be plain HTTP: everybody on the way could read the keys and passwords.`,
    {
      suggestions: [
        '--api-tls-cert FULLCHAIN.pem --api-tls-key KEY.pem, for HTTPS',
        '--api-host 127.0.0.1, with a reverse proxy on this machine that speaks TLS',
        '--api-insecure, if the network itself is safe',
      ],
    },
  );
}

export function apiUrl(host: string, port: number, isTls: boolean): string {
  return `${isTls ? 'https' : 'http'}://${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
}
