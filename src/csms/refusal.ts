import type { Duplex } from 'node:stream';

/** Why somebody was not let in, as it is counted. */
const refusalReasons = [
  'address',
  'protocol',
  'unknown',
  'credentials',
  'throttled',
  'busy',
  'failed',
  'full',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface Refusal {
  readonly status: 400 | 401 | 404 | 429 | 503;
  readonly message: string;
  readonly reason: RefusalReason;
  readonly retryAfterS?: number;
}

const phrases: Record<Refusal['status'], string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** Answers an upgrade that is not granted, and ends its socket. */
export function refuse(socket: Duplex, { status, message, retryAfterS }: Refusal): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${phrases[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n${
      status === 401 ? 'WWW-Authenticate: Basic realm="OCPP"\r\n' : ''
    }${retryAfterS === undefined ? '' : `Retry-After: ${retryAfterS}\r\n`}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.once('finish', () => socket.destroy());
}
