import net from 'node:net';
import { FleetError } from '../../domain/errors.js';
import type { TransferProtocol } from '../../domain/station/file-exchange.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface AddressSources {
  /** The setting `server.public-url`, or for the two kinds of FTP `server.ftp-url`. */
  readonly configured: string | undefined;
  /** Where files are served; undefined: not at all. */
  readonly listener: ListenAddress | undefined;
  /** The `Host` that the station named when it connected. */
  readonly stationHost: string | undefined;
  /** Whether files are served on the port that stations connect to: then their `Host` is right as it is. */
  readonly isStationPort: boolean;
}

const ways: Readonly<Record<TransferProtocol, { readonly setting: string; readonly flags: string }>> = {
  http: { setting: 'server.public-url', flags: '--file-port 9221' },
  https: { setting: 'server.public-url', flags: '--tls-cert F --tls-key F --file-tls-port 9443' },
  ftp: { setting: 'server.ftp-url', flags: '--ftp-port 2121' },
  ftps: { setting: 'server.ftp-url', flags: '--tls-cert F --tls-key F --ftp-port 2121' },
};

/** What `ftp://` means without a port. */
const ftpPort = 21;

/**
 * The address of a file server as a station is told it, without a slash at its end. The setting decides; without it,
 * what the station itself connects to is known to work, at least as far as the host goes.
 *
 * Of HTTP a setting with https decides for both kinds, as a reverse proxy may be what speaks TLS; one with http says of
 * HTTPS only the host. FTPS is at the same port as FTP, and that is always written, because without it the two differ.
 * @throws FleetError CONFLICT when there is none that could be right
 */
export function publicAddress(protocol: TransferProtocol, sources: AddressSources): string {
  const { configured, listener, stationHost, isStationPort } = sources;
  if (protocol === 'https' && isHttps(configured)) return configured;
  if (!listener) {
    throw new FleetError('CONFLICT', `This server has no ${protocol.toUpperCase()} server for files.`, {
      suggestions: [`evfleet serve ${ways[protocol].flags}`, 'evfleet diagnostics request --protocol http'],
    });
  }
  if (configured !== undefined) {
    if (protocol === 'http' || protocol === 'ftp') return configured;
    const { hostname, port } = new URL(configured);
    return `${protocol}://${hostname}:${protocol === 'https' ? listener.port : port || ftpPort}`;
  }
  const known = parseHost(stationHost) ?? parseHost(authority(listener.host));
  if (known && !isNowhere(known.hostname)) {
    const isAsConnected = isStationPort && parseHost(stationHost) !== undefined;
    return `${protocol}://${isAsConnected ? known.host : `${known.hostname}:${listener.port}`}`;
  }
  throw new FleetError(
    'CONFLICT',
    `At which address stations reach this server is not known: it listens on ${listener.host}, which is none.`,
    {
      suggestions: [
        `evfleet settings set ${ways[protocol].setting}=${protocol.replace('ftps', 'ftp')}://<host>:${listener.port}`,
      ],
    },
  );
}

/** Whether a setting names an address that is reached in TLS, by whoever speaks it there. */
export function isHttps(configured: string | undefined): configured is string {
  return configured?.startsWith('https:') === true;
}

/** What a station names is text from outside: only what is a host, and at most a port, counts. */
function parseHost(text: string | undefined): { host: string; hostname: string } | undefined {
  if (text === undefined || !/^[\w.:[\]-]{1,255}$/.test(text) || !URL.canParse(`http://${text}`))
    return undefined;
  const { host, hostname } = new URL(`http://${text}`);
  return { host, hostname };
}

function isNowhere(hostname: string): boolean {
  return hostname === '0.0.0.0' || hostname === '[::]';
}

export function authority(host: string): string {
  return net.isIPv6(host) ? `[${host}]` : host;
}
