import { connect as connectSocket, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';
import { FleetError } from '../domain/errors.js';

export interface Answer {
  readonly status: number;
  /** Fails with the reason of the signal when that aborts; destroying it gives the request up. */
  readonly body: Readable;
}

export interface Transport {
  /** Resolves with the head of the answer; there is no time limit, the signal is what ends the wait. */
  post(path: string, json: string, signal: AbortSignal): Promise<Answer>;
  /** Aborts what is under way. */
  close(): Promise<void>;
}

/** Linux has room for this much in sockaddr_un.sun_path, beside the terminating zero (unix(7)). */
const MAX_SOCKET_PATH_BYTES = 107;

/**
 * A connection to the server that listens on a Unix socket; undefined when none does.
 * @throws FleetError USAGE when the path is too long for a socket, NOT_ALLOWED when the socket belongs to somebody else
 */
export async function connectTransport(
  socketPath: string,
  signal: AbortSignal,
): Promise<Transport | undefined> {
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
  const { default: PoolClass } = await import('undici/lib/dispatcher/pool.js');
  return poolTransport(createPool(PoolClass, socketPath, socket));
}

/** The open socket, or undefined when nothing listens. */
async function reach(socketPath: string, signal: AbortSignal): Promise<Socket | undefined> {
  try {
    return await opened(connectSocket({ path: socketPath, signal }));
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') return undefined;
    throw unreachable(socketPath, code, error);
  }
}

function opened(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Stays for good: until undici listens, an error must not end the process; it shows in the next request.
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

/** A pool, because a stream may be under way while other questions are asked. */
function createPool(PoolClass: typeof Pool, socketPath: string, first: Socket): Pool {
  let unused: Socket | undefined = first;
  return new PoolClass('http://localhost', {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_options, callback) {
      // The socket that showed that somebody listens carries the first request.
      const socket = unused && !unused.destroyed ? unused : connectSocket(socketPath);
      // As a promise also when it is there already: undici hangs when it is called back at once.
      const connected = socket === unused ? Promise.resolve(socket) : opened(socket);
      unused = undefined;
      connected.then(
        (ready) => callback(null, ready),
        (error: Error) => callback(error, null),
      );
    },
  });
}

function poolTransport(pool: Pool): Transport {
  return {
    post: (path, json, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        pool.dispatch(
          { path, method: 'POST', headers: { 'content-type': 'application/json' }, body: json },
          new AnswerHandler(signal, resolve, reject),
        );
      }),
    close: () => pool.destroy(new FleetError('INTERRUPTED', 'The connection was closed.')),
  };
}

/** Turns undici's callbacks into a Readable that stops the socket while nobody reads. */
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #body: Readable;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(signal: AbortSignal, resolve: (answer: Answer) => void, reject: (error: unknown) => void) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#body = new Readable({
      read: () => this.#controller?.resume(),
      destroy: (error, callback) => {
        this.#end();
        this.#controller?.abort(error ?? new Error('The answer is not wanted any more.'));
        callback(error);
      },
    });
    // Whoever reads the body gets the error from the reading; this keeps it from ending the process before that.
    this.#body.on('error', () => {});
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal.aborted) controller.abort(this.#signal.reason);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.#resolve({ status, body: this.#body });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#body.push(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#end();
    this.#controller = undefined;
    this.#body.push(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const reason = this.#signal.aborted ? this.#signal.reason : error;
    this.#controller = undefined;
    this.#reject(reason);
    this.#body.destroy(reason);
  }

  readonly #onAbort = (): void => {
    this.#reject(this.#signal.reason);
    this.#body.destroy(this.#signal.reason);
  };

  #end(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}
