import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebhookCarrier, type WebhookCarrierOptions } from '../../src/alarms/delivery/webhook-carrier.js';
import { retryMessage } from '../../src/domain/alarm/outbox-steps.js';
import { isPrivateAddress, webhookComplaint } from '../../src/domain/alarm/webhook-address.js';
import type { SettingKey } from '../../src/domain/settings.js';
import { TestAuthority } from '../helpers/certificates.js';
import { testStart } from '../helpers/fake-clock.js';
import { DeliveryBench, offline } from './delivery-bench.js';

const secret = '0123456789abcdef0123456789abcdef';

interface Post {
  readonly path: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A real receiver; `answer` may do what it likes. */
async function receiver(
  answer: (response: http.ServerResponse, post: Post) => void = (response) => response.end(),
  identity?: { cert: string; key: string },
) {
  const posts: Post[] = [];
  const listener: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const post = { path: request.url, headers: request.headers, body: String(Buffer.concat(chunks)) };
      posts.push(post);
      answer(response, post);
    });
  };
  const server = identity ? https.createServer(identity, listener) : http.createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { posts, port, url: `${identity ? 'https' : 'http'}://127.0.0.1:${port}/hook?x=1` };
}

function bench(
  options: Omit<WebhookCarrierOptions, 'clock'> = {},
  settings: Partial<Record<SettingKey, string>> = { 'webhook.allow-private': 'on' },
): Promise<DeliveryBench> {
  return DeliveryBench.start({
    settings: { 'webhook.secret': secret, ...settings },
    carriers: [(clock) => new WebhookCarrier({ clock, ...options })],
  });
}

const hook = (recipient: string) => ({ channel: 'webhook' as const, recipient, threadKey: 'outage-1' });

describe('a webhook', () => {
  it('is signed JSON that says what happened', async () => {
    const { posts, url } = await receiver();
    const fleet = await bench();
    await fleet.enqueue({
      ...hook(url),
      notification: offline('CP1', { name: 'Nörd', site: 'Solna' } as object),
    });
    await fleet.reached('sent', 1);
    const [post] = posts;
    expect(JSON.parse(post?.body ?? '')).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: 'station-offline',
      time: '2026-05-04T10:00:00.000Z',
      thread: 'outage-1',
      summary: 'Offline for 15 minutes: Nörd (CP1)',
      since: '2026-05-04T09:45:00.000Z',
      stepS: 900,
      stationId: 'CP1',
      name: 'Nörd',
      site: 'Solna',
    });
    const t = testStart / 1000;
    const v1 = createHmac('sha256', secret).update(`${t}.${post?.body}`).digest('hex');
    expect(post?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'evfleet',
      'x-evfleet-kind': 'station-offline',
      'x-evfleet-signature': `t=${t},v1=${v1}`,
    });
    expect(post?.path).toBe('/hook?x=1');
  });

  it('that fails comes again with the same id and body, and a new time', async () => {
    let failures = 2;
    const { posts, url } = await receiver((response) => {
      failures -= 1;
      response.writeHead(failures >= 0 ? 500 : 204).end();
    });
    const fleet = await bench();
    await fleet.enqueue(hook(url));
    await fleet.attempted(1);
    expect((await fleet.messages())[0]?.lastError).toBe('The receiver answered 500.');
    await fleet.pass(30_000, 30_000);
    await fleet.pass(60_000);
    await fleet.reached('sent', 1);
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    expect(new Set(posts.map(({ headers }) => headers['x-evfleet-signature'])).size).toBe(3);
  });

  it('does not follow redirects', async () => {
    const other = await receiver();
    const { url } = await receiver((response) => response.writeHead(307, { location: other.url }).end());
    const fleet = await bench();
    await fleet.enqueue(hook(url));
    await fleet.attempted(1);
    const [message] = await fleet.messages();
    expect(message).toMatchObject({
      state: 'pending',
      lastError: 'The receiver answered 307, and redirects are not followed.',
    });
    expect(other.posts).toEqual([]);
  });

  it('to one receiver that stalls holds up no other', async () => {
    const stalled = await receiver(() => undefined);
    const good = await receiver();
    const fleet = await bench({ timeoutMs: 1000 });
    await fleet.enqueue(hook(good.url));
    await fleet.reached('sent', 1);
    await fleet.enqueue(hook(stalled.url), hook(stalled.url), hook(good.url), hook(good.url));
    await fleet.reached('sent', 3);
    await fleet.attempted(4);
    const [, first, second] = await fleet.messages();
    expect(first?.lastError).toBe('The receiver did not answer within 1 s.');
    expect(second).toMatchObject({ attempts: 0, nextAttemptAt: null });
    expect(stalled.posts.length).toBe(1);
  });

  it('is sent when its answer is endless, and for good refused when the receiver is gone', async () => {
    const endless = await receiver((response) => {
      response.writeHead(200);
      const more = () => response.write('x'.repeat(16_384)) && setImmediate(more);
      response.on('drain', more);
      more();
    });
    const gone = await receiver((response) => response.writeHead(410).end());
    const fleet = await bench();
    await fleet.enqueue(hook(endless.url), hook(gone.url));
    await fleet.reached('sent', 1);
    await fleet.reached('dead', 1);
    expect((await fleet.messages())[1]?.lastError).toBe('The receiver answered 410: it is gone.');
  });

  it('finds its receiver by a name that only this machine knows', async () => {
    const { posts, port } = await receiver();
    const fleet = await bench();
    await fleet.enqueue(hook(`http://localhost:${port}/`));
    await fleet.reached('sent', 1);
    expect(posts[0]?.headers.host).toBe(`localhost:${port}`);
  });

  it('to what is no URL is given up, also when somebody wants it to be tried again', async () => {
    const fleet = await bench();
    await fleet.enqueue(hook('nonsense'), { recipient: 'a@x.com, b@y.com', channel: 'webhook' });
    expect(await fleet.states()).toEqual(['dead', 'dead']);
    const all = await fleet.messages();
    await fleet.write(async (r) => {
      for (const message of all) await retryMessage(r, message, fleet.clock.now());
    });
    await fleet.attempted(2);
    expect(await fleet.states()).toEqual(['dead', 'dead']);
    expect(fleet.log.find(/message given up/)[0]).toMatchObject({ recipient: '(no URL)' });
  });

  it('goes by HTTPS only to who is trusted', async () => {
    const authority = new TestAuthority();
    const { posts, url } = await receiver(undefined, authority.server());
    const suspicious = await bench();
    await suspicious.enqueue(hook(url));
    await suspicious.attempted(1);
    expect((await suspicious.messages())[0]?.lastError).toMatch(/certificate/);
    expect(posts).toEqual([]);
    const trusting = await bench({ ca: authority.cert });
    await trusting.enqueue(hook(url));
    await trusting.reached('sent', 1);
  });
});

