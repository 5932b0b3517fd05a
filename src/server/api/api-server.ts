import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { OperationRunner } from '../../operations/runner.js';
import { loadTls, type TlsIdentity } from '../files/tls-files.js';
import type { MetricsText } from '../metrics-text.js';
import { ApiListener } from './api-listener.js';
import { type ApiOptions, apiUrl, checkApiOptions, defaultApiHost, defaultApiLimits } from './api-options.js';
import { ApiSockets } from './api-sockets.js';
import type { FindCaller } from './key-gate.js';
import type { LogIn } from './login-desk.js';
import { createRemoteApi } from './remote-api.js';
import { RenewedCertificate } from './renewed-certificate.js';

/** What the API serves, once there is something to serve. */
export interface ApiParts {
  readonly runner: OperationRunner;
  readonly findCaller: FindCaller;
  readonly logIn: LogIn;
  /** One that a stranger cannot fill: csms/limited-log.ts. */
  readonly log: Log;
  readonly metrics?: MetricsText;
}

const tlsFlags = { cert: '--api-tls-cert', key: '--api-tls-key' };

/** The API for those who administer from elsewhere, if there is to be one. */
export class ApiServer {
  readonly #options: ApiOptions;
  readonly #identity: TlsIdentity | undefined;
  readonly #clock: Clock;
  #listener: ApiListener | undefined;
  #renewed: RenewedCertificate | undefined;

  private constructor(options: ApiOptions, identity: TlsIdentity | undefined, clock: Clock) {
    this.#options = options;
    this.#identity = identity;
    this.#clock = clock;
  }

  /** Looks at everything that can be wrong with the options. @throws FleetError USAGE */
  static async prepare(options: ApiOptions, { clock, log }: { clock: Clock; log: Log }): Promise<ApiServer> {
    checkApiOptions(options);
    const { apiPort, apiTls } = options;
    const isTls = apiPort !== undefined && apiTls !== undefined;
    const { flags = tlsFlags } = apiTls ?? {};
    const identity = isTls ? await loadTls(apiTls, { now: clock.now(), log, flags }) : undefined;
    return new ApiServer(options, identity, clock);
  }

  /** Null: there is none. */
  get url(): string | null {
    const { apiHost = defaultApiHost } = this.#options;
    return this.#listener ? apiUrl(apiHost, this.#listener.port, this.#identity !== undefined) : null;
  }

  /** @throws FleetError when the port cannot be listened on */
  async listen(parts: ApiParts): Promise<void> {
    const { apiPort: port, apiHost: host = defaultApiHost, apiTls: files, apiLimits } = this.#options;
    if (port === undefined) return;
    const { log } = parts;
    const [clock, tls] = [this.#clock, this.#identity];
    const limits = { ...defaultApiLimits, ...apiLimits };
    const sockets = new ApiSockets(limits, log);
    const api = createRemoteApi({
      ...parts,
      limits,
      clock,
      isTls: tls !== undefined,
      onKnown: (socket) => sockets.known(socket),
    });
    const listener = await ApiListener.listen({ api, host, port, tls, limits, sockets, clock, log });
    this.#listener = listener;
    if (!tls || !files) return;
    const renew = (identity: TlsIdentity) => listener.renew(identity);
    this.#renewed = new RenewedCertificate({ files, identity: tls, renew, clock, log });
  }

  async close(): Promise<void> {
    this.#renewed?.close();
    await this.#listener?.close();
  }
}
