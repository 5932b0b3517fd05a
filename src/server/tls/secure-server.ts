import { constants } from 'node:crypto';
import type http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Log } from '../../domain/log.js';
import { HalfOpen } from './half-open.js';
import { type HandshakeFailure, handshakeFailure, sayWhy } from './refused-handshake.js';
import type { KeptTls } from './tls-keeper.js';
import { withIssuer } from './with-issuer.js';

export interface SecureServerOptions {
  readonly tls: KeptTls;
  /** From the connection until both sides have agreed. */
  readonly handshakeTimeoutMs: number;
  /** One that a stranger cannot fill: csms/limited-log.ts. */
  readonly log: Log;
  readonly onFailure: (reason: HandshakeFailure) => void;
}

export interface SecureServer {
  readonly server: https.Server;
  readonly isHalfOpen: (socket: Socket) => boolean;
  /** Ends the connections that have not agreed on TLS. */
  readonly cutOff: () => void;
}

/** Ours has to come first: it knows the address. */
const backstopMs = 5000;

/** Who comes back within it is not checked again: shorter than anything that is renewed, longer than a loss of the line. */
const sessionTimeoutS = 3600;

const noTlsText = 'This port speaks TLS: use wss://\n';
const noTlsAnswer = `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${noTlsText.length}\r\n\r\n${noTlsText}`;

/**
 * HTTPS for stations. A client certificate is asked for and never required: whether one is needed is another for each
 * station, and who it is shows only in its request.
 */
export function createSecureServer(
  limits: http.ServerOptions,
  { tls, handshakeTimeoutMs, log, onFailure }: SecureServerOptions,
): SecureServer {
  const server = https.createServer({
    ...limits,
    ...contextOf(tls),
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeTimeoutMs + backstopMs,
  });
  // Tickets of before open nothing after it: what they stand for was checked against what was trusted then.
  tls.onRenewed(() => server.setSecureContext(contextOf(tls)));
  const halfOpen = new HalfOpen({
    timeoutMs: handshakeTimeoutMs,
    onOverdue: (socket) => {
      onFailure('timeout');
      log.warn('refused: TLS was not agreed on in time', { address: socket.remoteAddress });
      socket.destroy();
    },
  });
  server.on('connection', (socket: Socket) => halfOpen.begin(socket));
  server.on('secureConnection', (socket) => void halfOpen.end(socket));
  server.on('tlsClientError', (error, socket) => {
    const below = halfOpen.end(socket);
    const reason = handshakeFailure(error);
    onFailure(reason);
    // Whoever only looks whether the port is open is no news.
    if (reason !== 'gone') {
      const address = below?.remoteAddress ?? socket.remoteAddress ?? 'unknown';
      log.warn(`refused: TLS could not be agreed on (${sayWhy(error)})`, { address });
    }
    const isHttp = 'code' in error && error.code === 'ERR_SSL_HTTP_REQUEST';
    if (isHttp && below?.writable) below.end(noTlsAnswer, () => below.destroy());
    else (below ?? socket).destroy();
  });
  return { server, isHalfOpen: (socket) => halfOpen.has(socket), cutOff: () => halfOpen.cutOff() };
}

function contextOf({ identity, clients }: KeptTls): https.ServerOptions {
  const cert = identity.cert.map((pem) => withIssuer(pem, clients.ca));
  // Nobody has a use for another handshake on the same connection (TLS 1.2) but to keep the server busy.
  const secureOptions = constants.SSL_OP_NO_RENEGOTIATION;
  return { ...identity, ...clients, cert, sessionTimeout: sessionTimeoutS, secureOptions };
}
