import https from 'node:https';
import { Readable } from 'node:stream';
import { Client } from 'basic-ftp';
import { onTestFinished } from 'vitest';
import { TestAuthority } from '../../helpers/certificates.js';
import type { FakeClock } from '../../helpers/fake-clock.js';
import { until } from '../../helpers/until.js';

/** Clients of these tests trust it, and nobody else. */
export const authority = new TestAuthority();

export interface Answer {
  readonly status: number | undefined;
  readonly body: Buffer;
}

/** A client that checks the certificate of the server. */
export function request(
  url: string,
  { body, ...options }: https.RequestOptions & { body?: Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = https.request(url, { ca: authority.cert, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/**
 * A client of the usual kind, logged in as the address says. Without TLS from the start, the greeting comes once the
 * server has waited for that.
 */
export async function ftpClient(
  url: string,
  { clock, secure }: { clock: FakeClock; secure: boolean | 'implicit' },
): Promise<Client> {
  const ftp = new Client(60_000);
  onTestFinished(() => ftp.close());
  const { hostname, port, username, password } = new URL(url);
  let isIn = false;
  const access = ftp
    .access({
      ...{ host: hostname, port: Number(port), user: username, password, secure },
      secureOptions: { ca: authority.cert, host: hostname },
    })
    .finally(() => {
      isIn = true;
    });
  await (secure === 'implicit' ? access : Promise.all([access, greeted(clock, () => isIn)]));
  return ftp;
}

/** Lets the server come to the end of its wait for TLS. */
export async function greeted(clock: FakeClock, isOver: () => boolean): Promise<void> {
  await until(() => {
    if (clock.pendingOf(200) > 0) clock.advance(200);
    return isOver();
  });
}

export async function upload(ftp: Client, content: Buffer, name: string): Promise<void> {
  await ftp.uploadFrom(Readable.from([content]), name);
}
