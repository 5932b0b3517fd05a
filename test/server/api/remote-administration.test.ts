import { describe, expect, it } from 'vitest';
import { TestServer } from '../../helpers/test-server.js';

const password = 'correct horse 1';

/** A server with two sites, a station at each, and what asks its API. */
async function started() {
  const server = await TestServer.start({ apiPort: 0 });
  const { fleet } = server;
  for (const name of ['Solna', 'Berlin']) {
    await fleet.run('site.create', { name });
    await fleet.run('station.create', { id: `CP-${name}`, site: name });
  }
  const ask = async (name: string, { key, ...input }: Record<string, unknown> = {}) => {
    const response = await fetch(`${server.running.apiUrl}/api/v1/${name.replaceAll('.', '/')}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, answer };
  };
  const keyOf = async (email: string, details: { readOnly?: boolean; expiresAt?: number } = {}) =>
    (await fleet.run('api-key.create', { user: email, ...details })).key;
  return { server, fleet, ask, keyOf };
}

describe('whoever has a key', () => {
  it('administers with the role and the sites of its user', async () => {
    const { fleet, ask, keyOf } = await started();
    await fleet.run('user.create', { email: 'ann@example.com', role: 'admin' });
    await fleet.run('user.create', { email: 'sam@example.com', role: 'site-admin', sites: ['Solna'] });
    await fleet.run('user.create', { email: 'dan@example.com', role: 'driver' });
    const [admin, siteAdmin, driver] = [
      await keyOf('ann@example.com'),
      await keyOf('sam@example.com'),
      await keyOf('dan@example.com'),
    ];
    expect((await ask('station.list', { key: admin })).answer).toMatchObject({ total: 2 });
    expect((await ask('station.list', { key: siteAdmin })).answer).toMatchObject({
      items: [{ id: 'CP-Solna' }],
      total: 1,
    });
    expect(await ask('station.show', { key: siteAdmin, id: 'CP-Berlin' })).toMatchObject({ status: 404 });
    expect(await ask('site.create', { key: driver, name: 'Oslo' })).toMatchObject({
      status: 403,
      answer: { code: 'NOT_ALLOWED' },
    });
    expect(await ask('store.backup', { key: admin, file: '/tmp/x' })).toMatchObject({ status: 403 });
  });

  it('may only read with one that was made for that', async () => {
    const { fleet, ask, keyOf } = await started();
    await fleet.run('user.create', { email: 'ann@example.com', role: 'admin' });
    const key = await keyOf('ann@example.com', { readOnly: true });
    expect((await ask('site.list', { key })).status).toBe(200);
    expect((await ask('site.create', { key, name: 'Oslo' })).status).toBe(403);
  });

  it('is nobody once it is revoked or has expired, or the user is disabled', async () => {
    const { server, fleet, ask, keyOf } = await started();
    await fleet.run('user.create', { email: 'ann@example.com', role: 'support' });
    const [first, second, third] = [
      await keyOf('ann@example.com'),
      await keyOf('ann@example.com', { expiresAt: server.clock.now() + 60_000 }),
      await keyOf('ann@example.com'),
    ];
    for (const key of [first, second, third]) expect((await ask('site.list', { key })).status).toBe(200);
    await fleet.run('api-key.revoke', { ids: [first.split('_')[1] ?? ''] });
    server.clock.advance(60_000);
    const refused = [await ask('site.list', { key: first }), await ask('site.list', { key: second })];
    expect((await ask('site.list', { key: third })).status).toBe(200);
    await fleet.run('user.update', { email: 'ann@example.com', disabled: true });
    refused.push(await ask('site.list', { key: third }));
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(refused.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
  });
});

describe('whoever has a password', () => {
  it('gets a key for it; an unknown user is told what a wrong password is', async () => {
    const { server, fleet, ask } = await started();
    await fleet.run('user.create', { email: 'ann@example.com', role: 'support', password });
    const { status, answer } = await ask('login', { email: 'ANN@example.com', password, label: 'laptop' });
    expect([status, answer]).toEqual([
      200,
      {
        key: expect.stringMatching(/^evf_/),
        id: expect.any(String),
        email: 'ann@example.com',
        role: 'support',
        expires: expect.any(String),
      },
    ]);
    expect((await ask('auth.whoami', { key: answer.key })).answer).toMatchObject({ role: 'support' });
    const wrong = await ask('login', { email: 'ann@example.com', password: 'wrong horse 1' });
    const unknown = await ask('login', { email: 'bob@example.com', password });
    expect(wrong).toMatchObject({ status: 401, answer: { code: 'NOT_AUTHENTICATED' } });
    expect(unknown).toEqual(wrong);
    expect(JSON.stringify(server.log.lines)).not.toContain('horse');
    expect(server.log.find(/login refused/)).toHaveLength(2);
  });
});
