import type { Socket } from 'node:net';

interface Attempt {
  readonly socket: Socket;
  readonly timer: NodeJS.Timeout;
}

/** Connections that have not agreed on TLS yet, each with its time limit from the first byte on. */
export class HalfOpen {
  readonly #timeoutMs: number;
  readonly #onOverdue: (socket: Socket) => void;
  readonly #attempts = new Map<string, Attempt>();

  constructor({ timeoutMs, onOverdue }: { timeoutMs: number; onOverdue: (socket: Socket) => void }) {
    this.#timeoutMs = timeoutMs;
    this.#onOverdue = onOverdue;
  }

  get size(): number {
    return this.#attempts.size;
  }

  has(socket: Socket): boolean {
    return this.#attempts.get(nameOf(socket))?.socket === socket;
  }

  begin(socket: Socket): void {
    const name = nameOf(socket);
    const timer = setTimeout(() => this.#onOverdue(socket), this.#timeoutMs);
    this.#attempts.set(name, { socket, timer });
    socket.once('close', () => {
      // Another one may have the same ends by now.
      if (this.#attempts.get(name)?.socket === socket) this.#forget(name);
    });
  }

  /** It has agreed on TLS, or never will. Gives the connection below. */
  end(secured: Socket): Socket | undefined {
    const name = nameOf(secured);
    const attempt = this.#attempts.get(name);
    this.#forget(name);
    return attempt?.socket;
  }

  cutOff(): void {
    for (const { socket } of [...this.#attempts.values()]) socket.destroy();
  }

  #forget(name: string): void {
    clearTimeout(this.#attempts.get(name)?.timer);
    this.#attempts.delete(name);
  }
}

/** The other end: of one listener no two have the same at a time, and what TLS wraps has that of what it is wrapped around. */
export function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
