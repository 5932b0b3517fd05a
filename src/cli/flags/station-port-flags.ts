import { Flags } from '@oclif/core';
import { FleetError } from '../../domain/errors.js';
import { durationFlag, integer } from './flags.js';

const many = { multiple: true, multipleNonGreedy: true } as const;

/** Where stations connect, and what they and the server show each other. */
export const stationPortFlags = {
  host: Flags.string({
    default: '127.0.0.1',
    summary:
      'Address to listen on, 0.0.0.0 for all networks; on others than those of this machine with --tls-only or --ws-insecure.',
  }),
  port: integer({
    default: 9220,
    min: 0,
    max: 65_535,
    summary: 'Port for stations by plain WebSocket (ws); 0 takes any free one.',
  }),
  'tls-port': integer({
    helpGroup: 'TLS',
    min: 0,
    max: 65_535,
    dependsOn: ['tls-cert'],
    summary:
      'Port for stations by WebSocket in TLS (wss), 1.2 or newer; none when left out, 0 takes any free one. Needs --tls-cert.',
  }),
  'tls-only': Flags.boolean({
    helpGroup: 'TLS',
    dependsOn: ['tls-port'],
    summary: 'Take no station by plain WebSocket: nothing listens on --port, nor are files moved there.',
  }),
  'tls-cert': Flags.string({
    helpGroup: 'TLS',
    ...many,
    helpValue: '<file>',
    dependsOn: ['tls-key'],
    summary:
      'Certificate (PEM, with those between it and the root) of this server, for stations, their files (HTTPS, FTPS) and the API. Twice for one of ECDSA and one of RSA. A renewed one is noticed, at once on SIGHUP.',
  }),
  'tls-key': Flags.string({
    helpGroup: 'TLS',
    ...many,
    helpValue: '<file>',
    dependsOn: ['tls-cert'],
    summary:
      'Key of the certificate (PEM, without a passphrase, nobody else may read it); of several in the same order.',
  }),
  'tls-client-ca': Flags.string({
    helpGroup: 'TLS',
    ...many,
    helpValue: '<file>',
    dependsOn: ['tls-port'],
    summary:
      "Authority (PEM) whose client certificates are good for stations, besides the fleet's own (certificate ca).",
  }),
  'tls-client-crl': Flags.string({
    helpGroup: 'TLS',
    ...many,
    helpValue: '<file>',
    dependsOn: ['tls-client-ca'],
    summary: 'List of revoked client certificates (PEM); with one, there must be one of each authority.',
  }),
  'tls-legacy-ciphers': Flags.boolean({
    helpGroup: 'TLS',
    dependsOn: ['tls-cert'],
    summary:
      'Also TLS_RSA_WITH_AES_128_GCM_SHA256 and TLS_RSA_WITH_AES_256_GCM_SHA384, for old stations: without forward secrecy.',
  }),
  'ws-insecure': Flags.boolean({
    exclusive: ['tls-only'],
    summary: 'Insist on plain WebSocket for stations, also where others can read their keys on the way.',
  }),
};

/** What clients may take before they are let in. */
export const handshakeFlags = {
  'handshake-timeout': durationFlag({
    helpGroup: 'LIMITS',
    default: 10_000,
    minMs: 100,
    maxMs: 600_000,
    summary: 'How long a client may take to say what it wants; in TLS, as long again to agree on that.',
  }),
  'max-handshakes': integer({
    helpGroup: 'LIMITS',
    default: 4096,
    min: 1,
    max: 1_000_000,
    summary: 'Clients that have not said yet what they want; the slowest of the busiest address goes first.',
  }),
  'max-header-size': integer({
    helpGroup: 'LIMITS',
    default: 16_384,
    min: 1024,
    max: 1_048_576,
    helpValue: '<bytes>',
    summary: 'Bytes of all headers of a request together.',
  }),
};

interface StationPortFlags {
  readonly host: string;
  readonly port: number;
  readonly 'tls-port'?: number | undefined;
  readonly 'tls-only': boolean;
  readonly 'tls-cert'?: readonly string[] | undefined;
  readonly 'tls-key'?: readonly string[] | undefined;
  readonly 'tls-client-ca'?: readonly string[] | undefined;
  readonly 'tls-client-crl'?: readonly string[] | undefined;
  readonly 'tls-legacy-ciphers': boolean;
  readonly 'ws-insecure': boolean;
  readonly 'handshake-timeout': number;
  readonly 'max-handshakes': number;
  readonly 'max-header-size': number;
  /** The others that use the certificate. */
  readonly 'file-tls-port'?: number | undefined;
  readonly 'ftp-port'?: number | undefined;
  readonly 'api-port'?: number | undefined;
}

/** The flags as `serve` takes them. */
export function toStationPorts(flags: StationPortFlags) {
  const tls = pairsOf(flags);
  const uses = [flags['tls-port'], flags['file-tls-port'], flags['ftp-port'], flags['api-port']];
  // Else somebody could take stations to be connecting in TLS now.
  if (tls && uses.every((port) => port === undefined)) {
    throw new FleetError('USAGE', '--tls-cert is given, and there is no port that would use it.', {
      suggestions: ['--tls-port 9443', '--file-tls-port 9444', '--ftp-port 2121', '--api-port 9222'],
    });
  }
  return {
    host: flags.host,
    port: flags.port,
    tls,
    tlsPort: flags['tls-port'],
    tlsOnly: flags['tls-only'],
    tlsLegacyCiphers: flags['tls-legacy-ciphers'],
    tlsClientCa: flags['tls-client-ca'],
    tlsClientCrl: flags['tls-client-crl'],
    wsInsecure: flags['ws-insecure'],
    handshakeTimeoutMs: flags['handshake-timeout'],
    maxHandshakes: flags['max-handshakes'],
    maxHeaderBytes: flags['max-header-size'],
  };
}

function pairsOf({ 'tls-cert': certs = [], 'tls-key': keys = [] }: StationPortFlags) {
  if (certs.length !== keys.length) {
    throw new FleetError(
      'USAGE',
      `Each --tls-cert has its --tls-key, in the same order; there are ${certs.length} and ${keys.length}.`,
      { suggestions: ['--tls-cert ecdsa.pem --tls-key ecdsa.key --tls-cert rsa.pem --tls-key rsa.key'] },
    );
  }
  const pairs = certs.map((cert, n) => ({ cert, key: keys[n] ?? '' }));
  return pairs.length === 0 ? undefined : pairs;
}
