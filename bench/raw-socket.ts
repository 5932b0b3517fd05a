import { connect, type Socket } from 'node:net';
import { opcodes, RawFrame } from './raw-frame.js';

/**
 * The least of a WebSocket client that a load needs, straight on the socket: frames of ready-made bytes, messages
 * handed over as a piece of the buffer they arrived in.
 */
export interface RawSocketOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** One of 127.0.0.0/8, where a single source address has not enough ports. */
  readonly localAddress?: string;
}

/** Looks at one message; the bytes are only there during the call. */
export type MessageListener = (buffer: Buffer, start: number, end: number) => void;

/** What is read is looked at before anybody else reads, so that one buffer does for all. */
const sharedBuffer = Buffer.allocUnsafe(64 * 1024);
const handshakeEnd = Buffer.from('\r\n\r\n');
const emptyPong = new RawFrame('', opcodes.pong);
const handshakeTimeoutMs = 15_000;

export class RawSocket {
  onMessage: MessageListener = () => undefined;
  onClose: () => void = () => undefined;
  readonly #socket: Socket;
  #isOpen = false;
  #rest: Buffer | undefined;
  #opened: (() => void) | undefined;

  private constructor({ host, port, path, localAddress }: RawSocketOptions) {
    this.#socket = connect({
      host,
      port,
      ...(localAddress !== undefined && { localAddress }),
      noDelay: true,
      onread: {
        buffer: sharedBuffer,
        callback: (length) => {
          this.#read(sharedBuffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ZXZmbGVldC1iZW5jaG1hcg==\r\n' +
        'Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n',
    );
  }

  /** Fails when the server refuses or does not answer. */
  static open(options: RawSocketOptions): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = new RawSocket(options);
      const timeout = setTimeout(() => socket.#socket.destroy(new Error('no answer')), handshakeTimeoutMs);
      let failure = new Error('the connection was closed');
      socket.#socket.on('error', (error) => {
        failure = error;
      });
      socket.#socket.once('close', () => {
        clearTimeout(timeout);
        if (socket.#isOpen) socket.onClose();
        else reject(failure);
      });
      socket.#opened = () => {
        clearTimeout(timeout);
        resolve(socket);
      };
    });
  }

  send(frame: RawFrame): void {
    this.#socket.write(frame.bytes);
  }

  /** One call, one answer: for what happens before the load. */
  ask(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.onClose = () => reject(new Error('the connection was closed'));
      this.onMessage = (buffer, start, end) => resolve(buffer.toString('utf8', start, end));
      this.send(new RawFrame(text));
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const buffer = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const used = this.#isOpen ? this.#frames(buffer, 0) : this.#handshake(buffer);
    // The buffer is about to be used for somebody else.
    this.#rest = used < buffer.length ? Buffer.from(buffer.subarray(used)) : undefined;
  }

  #handshake(buffer: Buffer): number {
    const end = buffer.indexOf(handshakeEnd);
    if (end < 0) return 0;
    const status = buffer.toString('latin1', 9, 12);
    if (status !== '101') {
      this.#socket.destroy(new Error(`the server answered ${status}`));
      return buffer.length;
    }
    this.#isOpen = true;
    this.#opened?.();
    return this.#frames(buffer, end + handshakeEnd.length);
  }

  /** @returns how many bytes were used up */
  #frames(buffer: Buffer, from: number): number {
    let at = from;
    while (buffer.length - at >= 2) {
      const opcode = (buffer[at] ?? 0) & 0x0f;
      const short = buffer[at + 1] ?? 0;
      const start = at + (short === 126 ? 4 : 2);
      if (short > 126) throw new Error('Answers to the load are short.');
      if (buffer.length < start) break;
      const end = start + (short === 126 ? buffer.readUInt16BE(at + 2) : short);
      if (buffer.length < end) break;
      if (opcode === opcodes.text) this.onMessage(buffer, start, end);
      else if (opcode === opcodes.ping) this.send(emptyPong);
      else if (opcode === opcodes.close) this.#socket.end();
      at = end;
    }
    return at;
  }
}
