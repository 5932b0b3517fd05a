import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { DownloadSlot } from './download-slot.js';
import type { Slot } from './transfer-desk.js';
import type { TransferWatch } from './transfer-watch.js';

const ofConnection = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']);

/** The other side went away, or what came is no TLS: no failure of this side. */
export function isOfConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ofConnection.has(code) || code.startsWith('ERR_SSL_');
}

/** What `LIST` or `NLST` shows: the file that may be fetched, and nothing of one that may be stored. */
export function listing(slot: Slot, command: 'LIST' | 'NLST'): string {
  if (slot.direction === 'upload') return '';
  const line = command === 'LIST' ? `-r--r--r-- 1 evfleet evfleet ${slot.size} Jan  1 2026 ` : '';
  return `${line}${slot.fileName}\r\n`;
}

/** A file, or the rest of it. */
export async function sendFrom(
  slot: DownloadSlot,
  start: number,
  data: Socket,
  watch: TransferWatch,
): Promise<void> {
  data.resume();
  if (start === slot.size) {
    data.end();
    return;
  }
  await pipeline(
    slot.open({ start, end: slot.size - 1 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        yield chunk;
        watch.moved();
      }
    },
    data,
    { signal: watch.signal },
  );
}
