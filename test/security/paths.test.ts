import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { handshake, RawSocket } from '../helpers/raw-socket.js';
import { TestServer } from '../helpers/test-server.js';

/** All of these mean the same to somebody who decodes or joins once too often. */
const ways = [
  '../evfleet.db',
  '..%2fevfleet.db',
  '%2e%2e/evfleet.db',
  '%2e%2e%2fevfleet.db',
  '%252e%252e%252fevfleet.db',
  '..%5cevfleet.db',
  '....//evfleet.db',
  '..;/evfleet.db',
  '%00',
  '..%00/evfleet.db',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'file:%2f%2f%2fetc%2fpasswd',
  '%c0%ae%c0%ae%c0%afevfleet.db',
];

async function names(directory: string): Promise<string[]> {
  return (await fs.readdir(directory, { recursive: true })).sort();
}

/** The first line of the answer, and what comes after. The path goes out as it is. */
async function answer(server: TestServer, request: string): Promise<{ status: number; text: string }> {
  const raw = await RawSocket.connect(server.url);
  raw.write(request);
  await raw.closed;
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(raw.received)?.[1]), text: raw.received };
}

function http(method: string, target: string, body = ''): string {
  const headers = ['Host: x', 'Connection: close', `Content-Length: ${body.length}`];
  return [`${method} ${target} HTTP/1.1`, ...headers, '', body].join('\r\n');
}

describe.each(ways)('%s', (way) => {
  it('as a file opens and makes nothing', async () => {
    const server = await TestServer.start();
    const outside = path.dirname(server.dataDir);
    const before = { inside: await names(server.dataDir), outside: await fs.readdir(outside) };
    for (const target of [`/files/${way}`, `/files/a-b/${way}`, `/${way}`, `/ocpp/files/${way}`]) {
      for (const method of ['GET', 'PUT', 'POST'] as const) {
        const { status, text } = await answer(server, http(method, target, method === 'GET' ? '' : 'evil'));
        expect(status, `${method} ${target}`).toBeGreaterThanOrEqual(400);
        expect(text).not.toMatch(/SQLite format|root:|ENOENT|EACCES/);
      }
    }
    expect(await names(server.dataDir)).toEqual(before.inside);
    const made = (await fs.readdir(outside)).filter((name) => /^(evil|evfleet\.db|passwd)$/.test(name));
    expect(made).toEqual([]);
  });

  it('as a station is refused, whoever may come in, and is no path anywhere', async () => {
    const server = await TestServer.start({ unknownStations: 'accept' });
    const before = await names(server.dataDir);
    const raw = await RawSocket.connect(server.url);
    raw.write(handshake(`/ocpp/${way}`));
    const first = /^HTTP\/1\.1 (\d+)/;
    while (!first.test(raw.received)) await new Promise((resolve) => setTimeout(resolve, 1));
    const status = Number(first.exec(raw.received)?.[1]);
    const { items } = await server.fleet.run('station.list', {});
    // What is behind the last slash may be a name, decoded once: an odd one, which is no path here.
    const name = way.split('/').at(-1) ?? '';
    if (status === 101) expect(items.map(({ id }) => id)).toEqual([decodeURIComponent(name)]);
    else expect([400, 404, items.length]).toContain(status);
    for (const { id } of items) expect(id).not.toMatch(/[/\0]|^\.\.?$/);
    expect(await names(server.dataDir)).toEqual(before);
  });
});
