import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { systemCaller } from '../../src/domain/people/caller.js';
import type { Repositories, Store } from '../../src/domain/repositories.js';
import type { StoreAdmin } from '../../src/domain/store-admin.js';
import { messageFiles } from '../../src/message-log/message-log.js';
import { operations } from '../../src/operations/registry.js';
import { OperationRunner } from '../../src/operations/runner.js';
import { createControlApi } from '../../src/server/control-api.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { sampleSession } from '../helpers/sample-session.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

async function request(socketPath: string, path: string, body: string, options: http.RequestOptions = {}) {
  const sent = http.request({
    socketPath,
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...options,
  });
  // A server that refuses a body does not read it to its end.
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response) text += chunk;
  const answer: Answer = {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'],
    body: text,
  };
  return answer;
}

describe('the control socket', () => {
  it('can be opened by its owner alone', async () => {
    const server = await TestServer.start();
    const { mode } = await fs.stat(server.running.controlSocket);
    expect(mode & 0o777).toBe(0o600);
    expect((await fs.stat(server.dataDir)).mode & 0o077).toBe(0);
  });

  it('answers with the output, or the error with its status', async () => {
    const server = await TestServer.start();
    const post = (path: string, body: string) => request(server.running.controlSocket, path, body);
    const made = await post('/api/v1/site/create', '{"name":"Solna"}');
    expect(made).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(made.body)).toMatchObject({ outcome: 'created', item: { name: 'Solna' } });
    const again = await post('/api/v1/site/create', '{"name":"Solna"}');
    expect(again.status).toBe(409);
    expect(again.type).toBe('application/problem+json');
    expect(JSON.parse(again.body)).toEqual({
      type: 'urn:evfleet:error:exists',
      title: 'There is one already',
      status: 409,
      detail: expect.stringContaining('site Solna'),
      code: 'EXISTS',
      suggestions: expect.any(Array),
    });
  });

  it.each<[string, string, string, http.RequestOptions, number, string]>([
    ['an unknown operation', '/api/v1/site/lst', '{}', {}, 404, 'NOT_FOUND'],
    ['an operation named after a method', '/api/v1/constructor', '{}', {}, 404, 'NOT_FOUND'],
    ['another path', '/metrics', '{}', {}, 404, 'NOT_FOUND'],
    ['another method', '/api/v1/site/list', '{}', { method: 'PUT' }, 405, 'USAGE'],
    ['malformed JSON', '/api/v1/site/list', '{"limit":', {}, 400, 'USAGE'],
    ['an empty body', '/api/v1/site/list', '', {}, 400, 'USAGE'],
    ['a key that changes objects', '/api/v1/site/list', '{"__proto__":{"a":1}}', {}, 400, 'USAGE'],
    ['another type', '/api/v1/site/list', 'a', { headers: { 'content-type': 'text/xml' } }, 415, 'USAGE'],
    ['a wrong input', '/api/v1/site/list', '{"limit":"many"}', {}, 400, 'USAGE'],
    ['a wrong input of a stream', '/api/v1/session/export', '{"from":"x"}', {}, 400, 'USAGE'],
    [
      'a station of a stream that is not there',
      '/api/v1/session/export',
      '{"stationId":"X"}',
      {},
      404,
      'NOT_FOUND',
    ],
  ])('explains %s', async (_, path, body, options, status, code) => {
    const server = await TestServer.start();
    const answer = await request(server.running.controlSocket, path, body, options);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ status, code });
  });

  it('refuses an input of more than 10 MB, and goes on', async () => {
    const server = await TestServer.start();
    const { controlSocket } = server.running;
    const body = JSON.stringify({ name: 'x'.repeat(10 * 1024 * 1024) });
    const answer = await request(controlSocket, '/api/v1/site/create', body);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 413, code: 'USAGE' });
    expect((await request(controlSocket, '/api/v1/site/list', '{}')).status).toBe(200);
  });

  it('serves many requests on one connection without piling up', async () => {
    const server = await TestServer.start();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    for (let round = 0; round < 30; round += 1) {
      await request(server.running.controlSocket, '/api/v1/site/list', '{}', { agent });
    }
    await setImmediate();
    process.off('warning', onWarning);
    expect(warnings.filter(({ message }) => message.includes('close listeners'))).toEqual([]);
  });

  it('survives a client that talks nonsense', async () => {
    const server = await TestServer.start();
    const socket = net.connect(server.running.controlSocket);
    socket.end('\x00\x01 nonsense\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await server.fleet.run('site.list', {})).total).toBe(0);
  });
});

describe('streams', () => {
  async function listening(list: () => Promise<ReturnType<typeof sampleSession>[]>) {
    const log = new RecordingLog();
    const sessions = { list, count: async () => 1 };
    const store: Store = {
      read: (work) => work({ sessions } as unknown as Repositories),
      write: () => Promise.reject(new Error('not needed')),
    };
    const unneeded = () => Promise.reject(new Error('not needed'));
    const admin: StoreAdmin = { info: unneeded, compact: unneeded, backup: unneeded, check: unneeded };
    const clock = new FakeClock();
    const runner = new OperationRunner(operations, {
      store,
      admin,
      messages: messageFiles('/nonexistent'),
      clock,
      newId: () => '',
      newSecret: (bytes) => new Uint8Array(bytes),
      live: undefined,
    });
    const api = createControlApi({ runner, caller: systemCaller('tester', 'socket'), log });
    onTestFinished(() => api.close());
    await api.listen({ port: 0, host: '127.0.0.1' });
    const address = api.server.address() as net.AddressInfo;
    return { log, url: `http://127.0.0.1:${address.port}/api/v1/session/export` };
  }

  const page = Array.from({ length: 500 }, (_, index) => sampleSession(index + 1));
  const post = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };

  it.each([
    ['one for a person', new FleetError('STORE_FAILED', 'The disk is full.'), 'STORE_FAILED', 0],
    ['an unexpected one', new Error('boom'), 'UNEXPECTED', 1],
  ])('that fail on the way end with a line that says so: %s', async (_, error, code, logged) => {
    let pages = 0;
    const { url, log } = await listening(async () => {
      pages += 1;
      if (pages > 1) throw error;
      return page;
    });
    const response = await fetch(url, post);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(501);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ $error: { code, suggestions: [] } });
    expect(log.lines).toHaveLength(logged);
  });

  it('stop when the client goes away', async () => {
    let pages = 0;
    const { url } = await listening(async () => {
      pages += 1;
      return page.map((session) => ({ ...session, startedAt: session.startedAt - pages }));
    });
    const abort = new AbortController();
    const response = await fetch(url, { ...post, signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    let before = -1;
    await until(async () => {
      if (before === pages) return true;
      before = pages;
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      return false;
    });
    expect(pages).toBeLessThan(10_000);
  });
});

it('gives up what a client waits for when it goes away', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  station.on('RemoteStartTransaction', () => ({ status: 'Accepted' }));
  // Nobody else waits that long.
  const waitMs = 61_234;
  const abort = new AbortController();
  const fleet = await server.newFleet(abort.signal);
  const waiting = fleet.run('remote.start', {
    stationId: 'CP1',
    tag: 'TAG1',
    timeoutMs: 1000,
    waitMs,
  });
  await until(() => server.clock.pendingOf(waitMs) === 1, 'the wait for a session');
  abort.abort(new FleetError('INTERRUPTED', 'Ctrl-C'));
  await expect(waiting).rejects.toThrow('Ctrl-C');
  await until(() => server.clock.pendingOf(waitMs) === 0, 'the end of the wait');
});
