import { addAbortSignal, type Readable } from 'node:stream';
import { FleetError } from '../../domain/errors.js';

export interface StdinOptions {
  /** Who wants to read, for messages: `--password-stdin` or `--from-file -`. */
  readonly reader: string;
  readonly signal: AbortSignal;
  /** Default 1 MiB. */
  readonly maxBytes?: number;
  readonly stdin?: Readable & { readonly isTTY?: boolean };
}

const DEFAULT_MAX_BYTES = 1024 * 1024;

/**
 * All of standard input, however slowly it comes. (oclif's own reading gives up after 10 ms.)
 * @throws FleetError USAGE when standard input is a terminal or holds more than `maxBytes`
 */
export async function readStdin(options: StdinOptions): Promise<Buffer> {
  const { reader, signal, maxBytes = DEFAULT_MAX_BYTES, stdin = process.stdin } = options;
  if (stdin.isTTY) {
    throw new FleetError('USAGE', `${reader} reads standard input, which is a terminal here.`, {
      suggestions: [`a pipe or a file: … ${reader} < file`],
    });
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stdin)) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > maxBytes) {
        throw new FleetError('USAGE', `${reader} takes at most ${maxBytes} bytes from standard input.`);
      }
      chunks.push(piece);
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
  return Buffer.concat(chunks);
}

/**
 * A secret from standard input, without the line break that `echo` and editors add.
 * @throws FleetError USAGE when there is none, or more than one line
 */
export async function readSecret(options: StdinOptions): Promise<string> {
  const secret = (await readStdin(options)).toString('utf8').replace(/\r?\n$/, '');
  if (secret === '') throw new FleetError('USAGE', `${options.reader} found nothing on standard input.`);
  if (/[\r\n]/.test(secret)) {
    throw new FleetError('USAGE', `${options.reader} takes one line from standard input, there are more.`);
  }
  return secret;
}
