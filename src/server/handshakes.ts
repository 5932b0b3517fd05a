import type { Socket } from 'node:net';
import { nameOf } from './tls/half-open.js';

interface Waiting {
  readonly socket: Socket;
  /** Stops listening to it. */
  readonly forget: () => void;
}

/**
 * The connections that have not said yet what they want, at most so many. When there are too many, the oldest of the
 * address that has most of them goes: a station says what it wants at once, who opens thousands and waits does not.
 */
export class Handshakes {
  readonly #max: number;
  /** Oldest first, by their other end; all are of one listener. */
  readonly #byAddress = new Map<string, Map<string, Waiting>>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** Gives the connection that had to go for it, if any; the caller ends that. */
  begin(socket: Socket): Socket | undefined {
    const victim = this.#size >= this.#max ? this.#oldestOfBusiest() : undefined;
    if (victim) this.end(victim);
    const address = socket.remoteAddress ?? '';
    const name = nameOf(socket);
    // One that has ended and is not yet known to.
    this.#remove(address, name);
    const onClose = () => this.#remove(address, name);
    socket.once('close', onClose);
    // A station stays for months; nothing of its handshake should.
    const waiting = { socket, forget: () => void socket.off('close', onClose) };
    const others = this.#byAddress.get(address);
    if (others) others.set(name, waiting);
    else this.#byAddress.set(address, new Map([[name, waiting]]));
    this.#size += 1;
    return victim;
  }

  /** The connection has said what it wants; in TLS it is another object than the one that began. */
  end(socket: Socket): void {
    this.#remove(socket.remoteAddress ?? '', nameOf(socket));
  }

  #remove(address: string, name: string): void {
    const sockets = this.#byAddress.get(address);
    const waiting = sockets?.get(name);
    if (!sockets || !waiting) return;
    waiting.forget();
    sockets.delete(name);
    this.#size -= 1;
    if (sockets.size === 0) this.#byAddress.delete(address);
  }

  #oldestOfBusiest(): Socket | undefined {
    let busiest: Map<string, Waiting> | undefined;
    for (const sockets of this.#byAddress.values()) {
      if (sockets.size > (busiest?.size ?? 0)) busiest = sockets;
    }
    return busiest?.values().next().value?.socket;
  }
}
