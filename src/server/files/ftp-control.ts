import type { Socket } from 'node:net';
import type { TransferProtocol } from '../../domain/station/file-exchange.js';
import type { TlsGate } from './tls-gate.js';

const lineMaxBytes = 1024;

export interface ControlHandlers {
  /** What came with one read, without the ends of the lines. */
  readonly commands: (lines: readonly string[]) => void;
  /** A line that is longer than FTP has. */
  readonly tooLong: () => void;
  readonly closed: () => void;
}

/** The control connection of FTP: commands come, replies go, in plain or in TLS. */
export class FtpControl {
  readonly peer: string;
  readonly localAddress: string;
  readonly #handlers: ControlHandlers;
  #socket: Socket;
  #received = '';
  #isSecure: boolean;
  #isClosed = false;

  constructor(socket: Socket, { isSecure, ...handlers }: ControlHandlers & { isSecure: boolean }) {
    this.#socket = socket;
    this.#isSecure = isSecure;
    this.#handlers = handlers;
    this.peer = socket.remoteAddress ?? '';
    this.localAddress = (socket.localAddress ?? '').replace(/^::ffff:/i, '');
    this.#listenTo(socket);
  }

  get isSecure(): boolean {
    return this.#isSecure;
  }

  get protocol(): TransferProtocol {
    return this.isSecure ? 'ftps' : 'ftp';
  }

  get isClosed(): boolean {
    return this.#isClosed || this.#socket.destroyed;
  }

  /** Part of a command that has not ended. */
  get hasRest(): boolean {
    return this.#received !== '';
  }

  reply(line: string): void {
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`);
  }

  /** The last reply. */
  end(line: string): void {
    this.#socket.end(`${line}\r\n`);
    this.#socket.destroySoon();
  }

  /** The last reply, where the other side may answer it. */
  goodbye(line: string): void {
    this.#socket.end(`${line}\r\n`);
  }

  /** What comes from now on is TLS. @throws TransferRefusal when it is not; then it has ended */
  async secure(gate: TlsGate): Promise<void> {
    const plain = this.#socket;
    plain.off('data', this.#onData);
    plain.off('close', this.#onClose);
    try {
      this.#socket = await gate.secure(plain);
    } catch (error) {
      this.#onClose();
      throw error;
    }
    this.#isSecure = true;
    this.#listenTo(this.#socket);
  }

  #listenTo(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.on('data', this.#onData);
    socket.once('close', this.#onClose);
    socket.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received += chunk.toString('latin1');
    const lines = this.#received.split('\n');
    this.#received = lines.pop() ?? '';
    this.#handlers.commands(
      lines.map((line) => Buffer.from(line.replace(/\r$/, ''), 'latin1').toString('utf8')),
    );
    if (this.#received.length > lineMaxBytes) this.#handlers.tooLong();
  };

  readonly #onClose = (): void => {
    this.#isClosed = true;
    this.#handlers.closed();
  };
}
