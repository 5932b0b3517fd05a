import type { Socket } from 'node:net';

/**
 * The connections that have not said yet what they want, at most so many. When there are too many, the oldest of the
 * address that has most of them goes: a station says what it wants at once, who opens thousands and waits does not.
 */
export class Handshakes {
  readonly #max: number;
  readonly #byAddress = new Map<string, Set<Socket>>();
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
    const others = this.#byAddress.get(address);
    if (others) others.add(socket);
    else this.#byAddress.set(address, new Set([socket]));
    this.#size += 1;
    socket.once('close', () => this.#remove(address, socket));
    return victim;
  }

  /** The connection has said what it wants. */
  end(socket: Socket): void {
    this.#remove(socket.remoteAddress ?? '', socket);
  }

  #remove(address: string, socket: Socket): void {
    const sockets = this.#byAddress.get(address);
    if (!sockets?.delete(socket)) return;
    this.#size -= 1;
    if (sockets.size === 0) this.#byAddress.delete(address);
  }

  #oldestOfBusiest(): Socket | undefined {
    let busiest: Set<Socket> | undefined;
    for (const sockets of this.#byAddress.values()) {
      if (sockets.size > (busiest?.size ?? 0)) busiest = sockets;
    }
    const [oldest] = busiest ?? [];
    return oldest;
  }
}
