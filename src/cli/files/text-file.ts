import { createReadStream } from 'node:fs';
import { FleetError } from '../../domain/errors.js';
import { readStdin } from './stdin.js';

export interface TextFileOptions {
  /** The flag that names the file, for messages. */
  readonly flag: string;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'that is not allowed',
  EISDIR: 'it is a directory',
};

/**
 * The text of a file, or of standard input when it is called `-`.
 * @throws FleetError USAGE as `readFileBytes`
 */
export async function readTextFile(file: string, options: TextFileOptions): Promise<string> {
  return (await readFileBytes(file, options)).toString('utf8');
}

/**
 * What is in a file, or on standard input when it is called `-`. Never more than `maxBytes` are read, also of what has
 * no size: a pipe or a device.
 * @throws FleetError USAGE that names flag and file
 */
export async function readFileBytes(
  file: string,
  { flag, signal, maxBytes }: TextFileOptions,
): Promise<Buffer> {
  if (file === '-') return readStdin({ reader: `${flag} -`, signal, maxBytes });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { signal })) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > maxBytes) throw new FleetError('USAGE', `${file} has more than ${maxBytes} bytes.`);
      chunks.push(piece);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FleetError) throw error;
    throw new FleetError('USAGE', `${flag} cannot read ${file}: ${whyUnreadable(error)}.`, { cause: error });
  }
  return Buffer.concat(chunks);
}

/** In words what the file system said: the end of a sentence. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return reasons[code] ?? `it cannot be read (${code})`;
}
