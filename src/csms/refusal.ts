import type { Duplex } from 'node:stream';
import type { Refusal } from './admission.js';

const phrases: Record<Refusal['status'], string> = {
  400: 'Bad Request',
  404: 'Not Found',
  503: 'Service Unavailable',
};

/** Answers an upgrade that is not granted, and ends its socket. */
export function refuse(socket: Duplex, { status, message }: Refusal, retryAfterS?: number): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${phrases[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n${
      retryAfterS === undefined ? '' : `Retry-After: ${retryAfterS}\r\n`
    }Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.once('finish', () => socket.destroy());
}
