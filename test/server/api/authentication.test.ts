import http from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { servedOperations } from '../../../src/server/api/operation-table.js';
import { callerOf, keyNamed, password, TestApi } from '../../helpers/test-api.js';
import { until } from '../../helpers/until.js';

const list = '/api/v1/site/list';

/** Of another address than the one that everybody else in a test has. */
function agentAt(localAddress: string): http.Agent {
  const agent = new http.Agent({ localAddress });
  onTestFinished(() => agent.destroy());
  return agent;
}

describe('without a valid key', () => {
  it('no operation answers', async () => {
    const api = await TestApi.start({ apiLimits: { strangerBurst: 10_000, failuresFree: 10_000 } });
    const answers = new Set<string>();
    for (const { path, query } of servedOperations) {
      for (const key of [null, keyNamed('nobody')]) {
        const answer = await api.ask(path, { key, body: {} });
        answers.add(`${answer.status} ${answer.text}`);
        if (query) answers.add(`401 ${(await api.ask(path, { key })).text}`);
      }
    }
    expect([...answers]).toEqual([
      expect.stringContaining('401 {"type":"urn:evfleet:error:not-authenticated"'),
    ]);
  });

  it.each([
    ['none', {}],
    ['one that nobody has', { authorization: `Bearer ${keyNamed('nobody')}` }],
    ['what is no key', { authorization: 'Bearer secret' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${keyNamed('admin')}` }],
    ['two of them', { authorization: `Bearer ${keyNamed('admin')} ${keyNamed('admin')}` }],
    ['a very long one', { authorization: `Bearer ${'x'.repeat(5000)}` }],
  ])('the answer is the same: %s', async (_, headers) => {
    const api = await TestApi.start();
    for (const path of [list, '/api/v1/site/lst', '/metrics', '/', '/api/v1/login/x']) {
      const { status, text, headers: answered } = await api.ask(path, { key: null, headers });
      expect([path, status]).toEqual([path, 401]);
      expect(JSON.parse(text)).toEqual({
        type: 'urn:evfleet:error:not-authenticated',
        title: 'Who asks is not known',
        status: 401,
        detail: 'This needs a valid API key.',
        code: 'NOT_AUTHENTICATED',
        suggestions: expect.any(Array),
      });
      expect(answered).toMatchObject({
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer realm="evfleet"',
        connection: 'close',
      });
    }
  });
});

it('with one, operations see who asks, by which key, and where from', async () => {
  const api = await TestApi.start();
  api.callers.set(keyNamed('reader'), callerOf('reader', { readOnly: true }));
  expect((await api.ask(list, { key: keyNamed('reader') })).status).toBe(200);
  const refused = await api.ask('/api/v1/site/create', { key: keyNamed('reader'), body: { name: 'Solna' } });
  expect(refused.json()).toMatchObject({ status: 403, code: 'NOT_ALLOWED' });
  expect(api.addresses).toEqual(['127.0.0.1', '127.0.0.1']);
});

it('metrics are for those who are for the whole fleet', async () => {
  const api = await TestApi.start({}, { metrics: { text: async () => 'up 1\n' } });
  const ask = async (role: 'admin' | 'support' | 'site-admin' | 'driver', siteUuids: string[] | null) => {
    api.callers.set(keyNamed('x'), callerOf('x', { role, siteUuids }));
    return (await api.ask('/metrics', { key: keyNamed('x') })).status;
  };
  expect(await ask('admin', null)).toBe(200);
  expect(await ask('support', null)).toBe(200);
  expect(await ask('support', ['s'])).toBe(403);
  expect(await ask('site-admin', ['s'])).toBe(403);
  expect(await ask('driver', [])).toBe(403);
});

describe('wrong keys', () => {
  const wrong = (api: TestApi, agent?: http.Agent) =>
    api.ask(list, { key: keyNamed('wrong'), ...(agent && { agent }) });

  it('make their network wait, longer each time', async () => {
    const api = await TestApi.start();
    const { clock } = api.opened;
    for (let n = 0; n < 5; n += 1) expect((await wrong(api)).status).toBe(401);
    const refused = await wrong(api);
    expect(refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect(refused.headers['retry-after']).toBe('1');
    clock.advance(1000);
    expect((await wrong(api)).status).toBe(401);
    expect((await wrong(api)).headers['retry-after']).toBe('2');
    // A right one waits as well: otherwise guessing would go on meanwhile.
    expect((await api.ask(list)).status).toBe(429);
    expect((await api.ask(list, { agent: agentAt('127.0.0.2') })).status).toBe(200);
    clock.advance(2000);
    expect((await api.ask(list)).status).toBe(200);
  });

  it('do not lock out a key that was good from there before, until it is no longer', async () => {
    const api = await TestApi.start();
    expect((await api.ask(list)).status).toBe(200);
    for (let n = 0; n < 6; n += 1) await wrong(api);
    expect((await wrong(api)).status).toBe(429);
    expect((await api.ask(list)).status).toBe(200);
    api.callers.clear();
    expect((await api.ask(list)).status).toBe(401);
    expect((await api.ask(list)).status).toBe(429);
  });

  it('are logged with address and id, never with their secret', async () => {
    const api = await TestApi.start();
    await wrong(api);
    await api.ask(list, { key: 'my-password-1' });
    expect(api.log.lines).toEqual([
      { level: 'warn', message: 'API key refused', address: '127.0.0.1', keyId: 'wrongaaaaaaa' },
      { level: 'warn', message: 'API key refused', address: '127.0.0.1' },
    ]);
  });
});

describe('how often', () => {
  it('a key may ask: a burst, then so many a second', async () => {
    const api = await TestApi.start({ apiLimits: { keyRate: 2, keyBurst: 3 } });
    api.callers.set(keyNamed('other'), callerOf('other'));
    for (let n = 0; n < 3; n += 1) expect((await api.ask(list)).status).toBe(200);
    const refused = await api.ask(list);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
    expect((await api.ask(list, { key: keyNamed('other') })).status).toBe(200);
    api.opened.clock.advance(500);
    expect((await api.ask(list)).status).toBe(200);
    expect((await api.ask(list)).status).toBe(429);
  });

  it('a network may without a key', async () => {
    const api = await TestApi.start({ apiLimits: { strangerRate: 1, strangerBurst: 3 } });
    const ask = (path: string) => api.ask(path, { key: null });
    expect((await ask(list)).status).toBe(401);
    expect((await ask('/api/v1/openapi.json')).status).toBe(200);
    expect((await ask(list)).status).toBe(401);
    expect((await ask('/api/v1/openapi.json')).status).toBe(429);
    expect((await api.logIn('ann@example.com', password)).status).toBe(429);
    api.opened.clock.advance(1000);
    expect((await ask(list)).status).toBe(401);
  });

  it('at the same time: so many requests of a key', async () => {
    const api = await TestApi.start({ apiLimits: { requestsPerKeyMax: 2 } });
    const { runner } = api.opened;
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let running = 0;
    runner.run = async () => {
      running += 1;
      await held;
      return {};
    };
    const waiting = [api.ask(list), api.ask(list)];
    await until(() => running === 2, 'two requests');
    expect((await api.ask(list)).json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    answer();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await api.ask(list)).status).toBe(200);
  });
});

it('whoever has many keys gets no further than with four', async () => {
  const api = await TestApi.start({ apiLimits: { requestsPerKeyMax: 1, keyRate: 1, keyBurst: 2 } });
  const keys = Array.from({ length: 9 }, (_, n) => `key${n}`);
  for (const key of keys)
    api.callers.set(keyNamed(key), callerOf(key, { name: 'ann@example.com', userUuid: 'ann' }));
  api.callers.set(keyNamed('bob'), callerOf('bob', { userUuid: 'bob' }));
  const { runner } = api.opened;
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let running = 0;
  runner.run = async () => {
    running += 1;
    await held;
    return {};
  };
  const ask = (key: string) => api.ask(list, { key: keyNamed(key) });
  const waiting = keys.slice(0, 4).map(ask);
  await until(() => running === 4, 'four requests');
  expect((await ask('key4')).json()).toMatchObject({
    detail: 'Too many requests of your keys are under way already.',
  });
  const other = ask('bob');
  await until(() => running === 5, 'somebody else');
  answer();
  expect((await Promise.all([...waiting, other])).map(({ status }) => status)).toEqual(Array(5).fill(200));
  // Eight at once, of which five are used up.
  for (const key of ['key5', 'key6', 'key7']) expect((await ask(key)).status).toBe(200);
  expect((await ask('key8')).status).toBe(429);
  expect((await ask('bob')).status).toBe(200);
});

describe('login', () => {
  it('gives a key', async () => {
    const api = await TestApi.start();
    expect((await api.logIn('Ann@example.com', password)).json()).toEqual({
      key: keyNamed('login'),
      id: 'login',
      email: 'Ann@example.com',
      role: 'admin',
      expires: null,
    });
  });

  it.each([
    ['nothing', {}],
    ['no password', { email: 'a@example.com' }],
    ['numbers', { email: 1, password: 2 }],
    ['a list', []],
    ['null', null],
    ['something more', { email: 'a@example.com', password, admin: true }],
    ['too long a password', { email: 'a@example.com', password: 'x'.repeat(1025) }],
  ])('with %s is not right', async (_, body) => {
    const api = await TestApi.start();
    const answer = await api.ask('/api/v1/login', { key: null, body });
    expect(answer.json()).toMatchObject({ status: 400, code: 'USAGE' });
    expect(answer.text).not.toContain(password);
  });

  it('takes 4 KiB and no more', async () => {
    const api = await TestApi.start();
    const padded = (bytes: number) => {
      const body = JSON.stringify({ email: 'a@example.com', password });
      return `${body.slice(0, -1)}${' '.repeat(bytes - body.length)}}`;
    };
    expect((await api.ask('/api/v1/login', { key: null, body: padded(4096) })).status).toBe(200);
    expect((await api.ask('/api/v1/login', { key: null, body: padded(4097) })).status).toBe(413);
  });

  it('with wrong passwords makes the network wait, for keys too', async () => {
    const api = await TestApi.start();
    for (let n = 0; n < 5; n += 1) expect((await api.logIn(`u${n}@example.com`, 'no')).status).toBe(401);
    const refused = await api.logIn('ann@example.com', password);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
    expect((await api.ask(list)).status).toBe(429);
    api.opened.clock.advance(1000);
    expect((await api.logIn('ann@example.com', password)).status).toBe(200);
  });

  it('is logged when it fails, without what may be a password', async () => {
    const api = await TestApi.start();
    await api.logIn('Ann@example.com', 'wrong-secret');
    await api.logIn('wrong-secret', 'ann@example.com');
    expect(api.log.lines).toEqual([
      { level: 'warn', message: 'login refused', address: '127.0.0.1', email: 'ann@example.com' },
      { level: 'warn', message: 'login refused', address: '127.0.0.1' },
    ]);
  });

  it('for an address that many networks guess at takes its time, and works', async () => {
    const api = await TestApi.start();
    const { clock } = api.opened;
    for (let n = 0; n < 5; n += 1) {
      const agent = agentAt(`127.0.1.${n + 1}`);
      const body = { email: 'ann@example.com', password: 'no' };
      expect((await api.ask('/api/v1/login', { key: null, body, agent })).status).toBe(401);
    }
    const slow = api.logIn('ANN@example.com ', password);
    await until(() => clock.pendingOf(250) === 1, 'the pause');
    expect((await api.logIn('bob@example.com', password)).status).toBe(200);
    clock.advance(250);
    expect((await slow).status).toBe(200);
    expect((await api.logIn('ann@example.com', password)).status).toBe(200);
  });

  it('is held no more often than so many times for a network, nor for an address', async () => {
    const limits = { failuresFree: 1, failureDelayMaxMs: 1, loginsPerEmailMax: 3 };
    const api = await TestApi.start({ apiLimits: limits });
    const { clock } = api.opened;
    const from = (n: number, given: string) => {
      const body = { email: 'ann@example.com', password: given };
      return api.ask('/api/v1/login', { key: null, body, agent: agentAt(`127.0.1.${n}`) });
    };
    expect((await from(9, 'no')).status).toBe(401);
    const held = [from(1, password), from(1, password)];
    await until(() => clock.pendingOf(250) === 2, 'two pauses');
    expect((await from(1, password)).json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    held.push(from(2, password));
    await until(() => clock.pendingOf(250) === 3, 'three pauses');
    expect((await from(3, password)).json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    clock.advance(250);
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
