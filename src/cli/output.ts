import { once } from 'node:events';

/** So much text is gathered before it is written, unless the source pauses first. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * Writes items as NDJSON, one per line, no faster than the reader takes them. Items that come in a burst share a write; a
 * source that pauses has what it gave so far written at once, so that `--follow` shows things as they happen.
 * @throws the reason of `signal` when that aborts, PipeClosed included
 */
export async function writeJsonLines(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  signal: AbortSignal,
  stream: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  let pending = '';
  let idle: NodeJS.Immediate | undefined;
  const flush = (): boolean => {
    clearImmediate(idle);
    idle = undefined;
    const text = pending;
    pending = '';
    return text === '' || stream.write(text);
  };
  try {
    for await (const item of items) {
      signal.throwIfAborted();
      pending += `${JSON.stringify(item)}\n`;
      if (pending.length < CHUNK_CHARACTERS) idle ??= setImmediate(flush);
      else if (!flush()) await once(stream, 'drain', { signal });
    }
  } finally {
    // Also before an error: what came before it is true all the same.
    flush();
  }
  signal.throwIfAborted();
}

/**
 * Writes items as one JSON array, an item per line, no faster than the reader takes them.
 * @param onBegin called before the first character: an error before that can still be the only document
 */
export async function writeJsonArray(
  items: AsyncIterable<unknown>,
  signal: AbortSignal,
  onBegin: () => void,
  stream: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  let pending = '';
  let hasBegun = false;
  for await (const item of items) {
    if (!hasBegun) onBegin();
    pending += `${hasBegun ? ',' : '['}\n  ${JSON.stringify(item)}`;
    hasBegun = true;
    if (pending.length < CHUNK_CHARACTERS) continue;
    await writeText(pending, signal, stream);
    pending = '';
  }
  if (!hasBegun) onBegin();
  await writeText(hasBegun ? `${pending}\n]\n` : '[]\n', signal, stream);
}

/** Writes a text, or a part of a file, and waits until the reader can take more. */
export async function writeText(
  text: string | Uint8Array,
  signal: AbortSignal,
  stream: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  signal.throwIfAborted();
  if (text.length > 0 && !stream.write(text)) await once(stream, 'drain', { signal });
}
