import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { TransferRefusal } from './transfer-refusal.js';

/** What a form may have beside its one file. */
const limits = {
  files: 1,
  fields: 20,
  parts: 21,
  fieldNameSize: 100,
  fieldSize: 4096,
  headerPairs: 20,
  headerSize: 8192,
};

export interface FormFile {
  readonly name: string;
  /** Ends without error only when the whole form was there. */
  readonly content: AsyncIterable<Buffer>;
}

export function isMultipart({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '');
}

/** The first file of a form (RFC 7578). @throws TransferRefusal when there is none, or it is no form */
export function readForm(request: IncomingMessage, signal: AbortSignal): Promise<FormFile> {
  const contentType = request.headers['content-type'] ?? '';
  return new Promise((resolve, reject) => {
    const fail = () => reject(new TransferRefusal('broken', 'the form has no file, or is damaged'));
    signal.addEventListener('abort', fail, { once: true });
    let form: BusboyInstance;
    try {
      form = new Busboy({ headers: { ...request.headers, 'content-type': contentType }, limits });
    } catch {
      fail();
      return;
    }
    const isOver = new Promise<void>((end, damaged) => {
      form.once('finish', end);
      form.on('error', damaged);
      request.once('aborted', () =>
        damaged(new TransferRefusal('broken', 'the connection ended in the middle of it')),
      );
    });
    isOver.then(fail, fail);
    form.once('file', (_field: string, stream: Readable, name: string | undefined) => {
      // An error of the form is one of its file, too; `isOver` tells of it.
      stream.on('error', () => undefined);
      resolve({ name: name ?? '', content: wholeOf(stream, isOver) });
    });
    request.pipe(form);
  });
}

async function* wholeOf(stream: Readable, isOver: Promise<void>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
    await isOver;
  } catch (error) {
    throw error instanceof TransferRefusal
      ? error
      : new TransferRefusal('broken', 'the form is not complete');
  }
}
