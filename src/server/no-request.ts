import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../domain/log.js';

/** What came is no request, not the whole of one, or too much of one. */
export function answerNoRequest(
  error: NodeJS.ErrnoException & { readonly rawPacket?: unknown },
  socket: Duplex,
  log: Log,
): void {
  const connection = socket instanceof Socket ? socket : undefined;
  const address = connection?.remoteAddress;
  // Who hangs up in the middle of a file after reading why it is not taken was answered already.
  const wasAnswered = error.code === 'HPE_INVALID_EOF_STATE' && (connection?.bytesWritten ?? 0) > 0;
  if (!socket.writable || error.code === 'ECONNRESET' || wasAnswered) {
    socket.destroy();
    return;
  }
  const [status, reason] = noRequest(error);
  log.warn(`refused: ${reason}`, { address });
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.once('finish', () => socket.destroy());
}

/** Record type 22 (handshake), version 3.x: RFC 8446 §5.1. */
function isTls(packet: unknown): boolean {
  return packet instanceof Uint8Array && packet[0] === 22 && packet[1] === 3;
}

function noRequest({
  code,
  rawPacket,
}: Parameters<typeof answerNoRequest>[0]): [status: string, reason: string] {
  if (isTls(rawPacket)) {
    const reason = 'it speaks TLS (wss), but this port does not: use ws:// here, or serve --tls-port';
    return ['400 Bad Request', reason];
  }
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['408 Request Timeout', 'it did not finish its request in time'];
    case 'HPE_HEADER_OVERFLOW':
      return ['431 Request Header Fields Too Large', 'its headers are too large'];
    default:
      return ['400 Bad Request', `what it sent is no HTTP (${code})`];
  }
}
