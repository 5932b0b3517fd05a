import { WebSocket } from 'ws';
import type { Clock, NewId } from '../domain/clock.js';
import { PeerClosedError } from '../ocpp/call-errors.js';
import type { Payload } from '../ocpp/frame.js';
import type { InboundCall } from '../ocpp/inbound-calls.js';
import { RpcPeer } from '../ocpp/rpc-peer.js';
import { BackOff, type BackOffOptions } from './back-off.js';
import { type ConnectFailure, httpFailure, networkFailure } from './connect-failure.js';
import type { Random } from './random.js';
import type { TlsSettings } from './security/tls-settings.js';
import { Timers } from './timers.js';

/** What a handler answers, and what follows once the answer is on the wire. */
export interface Handled {
  readonly response: Payload;
  readonly after?: () => void;
}

export interface ConnectionOptions {
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: NewId;
  readonly backOff: BackOffOptions;
  /** Endpoint of the central system; the identity is appended as the last path segment. As what follows, it is asked for at every attempt, since the central system may change it. */
  url(): string;
  /** Of `wss:` connections. */
  tls(): TlsSettings;
  /** HTTP Basic password. */
  password(): string | Uint8Array | undefined;
  callTimeoutMs(): number;
  /** Wall time between two pings; 0 = none. */
  pingIntervalMs(): number;
  handle(call: InboundCall): Promise<Handled>;
  onOpen(): void;
  onClose(code: number, reason: string): void;
  /** The central system answered; wall time since the call was written. */
  onAnswer(latencyMs: number): void;
  onFailure(failure: ConnectFailure, attempts: number): void;
}

/** A CALLRESULT or CALLERROR, however the central system formats its JSON. */
const ANSWER = /^\s*\[\s*[34]\b/;
const SUBPROTOCOL = 'ocpp1.6';
const HANDSHAKE_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 2_000;
const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;
/** More unsent bytes than this mean that the peer has stopped reading. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** One station's line to the central system: opens, pings, notices the loss, comes back by itself. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #timers: Timers;
  readonly #backOff: BackOff;
  readonly #afterAnswer = new WeakMap<InboundCall, () => void>();
  #socket: WebSocket | undefined;
  #peer: RpcPeer | undefined;
  #callSentMs = 0;
  /** False: do not connect, and do not come back. */
  #wanted = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
    this.#backOff = new BackOff(options.backOff, options.random);
  }

  get isOpen(): boolean {
    return this.#peer !== undefined;
  }

  /** Connects, and keeps connecting until `close` or `drop`. */
  open(): void {
    this.#wanted = true;
    if (this.#socket === undefined) this.#connect();
  }

  /** The central system answered something: the next loss starts the back-off anew. */
  proveAlive(): void {
    this.#backOff.reset();
  }

  /**
   * Sends a call. @throws PeerClosedError when not connected, else what `RpcPeer.call` throws.
   */
  call(action: string, payload: Payload): Promise<Payload> {
    if (this.#peer === undefined) {
      return Promise.reject(new PeerClosedError(action, 'the station is not connected', false));
    }
    return this.#peer.call(action, payload, { timeoutMs: this.#options.callTimeoutMs() });
  }

  /** Cuts the line without a closing handshake, as a network failure does, and stays away. */
  drop(): void {
    this.#wanted = false;
    this.#timers.clear('reconnect');
    this.#socket?.terminate();
  }

  /** Closes in good order and stays away; resolves when the socket is gone. */
  close(code: number, reason: string): Promise<void> {
    this.#wanted = false;
    this.#timers.clear('reconnect');
    const socket = this.#socket;
    if (socket === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      this.#timers.set('close', CLOSE_TIMEOUT_MS, () => socket.terminate());
      socket.close(code, reason);
    });
  }

  #connect(): void {
    const { identity } = this.#options;
    const url = `${this.#options.url().replace(/\/+$/, '')}/${encodeURIComponent(identity)}`;
    const { ca, ...own } = this.#options.tls();
    const socket = new WebSocket(url, SUBPROTOCOL, {
      headers: this.#headers(),
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_PAYLOAD_BYTES,
      perMessageDeflate: false,
      ...own,
      ...(ca === undefined ? {} : { ca: [...ca] }),
    });
    this.#socket = socket;
    let failure: ConnectFailure | undefined;
    socket.on('open', () => this.#opened(socket));
    socket.on('unexpected-response', (_request, response) => {
      failure = httpFailure(response.statusCode ?? 0);
      response.resume();
      socket.terminate();
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#received(data.toString());
    });
    socket.on('error', (error) => {
      failure ??= networkFailure(error);
    });
    socket.on('close', (code, reason) => this.#closed(code, reason.toString(), failure));
  }

  #headers(): Record<string, string> {
    const password = this.#options.password();
    if (password === undefined) return {};
    const credentials = Buffer.concat([Buffer.from(`${this.#options.identity}:`), Buffer.from(password)]);
    return { Authorization: `Basic ${credentials.toString('base64')}` };
  }

  #opened(socket: WebSocket): void {
    if (!this.#wanted) {
      socket.close(1000, 'not wanted any more');
      return;
    }
    const { clock, newId, handle } = this.#options;
    this.#peer = new RpcPeer({
      send: (text) => this.#send(socket, text),
      handle: async (call) => {
        const { response, after } = await handle(call);
        if (after !== undefined) this.#afterAnswer.set(call, after);
        return response;
      },
      newId,
      now: () => clock.now(),
      schedule: (delayMs, action) => clock.schedule(delayMs, action),
      afterAnswer: (call) => this.#afterAnswer.get(call)?.(),
    });
    this.#ping(socket);
    this.#options.onOpen();
  }

  /** Only one call is on the wire at a time, so that an answer belongs to the last one sent. */
  #received(text: string): void {
    if (ANSWER.test(text)) this.#options.onAnswer(this.#options.clock.now() - this.#callSentMs);
    this.#peer?.receive(text);
  }

  #send(socket: WebSocket, text: string): void {
    if (socket.readyState !== WebSocket.OPEN) throw new Error('The connection is closing');
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) throw new Error('The central system does not read');
    if (text.startsWith('[2,')) this.#callSentMs = this.#options.clock.now();
    socket.send(text);
  }

  /** Notices a peer that is gone without a word: a ping unanswered until the next one is due ends the connection. */
  #ping(socket: WebSocket): void {
    let answered = true;
    socket.on('pong', () => {
      answered = true;
    });
    const beat = (): void => {
      const intervalMs = this.#options.pingIntervalMs();
      this.#timers.set('ping', intervalMs > 0 ? intervalMs : 60_000, () => {
        if (intervalMs > 0 && !answered) {
          socket.terminate();
          return;
        }
        answered = intervalMs === 0;
        if (intervalMs > 0) socket.ping();
        beat();
      });
    };
    beat();
  }

  #closed(code: number, reason: string, failure: ConnectFailure | undefined): void {
    const wasOpen = this.#peer !== undefined;
    this.#timers.clear('ping');
    this.#timers.clear('close');
    this.#peer?.close(reason === '' ? `connection closed with code ${code}` : reason);
    this.#peer = undefined;
    this.#socket = undefined;
    if (this.#wanted) this.#timers.set('reconnect', this.#backOff.next(), () => this.#connect());
    if (wasOpen) this.#options.onClose(code, reason);
    else if (failure !== undefined) this.#options.onFailure(failure, this.#backOff.attempts);
  }
}
