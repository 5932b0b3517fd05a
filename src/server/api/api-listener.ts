import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import { plainAddress } from '../../domain/network.js';
import { handshakeTimeoutMs } from '../files/tls-gate.js';
import { sayWhy } from '../tls/refused-handshake.js';
import type { KeptTls } from '../tls/tls-keeper.js';
import type { ApiLimits } from './api-options.js';
import type { ApiSockets } from './api-sockets.js';
import { type HttpStatus, problemType, toProblem } from './problem.js';

export interface ApiListenerOptions {
  readonly api: FastifyInstance;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** HTTPS; unless given HTTP. */
  readonly tls?: KeptTls | undefined;
  readonly limits: ApiLimits;
  readonly sockets: ApiSockets;
  readonly clock: Clock;
  readonly log: Log;
}

/** After so long a silence the kernel asks whether the other side is still there: who follows events says nothing. */
const keepAliveProbeMs = 60_000;

/** How long the last lines of answers may take when the server stops. */
const closeTimeoutMs = 5000;

/** The port of those who administer from elsewhere. */
export class ApiListener {
  readonly port: number;
  readonly #server: http.Server | https.Server;
  readonly #api: FastifyInstance;
  readonly #sockets: ApiSockets;
  readonly #clock: Clock;

  private constructor(server: http.Server | https.Server, { api, sockets, clock }: ApiListenerOptions) {
    this.#server = server;
    this.#api = api;
    this.#sockets = sockets;
    this.#clock = clock;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @throws FleetError when the port cannot be listened on */
  static async listen(options: ApiListenerOptions): Promise<ApiListener> {
    const { api, host, port, sockets, log } = options;
    await api.ready();
    const server = createServer(options);
    sockets.watch(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      sockets.asked(request.socket, response);
      api.routing(request, response);
    });
    server.on('clientError', (error, socket) => answerNoRequest(error, socket, { sockets, log }));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, host, port)));
      server.listen({ port, host }, resolve);
    });
    // A failed accept (no file descriptors left) is no reason to stop serving those who are connected.
    server.on('error', (error) =>
      log.warn(`a connection to the API could not be accepted: ${error.message}`),
    );
    return new ApiListener(server, options);
  }

  /** Answers that are on their way may end; those that have not even agreed on TLS are cut off. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#sockets.close({ clock: this.#clock, timeoutMs: closeTimeoutMs });
    await closed;
    await this.#api.close();
  }
}

function createServer({ tls, limits, log }: ApiListenerOptions): http.Server | https.Server {
  const { headersTimeoutMs, requestTimeoutMs } = limits;
  const options: http.ServerOptions = {
    maxHeaderSize: limits.headersMaxBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.max(20, Math.min(2000, Math.floor(headersTimeoutMs / 5))),
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbeMs,
  };
  const server = tls ? secureServer(options, tls) : http.createServer(options);
  server.maxConnections = limits.connectionsMax;
  server.setTimeout(limits.readTimeoutMs);
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    log.warn(`API refused: TLS could not be agreed on (${sayWhy(error)})`, addressOf(socket));
    socket.destroy();
  });
  return server;
}

function secureServer(options: http.ServerOptions, tls: KeptTls): https.Server {
  const server = https.createServer({ ...options, ...tls.identity, handshakeTimeout: handshakeTimeoutMs });
  tls.onRenewed(() => server.setSecureContext(tls.identity));
  return server;
}

/** What came is no request, not the whole of one, or too much of one. */
function answerNoRequest(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { sockets, log }: { sockets: ApiSockets; log: Log },
): void {
  // An answer that has begun must not be continued with another.
  if (
    !socket.writable ||
    error.code === 'ECONNRESET' ||
    (socket instanceof Socket && sockets.hasBegunToAnswer(socket))
  ) {
    socket.destroy();
    return;
  }
  const [status, reason] = noRequest(error.code);
  log.warn(`API refused: ${reason}`, addressOf(socket));
  const problem = toProblem(new FleetError('USAGE', `This cannot be answered: ${reason}.`), status);
  const body = JSON.stringify({ ...problem, status: status ?? 400 });
  const head = [
    `HTTP/1.1 ${status ?? 400} ${http.STATUS_CODES[status ?? 400]}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.once('finish', () => socket.destroy());
}

function noRequest(code: string | undefined): [status: HttpStatus | undefined, reason: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'the request was not finished in time'];
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'the headers are too large'];
    default:
      return [undefined, `it is no HTTP (${code})`];
  }
}

function addressOf(socket: Duplex): { address?: string } {
  const address = 'remoteAddress' in socket ? socket.remoteAddress : undefined;
  return typeof address === 'string' ? { address: plainAddress(address) } : {};
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const common = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new FleetError('PORT_IN_USE', `Port ${port} on ${host} (API) is in use by another program.`, {
        ...common,
        suggestions: [`evfleet serve --api-port ${port + 1}`, `ss -ltnp 'sport = :${port}'`],
      });
    case 'EACCES':
      return new FleetError('NOT_ALLOWED', `This user may not listen on port ${port}.`, {
        ...common,
        suggestions: ['Choose a port above 1023 with --api-port.'],
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new FleetError('USAGE', `${host} is not an address of this machine.`, {
        ...common,
        suggestions: [
          '--api-host 127.0.0.1 listens to this machine only, --api-host 0.0.0.0 to all networks.',
        ],
      });
    default:
      return error;
  }
}
