import http from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Csms } from '../csms/csms.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { serveFiles } from './files/file-listener.js';
import type { HttpFiles } from './files/http-files.js';
import { Handshakes } from './handshakes.js';

/** What a client may take before it is let in. */
export interface HandshakeLimits {
  /** From the connection to the end of its request. Default 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** Connections that have not finished their request yet. Default 4,096. */
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
}

/** Connections that the kernel keeps for us while we are busy: a fleet that comes back does so within a second. */
const backlog = 4096;

const explanation = 'OCPP stations connect here by WebSocket: /ocpp/<station id>, subprotocol ocpp1.6';

/** The HTTP server that stations connect to. Anything but a WebSocket upgrade is told what belongs here. */
export async function listenForStations(
  csms: Csms,
  { host, port, log, files, ...limits }: ListenOptions & HandshakeLimits,
): Promise<{ server: http.Server; address: AddressInfo }> {
  const { handshakeTimeoutMs = 10_000, maxHandshakes = 4096, maxHeaderBytes = 16 * 1024 } = limits;
  const handshakes = new Handshakes(maxHandshakes);
  const { onRequest, onCheckContinue } = serveFiles(files, (_request, response) => {
    response.writeHead(426, {
      'Content-Type': 'text/plain; charset=utf-8',
      Upgrade: 'websocket',
      Connection: 'close',
    });
    response.end(`${explanation}\n`);
  });
  const server = http.createServer(
    {
      headersTimeout: handshakeTimeoutMs,
      // The body of a file takes longer, and is timed by its transfer; nobody else's body is read.
      requestTimeout: files ? 0 : handshakeTimeoutMs,
      connectionsCheckingInterval: Math.max(20, Math.min(2000, Math.floor(handshakeTimeoutMs / 5))),
      maxHeaderSize: maxHeaderBytes,
    },
    (request, response) => {
      if (files?.handles(request)) handshakes.end(request.socket);
      onRequest(request, response);
    },
  );
  server.on('checkContinue', (request, response) => {
    if (files?.handles(request)) handshakes.end(request.socket);
    onCheckContinue(request, response);
  });
  server.on('connection', (socket) => {
    const victim = handshakes.begin(socket);
    if (!victim) return;
    csms.log.warn('cut off: too many connections that ask for nothing', { address: victim.remoteAddress });
    victim.destroy();
  });
  server.on('upgrade', (request, socket, head) => {
    handshakes.end(request.socket);
    csms.upgrade(request, socket, head);
  });
  server.on('clientError', (error, socket) => answerNoRequest(error, socket, csms.log));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen({ port, host, backlog }, resolve);
  });
  // A failed accept (no file descriptors left) is no reason to stop serving those who are connected.
  server.on('error', (error) => log.warn(`a connection could not be accepted: ${error.message}`));
  return { server, address: server.address() as AddressInfo };
}

/** What came is no request, not the whole of one, or too much of one. */
function answerNoRequest(error: NodeJS.ErrnoException, socket: Duplex, log: Log): void {
  const connection = socket instanceof Socket ? socket : undefined;
  const address = connection?.remoteAddress;
  // Who hangs up in the middle of a file after reading why it is not taken was answered already.
  const wasAnswered = error.code === 'HPE_INVALID_EOF_STATE' && (connection?.bytesWritten ?? 0) > 0;
  if (!socket.writable || error.code === 'ECONNRESET' || wasAnswered) {
    socket.destroy();
    return;
  }
  const [status, reason] = noRequest(error.code);
  log.warn(`refused: ${reason}`, { address });
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.once('finish', () => socket.destroy());
}

function noRequest(code: string | undefined): [status: string, reason: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['408 Request Timeout', 'it did not finish its request in time'];
    case 'HPE_HEADER_OVERFLOW':
      return ['431 Request Header Fields Too Large', 'its headers are too large'];
    default:
      return ['400 Bad Request', `what it sent is no HTTP (${code})`];
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new FleetError('PORT_IN_USE', `Port ${port} on ${host} is in use by another program.`, {
      cause: error,
      suggestions: [`evfleet serve --port ${port + 1}`, `ss -ltnp 'sport = :${port}'`],
    });
  }
  if (error.code === 'EACCES') {
    return new FleetError('NOT_ALLOWED', `This user may not listen on port ${port}.`, {
      cause: error,
      suggestions: ['Choose a port above 1023 with --port.'],
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
