import { once } from 'node:events';
import net from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from './until.js';

/** A TCP connection that says whatever a test wants, HTTP and WebSocket or neither. */
export class RawSocket {
  readonly socket: net.Socket;
  /** All that came, one character a byte. */
  received = '';
  readonly closed: Promise<void>;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      this.received += data.toString('latin1');
    });
    // Being cut off is what many of these tests are about.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    onTestFinished(() => void socket.destroy());
  }

  /** @param url of the server, as stations get it */
  static async connect(url: string): Promise<RawSocket> {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    const raw = new RawSocket(socket);
    await once(socket, 'connect');
    return raw;
  }

  /** A station that is let in, and then says what it likes. */
  static async station(url: string, id: string): Promise<RawSocket> {
    const raw = await RawSocket.connect(url);
    raw.write(handshake(`/ocpp/${id}`));
    await until(() => raw.received.includes('\r\n\r\n'), 'the handshake');
    return raw;
  }

  write(data: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(data);
  }

  /** The close code of the server's close frame, once it came. */
  async closeCode(): Promise<number | undefined> {
    await this.closed;
    const at = this.received.lastIndexOf('\x88');
    if (at === -1) return undefined;
    return this.received.charCodeAt(at + 2) * 256 + this.received.charCodeAt(at + 3);
  }
}

/** The request of a station, with headers of the test's own. */
export function handshake(
  path: string,
  headers: readonly string[] = ['Sec-WebSocket-Protocol: ocpp1.6'],
): string {
  const lines = ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  return [`GET ${path} HTTP/1.1`, ...lines, key, ...headers, '', ''].join('\r\n');
}

/** A masked frame; a mask of zeros leaves the payload as it is. */
export function frame(payload: string | Buffer, { opcode = 1, fin = true } = {}): Buffer {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | opcode;
  return Buffer.concat([frameHeader(first, body.length), body]);
}

/** The beginning of a frame that says how long it will be. */
export function frameHeader(first: number, length: number): Buffer {
  const mask = Buffer.alloc(4);
  if (length < 126) return Buffer.concat([Buffer.from([first, 0x80 | length]), mask]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = 0x80 | (length < 65_536 ? 126 : 127);
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, mask]);
}
