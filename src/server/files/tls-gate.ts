import type { Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { KeptTls } from '../tls/tls-keeper.js';
import { TransferRefusal } from './transfer-refusal.js';

/** From the first byte of TLS until both sides have agreed. */
export const handshakeTimeoutMs = 10_000;

/**
 * Turns connections that were accepted in plain into ones in TLS: those of FTP, which begin to speak it on demand.
 * All share one context, so that a data connection may resume the session of its control connection.
 */
export class TlsGate {
  readonly #server: tls.Server;
  readonly #waiting = new Map<string, (socket: TLSSocket) => void>();

  constructor(kept: KeptTls) {
    this.#server = tls.createServer({ ...kept.identity, handshakeTimeout: handshakeTimeoutMs });
    kept.onRenewed(() => this.#server.setSecureContext(kept.identity));
    this.#server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      const secured = this.#waiting.get(nameOf(socket));
      if (secured) secured(socket);
      else socket.destroy();
    });
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** @throws TransferRefusal `broken` when they do not agree; the connection has ended then */
  secure(socket: Socket): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const name = nameOf(socket);
      const failed = () => {
        this.#waiting.delete(name);
        reject(new TransferRefusal('broken', 'TLS (1.2 or newer) could not be agreed on'));
      };
      if (socket.destroyed) return failed();
      socket.once('close', failed);
      this.#waiting.set(name, (secured) => {
        this.#waiting.delete(name);
        resolve(secured);
      });
      this.#server.emit('connection', socket);
    });
  }
}

/** Both ends of a connection: no two have the same at a time. */
function nameOf({ localPort, remoteAddress, remotePort }: Socket): string {
  return `${localPort} ${remoteAddress} ${remotePort}`;
}
