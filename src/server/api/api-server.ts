import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { OperationRunner } from '../../operations/runner.js';
import type { MetricsText } from '../metrics-text.js';
import { type KeptTls, TlsKeeper } from '../tls/tls-keeper.js';
import { ApiListener } from './api-listener.js';
import { type ApiOptions, apiUrl, checkApiOptions, defaultApiHost, defaultApiLimits } from './api-options.js';
import { ApiSockets } from './api-sockets.js';
import type { FindCaller } from './key-gate.js';
import type { LogIn } from './login-desk.js';
import { createRemoteApi } from './remote-api.js';

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
  readonly #tls: KeptTls | undefined;
  readonly #own: TlsKeeper | undefined;
  readonly #clock: Clock;
  #listener: ApiListener | undefined;

  private constructor(
    options: ApiOptions,
    { tls, own, clock }: { tls: KeptTls | undefined; own: TlsKeeper | undefined; clock: Clock },
  ) {
    this.#options = options;
    this.#tls = tls;
    this.#own = own;
    this.#clock = clock;
  }

  /**
   * Looks at everything that can be wrong with the options.
   * @param shared the certificates of the server, for an API that has none of its own
   * @throws FleetError USAGE
   */
  static async prepare(
    options: ApiOptions,
    { clock, log, shared }: { clock: Clock; log: Log; shared?: KeptTls | undefined },
  ): Promise<ApiServer> {
    const { apiPort, apiTls, apiInsecure = false } = options;
    const isTls = !apiInsecure && (apiTls !== undefined || shared !== undefined);
    checkApiOptions(options, { isTls });
    if (apiPort === undefined || !isTls) {
      return new ApiServer(options, { tls: undefined, own: undefined, clock });
    }
    const own = apiTls && (await TlsKeeper.open({ files: [apiTls], flags: tlsFlags, clock, log }));
    return new ApiServer(options, { tls: own ?? shared, own, clock });
  }

  /** Looks at the files of its own certificate now. */
  async reload(): Promise<void> {
    await this.#own?.reload();
  }

  /** Null: there is none. */
  get url(): string | null {
    const { apiHost = defaultApiHost } = this.#options;
    return this.#listener ? apiUrl(apiHost, this.#listener.port, this.#tls !== undefined) : null;
  }

  /** @throws FleetError when the port cannot be listened on */
  async listen(parts: ApiParts): Promise<void> {
    const { apiPort: port, apiHost: host = defaultApiHost, apiLimits } = this.#options;
    if (port === undefined) return;
    const { log } = parts;
    const [clock, tls] = [this.#clock, this.#tls];
    const limits = { ...defaultApiLimits, ...apiLimits };
    const sockets = new ApiSockets(limits, log);
    const api = createRemoteApi({
      ...parts,
      limits,
      clock,
      isTls: tls !== undefined,
      onKnown: (socket, user) => sockets.known(socket, user),
    });
    this.#listener = await ApiListener.listen({ api, host, port, tls, limits, sockets, clock, log });
  }

  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#own?.close();
    await listener?.close();
  }
}
