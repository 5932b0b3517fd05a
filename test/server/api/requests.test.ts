import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/operations/operation.js';
import { bodyLimits, defaultApiLimits } from '../../../src/server/api/api-options.js';
import { servedOperations } from '../../../src/server/api/operation-table.js';
import { RawSocket } from '../../helpers/raw-socket.js';
import { keyNamed, TestApi } from '../../helpers/test-api.js';
import { until } from '../../helpers/until.js';

const list = '/api/v1/site/list';
const authorization = `Authorization: Bearer ${keyNamed('admin')}\r\n`;

async function withSites(count: number): Promise<TestApi> {
  const api = await TestApi.start();
  for (let n = 1; n <= count; n += 1) await api.opened.fleet.run('site.create', { name: `Site ${n}` });
  return api;
}

const namesOf = (answer: { json(): Record<string, unknown> }) =>
  (answer.json().items as { name: string }[]).map(({ name }) => name);

describe('an operation', () => {
  it('takes its input by POST', async () => {
    const api = await TestApi.start();
    const made = await api.ask('/api/v1/site/create', { body: { name: 'Solna' } });
    expect(made.json()).toMatchObject({ outcome: 'created', item: { name: 'Solna' } });
    expect(made.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      connection: 'keep-alive',
    });
    expect(made.headers).not.toHaveProperty('strict-transport-security');
    expect(Object.keys(made.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const again = await api.ask('/api/v1/site/create', { body: { name: 'solna' } });
    expect(again.headers['content-type']).toBe('application/problem+json');
    expect(again.json()).toMatchObject({ type: 'urn:evfleet:error:exists', status: 409, code: 'EXISTS' });
  });

  it('that changes nothing takes it as a query too', async () => {
    const api = await withSites(3);
    expect(namesOf(await api.ask(`${list}?sort=-name&limit=2`))).toEqual(['Site 3', 'Site 2']);
    expect(namesOf(await api.ask(`${list}?filter=name%3DSite+2&filter=stations=0`))).toEqual(['Site 2']);
    const shown = await api.ask('/api/v1/site/show?name=site%201');
    expect(shown.json()).toMatchObject({ name: 'Site 1' });
    const exported = await api.ask('/api/v1/session/export?state=active');
    expect([exported.status, exported.headers['content-type'], exported.text]).toEqual([
      200,
      'application/x-ndjson',
      '',
    ]);
  });

  it.each([
    ['limit=ten', 'limit: "ten" is no number.'],
    ['limit=', 'limit: "" is no number.'],
    ['limit=0x10', 'limit: "0x10" is no number.'],
    ['limit=-1', 'limit: Expected integer to be greater or equal to 0.'],
    ['limit=1.5', 'limit: Expected integer.'],
    ['limit=1&limit=2', 'limit is given 2 times.'],
    ['limt=1', 'There is no parameter "limt".'],
    ['__proto__=1', 'There is no parameter "__proto__".'],
    ['sort=nmae', 'There is no field "nmae" to sort by.'],
  ])('says what is wrong with the query %s', async (query, detail) => {
    const api = await TestApi.start();
    expect((await api.ask(`${list}?${query}`)).json()).toMatchObject({ status: 400, code: 'USAGE', detail });
  });

  it('takes true and false, and nothing else for them', async () => {
    const api = await TestApi.start();
    const ask = (value: string) => api.ask(`/api/v1/reservation/list?allStates=${value}`);
    expect((await ask('true')).status).toBe(200);
    expect((await ask('false')).status).toBe(200);
    expect((await ask('yes')).json()).toMatchObject({ detail: 'allStates is true or false.' });
  });
});

describe('pages', () => {
  it('follow one another to the last', async () => {
    const api = await withSites(7);
    const names: string[] = [];
    const totals = new Set<unknown>();
    let next: string | undefined = `${list}?sort=name&limit=3`;
    let pages = 0;
    while (next !== undefined) {
      const page = await api.ask(next);
      names.push(...namesOf(page));
      totals.add(page.headers['x-total-count']);
      next = /^<(.+)>; rel="next"$/.exec(String(page.headers.link ?? ''))?.[1];
      pages += 1;
    }
    expect(names).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `Site ${n}`));
    expect([pages, [...totals]]).toEqual([3, ['7']]);
  });

  it('have a hundred items unless asked for more or fewer', async () => {
    const api = await withSites(101);
    const first = await api.ask(list);
    expect(namesOf(first)).toHaveLength(100);
    expect(first.headers.link).toBe(`<${list}?limit=100&offset=100>; rel="next"`);
    const all = await api.ask(`${list}?limit=101`);
    expect(namesOf(all)).toHaveLength(101);
    expect(all.headers).not.toHaveProperty('link');
    const none = await api.ask(`${list}?limit=0`);
    expect([none.headers['x-total-count'], none.headers.link]).toEqual(['101', undefined]);
    // Programs that send what a command sends get what it gets.
    expect(namesOf(await api.ask(list, { body: {} }))).toHaveLength(101);
  });
});

