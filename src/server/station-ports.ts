import type { Csms } from '../csms/csms.js';
import { isLoopback } from '../domain/check/address-checks.js';
import type { Clock } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { pkiPaths } from '../pki/pki-directory.js';
import type { HttpFiles } from './files/http-files.js';
import { authority } from './files/public-address.js';
import { type HandshakeLimits, listenForStations, type StationListener } from './station-listener.js';
import type { HandshakeFailure } from './tls/refused-handshake.js';
import type { TlsFiles } from './tls/tls-files.js';
import { TlsKeeper } from './tls/tls-keeper.js';

/** Where stations connect. */
export interface StationPortOptions extends HandshakeLimits {
  readonly host: string;
  /** For `ws`; 0 takes any free one. */
  readonly port: number;
  /** For `wss`; unless given there is none. 0 takes any free one. Needs `tls`. */
  readonly tlsPort?: number | undefined;
  /** Certificates of this server, for stations, their files and the API; at most one of ECDSA and one of RSA. */
  readonly tls?: readonly TlsFiles[] | undefined;
  /** Then nothing listens at `port`. */
  readonly tlsOnly?: boolean | undefined;
  /** Also suites without forward secrecy, which old stations need. */
  readonly tlsLegacyCiphers?: boolean | undefined;
  /** Authorities that sign client certificates, besides the fleet's own. */
  readonly tlsClientCa?: readonly string[] | undefined;
  readonly tlsClientCrl?: readonly string[] | undefined;
  /** Insists on `ws` where others can read along. */
  readonly wsInsecure?: boolean | undefined;
}

/** The ports of the stations, and the certificates that they and others show. */
export class StationPorts {
  /** Undefined: none were given. */
  readonly tls: TlsKeeper | undefined;
  readonly #options: StationPortOptions;
  #plain: StationListener | undefined;
  #secure: StationListener | undefined;

  private constructor(options: StationPortOptions, tls: TlsKeeper | undefined) {
    this.#options = options;
    this.tls = tls;
  }

  /** Looks at everything that can be wrong with the options. @throws FleetError USAGE */
  static async prepare(
    options: StationPortOptions,
    { dataDir, clock, log }: { dataDir: string; clock: Clock; log: Log },
  ): Promise<StationPorts> {
    check(options);
    const { tls: files = [], tlsClientCa = [], tlsClientCrl = [], tlsLegacyCiphers } = options;
    if (files.length === 0) return new StationPorts(options, undefined);
    const { authorityCert, revoked } = pkiPaths(dataDir);
    const clients = {
      authorities: tlsClientCa,
      revoked: tlsClientCrl,
      own: { authority: authorityCert, revoked },
    };
    const hasLegacySuites = tlsLegacyCiphers;
    return new StationPorts(options, await TlsKeeper.open({ files, clients, hasLegacySuites, clock, log }));
  }

  /** @throws FleetError when a port cannot be listened on; `close` ends the others */
  async listen(
    csms: Csms,
    parts: { files: HttpFiles; log: Log; onHandshakeFailure: (reason: HandshakeFailure) => void },
  ): Promise<void> {
    const { port, tlsPort, tlsOnly = false } = this.#options;
    const common = { ...this.#options, ...parts };
    if (!tlsOnly) this.#plain = await listenForStations(csms, { ...common, port, tls: undefined });
    if (tlsPort !== undefined && this.tls) {
      this.#secure = await listenForStations(csms, { ...common, port: tlsPort, tls: this.tls });
    }
  }

  /** Undefined: nothing listens. */
  get plainPort(): number | undefined {
    return this.#plain?.address.port;
  }

  get tlsPort(): number | undefined {
    return this.#secure?.address.port;
  }

  /** Stations append their id to it; `wss` where there is nothing else. */
  get url(): string {
    return this.plainPort === undefined ? (this.tlsUrl ?? '') : this.#urlOf('ws', this.plainPort);
  }

  get tlsUrl(): string | null {
    return this.tlsPort === undefined ? null : this.#urlOf('wss', this.tlsPort);
  }

  /** Nobody new comes in; then `goodbye` is said to those who are there, and the others are cut off. */
  async close(goodbye: () => Promise<void>): Promise<void> {
    const listeners = [this.#plain, this.#secure].filter((listener) => listener !== undefined);
    const closed = listeners.map(
      ({ server }) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    await goodbye();
    for (const listener of listeners) listener.cutOff();
    await Promise.all(closed);
  }

  #urlOf(scheme: 'ws' | 'wss', port: number): string {
    return `${scheme}://${authority(this.#options.host)}:${port}/ocpp/`;
  }
}

function check({ host, tlsPort, tls = [], tlsOnly = false, wsInsecure = false }: StationPortOptions): void {
  if (tlsPort !== undefined && tls.length === 0) {
    throw new FleetError('USAGE', 'The port of TLS needs a certificate.', {
      suggestions: ['--tls-cert FULLCHAIN.pem --tls-key KEY.pem', 'evfleet certificate issue server --help'],
    });
  }
  if (tlsOnly && tlsPort === undefined) {
    throw new FleetError('USAGE', 'With TLS only and no port for it, no station could connect.', {
      suggestions: ['--tls-only --tls-port 9443 --tls-cert FULLCHAIN.pem --tls-key KEY.pem'],
    });
  }
  if (tlsOnly || wsInsecure || isLoopback(host)) return;
  throw new FleetError(
    'USAGE',
    `Stations on ${host} would connect by plain WebSocket: everybody on the way could read their keys and tags, and pass for them.`,
    {
      suggestions: [
        '--tls-only --tls-port 9443 --tls-cert FULLCHAIN.pem --tls-key KEY.pem, for wss alone',
        '--host 127.0.0.1, with a reverse proxy on this machine that speaks TLS',
        '--ws-insecure, if the network itself is safe, or stations have no TLS',
      ],
    },
  );
}
