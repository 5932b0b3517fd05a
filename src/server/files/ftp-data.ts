import net, { type Server, type Socket } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import { TransferRefusal } from './transfer-refusal.js';

/** Ports for data connections, both included; `0` in both takes any free one. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** How long a station may take to open the data connection that it asked for. */
const connectTimeoutMs = 15_000;

/** Passive ports: each is listened on by one waiting transfer at a time. */
export class PassivePorts {
  readonly #range: PortRange;
  readonly #taken = new Set<number>();
  #next: number;

  constructor(range: PortRange) {
    this.#range = range;
    this.#next = range.first;
  }

  /** @throws TransferRefusal `too-many` when none is free */
  async listen(server: Server, host: string): Promise<number> {
    const { first, last } = this.#range;
    if (first === 0) return listenOn(server, 0, host);
    for (let tried = 0; tried <= last - first; tried += 1) {
      const port = this.#next;
      this.#next = port === last ? first : port + 1;
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      server.once('close', () => this.#taken.delete(port));
      try {
        return await listenOn(server, port, host);
      } catch {
        // Another program has it; the next one may be free.
        this.#taken.delete(port);
      }
    }
    throw new TransferRefusal('too-many', `all passive ports (${first}-${last}) are taken`);
  }
}

function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 1 }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** A port on which one data connection is waited for: from the address that asked for it, and no other. */
export class PassiveListener {
  readonly port: number;
  readonly #server: Server;
  readonly #socket: Promise<Socket>;
  #fail: (error: Error) => void = () => undefined;

  private constructor(server: Server, port: number, { peer, clock }: { peer: string; clock: Clock }) {
    this.#server = server;
    this.port = port;
    this.#socket = new Promise<Socket>((resolve, reject) => {
      this.#fail = reject;
      const cancel = clock.schedule(connectTimeoutMs, () => this.close());
      server.on('connection', (socket) => {
        socket.on('error', () => undefined);
        if (socket.remoteAddress !== peer) {
          socket.destroy();
          return;
        }
        server.close();
        resolve(socket);
      });
      server.once('close', () => {
        cancel();
        reject(new TransferRefusal('broken', 'no data connection was opened'));
      });
    });
    // Nobody may ever ask for it.
    this.#socket.catch(() => undefined);
  }

  static async open(
    ports: PassivePorts,
    host: string,
    options: { peer: string; clock: Clock },
  ): Promise<PassiveListener> {
    // Half open: a station that fetches a file may say at once that it will send nothing.
    const server = net.createServer({ allowHalfOpen: true });
    const port = await ports.listen(server, host);
    return new PassiveListener(server, port, options);
  }

  /** @throws TransferRefusal `broken` when none came in time */
  connection(): Promise<Socket> {
    return this.#socket;
  }

  /** Also ends the connection that came. */
  close(): void {
    this.#fail(new TransferRefusal('broken', 'no data connection was opened'));
    this.#server.close();
    void this.#socket.then((socket) => socket.destroy()).catch(() => undefined);
  }
}