describe('an input', () => {
  it.each([
    [
      'site/create',
      { name: 'Solna', adress: 'Storgatan 1' },
      'There is no field "adress".',
      'Did you mean address?',
    ],
    ['site/show', { name: 'Solna', x: 1 }, 'There is no field "x".', 'It takes: name.'],
    ['tag/create', { tag: '04A2', site: ['Solna'] }, 'There is no field "site".', 'Did you mean sites?'],
  ])('of %s that has more than is read is refused', async (path, body, detail, hint) => {
    const api = await TestApi.start();
    expect((await api.ask(`/api/v1/${path}`, { body })).json()).toMatchObject({
      status: 400,
      code: 'USAGE',
      detail,
      suggestions: [hint],
    });
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/', 404],
    ['GET', '/api/v1', 404],
    ['GET', '/api/v1/', 404],
    ['GET', '/api/v1/site/lst', 404],
    ['GET', `${list}/`, 404],
    ['GET', '/api/v1//site/list', 404],
    ['GET', '/api/v1/site%2Flist', 404],
    ['GET', '/api/v1/site%2flist', 404],
    ['GET', '/api/v1/s%69te/list', 404],
    ['GET', '/api/v1/site.list', 404],
    ['GET', '/api/v1/SITE/LIST', 404],
    ['GET', '/api/v1/../v1/site/list', 404],
    ['GET', '/api/v1/constructor', 404],
    ['GET', '/api/v1/__proto__/toString', 404],
    ['GET', `http://example.com${list}`, 404],
    ['OPTIONS', '*', 404],
    ['GET', '/api/v1/%zz', 400],
    ['GET', '/api/v1/%00', 404],
    ['GET', '/api/v1/site/create', 405],
    ['PUT', list, 405],
    ['DELETE', list, 405],
    ['HEAD', list, 405],
    ['OPTIONS', list, 405],
    ['TRACE', list, 405],
    ['PROPFIND', list, 405],
    ['POST', '/metrics', 404],
  ])('%s %s: %d', async (method, path, status) => {
    const api = await TestApi.start({}, { metrics: { text: async () => '' } });
    const raw = await RawSocket.connect(api.url);
    raw.write(`${method} ${path} HTTP/1.1\r\nHost: x\r\n${authorization}Connection: close\r\n\r\n`);
    await raw.closed;
    expect(raw.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(raw.received).toContain('application/problem+json');
    expect(raw.received).not.toMatch(/node:|node_modules|\.ts:|at .+:\d+/);
    if (status === 405) expect(raw.received).toMatch(/allow: (GET, )?POST\r\n/i);
  });

  it('says what there is that reads alike', async () => {
    const api = await TestApi.start();
    expect((await api.ask('/api/v1/site/lst')).json()).toMatchObject({
      code: 'NOT_FOUND',
      suggestions: ['Did you mean /api/v1/site/list?'],
    });
  });
});

describe('a body', () => {
  it.each<[string, string, Record<string, string>, number]>([
    ['that is no JSON', '{"limit":', {}, 400],
    ['that is empty', '', {}, 400],
    ['that is no object', '[]', {}, 400],
    ['that is null', 'null', {}, 200],
    ['that changes objects', '{"__proto__":{"a":1}}', {}, 400],
    ['that changes them another way', '{"constructor":{"prototype":{"a":1}}}', {}, 400],
    ['of another type', '{}', { 'content-type': 'text/plain' }, 415],
    ['of a form', 'limit=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['of no type', '{}', { 'content-type': '' }, 415],
    ['of lists in lists in lists', `{"limit":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, {}, 400],
    ['with a wrong input', '{"limit":"many"}', {}, 400],
  ])('%s', async (_, body, headers, status) => {
    const api = await TestApi.start();
    const answer = await api.ask(list, { body, headers });
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'USAGE', status });
    expect(answer.text).not.toMatch(/node_modules|node:|Media Type|content-type is set/);
  });

  const padded = (bytes: number) => `{}${' '.repeat(bytes - 2)}`;

  it.each([
    [list, defaultApiLimits.bodyMaxBytes],
    ...Object.entries(bodyLimits).map(([name, bytes]): [string, number] => [
      `/api/v1/${name.replaceAll('.', '/')}`,
      bytes,
    ]),
  ])('to %s may have %d bytes, and not one more', async (path, bytes) => {
    const api = await TestApi.start();
    const reached: unknown[] = [];
    api.opened.runner.run = async (_operation, input) => reached.push(input);
    expect((await api.ask(path, { body: padded(bytes) })).status).toBe(200);
    expect((await api.ask(path, { body: padded(bytes + 1) })).json()).toMatchObject({
      status: 413,
      detail: 'The body is larger than this takes.',
    });
    expect(reached).toEqual([{}]);
    expect((await api.ask(list)).status).toBe(200);
  });

  it('is not read before it is known whose it is', async () => {
    const api = await TestApi.start();
    const raw = await RawSocket.connect(api.url);
    raw.write(
      `POST ${list} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n`,
    );
    await raw.closed;
    expect(raw.received).toMatch(/^HTTP\/1.1 401 /);
  });

  it('has larger limits for operations that there are', () => {
    const names = servedOperations.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(bodyLimits)));
  });
});

describe('limits of a request', () => {
  it('the address', async () => {
    const api = await TestApi.start();
    const path = (bytes: number) => `${list}?${'x'.repeat(bytes - list.length - 1)}`;
    expect((await api.ask(path(defaultApiLimits.urlMaxBytes))).status).toBe(400);
    expect((await api.ask(path(defaultApiLimits.urlMaxBytes + 1))).json()).toMatchObject({ status: 414 });
  });

  it('the headers', async () => {
    const api = await TestApi.start({ apiLimits: { headersMaxBytes: 2000 } });
    expect((await api.ask(list, { headers: { x: 'x'.repeat(1500) } })).status).toBe(200);
    const answer = await api.ask(list, { headers: { x: 'x'.repeat(2001) } });
    expect([answer.status, answer.headers['content-type']]).toEqual([431, 'application/problem+json']);
    expect(answer.json()).toMatchObject({ status: 431, code: 'USAGE' });
    expect(api.log.find(/headers are too large/)).toHaveLength(1);
  });

  it('the time until the headers are there', async () => {
    const api = await TestApi.start({ apiLimits: { headersTimeoutMs: 100, requestTimeoutMs: 100 } });
    const raw = await RawSocket.connect(api.url);
    raw.write(`GET ${list} HTTP/1.1\r\nHost: x\r\nX-A: `);
    await raw.closed;
    expect(raw.received).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
    expect(raw.received).toContain('"status":408');
  });

  it('the time until the body is there', async () => {
    const api = await TestApi.start({ apiLimits: { headersTimeoutMs: 100, requestTimeoutMs: 200 } });
    const raw = await RawSocket.connect(api.url);
    const head = `POST ${list} HTTP/1.1\r\nHost: x\r\n${authorization}`;
    raw.write(`${head}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{`);
    await raw.closed;
    expect(raw.received).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('clients of other kinds', () => {
  it.each([
    ['nonsense', '\x00\x01 nonsense\r\n\r\n'],
    ['TLS where there is none', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['two lengths', `POST ${list} HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [
      'a length and chunks',
      `POST ${list} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`,
    ],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no host', `GET ${list} HTTP/1.1\r\n\r\n`],
  ])('%s gets 400, or is cut off', async (_, text) => {
    const api = await TestApi.start();
    const raw = await RawSocket.connect(api.url);
    raw.write(text);
    await raw.closed;
    expect(raw.received).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect((await api.ask(list)).status).toBe(200);
  });

  it('HTTP/1.0 is answered and the connection closed', async () => {
    const api = await TestApi.start();
    const raw = await RawSocket.connect(api.url);
    raw.write(`GET ${list} HTTP/1.0\r\n${authorization}\r\n`);
    await raw.closed;
    expect(raw.received).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });

  it('requests sent one after the other without waiting are answered in order', async () => {
    const api = await withSites(1);
    const raw = await RawSocket.connect(api.url);
    const ask = (path: string, last = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${authorization}${last}\r\n`;
    raw.write(ask(`${list}?limit=0`) + ask('/api/v1/site/none') + ask(list, 'Connection: close\r\n'));
    await raw.closed;
    expect(raw.received.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  it('an upgrade is no way in', async () => {
    const api = await TestApi.start();
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    expect((await api.ask(list, { key: null, headers })).status).toBe(401);
  });
});

it('of a failure of ours the log has what it says, and others a reference to that', async () => {
  const api = await TestApi.start();
  api.opened.runner.run = async () => {
    throw new TypeError('boom at /var/lib');
  };
  api.opened.runner.stream = async function* () {
    yield [{}];
    throw new TypeError('boom at /var/lib');
  };
  for (const answer of [await api.ask(list), await api.ask('/api/v1/tag/export', { body: {} })]) {
    expect(answer.text).toContain('UNEXPECTED');
    expect(answer.text).not.toContain('boom');
    const reference = /a mistake in it \(([0-9a-f]{8})\)/.exec(answer.text)?.[1];
    const logged = api.log.lines.shift();
    expect(logged).toMatchObject({ message: 'operation failed: boom at /var/lib', reference });
  }
  expect(api.log.lines).toEqual([]);
});

it('what a client waits for is given up when it goes away', async () => {
  const api = await TestApi.start();
  let signal: AbortSignal | undefined;
  api.opened.runner.run = async (_operation: Operation, _input, call) => {
    signal = call.signal;
    await new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(call.signal.reason)));
  };
  const raw = await RawSocket.connect(api.url);
  raw.write(`GET ${list} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`);
  await until(() => signal !== undefined, 'the request');
  raw.socket.destroy();
  await until(() => signal?.aborted === true, 'the end of it');
});

it('is still there after all kinds of broken requests, and told nothing of its inside', async () => {
  const api = await TestApi.start({ apiLimits: { strangerBurst: 10_000, strangersMax: 10_000 } });
  const good = `POST ${list} HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
  const odd = ['\0', '\r', '\n', '\r\n\r\n', ' ', '\xff', '%', '"', ':', '0', '{', 'é'];
  const answers: string[] = [];
  for (let round = 0; round < 300; round += 1) {
    const at = (round * 7919) % good.length;
    const raw = await RawSocket.connect(api.url);
    raw.socket.end(`${good.slice(0, at)}${odd[round % odd.length]}${good.slice(at + (round % 3))}`);
    await raw.closed;
    answers.push(raw.received);
  }
  const statuses = new Set(answers.map((answer) => /^HTTP\/1.1 (\d+)/.exec(answer)?.[1] ?? 'cut off'));
  expect(statuses).toContain('200');
  expect(statuses).not.toContain('500');
  expect(answers.join('\n')).not.toMatch(/node_modules|node:|\.ts:\d/);
  expect((await api.ask(list)).status).toBe(200);
});
