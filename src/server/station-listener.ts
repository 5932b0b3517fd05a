import http from 'node:http';
import type https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Csms } from '../csms/csms.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { serveFiles } from './files/file-listener.js';
import type { HttpFiles } from './files/http-files.js';
import { Handshakes } from './handshakes.js';
import { answerNoRequest } from './no-request.js';
import type { HandshakeFailure } from './tls/refused-handshake.js';
import { createSecureServer } from './tls/secure-server.js';
import type { KeptTls } from './tls/tls-keeper.js';

/** What a client may take before it is let in. */
export interface HandshakeLimits {
  /** From the connection to the end of its request; in TLS as long again to agree on it. Default 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** Connections that have not finished their request yet, of each listener. Default 4,096. */
  readonly maxHandshakes?: number;
  /** All headers together. Default 16 KiB. */
  readonly maxHeaderBytes?: number;
}

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  /** Files that are moved on the same port. */
  readonly files?: HttpFiles | undefined;
  /** With it this is the port for `wss`; without, that for `ws`. */
  readonly tls?: KeptTls | undefined;
  /** Told of everybody who did not agree on TLS. */
  readonly onHandshakeFailure?: (reason: HandshakeFailure) => void;
}

export interface StationListener {
  readonly server: http.Server;
  readonly address: AddressInfo;
  /** Ends the connections that are none of stations; to be called after `server.close()`. */
  readonly cutOff: () => void;
}

/** Connections that the kernel keeps for us while we are busy: a fleet that comes back does so within a second. */
const backlog = 4096;

const explanation = 'OCPP stations connect here by WebSocket: /ocpp/<station id>, subprotocol ocpp1.6';

/** The server that stations connect to. Anything but a WebSocket upgrade is told what belongs here. */
export async function listenForStations(
  csms: Csms,
  options: ListenOptions & HandshakeLimits,
): Promise<StationListener> {
  const { host, port, log, files, tls, handshakeTimeoutMs = 10_000, maxHandshakes = 4096 } = options;
  const handshakes = new Handshakes(maxHandshakes);
  const { onRequest, onCheckContinue } = serveFiles(files, (_request, response) => {
    response.writeHead(426, {
      'Content-Type': 'text/plain; charset=utf-8',
      Upgrade: 'websocket',
      Connection: 'close',
    });
    response.end(`${explanation}\n`);
  });
  const limits: http.ServerOptions = {
    headersTimeout: handshakeTimeoutMs,
    // The body of a file takes longer, and is timed by its transfer; nobody else's body is read.
    requestTimeout: files ? 0 : handshakeTimeoutMs,
    connectionsCheckingInterval: Math.max(20, Math.min(2000, Math.floor(handshakeTimeoutMs / 5))),
    maxHeaderSize: options.maxHeaderBytes ?? 16 * 1024,
  };
  const { onHandshakeFailure = () => undefined } = options;
  const secure =
    tls &&
    createSecureServer(limits, {
      tls,
      handshakeTimeoutMs,
      log: csms.log,
      onFailure: onHandshakeFailure,
    });
  const server: http.Server | https.Server = secure?.server ?? http.createServer(limits);
  server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    if (files?.handles(request)) handshakes.end(request.socket);
    onRequest(request, response);
  });
  server.on('checkContinue', (request, response) => {
    if (files?.handles(request)) handshakes.end(request.socket);
    onCheckContinue(request, response);
  });
  server.on('connection', (socket: Socket) => {
    const victim = handshakes.begin(socket);
    if (!victim) return;
    csms.log.warn('cut off: too many connections that ask for nothing', { address: victim.remoteAddress });
    if (secure?.isHalfOpen(victim)) onHandshakeFailure('crowd');
    victim.destroy();
  });
  server.on('upgrade', (request, socket, head) => {
    handshakes.end(request.socket);
    csms.upgrade(request, socket, head);
  });
  server.on('clientError', (error, socket) => answerNoRequest(error, socket, csms.log));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, { host, port, isTls: tls !== undefined })));
    server.listen({ port, host, backlog }, resolve);
  });
  // A failed accept (no file descriptors left) is no reason to stop serving those who are connected.
  server.on('error', (error) => log.warn(`a connection could not be accepted: ${error.message}`));
  return {
    server,
    address: server.address() as AddressInfo,
    cutOff: () => {
      secure?.cutOff();
      server.closeAllConnections();
    },
  };
}

function listenError(
  error: NodeJS.ErrnoException,
  { host, port, isTls }: { host: string; port: number; isTls: boolean },
): Error {
  const flag = isTls ? '--tls-port' : '--port';
  if (error.code === 'EADDRINUSE') {
    return new FleetError('PORT_IN_USE', `Port ${port} on ${host} is in use by another program.`, {
      cause: error,
      suggestions: [`evfleet serve ${flag} ${port + 1}`, `ss -ltnp 'sport = :${port}'`],
    });
  }
  if (error.code === 'EACCES') {
    return new FleetError('NOT_ALLOWED', `This user may not listen on port ${port}.`, {
      cause: error,
      suggestions: [`Choose a port above 1023 with ${flag}.`],
    });
  }
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? '')) {
    return new FleetError('USAGE', `${host} is not an address of this machine.`, {
      cause: error,
      suggestions: ['--host 127.0.0.1 listens to this machine only, --host 0.0.0.0 to all networks.'],
    });
  }
  return error;
}
