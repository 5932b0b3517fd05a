import type { ConnectionInitiator } from '../domain/model.js';

/** How the end of a connection came about, as far as this side can tell. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
  readonly initiator: ConnectionInitiator;
}

/** Nobody said goodbye (RFC 6455 §7.1.5). */
export const abnormalClosure = 1006;

/**
 * The end that an error of the socket leads to: a frame that cannot be taken, or a network that gave up. The code is
 * what this side says goodbye with; the socket tells of 1006, because it does not wait for an answer to that.
 */
export function endByError(error: Error, maxMessageBytes: number): ConnectionEnd {
  const name = 'code' in error ? String(error.code) : '';
  if (!name.startsWith('WS_ERR_')) return { code: abnormalClosure, reason: error.message, initiator: 'lost' };
  switch (name) {
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return protocolEnd(1009, `a message of more than ${maxMessageBytes} bytes (${name})`);
    case 'WS_ERR_INVALID_UTF8':
      return protocolEnd(1007, `a text that is not UTF-8 (${name})`);
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return protocolEnd(1008, `a message in too many parts (${name})`);
    default:
      return protocolEnd(1002, `${error.message} (${name})`);
  }
}

function protocolEnd(code: number, reason: string): ConnectionEnd {
  return { code, reason, initiator: 'protocol' };
}

/** The end that a closed socket tells of, where this side had no part in it. */
export function endByPeer(code: number, reason: string): ConnectionEnd {
  return { code, reason, initiator: code === abnormalClosure ? 'lost' : 'station' };
}
