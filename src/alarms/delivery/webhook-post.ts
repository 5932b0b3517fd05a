import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { hostOf, isPrivateAddress } from '../../domain/alarm/webhook-address.js';
import type { Lookup } from './webhook-lookup.js';

export interface PostOptions {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Certificates to trust instead of those that Node.js does; for tests. */
  readonly ca?: string | undefined;
  readonly lookup: Lookup;
}

/** What is read of an answer; nobody looks at it, but who answers may go on. */
const answerMaxBytes = 64 * 1024;

/** All addresses that a name has are those of private networks. */
export class PrivateAddress extends Error {}

/**
 * Posts a JSON text and gives the status of the answer. Follows no redirect, keeps no connection.
 * @throws PrivateAddress when the name leads to no address that is allowed; otherwise what went wrong on the way
 */
export function post(options: PostOptions): Promise<number> {
  const { url, body, headers, allowPrivate, timeoutMs, signal, ca } = options;
  const target = new URL(url);
  const host = hostOf(target.hostname);
  if (!allowPrivate && isIP(host) > 0 && isPrivateAddress(host)) {
    return Promise.reject(new PrivateAddress(`${host} is a private address`));
  }
  return new Promise((resolve, reject) => {
    const given = {
      method: 'POST',
      agent: false,
      headers: {
        ...headers,
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      lookup: checkedLookup(allowPrivate, options.lookup),
      maxHeaderSize: 16 * 1024,
    };
    const request =
      target.protocol === 'https:'
        ? https.request(target, { ...given, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) })
        : http.request(target, given);
    request.once('error', reject);
    request.once('response', (response) => {
      const { statusCode = 0 } = response;
      let bytes = 0;
      const end = () => {
        resolve(statusCode);
        request.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerMaxBytes) end();
      });
      response.once('end', end);
      // The status was there: what became of the rest does not matter.
      response.once('error', end);
      response.once('close', end);
    });
    request.end(body);
  });
}

/**
 * Looks a name up for the connection itself, so that what was checked is what is connected to: a name may lead elsewhere
 * the next time it is asked.
 */
function checkedLookup(allowPrivate: boolean, lookup: Lookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const family = options.family === 4 || options.family === 6 ? options.family : undefined;
      const usable = found.filter(
        (entry) =>
          (allowPrivate || !isPrivateAddress(entry.address)) &&
          (family === undefined || entry.family === family),
      );
      const [first] = usable;
      if (first === undefined) {
        return callback(new PrivateAddress(`${host} leads to no public address`), '', 0);
      }
      if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}
