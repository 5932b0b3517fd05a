import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileBench } from './file-bench.js';

/** Bytes that are no text. */
const log = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256));

function put(url: string, body: Buffer | string, init: RequestInit = {}) {
  return fetch(url, { method: 'PUT', body, ...init });
}

describe('an upload over HTTP', () => {
  it.each([
    ['PUT into the place it was told', 'PUT', ''],
    ['PUT of a name in that place', 'PUT', 'log.zip'],
    ['PUT of a name after another slash', 'PUT', '/log.zip'],
    ['POST', 'POST', ''],
  ])('is taken: %s', async (_, method, name) => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload();
    const response = await put(url + name, log, { method });
    expect(response.status).toBe(200);
    expect(received).toEqual([{ name: name.replace('/', ''), sizeBytes: 3000 }]);
    expect(await bench.stored()).toEqual({ file1: log });
    expect((await fs.stat(path.join(bench.directory, 'file1'))).mode & 0o777).toBe(0o600);
  });

  it('is taken out of a form', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload();
    const form = new FormData();
    form.set('station', 'CP1');
    form.set('file', new Blob([log]), 'diag.tar.gz');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200);
    expect(received).toEqual([{ name: 'diag.tar.gz', sizeBytes: 3000 }]);
    expect(await bench.stored()).toEqual({ file1: log });
  });

  it('is refused when the form has no file, or only a part of it', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload();
    const form = new FormData();
    form.set('station', 'CP1');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(400);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const half = '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nabc';
    expect((await fetch(url, { method: 'POST', body: half, headers })).status).toBe(400);
    expect(await bench.stored()).toEqual({});
    expect((await put(url, log)).status).toBe(200);
  });

  it('is refused beyond the limit, announced or not, and leaves nothing behind', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ maxBytes: 2999 });
    expect((await put(url, log)).status).toBe(413);
    const unannounced = new ReadableStream({
      start(controller) {
        controller.enqueue(log);
        controller.close();
      },
    });
    const response = await fetch(url, { method: 'PUT', body: unannounced, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
    expect(await bench.everything()).toEqual([]);
    expect(bench.log.text).toContain('file transfer refused: the file is larger than 2999 bytes');
    expect((await put(url, log.subarray(1))).status).toBe(200);
  });

  it('a station that sends far too much is told so before it has sent it all', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ maxBytes: 1000 });
    const request = http.request(url, { method: 'PUT' });
    request.on('error', () => undefined);
    request.write(Buffer.alloc(100_000));
    const status = await new Promise((resolve) => request.once('response', (r) => resolve(r.statusCode)));
    request.destroy();
    expect(status).toBe(413);
    expect(await bench.everything()).toEqual([]);
  });

  it('is refused before it is sent, to a station that asks first', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload({ maxBytes: 10 });
    const request = http.request(url, {
      method: 'PUT',
      headers: { expect: '100-continue', 'content-length': 3000 },
    });
    request.on('error', () => undefined);
    let mayContinue = false;
    request.on('continue', () => {
      mayContinue = true;
    });
    request.flushHeaders();
    const status = await new Promise((resolve) => request.once('response', (r) => resolve(r.statusCode)));
    request.destroy();
    expect({ status, mayContinue }).toEqual({ status: 413, mayContinue: false });
  });

  it('may be sent by a station that asks first', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload();
    const request = http.request(url, {
      method: 'PUT',
      headers: { expect: '100-continue', 'content-length': 3000 },
    });
    request.on('continue', () => request.end(log));
    request.flushHeaders();
    const status = await new Promise((resolve) =>
      request.once('response', (r) => resolve(r.resume().statusCode)),
    );
    expect(status).toBe(200);
    expect(received).toHaveLength(1);
  });

  it('is taken once: the slot is used up then, and nothing is overwritten', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload();
    expect((await put(url, log)).status).toBe(200);
    expect((await put(url, 'other')).status).toBe(409);
    expect((await put(`${url}other`, 'other')).status).toBe(409);
    expect(await bench.stored()).toEqual({ file1: log });
    expect(bench.log.text).toContain('the file is here already');
  });

  it('never takes the place of a file that is there', async () => {
    const bench = await FileBench.begin();
    await fs.mkdir(bench.directory, { recursive: true });
    await fs.writeFile(path.join(bench.directory, 'file1'), 'old');
    const { url, received } = await bench.offerUpload();
    expect((await put(url, log)).status).toBe(500);
    expect(await bench.stored()).toEqual({ file1: Buffer.from('old') });
    expect(received).toEqual([]);
  });

  it.each(['../x', '..%2fx', '%2e%2e%2fx', '..', '%2e%2e', 'a/b', '%2fetc%2fpasswd', 'a%00b', 'a\\b', '%'])(
    'is refused with the name %s',
    async (name) => {
      const bench = await FileBench.begin();
      const { url, received } = await bench.offerUpload();
      // As raw text: a client that knows URLs would tidy up before.
      const answer = await bench.raw(
        `PUT ${new URL(url).pathname}${name} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 (400|404)/);
      expect(received).toEqual([]);
      expect(await bench.everything()).toEqual([]);
    },
  );

  it('is refused with wrong credentials, and tells nothing else', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload();
    const wrong = url.replace(/-(.)/, (_, first) => `-${first === '0' ? '1' : '0'}`);
    const nobody = url.replace(/files\/\w+-/, 'files/0123456789-');
    for (const other of [wrong, nobody, new URL('/files/', url).href]) {
      const response = await put(other, log);
      expect([response.status, await response.text()]).toEqual([404, expect.stringMatching(/wrong|no such/)]);
    }
    expect(bench.log.text).toContain('file transfer refused: wrong credentials');
    expect(bench.log.text).not.toContain(new URL(url).pathname.slice(7, 40));
  });

  it('is refused when the offer has expired or was withdrawn', async () => {
    const bench = await FileBench.begin();
    const first = await bench.offerUpload({ validMs: 1000 });
    const second = await bench.offerUpload({ storeAs: 'file2' });
    bench.clock.advance(1000);
    expect((await put(first.url, log)).status).toBe(404);
    second.withdraw();
    expect((await put(second.url, log)).status).toBe(404);
    expect(await bench.stored()).toEqual({});
  });

  it('cannot be read back, listed or removed', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload();
    for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const response = await fetch(url, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'PUT, POST']);
    }
  });

  it('half of it is nothing, and the station may begin again', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload();
    const socket = await bench.begin(url, 3000, log.subarray(0, 1000));
    await bench.untilRunning();
    socket.destroy();
    await bench.log.waitFor('the connection ended in the middle of it');
    expect(received).toEqual([]);
    expect(await bench.everything()).toEqual([]);
    expect((await put(url, log)).status).toBe(200);
  });

  it('a part that is announced as one is not taken for the whole (RFC 9110 §14.5)', async () => {
    const bench = await FileBench.begin();
    const { url } = await bench.offerUpload();
    const headers = { 'content-range': 'bytes 4-7/8' };
    const response = await fetch(`${url}log.zip`, { method: 'PUT', body: 'rest', headers });
    expect(response.status).toBe(400);
    expect(await bench.everything()).toEqual([]);
  });

  it('one at a time: a second one to the same slot is refused', async () => {
    const bench = await FileBench.begin();
    const { url, received } = await bench.offerUpload();
    const socket = await bench.begin(url, 3000, log.subarray(0, 1000));
    await bench.untilRunning();
    const second = await put(url, log);
    expect(second.status).toBe(409);
    socket.write(log.subarray(1000));
    await bench.until(() => received.length === 1);
    expect(await bench.stored()).toEqual({ file1: log });
  });

  it('that stands still is cut off', async () => {
    const bench = await FileBench.begin({ idleTimeoutMs: 30_000 });
    const { url } = await bench.offerUpload();
    const socket = await bench.begin(url, 3000, log.subarray(0, 1000));
    await bench.untilRunning();
    bench.clock.advance(30_000);
    await bench.closed(socket);
    await bench.log.waitFor('nothing moved for 30 s');
    expect(await bench.everything()).toEqual([]);
  });

  it('that comes drop by drop is cut off after all', async () => {
    const bench = await FileBench.begin({ idleTimeoutMs: 30_000, totalTimeoutMs: 60_000 });
    const { url } = await bench.offerUpload();
    const socket = await bench.begin(url, 3000, log.subarray(0, 100));
    await bench.untilRunning();
    for (let round = 1; round < 3; round += 1) {
      bench.clock.advance(20_000);
      socket.write(log.subarray(100 * round, 100 * round + 100));
      await bench.untilSize(100 * round + 100);
    }
    bench.clock.advance(20_000);
    await bench.closed(socket);
    await bench.log.waitFor('it took longer than 60 s');
  });

  it('no more at a time than the limit; others are told to come back', async () => {
    const bench = await FileBench.begin({ maxTransfers: 1 });
    const first = await bench.offerUpload();
    const second = await bench.offerUpload({ storeAs: 'file2' });
    const socket = await bench.begin(first.url, 3000, log.subarray(0, 1000));
    await bench.untilRunning();
    const refused = await put(second.url, log);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    socket.write(log.subarray(1000));
    await bench.until(() => first.received.length === 1);
    // It counts until it is over on this side too.
    await bench.until(async () => (await put(second.url, log)).status === 200);
    expect(second.received).toHaveLength(1);
  });
});

describe('a download over HTTP', () => {
  async function offered() {
    const bench = await FileBench.begin();
    return { bench, ...(await bench.offerDownload('fw-1.2.bin', log)) };
  }

  it('gives the file, as often as it is fetched', async () => {
    const { url } = await offered();
    expect(new URL(url).pathname).toMatch(/\/fw-1\.2\.bin$/);
    for (let time = 0; time < 2; time += 1) {
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe('3000');
      expect(Buffer.from(await response.arrayBuffer())).toEqual(log);
    }
  });

  it.each([
    ['bytes=0-99', 206, log.subarray(0, 100), 'bytes 0-99/3000'],
    ['bytes=2990-', 206, log.subarray(2990), 'bytes 2990-2999/3000'],
    ['bytes=-10', 206, log.subarray(2990), 'bytes 2990-2999/3000'],
    ['bytes=2990-9999', 206, log.subarray(2990), 'bytes 2990-2999/3000'],
    ['bytes=3000-', 416, Buffer.alloc(0), 'bytes */3000'],
    ['bytes=5-4', 200, log, null],
    ['bytes=0-1,5-6', 200, log, null],
    ['pages=1-2', 200, log, null],
  ])('gives the part %s', async (range, status, content, contentRange) => {
    const { url } = await offered();
    const response = await fetch(url, { headers: { range } });
    expect([response.status, response.headers.get('content-range')]).toEqual([status, contentRange]);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
  });

  it('says how large it is (HEAD)', async () => {
    const { url } = await offered();
    const response = await fetch(url, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '3000']);
    expect(response.headers.get('accept-ranges')).toBe('bytes');
  });

  it('gives nothing under another name, and takes nothing', async () => {
    const { url } = await offered();
    expect((await fetch(url.replace('fw-1.2.bin', 'fw-1.3.bin'))).status).toBe(400);
    expect((await put(url, log)).status).toBe(405);
  });

  it('the same offer can be made again with its credentials', async () => {
    const { bench, url, credentials, withdraw } = await offered();
    withdraw();
    expect((await fetch(url)).status).toBe(404);
    const again = await bench.offerDownload('fw-1.2.bin', log, { credentials });
    expect(again.url).toBe(url);
    expect((await fetch(url)).status).toBe(200);
  });
});

it('strangers are told what is here', async () => {
  const bench = await FileBench.begin();
  const response = await fetch(bench.httpUrl);
  expect([response.status, await response.text()]).toEqual([
    404,
    'Files of charging stations are moved here.\n',
  ]);
});
