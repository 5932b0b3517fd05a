import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import type { TransferProtocol } from '../../domain/station/file-exchange.js';
import type { DownloadSlot } from './download-slot.js';
import { isMultipart, readForm } from './multipart.js';
import { parseRange } from './range.js';
import type { SlotOffer, TransferDesk } from './transfer-desk.js';
import { type RefusalKind, TransferRefusal } from './transfer-refusal.js';
import type { TransferWatch } from './transfer-watch.js';
import type { UploadSlot } from './upload-slot.js';

/** What a refused station may still send, and how long, so that it gets to read why. */
const lingerMs = 2000;

/** What a form may have around its file. */
const formOverheadBytes = 64 * 1024;

const statuses: Readonly<Record<RefusalKind, number>> = {
  unknown: 404,
  plain: 403,
  used: 409,
  busy: 409,
  name: 400,
  'too-large': 413,
  empty: 400,
  'too-slow': 408,
  'too-many': 503,
  broken: 400,
  failed: 500,
  withdrawn: 410,
};

/** Whatever a reverse proxy left in front; the credentials are a part of the path, because every station can do that. */
const filesPath = /\/files\/([0-9a-f]{1,64})-([0-9a-f]{1,64})(?:\/+([^?]*))?(?:\?.*)?$/;

/** The path of an offer, to be put behind the address of the server. */
export function httpPathOf({ slot, credentials: { user, password } }: SlotOffer): string {
  const name = slot.direction === 'download' ? encodeURIComponent(slot.fileName) : '';
  // Stations put the name of the file behind a slash, or behind what they were told as it is: both work.
  return `/files/${user}-${password}/${name}`;
}

/** The file server for HTTP: PUT and POST of a file (also as a form), GET and HEAD with ranges. */
export class HttpFiles {
  readonly #desk: TransferDesk;

  constructor(desk: TransferDesk) {
    this.#desk = desk;
  }

  /** False when the request is for nothing here. */
  handles({ url = '' }: IncomingMessage): boolean {
    return url.includes('/files/');
  }

  /** @param greenLight tells a station that waits for it (`Expect: 100-continue`) to send its file */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    greenLight = () => undefined,
  ): Promise<void> {
    const { socket, method = '' } = request;
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    let offer: SlotOffer | undefined;
    try {
      const { user, password, name } = target(request.url ?? '');
      offer = this.#desk.find({ server: 'http', isSecure: socket instanceof TLSSocket }, { user, password });
      const { slot } = offer;
      if (slot.direction === 'upload' && (method === 'PUT' || method === 'POST')) {
        await this.#upload({ request, response, greenLight, name, offer: { ...offer, slot } }, offer);
      } else if (slot.direction === 'download' && (method === 'GET' || method === 'HEAD')) {
        slot.check(name);
        await this.#desk.transfer(offer, (watch) => sendFile(request, response, slot, watch));
      } else {
        response.setHeader('Allow', slot.direction === 'upload' ? 'PUT, POST' : 'GET, HEAD');
        this.#answer(request, response, 405, 'not possible here');
      }
    } catch (error) {
      const about = {
        protocol: protocolOf(request),
        ...(offer && { station: offer.stationId }),
        address: socket.remoteAddress,
      };
      const { kind, message } = this.#desk.refused(wentAway(error), about);
      if (kind === 'too-many' && !response.headersSent) response.setHeader('Retry-After', '30');
      if (response.headersSent) socket.destroy();
      else this.#answer(request, response, statuses[kind], message);
    }
  }

  async #upload(
    {
      request,
      response,
      greenLight,
      name,
      offer: { slot, stationId },
    }: {
      request: IncomingMessage;
      response: ServerResponse;
      greenLight: () => void;
      name: string;
      offer: SlotOffer<UploadSlot>;
    },
    offer: SlotOffer,
  ): Promise<void> {
    const isForm = isMultipart(request);
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    const announced = Number.isFinite(length) ? length - (isForm ? formOverheadBytes : 0) : undefined;
    if (request.headers['content-range'] !== undefined) {
      throw new TransferRefusal('broken', 'a part of a file is not taken: send all of it');
    }
    slot.check(name, announced);
    await this.#desk.transfer(offer, async (watch) => {
      greenLight();
      const stop = () => void request.destroy(new Error('it was broken off'));
      const linger = () => this.#desk.clock.schedule(0, stop);
      watch.signal.addEventListener('abort', linger);
      try {
        const file = isForm
          ? await readForm(request, watch.signal)
          : { name: '', content: piecesOf(request) };
        const { sizeBytes } = await slot.receive(
          name === '' ? file.name : name,
          chunksOf(file.content),
          watch,
        );
        const protocol = protocolOf(request);
        this.#desk.log.info('file received', { station: stationId, bytes: sizeBytes, protocol });
      } finally {
        watch.signal.removeEventListener('abort', linger);
      }
    });
    this.#answer(request, response, 200, 'thank you');
  }

  #answer(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
    if (response.destroyed) return;
    const body = `${text}\n`;
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      Connection: 'close',
    });
    if (request.complete || request.destroyed) {
      response.end(body);
      return;
    }
    // A socket that is closed before everything was read is reset, and the answer lost with it.
    response.write(body);
    const cancel = this.#desk.clock.schedule(lingerMs, () => request.socket.destroy());
    request.once('close', cancel);
    request.once('end', () => response.end());
    request.unpipe();
    request.resume();
  }
}

function protocolOf({ socket }: IncomingMessage): TransferProtocol {
  return socket instanceof TLSSocket ? 'https' : 'http';
}

/** Leaves the socket alone when it is not read to its end: the station is still to be told why. */
function piecesOf(request: IncomingMessage): AsyncIterable<unknown> {
  return request.iterator({ destroyOnReturn: false });
}

async function* chunksOf(source: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of source) yield chunk as Buffer;
}

function target(url: string): { user: string; password: string; name: string } {
  const match = filesPath.exec(url);
  if (!match) throw new TransferRefusal('unknown', 'there is no such address');
  const [, user = '', password = '', raw = ''] = match;
  try {
    return { user, password, name: decodeURIComponent(raw) };
  } catch {
    throw new TransferRefusal('name', 'the name of the file is not readable');
  }
}

/** A station that hangs up is no failure of this side. */
function wentAway(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isGone = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_EOF_STATE'].includes(
    String(code),
  );
  return isGone ? new TransferRefusal('broken', 'the connection ended in the middle of it') : error;
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  slot: DownloadSlot,
  watch: TransferWatch,
): Promise<void> {
  const { size } = slot;
  const range = parseRange(request.headers.range, size);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Type', 'application/octet-stream');
  if (range === 'outside') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    'Content-Length': end - start + 1,
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  await pipeline(
    slot.open({ start, end }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        yield chunk;
        watch.moved();
      }
    },
    response,
    { signal: watch.signal },
  );
}
