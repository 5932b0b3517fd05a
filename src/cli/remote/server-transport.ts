import { setMaxListeners } from 'node:events';
import type { Agent, ClientRequest, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetError } from '../../domain/errors.js';
import { type Answer, exchange, type PostOptions, type Transport } from './http-transport.js';
import { ConnectTimeout, explainLost } from './server-errors.js';

export interface ServerTransportOptions {
  /** Normalized. */
  readonly url: string;
  /** Undefined before there is one: for `login`. */
  readonly key: string | undefined;
  /** Where that was put by hand; undefined when `login` keeps it. */
  readonly keyPlace?: string | undefined;
  /** PEM; instead of what the system trusts. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
  /** How long looking up the name, connecting and TLS may take together; 10 s by default. */
  readonly connectWithinMs?: number;
}

const connectWithinMsDefault = 10_000;
/** Connections at a time; they are kept and used again. */
const maxSockets = 8;
/** How often and how long is waited when the server says that it is asked too often. */
const maxWaits = 3;
const maxWaitMs = 5000;
/** After this long without a byte the system asks whether the other side still exists. */
const keepAliveMs = 30_000;

/** Tells what the API is; everybody may have it. */
const openApiPath = '/api/v1/openapi.json';
const reachableWithinMs = 10_000;

type Request = (options: RequestOptions) => ClientRequest;

/**
 * HTTP to a server elsewhere. Certificates are always checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says; redirects
 * are not followed and proxies not used, so that the key goes to this address and nowhere else.
 */
export async function connectServer(options: ServerTransportOptions): Promise<ServerTransport> {
  // Every request of a bulk command listens to it; that many are no leak.
  setMaxListeners(0, options.signal);
  const { ca } = options;
  const kept = { keepAlive: true, keepAliveMsecs: keepAliveMs, maxSockets };
  if (options.url.startsWith('https:')) {
    const { Agent, request } = await import('node:https');
    const agent = new Agent({ ...kept, rejectUnauthorized: true, ...(ca !== undefined && { ca }) });
    return new ServerTransport(options, agent, request);
  }
  const { Agent, request } = await import('node:http');
  return new ServerTransport(options, new Agent(kept), request);
}

export class ServerTransport implements Transport {
  readonly #options: ServerTransportOptions;
  readonly #agent: Agent;
  readonly #request: Request;
  readonly #underWay = new Set<ClientRequest>();

  constructor(options: ServerTransportOptions, agent: Agent, request: Request) {
    this.#options = options;
    this.#agent = agent;
    this.#request = request;
  }

  async post(path: string, json: string, options: PostOptions): Promise<Answer> {
    for (let waits = 0; ; waits += 1) {
      const { answer, retryAfterMs } = await this.#send('POST', path, json, options);
      // A 429 is said before anything is done, so that asking again is safe.
      if (answer.status !== 429 || waits === maxWaits || retryAfterMs > maxWaitMs)
        return this.#checked(answer);
      answer.body.resume();
      await delay(retryAfterMs, undefined, { signal: options.signal });
    }
  }

  /** @throws FleetError SERVER_UNREACHABLE when it cannot be asked, or is something else */
  async checkReachable(signal: AbortSignal): Promise<void> {
    try {
      const { answer } = await this.#send('GET', openApiPath, '', {
        signal,
        answerWithinMs: reachableWithinMs,
      });
      // Who has asked too often is there all the same.
      this.#checked(answer).body.destroy();
    } catch (error) {
      signal.throwIfAborted();
      throw this.lost(error);
    }
  }

  lost(error: unknown): FleetError {
    return explainLost(this.#options.url, error);
  }

  refused(error: FleetError): FleetError {
    if (error.code !== 'NOT_AUTHENTICATED') return error;
    const { url, keyPlace } = this.#options;
    const login = `evfleet login --server ${url}`;
    // Nobody comes to use the key of a login while there is another one.
    const suggestions =
      keyPlace === undefined
        ? [login]
        : [`The one in ${keyPlace} is wrong, expired or revoked.`, `${login}, and leave ${keyPlace} out`];
    return new FleetError(error.code, error.message, { suggestions, cause: error });
  }

  async close(): Promise<void> {
    for (const request of this.#underWay) {
      request.destroy(new FleetError('INTERRUPTED', 'The connection was closed.'));
    }
    this.#agent.destroy();
  }

  async #send(method: 'GET' | 'POST', path: string, json: string, { signal, answerWithinMs }: PostOptions) {
    signal.throwIfAborted();
    const { url, key } = this.#options;
    const { hostname, port, pathname, protocol } = new URL(url);
    const request = this.#request({
      protocol,
      // Node takes an address of IPv6 without its brackets.
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: `${pathname.replace(/\/$/, '')}${path}`,
      method,
      agent: this.#agent,
      headers: {
        accept: 'application/json, application/x-ndjson, application/problem+json',
        ...(method === 'POST' && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(json),
        }),
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      signal,
    });
    this.#underWay.add(request);
    request.once('close', () => this.#underWay.delete(request));
    this.#limitConnecting(request, protocol === 'https:' ? 'secureConnect' : 'connect');
    let retryAfterMs = Number.POSITIVE_INFINITY;
    request.once('response', ({ headers }) => {
      const seconds = headers['retry-after'];
      if (seconds !== undefined && /^\d{1,6}$/.test(seconds)) retryAfterMs = Number(seconds) * 1000;
    });
    return { answer: await exchange(request, json, answerWithinMs), retryAfterMs };
  }

  #limitConnecting(request: ClientRequest, connected: 'connect' | 'secureConnect'): void {
    const limitMs = this.#options.connectWithinMs ?? connectWithinMsDefault;
    request.once('socket', (socket: Socket) => {
      if (request.reusedSocket) return;
      const timer = setTimeout(() => request.destroy(new ConnectTimeout(limitMs)), limitMs);
      const clear = () => clearTimeout(timer);
      socket.once(connected, clear);
      request.once('close', clear);
    });
  }

  /** What is no answer of this program comes from something else that listens there, or stands before it. */
  #checked(answer: Answer): Answer {
    const { status, contentType } = answer;
    if (status < 300 && /^application\/(json|x-ndjson)/.test(contentType)) return answer;
    if (status >= 400 && /^application\/(problem\+)?json/.test(contentType)) return answer;
    answer.body.destroy();
    throw notOurs(this.#options.url, status);
  }
}

function notOurs(url: string, status: number): FleetError {
  if (status >= 300 && status < 400) {
    const message = `${url} sends on to another address (HTTP ${status}); a key is not taken there.`;
    return new FleetError('SERVER_UNREACHABLE', message, {
      suggestions: ['--server with the address that it is really at.'],
    });
  }
  const message = `What answers at ${url} is not the API of evfleet (HTTP ${status}).`;
  return new FleetError('SERVER_UNREACHABLE', message, {
    suggestions: [
      'The port of evfleet serve --api-port is the one that is meant; a proxy before it may be unable to reach it.',
    ],
  });
}
