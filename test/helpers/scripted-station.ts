import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import type { Payload } from '../../src/ocpp/frame.js';

export interface StationOptions extends ClientOptions {
  readonly protocols?: string[];
  /** Appended to the server's URL instead of the id. */
  readonly path?: string;
}

export interface Answer {
  readonly payload?: Payload;
  readonly error?: { readonly code: string; readonly description: string };
}

/** What the station answers to a call of the central system; `silence` is no answer. */
type Script = (payload: Payload) => Payload | { readonly error: string } | 'silence';

type Frame = readonly unknown[];

/** A charging station that says exactly what a test tells it to, nonsense included. */
export class ScriptedStation {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  /** Calls of the central system, oldest first. */
  readonly calls: { readonly id: string; readonly action: string; readonly payload: Payload }[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #scripts = new Map<string, Script>();
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #watchers = new Set<() => void>();
  #nextId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
    // Whoever cares looks at how the connection ended.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** @param url of the server, ending in a slash */
  static async connect(url: string, id: string, options: StationOptions = {}): Promise<ScriptedStation> {
    const socket = open(url, id, options);
    const station = new ScriptedStation(socket);
    await once(socket, 'open');
    return station;
  }

  /** Status and body of the answer to a connection that is not let in. */
  static async refusal(
    url: string,
    id: string,
    options: StationOptions = {},
  ): Promise<{ status: number; body: string }> {
    const socket = open(url, id, options);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    let body = '';
    for await (const chunk of response) body += chunk;
    return { status: response.statusCode ?? 0, body };
  }

  on(action: string, script: Script): this {
    this.#scripts.set(action, script);
    return this;
  }

  /** Sends a frame as it is. */
  send(raw: string | Buffer): void {
    this.socket.send(raw);
  }

  /** Sends a call and waits for its answer, result or error. */
  ask(action: string, payload: unknown, id = this.#newId()): Promise<Answer> {
    const answer = this.answerTo(id);
    this.send(JSON.stringify([2, id, action, payload]));
    return answer;
  }

  /** The next answer with this message id. */
  answerTo(id: string): Promise<Answer> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Sends a call; throws when the answer is an error. */
  async call(action: string, payload: unknown): Promise<Payload> {
    const { payload: result, error } = await this.ask(action, payload);
    if (!result) throw new Error(`${action}: ${error?.code} ${error?.description}`);
    return result;
  }

  boot(details: Payload = {}): Promise<Payload> {
    return this.call('BootNotification', {
      chargePointVendor: 'Acme',
      chargePointModel: 'Box',
      ...details,
    });
  }

  /** The `count`th call of the central system with this action. */
  async received(action: string, count = 1): Promise<Payload> {
    for (;;) {
      const found = this.calls.filter((call) => call.action === action)[count - 1];
      if (found) return found.payload;
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  /** The connection is gone without a word, as after a power cut. */
  cut(): void {
    this.socket.terminate();
  }

  async leave(code = 1000): Promise<void> {
    this.socket.close(code);
    await this.closed;
  }

  #newId(): string {
    this.#nextId += 1;
    return `s${this.#nextId}`;
  }

  #receive(frame: Frame): void {
    this.frames.push(frame);
    const [type, id] = frame;
    if (type === 2) this.#answer(String(id), String(frame[2]), frame[3] as Payload);
    const waiting = type === 2 ? undefined : this.#waiting.get(String(id));
    this.#waiting.delete(String(id));
    if (type === 3) waiting?.({ payload: frame[2] as Payload });
    else waiting?.({ error: { code: String(frame[2]), description: String(frame[3]) } });
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }

  #answer(id: string, action: string, payload: Payload): void {
    this.calls.push({ id, action, payload });
    const reply = this.#scripts.get(action)?.(payload) ?? { error: 'NotImplemented' };
    if (reply === 'silence') return;
    if (typeof reply.error === 'string') this.send(JSON.stringify([4, id, reply.error, '', {}]));
    else this.send(JSON.stringify([3, id, reply]));
  }
}

function open(url: string, id: string, options: StationOptions): WebSocket {
  const { protocols = ['ocpp1.6'], path, ...rest } = options;
  const address = path === undefined ? url + encodeURIComponent(id) : new URL(url).origin + path;
  return new WebSocket(address, protocols, rest);
}
