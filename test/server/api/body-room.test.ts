import { describe, expect, it } from 'vitest';
import { BodyRoom } from '../../../src/server/api/body-room.js';
import { RawSocket } from '../../helpers/raw-socket.js';
import { callerOf, keyNamed, TestApi } from '../../helpers/test-api.js';
import { until } from '../../helpers/until.js';

describe('room for bodies', () => {
  it('is limited for each and for all, and comes back once', () => {
    const room = new BodyRoom({ totalBytes: 100, perUserBytes: 60 });
    const giveBack = room.take('ann', 60);
    expect(room.take('ann', 1)).toBeUndefined();
    expect(room.take('bob', 41)).toBeUndefined();
    expect(room.take('bob', 40)).toBeDefined();
    giveBack?.();
    giveBack?.();
    expect(room.taken).toBe(40);
    expect(room.take('ann', 60)).toBeDefined();
  });
});

describe('a thousand connections times ten megabytes', () => {
  const site = '/api/v1/site/create';
  const half = { body: { name: 'Solna', address: 'x'.repeat(100) } };
  const limits = { bodySmallBytes: 50, bodiesPerUserBytes: 1000, bodiesTotalBytes: 1500 };

  /** Somebody who says how much will come, and sends none of it. */
  async function promise(api: TestApi, key: string, length: string): Promise<RawSocket> {
    const raw = await RawSocket.connect(api.url);
    const head = `POST ${site} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keyNamed(key)}\r\n`;
    raw.write(`${head}Content-Type: application/json\r\n${length}\r\n\r\n`);
    return raw;
  }

  it('are not taken in, however many keys somebody has; what is small still is', async () => {
    const api = await TestApi.start({ apiLimits: limits });
    for (const key of ['one', 'two']) {
      api.callers.set(keyNamed(key), callerOf(key, { name: 'ann@example.com', userUuid: 'ann' }));
    }
    api.callers.set(keyNamed('bob'), callerOf('bob', { userUuid: 'bob' }));
    const first = await promise(api, 'one', 'Content-Length: 900');
    await until(() => api.addresses.length === 1, 'the first');
    const refused = await api.ask(site, { ...half, key: keyNamed('two') });
    expect(refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect(refused.headers['retry-after']).toBe('1');
    expect((await api.ask('/api/v1/site/list', { key: keyNamed('two'), body: {} })).status).toBe(200);
    expect((await api.ask(site, { ...half, key: keyNamed('bob') })).status).toBe(200);
    first.socket.destroy();
    let status = 0;
    while (status !== 200) {
      ({ status } = await api.ask(site, { body: { ...half.body, name: 'Kista' }, key: keyNamed('two') }));
      expect([200, 429]).toContain(status);
    }
  });

  it('count as much as they may be when they do not say', async () => {
    const api = await TestApi.start({ apiLimits: { ...limits, bodyMaxBytes: 1000 } });
    await promise(api, 'admin', 'Transfer-Encoding: chunked');
    await until(() => api.addresses.length === 1, 'the first');
    expect((await api.ask(site, half)).status).toBe(429);
  });
});
