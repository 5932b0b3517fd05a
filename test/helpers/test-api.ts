import http from 'node:http';
import https from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { type Caller, systemCaller } from '../../src/domain/people/caller.js';
import type { ApiOptions } from '../../src/server/api/api-options.js';
import { type ApiParts, ApiServer } from '../../src/server/api/api-server.js';
import { RecordingLog } from './recording-log.js';
import { openOperations, type TestOperations } from './test-operations.js';

/** As many characters as a key of this form has. */
export function keyNamed(id: string): string {
  return `evf_${id.padEnd(12, 'a')}_${'S'.repeat(43)}`;
}

export function callerOf(keyId: string, change: Partial<Caller> = {}): Caller {
  return { ...systemCaller(`${keyId}@example.com`, 'socket'), way: 'api', keyId, ...change };
}

export const password = 'correct horse 1';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  json(): Record<string, unknown>;
}

export interface AskOptions {
  readonly method?: string;
  readonly body?: unknown;
  /** Null: without one. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
  readonly agent?: http.Agent;
  readonly ca?: string;
}

/** The API on a free port, before operations on a store of their own; who has which key is up to the test. */
export class TestApi {
  readonly log = new RecordingLog();
  readonly opened: TestOperations;
  /** By key. */
  readonly callers = new Map<string, Caller>([[keyNamed('admin'), callerOf('admin')]]);
  /** Where from keys were shown. */
  readonly addresses: string[] = [];
  #server: ApiServer | undefined;

  private constructor(opened: TestOperations) {
    this.opened = opened;
  }

  static async start(options: ApiOptions = {}, parts: Partial<ApiParts> = {}): Promise<TestApi> {
    const opened = await openOperations();
    const api = new TestApi(opened);
    const { clock, runner } = opened;
    const server = await ApiServer.prepare({ apiPort: 0, ...options }, { clock, log: api.log });
    onTestFinished(async () => {
      const closed = server.close();
      // Answers that nobody reads have their time, which stands still otherwise.
      await setImmediate();
      clock.advance(60_000);
      await closed;
    });
    await server.listen({
      runner,
      findCaller: async (key, { address }) => {
        api.addresses.push(address);
        return api.callers.get(key);
      },
      logIn: async ({ email, password: given }) => {
        if (given !== password) throw new FleetError('NOT_AUTHENTICATED', 'That is not right.');
        return { key: keyNamed('login'), id: 'login', email, role: 'admin', expires: null };
      },
      log: api.log,
      ...parts,
    });
    api.#server = server;
    return api;
  }

  get url(): string {
    const url = this.#server?.url;
    if (!url) throw new Error('the API does not listen');
    return url;
  }

  close(): Promise<void> | undefined {
    return this.#server?.close();
  }

  /** With the key of an administrator unless told otherwise; a body makes it a POST. */
  async ask(path: string, options: AskOptions = {}): Promise<ApiAnswer> {
    const response = await this.open(path, options);
    let text = '';
    for await (const chunk of response) text += chunk;
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text,
      json: () => JSON.parse(text) as Record<string, unknown>,
    };
  }

  /** The head of the answer; the body is left to be read. */
  open(
    path: string,
    { body, method, key, headers, agent, ca }: AskOptions = {},
  ): Promise<http.IncomingMessage> {
    const isText = typeof body === 'string';
    const shown = key === undefined ? keyNamed('admin') : key;
    const { request } = this.url.startsWith('https') ? https : http;
    const sent = request(`${this.url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(shown !== null && { authorization: `Bearer ${shown}` }),
        ...headers,
      },
      ...(agent && { agent }),
      ...(ca !== undefined && { ca }),
    });
    return new Promise((resolve, reject) => {
      sent.on('error', reject);
      sent.once('response', (response) => {
        // Who is refused while still sending may be cut off after the answer.
        response.on('error', () => undefined);
        resolve(response);
      });
      sent.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
    });
  }

  logIn(email: string, given: string): Promise<ApiAnswer> {
    return this.ask('/api/v1/login', { key: null, body: { email, password: given } });
  }
}