describe('private addresses', () => {
  it('are refused after the name was looked up, and what was checked is what is connected to', async () => {
    const { posts, port } = await receiver();
    const asked: string[] = [];
    const fleet = await bench(
      {
        lookup: (host, _options, callback) => {
          asked.push(host);
          callback(null, [{ address: '127.0.0.1', family: 4 }]);
        },
      },
      {},
    );
    await fleet.enqueue(hook(`https://hooks.example:${port}/`));
    await fleet.reached('dead', 1);
    expect((await fleet.messages())[0]?.lastError).toBe(
      'hooks.example leads to no public address, which needs the setting webhook.allow-private.',
    );
    expect([asked, posts]).toEqual([['hooks.example'], []]);
    // Allowed, it is asked once and that answer is used.
    const open = await bench({
      lookup: (host, _options, callback) => {
        asked.push(host);
        callback(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    await open.enqueue(hook(`http://hooks.example:${port}/`));
    await open.reached('sent', 1);
    expect(asked).toEqual(['hooks.example', 'hooks.example']);
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://10.1.2.3/',
    'https://172.31.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://255.255.255.255/',
    'https://localhost/',
    'https://api.localhost./',
  ])('%s is one', (url) => {
    expect(webhookComplaint(url, false)).toBe(
      'is a private address, which needs the setting webhook.allow-private',
    );
    expect(webhookComplaint(url, true)).toBeUndefined();
  });

  it.each([
    ['https://example.org/hook', undefined],
    ['https://8.8.8.8/', undefined],
    ['https://[2606:4700::1111]/', undefined],
    ['http://example.org/', 'is not encrypted, which needs the setting webhook.allow-private'],
    ['ftp://example.org/', 'does not begin with https://'],
    ['https://u:p@example.org/', 'contains a password, which would be shown in lists'],
    ['https://example.org/#x', 'contains a #, which no server is told'],
    ['https://exa mple.org/', 'is no URL'],
    [`https://example.org/${'x'.repeat(2000)}`, 'is longer than 2000 characters'],
    ['nonsense', 'is no URL'],
  ])('%s: %s', (url, complaint) => {
    expect(webhookComplaint(url, false)).toBe(complaint);
  });

  it('are told from others by their numbers; what is no address is none of the internet', () => {
    expect(['8.8.8.8', '172.32.0.1', '2a00:1450::1'].map(isPrivateAddress)).toEqual([false, false, false]);
    expect(['nonsense', '', '::', 'ff02::1', '2001:db8::1'].map(isPrivateAddress)).toEqual(
      Array.from({ length: 5 }, () => true),
    );
  });
});
