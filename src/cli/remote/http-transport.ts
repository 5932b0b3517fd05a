import { setMaxListeners } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { FleetError, type FleetErrorOptions } from '../../domain/errors.js';

export interface Answer {
  readonly status: number;
  /** Of HTTP, lower case. */
  readonly contentType: string;
  /** Reading it slowly slows the sender down; destroying it gives the request up. */
  readonly body: Readable;
}

export interface PostOptions {
  readonly signal: AbortSignal;
  /** How long the head of the answer may take once the whole question has left; without limit when left out. */
  readonly answerWithinMs?: number | undefined;
}

export interface Transport {
  /**
   * Resolves with the head of the answer.
   * @throws FleetError TIMED_OUT when it does not come in time
   */
  post(path: string, json: string, options: PostOptions): Promise<Answer>;
  /** Puts what broke a connection into words. */
  lost(error: unknown): FleetError;
  /** Adds to an error of the server what is known here alone. */
  refused(error: FleetError): FleetError;
  /** Aborts what is under way. */
  close(): Promise<void>;
}

/** There was a connection, and it broke before the answer was complete. */
export class ConnectionLost extends FleetError {
  constructor(message: string, options: FleetErrorOptions) {
    super('SERVER_UNREACHABLE', message, options);
  }
}

/** Linux has room for this much in sockaddr_un.sun_path, beside the terminating zero (unix(7)). */
const MAX_SOCKET_PATH_BYTES = 107;

/**
 * HTTP to the server that listens on a Unix socket; undefined when none does.
 *
 * By node:http rather than undici: undici's client alone costs 25 ms more until the first answer is there (loading, and
 * compiling its parser), which is most of what a command may cost beside oclif.
 * @throws FleetError USAGE when the path is too long for a socket, NOT_ALLOWED when the socket belongs to somebody else
 */
export async function connectTransport(
  socketPath: string,
  signal: AbortSignal,
): Promise<Transport | undefined> {
  // Every request of a bulk command listens to it; that many are no leak.
  setMaxListeners(0, signal);
  const bytes = Buffer.byteLength(socketPath);
  if (bytes > MAX_SOCKET_PATH_BYTES) {
    throw new FleetError(
      'USAGE',
      `The path of the control socket has ${bytes} bytes, ${MAX_SOCKET_PATH_BYTES} are possible: ${socketPath}`,
      { suggestions: ['--data-dir with a shorter path, for example a symbolic link to this directory'] },
    );
  }
  const socket = await reach(socketPath, signal);
  if (!socket) return undefined;
  const { request } = await import('node:http');
  return new SocketTransport(socketPath, socket, request);
}

/**
 * Sends the question and waits for the head of the answer.
 * @throws FleetError TIMED_OUT when it does not come in time; whatever the connection fails with
 */
export async function exchange(
  request: ClientRequest,
  json: string,
  answerWithinMs: number | undefined,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  // Only now: over a slow line the question itself may take its time.
  const begin = () => {
    if (answerWithinMs === undefined) return;
    timer = setTimeout(() => request.destroy(tooLate(answerWithinMs)), answerWithinMs);
  };
  request.once('finish', begin);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // Both stay for good: an error after the head shows to whoever reads the body, and nowhere else.
      request.on('error', reject);
      request.once('response', resolve);
      request.end(json);
    });
    response.on('error', () => {});
    const contentType = (response.headers['content-type'] ?? '').toLowerCase();
    return { status: response.statusCode ?? 0, contentType, body: response };
  } finally {
    // The end of the question may show only after the head of the answer.
    request.off('finish', begin);
    clearTimeout(timer);
  }
}

function tooLate(limitMs: number): FleetError {
  const message = `The server took the call but did not answer within ${Math.ceil(limitMs / 1000)} s; whether it did what was asked is unknown.`;
  return new FleetError('TIMED_OUT', message, {
    suggestions: ['Look at its log and at what else its machine is doing.'],
  });
}

/** The open socket, or undefined when nothing listens. */
async function reach(socketPath: string, signal: AbortSignal): Promise<Socket | undefined> {
  try {
    return await opened(connect({ path: socketPath, signal }));
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') return undefined;
    throw unreachable(socketPath, code, error);
  }
}

function opened(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Stays for good: until a request listens, an error must not end the process; it shows in that request.
    socket.on('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

function unreachable(socketPath: string, code: unknown, cause: unknown): FleetError {
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `The control socket ${socketPath} belongs to another user.`;
    return new FleetError('NOT_ALLOWED', message, { cause });
  }
  const message = `The control socket ${socketPath} does not work (${String(code)}).`;
  return new FleetError('SERVER_UNREACHABLE', message, { cause });
}

/** A connection per request: on one machine it costs next to nothing, and a restarted server is found again. */
class SocketTransport implements Transport {
  readonly #socketPath: string;
  readonly #request: typeof import('node:http').request;
  readonly #underWay = new Set<ClientRequest>();
  /** The socket that showed that somebody listens; it carries the first request. */
  #unused: Socket | undefined;

  constructor(socketPath: string, first: Socket, request: typeof import('node:http').request) {
    this.#socketPath = socketPath;
    this.#unused = first;
    this.#request = request;
  }

  async post(path: string, json: string, { signal, answerWithinMs }: PostOptions): Promise<Answer> {
    signal.throwIfAborted();
    const request = this.#request({
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) },
      createConnection: () => this.#socket(),
      signal,
    });
    this.#underWay.add(request);
    request.once('close', () => this.#underWay.delete(request));
    return exchange(request, json, answerWithinMs);
  }

  lost(cause: unknown): FleetError {
    const message = 'The server went away before it had answered; whether it did what was asked is unknown.';
    return new ConnectionLost(message, { cause, suggestions: ['evfleet serve'] });
  }

  refused(error: FleetError): FleetError {
    return error;
  }

  async close(): Promise<void> {
    this.#unused?.destroy();
    for (const request of this.#underWay) {
      request.destroy(new FleetError('INTERRUPTED', 'The connection was closed.'));
    }
  }

  #socket(): Socket {
    const socket = this.#unused;
    this.#unused = undefined;
    return socket && !socket.destroyed ? socket : connect(this.#socketPath);
  }
}
