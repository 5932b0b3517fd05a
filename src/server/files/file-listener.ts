import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import { sayWhy } from '../tls/refused-handshake.js';
import type { KeptTls } from '../tls/tls-keeper.js';
import type { HttpFiles } from './http-files.js';
import { handshakeTimeoutMs } from './tls-gate.js';

const requestTimeoutMs = 10_000;

/** Connections to the port of HTTPS, those that have not agreed on TLS included; more are closed at once. */
const tlsConnectionsMax = 1024;

/** Lets a server answer requests for files; the others are left to `otherwise`. */
export function serveFiles(
  files: HttpFiles | undefined,
  otherwise: (request: IncomingMessage, response: ServerResponse) => void,
): {
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  onCheckContinue: (request: IncomingMessage, response: ServerResponse) => void;
} {
  const answer = (request: IncomingMessage, response: ServerResponse, greenLight?: () => undefined): void => {
    if (files?.handles(request)) void files.handle(request, response, greenLight);
    else otherwise(request, response);
  };
  return {
    onRequest: (request, response) => answer(request, response),
    onCheckContinue: (request, response) => answer(request, response, () => void response.writeContinue()),
  };
}

export interface FileListenerOptions {
  readonly files: HttpFiles;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** HTTPS; unless given HTTP. */
  readonly tls?: KeptTls;
  readonly log: Log;
}

/** A port of its own for files by HTTP or HTTPS. */
export class FileListener {
  readonly port: number;
  readonly #server: http.Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(server: http.Server, sockets: ReadonlySet<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @throws FleetError when the port cannot be listened on */
  static async listen({ files, host, port, tls, log }: FileListenerOptions): Promise<FileListener> {
    const { onRequest, onCheckContinue } = serveFiles(files, (_request, response) => {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
      response.end('Files of charging stations are moved here.\n');
    });
    // How long a file may take is counted by the transfer itself.
    const options = { headersTimeout: requestTimeoutMs, requestTimeout: 0, maxHeaderSize: 16 * 1024 };
    const server = tls ? tlsServer(options, tls, log) : http.createServer(options);
    server.on('request', onRequest);
    server.on('checkContinue', onCheckContinue);
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const isTaken = error.code === 'EADDRINUSE';
        const message = `Port ${port} on ${host} (files) cannot be listened on: ${error.message}.`;
        const suggestions = [`evfleet serve ${tls ? '--file-tls-port' : '--file-port'} ${port + 1}`];
        reject(new FleetError(isTaken ? 'PORT_IN_USE' : 'USAGE', message, { cause: error, suggestions }));
      });
      server.listen({ port, host }, resolve);
    });
    server.on('error', () => undefined);
    return new FileListener(server, sockets);
  }

  /** Also those that have not even agreed on TLS are cut off. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

function tlsServer(options: https.ServerOptions, tls: KeptTls, log: Log): https.Server {
  const server = https.createServer({ ...options, ...tls.identity, handshakeTimeout: handshakeTimeoutMs });
  tls.onRenewed(() => server.setSecureContext(tls.identity));
  server.maxConnections = tlsConnectionsMax;
  server.on('tlsClientError', (error, socket) => {
    const { remoteAddress: address } = socket;
    log.warn(`file transfer refused: TLS could not be agreed on (${sayWhy(error)})`, { address });
    socket.destroy();
  });
  return server;
}
