import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PipeClosed } from '../../../src/cli/interruption.js';
import { connectFleet } from '../../../src/cli/remote/http-fleet.js';
import { connectTransport } from '../../../src/cli/remote/http-transport.js';
import { FleetError } from '../../../src/domain/errors.js';

/** The operations of this test's server, by names that no operation has. */
interface Asking {
  run(name: string, input: unknown): Promise<unknown>;
  stream(name: string, input: unknown): AsyncIterable<unknown>;
  close(): Promise<void>;
}

let directory: string;
let socketPath: string;
let server: Server | undefined;
let abort: AbortController;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evfleet-'));
  socketPath = join(directory, 'control.sock');
  abort = new AbortController();
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(directory, { recursive: true });
});

async function serve(listener: RequestListener): Promise<Asking> {
  server = createServer(listener).listen(socketPath);
  await once(server, 'listening');
  return connect();
}

async function connect(): Promise<Asking> {
  const fleet = await connectFleet({ socketPath, signal: abort.signal });
  if (!fleet) throw new Error('Nothing listens.');
  return fleet as unknown as Asking;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve));
}

async function collect(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('unary', () => {
  test('posts the input to the path of the operation and gives the output', async () => {
    const fleet = await serve(async (request, response) => {
      const input = JSON.parse(await textOf(request));
      response.end(JSON.stringify({ method: request.method, url: request.url, input }));
    });
    expect(await fleet.run('floor.map.set', { name: '充电桩' })).toEqual({
      method: 'POST',
      url: '/api/v1/floor/map/set',
      input: { name: '充电桩' },
    });
    expect(await fleet.run('station.list', undefined)).toMatchObject({ input: {} });
    await fleet.close();
  });

  test('many questions at once, on as many connections as it takes', async () => {
    // Nobody is answered before all have asked.
    const waiting: (() => void)[] = [];
    const fleet = await serve(async (request, response) => {
      const input = await textOf(request);
      waiting.push(() => response.end(input));
      if (waiting.length === 8) for (const answer of waiting) answer();
    });
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => fleet.run('a.b', { n })));
    expect(all).toEqual(Array.from({ length: 8 }, (_, n) => ({ n })));
    await fleet.close();
  });

  test.each([
    [404, { code: 'NOT_FOUND', message: 'No station.', suggestions: ['evfleet station list'] }, 'NOT_FOUND'],
    [409, { code: 'EXISTS', message: 'There already.', suggestions: [] }, 'EXISTS'],
    [200, { code: 'SOME_FAILED', message: '1 of 2 failed.', suggestions: [] }, 'SOME_FAILED'],
    [500, { code: 'SOMETHING_NEW', message: 'From a newer server.', suggestions: [] }, 'UNEXPECTED'],
  ])('HTTP %d is the error in it', async (status, error, code) => {
    const fleet = await serve((_request, response) => {
      const { message: detail, ...others } = error;
      response.writeHead(status).end(JSON.stringify(status === 200 ? { error } : { ...others, detail }));
    });
    await expect(fleet.run('a.b', {})).rejects.toMatchObject({
      name: 'FleetError',
      code,
      message: error.message,
      suggestions: error.suggestions,
    });
    await fleet.close();
  });

  test.each([
    [502, '<html>', /HTTP status 502/],
    [200, '<html>', /not JSON/],
    [404, '{"error":"Not Found"}', /HTTP status 404/],
  ])('HTTP %d with %j', async (status, body, message) => {
    const fleet = await serve((_request, response) => {
      response.writeHead(status).end(body);
    });
    await expect(fleet.run('a.b', {})).rejects.toMatchObject({
      code: 'UNEXPECTED',
      message: expect.stringMatching(message),
    });
    await fleet.close();
  });

  test('a server that goes away leaves it unknown whether it was done', async () => {
    const fleet = await serve((request) => request.socket.destroy());
    await expect(fleet.run('a.b', {})).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    await fleet.close();
  });

  test('a server that restarted between two questions is found again', async () => {
    const fleet = await serve((_request, response) => response.end('1'));
    expect(await fleet.run('a.b', {})).toBe(1);
    server?.closeAllConnections();
    server?.close();
    rmSync(socketPath, { force: true });
    server = createServer((_request, response) => response.end('2')).listen(socketPath);
    await once(server, 'listening');
    expect(await fleet.run('a.b', {})).toBe(2);
    await fleet.close();
  });

  test.each([
    ['signal', new FleetError('INTERRUPTED', 'Interrupted.')],
    ['pipe', new PipeClosed()],
  ])('waits until the signal aborts (%s)', async (_what, reason) => {
    let gone = false;
    const fleet = await serve((request) => {
      request.socket.once('close', () => {
        gone = true;
      });
    });
    const answer = fleet.run('remote.start', {});
    answer.catch(() => {});
    await delay(100);
    abort.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await delay(20);
    expect(gone).toBe(true);
    await fleet.close();
  });

  test('a server that says nothing counts as hung after the time it may take', async () => {
    await serve(() => {});
    const transport = await connectTransport(socketPath, abort.signal);
    const asking = transport?.post('/api/v1/a/b', '{}', { signal: abort.signal, answerWithinMs: 100 });
    await expect(asking).rejects.toMatchObject({ code: 'TIMED_OUT', exitCode: 8 });
    await transport?.close();
  });

  test('a question that takes long to send, and an answer that takes long to read, are not cut off', async () => {
    await serve(async (request, response) => {
      await delay(350);
      const input = await textOf(request);
      response.write(input.slice(0, 1));
      await delay(350);
      response.end(input.slice(1));
    });
    const transport = await connectTransport(socketPath, abort.signal);
    const input = JSON.stringify('x'.repeat(8_000_000));
    const answer = await transport?.post('/api/v1/a/b', input, { signal: abort.signal, answerWithinMs: 300 });
    let bytes = 0;
    for await (const chunk of answer?.body ?? []) bytes += chunk.length;
    expect(bytes).toBe(input.length);
    await transport?.close();
  });

  test('closing aborts what is under way', async () => {
    const fleet = await serve(() => {});
    const answer = fleet.run('remote.start', {});
    answer.catch(() => {});
    await delay(20);
    await fleet.close();
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('stream', () => {
  test('gives an item per line, however the bytes are cut', async () => {
    const fleet = await serve(async (_request, response) => {
      const bytes = Buffer.from('{"n":1}\n{"n":"充电桩"}\n\n{"n":3}');
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        if (byte % 7 === 0) await delay(1);
      }
      response.end();
    });
    expect(await collect(fleet.stream('session.export', {}))).toEqual([{ n: 1 }, { n: '充电桩' }, { n: 3 }]);
    await fleet.close();
  });

  test('throws the error of the last line after the items before it', async () => {
    const fleet = await serve((_request, response) => {
      response.end(
        '{"n":1}\n{"$error":{"code":"SOME_FAILED","message":"1 of 2 failed.","suggestions":["again"]}}\n',
      );
    });
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const item of fleet.stream('remote.reset', {})) seen.push(item);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'SOME_FAILED', suggestions: ['again'] });
    expect(seen).toEqual([{ n: 1 }]);
    await fleet.close();
  });

  test('throws when it is refused, and when it breaks off', async () => {
    const fleet = await serve((request, response) => {
      if (request.url?.endsWith('refused')) {
        response.writeHead(400).end('{"code":"USAGE","detail":"No."}');
      } else {
        response.write('{"n":1}\n', () => setTimeout(() => response.destroy(), 20));
      }
    });
    await expect(collect(fleet.stream('a.refused', {}))).rejects.toMatchObject({ code: 'USAGE' });
    await expect(collect(fleet.stream('a.broken', {}))).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    await fleet.close();
  });

  test('questions can be asked while one is read', async () => {
    const fleet = await serve((request, response) => {
      response.end(request.url?.endsWith('list') ? '{"n":1}\n{"n":2}\n' : '"answer"');
    });
    const answers: unknown[] = [];
    for await (const _item of fleet.stream('a.list', {})) answers.push(await fleet.run('a.show', {}));
    expect(answers).toEqual(['answer', 'answer']);
    await fleet.close();
  });

  test('the server stops sending while nobody reads, and notices when nobody will', async () => {
    let sentBytes = 0;
    let gone = false;
    const fleet = await serve(async (_request, response) => {
      const closed = once(response, 'close').then(() => {
        gone = true;
      });
      const line = `${JSON.stringify({ filler: 'x'.repeat(10_000) })}\n`;
      while (!gone) {
        sentBytes += line.length;
        if (!response.write(line)) await Promise.race([drained(response), closed]);
      }
    });
    for await (const _item of fleet.stream('a.list', {})) {
      await delay(200);
      break;
    }
    expect(sentBytes).toBeLessThan(4_000_000);
    await delay(50);
    expect(gone).toBe(true);
    await fleet.close();
  });
});

