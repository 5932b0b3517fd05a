import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { isActionName16 } from '../../src/ocpp/v16/actions.js';
import { checkRequest, checkResponse } from '../../src/ocpp/v16/validate.js';

export type Payload = Record<string, unknown>;

export interface Received {
  readonly identity: string;
  readonly action: string;
  readonly payload: Payload;
}

/** What to answer: a payload, a CALLERROR code, or nothing at all. */
type Reply = Payload | { readonly error: string } | 'silence';

type Script = (payload: Payload, identity: string) => Reply;

export interface CallOutcome {
  readonly payload?: Payload;
  readonly error?: string;
  readonly description?: string;
}

interface Waiter {
  readonly reached: () => boolean;
  readonly resolve: () => void;
}

/** A central system of a few lines, independent of ours: it does what a test scripts and keeps what it hears. */
export class ScriptedCentral {
  readonly received: Received[] = [];
  /** What the strict check had to say about anything a station sent. */
  readonly breaches: string[] = [];
  readonly handshakes: { path: string; authorization: string | undefined; protocol: string | undefined }[] =
    [];
  /** Close codes in the order they came. */
  readonly closed: number[] = [];
  /** HTTP status to refuse handshakes with; undefined = let in. */
  refuseWith: number | undefined;
  readonly #server: WebSocketServer;
  readonly #sockets = new Map<string, WebSocket>();
  readonly #calls = new Map<string, { action: string; resolve: (outcome: CallOutcome) => void }>();
  readonly #waiters = new Set<Waiter>();
  readonly #scripts = new Map<string, Script>();
  #nextId = 0;
  #nextTransactionId = 0;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, request) => this.#connected(socket, request));
    this.on('BootNotification', () => ({
      status: 'Accepted',
      currentTime: '2026-03-01T12:00:00.000Z',
      interval: 300,
    }));
    this.on('Authorize', () => ({ idTagInfo: { status: 'Accepted' } }));
    this.on('Heartbeat', () => ({ currentTime: '2026-03-01T12:00:00.000Z' }));
    this.on('StartTransaction', () => {
      this.#nextTransactionId += 1;
      return { transactionId: this.#nextTransactionId, idTagInfo: { status: 'Accepted' } };
    });
  }

  static async start(port = 0): Promise<ScriptedCentral> {
    const central: { it?: ScriptedCentral } = {};
    const server = new WebSocketServer({
      port,
      host: '127.0.0.1',
      handleProtocols: (offered) => (offered.has('ocpp1.6') ? 'ocpp1.6' : false),
      verifyClient: ({ req }: { req: IncomingMessage }, decide: (ok: boolean, code?: number) => void) => {
        central.it?.handshakes.push({
          path: req.url ?? '',
          authorization: req.headers.authorization,
          protocol: req.headers['sec-websocket-protocol'],
        });
        central.it?.check();
        const status = central.it?.refuseWith;
        decide(status === undefined, status);
      },
    });
    const started = new ScriptedCentral(server);
    central.it = started;
    await new Promise((resolve) => server.once('listening', resolve));
    return started;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `ws://127.0.0.1:${port}/ocpp`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Scripts the answers to an action. */
  on(action: string, script: Script): void {
    this.#scripts.set(action, script);
  }

  /** The payloads of an action that were received, oldest first. */
  payloads(action: string): Payload[] {
    return this.received.filter((one) => one.action === action).map((one) => one.payload);
  }

  /** The actions that were received, in order. */
  get actions(): string[] {
    return this.received.map((one) => one.action);
  }

  isConnected(identity: string): boolean {
    return this.#sockets.has(identity);
  }

  /** Resolves once `reached` returns true; looks at every message and connection. */
  until(reached: () => boolean): Promise<void> {
    if (reached()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.add({ reached, resolve });
    });
  }

  /** Resolves with the payload of the `count`th message of an action. */
  async nth(action: string, count: number): Promise<Payload> {
    await this.until(() => this.payloads(action).length >= count);
    return this.payloads(action)[count - 1] ?? {};
  }

  /** Sends a command and resolves with what the station answers. */
  call(identity: string, action: string, payload: unknown): Promise<CallOutcome> {
    this.#nextId += 1;
    const id = `c${this.#nextId}`;
    return new Promise((resolve) => {
      this.#calls.set(id, { action, resolve });
      this.#sockets.get(identity)?.send(JSON.stringify([2, id, action, payload]));
    });
  }

  /** Cuts a station's connection without a closing handshake. */
  cut(identity: string): void {
    this.#sockets.get(identity)?.terminate();
  }

  hangUp(identity: string, code: number): void {
    this.#sockets.get(identity)?.close(code);
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  check(): void {
    for (const waiter of [...this.#waiters]) {
      if (!waiter.reached()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  #connected(socket: WebSocket, request: IncomingMessage): void {
    const identity = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    this.#sockets.set(identity, socket);
    socket.on('message', (data) => {
      this.#message(identity, socket, JSON.parse(String(data)));
      this.check();
    });
    socket.on('close', (code) => {
      this.closed.push(code);
      if (this.#sockets.get(identity) === socket) this.#sockets.delete(identity);
      this.check();
    });
    this.check();
  }

  #message(identity: string, socket: WebSocket, frame: unknown[]): void {
    const [type, id] = frame;
    if (type === 2) this.#request(identity, socket, String(id), String(frame[2]), frame[3] as Payload);
    const call = this.#calls.get(String(id));
    if (type === 2 || call === undefined) return;
    this.#calls.delete(String(id));
    if (type === 3) {
      this.#judge(call.action, frame[2] as Payload, checkResponse);
      call.resolve({ payload: frame[2] as Payload });
    } else {
      call.resolve({ error: String(frame[2]), description: String(frame[3]) });
    }
  }

  #request(identity: string, socket: WebSocket, id: string, action: string, payload: Payload): void {
    this.received.push({ identity, action, payload });
    this.#judge(action, payload, checkRequest);
    const reply = this.#scripts.get(action)?.(payload, identity) ?? {};
    if (reply === 'silence' || socket.readyState !== WebSocket.OPEN) return;
    if (typeof reply.error === 'string') socket.send(JSON.stringify([4, id, reply.error, '', {}]));
    else socket.send(JSON.stringify([3, id, reply]));
  }

  #judge(action: string, payload: Payload, check: typeof checkRequest | typeof checkResponse): void {
    try {
      if (!isActionName16(action)) throw new Error(`Unknown action ${action}`);
      check(action, payload);
    } catch (error) {
      this.breaches.push(String(error));
    }
  }
}
