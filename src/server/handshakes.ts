import type { Socket } from 'node:net';

/**
 * The connections that have not said yet what they want, at most so many. When there are too many, the oldest of the
 * address that has most of them goes: a station says what it wants at once, who opens thousands and waits does not.
 */
export class Handshakes {
  readonly #max: number;
  /** Oldest first, each with what stops listening to it. */
  readonly #byAddress = new Map<string, Map<Socket, () => void>>();
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
    const onClose = () => this.#remove(address, socket);
    socket.once('close', onClose);
    // A station stays for months; nothing of its handshake should.
    const forget = () => void socket.off('close', onClose);
    const others = this.#byAddress.get(address);
    if (others) others.set(socket, forget);
    else this.#byAddress.set(address, new Map([[socket, forget]]));
    this.#size += 1;
    return victim;
  }

  /** The connection has said what it wants. */
  end(socket: Socket): void {
    this.#remove(socket.remoteAddress ?? '', socket);
  }

  #remove(address: string, socket: Socket): void {
    const sockets = this.#byAddress.get(address);
    const forget = sockets?.get(socket);
    if (!sockets || !forget) return;
    forget();
    sockets.delete(socket);
    this.#size -= 1;
    if (sockets.size === 0) this.#byAddress.delete(address);
  }

  #oldestOfBusiest(): Socket | undefined {
    let busiest: Map<Socket, () => void> | undefined;
    for (const sockets of this.#byAddress.values()) {
      if (sockets.size > (busiest?.size ?? 0)) busiest = sockets;
    }
    return busiest?.keys().next().value;
  }
}