describe('connecting', () => {
  test('nothing there is no error', async () => {
    expect(await connectFleet({ socketPath, signal: abort.signal })).toBeUndefined();
    const missing = join(directory, 'none', 'control.sock');
    expect(await connectFleet({ socketPath: missing, signal: abort.signal })).toBeUndefined();
  });

  test('the socket of a dead server is none', async () => {
    server = createServer().listen(socketPath);
    await once(server, 'listening');
    const { execFileSync } = await import('node:child_process');
    const script = `require('net').createServer().listen('${directory}/dead.sock', () => process.kill(process.pid, 'SIGKILL'))`;
    expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' })).toThrow();
    expect(
      await connectFleet({ socketPath: join(directory, 'dead.sock'), signal: abort.signal }),
    ).toBeUndefined();
  });

  test.skipIf(process.getuid?.() === 0)('the socket of another user is said to be one', async () => {
    server = createServer().listen(socketPath);
    await once(server, 'listening');
    chmodSync(socketPath, 0);
    await expect(connect()).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  });

  test('a path of 107 bytes is possible, one of 108 is a clear error', async () => {
    const at = (bytes: number) => ({ socketPath: `/${'d'.repeat(bytes - 1)}`, signal: abort.signal });
    expect(await connectFleet(at(107))).toBeUndefined();
    await expect(connectFleet(at(108))).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('has 108 bytes, 107 are possible'),
    });
  });
});
