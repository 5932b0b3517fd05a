import net from 'node:net';
import { FleetError } from '../../domain/errors.js';
import type { TransferProtocol } from '../../domain/file-exchange.js';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

export interface AddressSources {
  /** The setting `server.public-url` or `server.ftp-url`. */
  readonly configured: string | undefined;
  /** Where files are served; undefined: not at all. */
  readonly listener: ListenAddress | undefined;
  /** The `Host` that the station named when it connected. */
  readonly stationHost: string | undefined;
  /** Whether files are served on the port that stations connect to: then their `Host` is right as it is. */
  readonly isStationPort: boolean;
}

const settingOf = { http: 'server.public-url', ftp: 'server.ftp-url' } as const;
const flagOf = { http: '--file-port', ftp: '--ftp-port' } as const;

/**
 * The address of a file server as a station is told it, without a slash at its end. The setting decides; without it,
 * what the station itself connects to is known to work, at least as far as the host goes.
 * @throws FleetError CONFLICT when there is none that could be right
 */
export function publicAddress(protocol: TransferProtocol, sources: AddressSources): string {
  const { configured, listener, stationHost, isStationPort } = sources;
  if (!listener) {
    throw new FleetError('CONFLICT', `This server has no ${protocol.toUpperCase()} server for files.`, {
      suggestions: [`evfleet serve ${flagOf[protocol]} 2121`, 'evfleet diagnostics request --protocol http'],
    });
  }
  if (configured !== undefined) return configured;
  const known = parseHost(stationHost) ?? parseHost(authority(listener.host));
  if (known && !isNowhere(known.hostname)) {
    const isAsConnected = isStationPort && parseHost(stationHost) !== undefined;
    return `${protocol}://${isAsConnected ? known.host : `${known.hostname}:${listener.port}`}`;
  }
  throw new FleetError(
    'CONFLICT',
    `At which address stations reach this server is not known: it listens on ${listener.host}, which is none.`,
    {
      suggestions: [`evfleet settings set ${settingOf[protocol]}=${protocol}://<host>:${listener.port}`],
    },
  );
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
