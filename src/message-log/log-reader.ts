import fs, { type FileHandle } from 'node:fs/promises';
import type { MessageQuery, RecordedMessage } from '../domain/station/message-record.js';
import type { LogPosition } from './appended-files.js';
import { type LogFile, listLogFiles, unlessMissing } from './log-files.js';
import { LineReader } from './log-line.js';

/** Read at a time: a block is looked through without a break, a millisecond or two. */
const blockBytes = 128 * 1024;
const newline = 0x0a;

/** Part of a file of the log. */
interface Part {
  readonly file: string;
  /** Bytes, at the beginning of a line. */
  readonly start: number;
  readonly end: number;
}

/**
 * The messages in a directory that match, oldest first, in batches. Only files that can hold any are opened; with a
 * limit they are searched from the newest line on until there are enough. Lines that a crash left torn are skipped.
 * @param until reads no further than this
 */
export async function* readMessages(
  directory: string,
  query: MessageQuery,
  { signal, until }: { readonly signal: AbortSignal; readonly until?: LogPosition | undefined },
): AsyncGenerator<readonly RecordedMessage[]> {
  const reader = new LineReader(query);
  let parts = partsOf(await listLogFiles(directory), query, until);
  if (query.limit !== undefined) parts = await lastParts(parts, reader, query.limit, signal);
  for (const part of parts) {
    for await (const lines of linesOf(part)) {
      signal.throwIfAborted();
      const batch = lines.map((line) => reader.read(line)).filter((message) => message !== undefined);
      if (batch.length > 0) yield batch;
    }
  }
}

function partsOf(
  files: readonly LogFile[],
  { from, to }: MessageQuery,
  until: LogPosition | undefined,
): Part[] {
  const parts: Part[] = [];
  for (const [index, { file, name, startsAt, bytes }] of files.entries()) {
    if (to !== undefined && startsAt >= to) continue;
    const next = files[index + 1];
    if (from !== undefined && next !== undefined && next.startsAt < from) continue;
    if (until !== undefined && name > until.name) continue;
    const end = name === until?.name ? Math.min(bytes, until.bytes) : bytes;
    if (end > 0) parts.push({ file, start: 0, end });
  }
  return parts;
}

/** What of these parts holds the last `limit` lines that match. */
async function lastParts(
  parts: readonly Part[],
  reader: LineReader,
  limit: number,
  signal: AbortSignal,
): Promise<Part[]> {
  if (limit === 0) return [];
  let missing = limit;
  const last: Part[] = [];
  for (const part of parts.toReversed()) {
    const { found, start } = await findFromEnd(part, reader, missing, signal);
    if (found > 0) last.unshift({ ...part, start });
    missing -= found;
    if (missing === 0) break;
  }
  return last;
}

/** Looks for the last `wanted` lines that match; `start` is where the first of those that were found begins. */
async function findFromEnd(
  part: Part,
  reader: LineReader,
  wanted: number,
  signal: AbortSignal,
): Promise<{ found: number; start: number }> {
  let found = 0;
  let start = part.end;
  const handle = await fs.open(part.file).catch(unlessMissing(undefined));
  if (!handle) return { found, start };
  try {
    let rest = Buffer.alloc(0);
    for (let at = part.end; at > part.start && found < wanted; ) {
      signal.throwIfAborted();
      const blockStart = Math.max(part.start, at - blockBytes);
      const data = Buffer.concat([await readFully(handle, blockStart, at), rest]);
      // The first line of the block may begin before it.
      const first = blockStart === part.start ? 0 : data.indexOf(newline) + 1;
      let end = data.lastIndexOf(newline);
      while (end >= first && found < wanted) {
        const before = end === 0 ? -1 : data.lastIndexOf(newline, end - 1);
        const begin = Math.max(before + 1, first);
        if (reader.matches(data.toString('utf8', begin, end))) {
          found += 1;
          start = blockStart + begin;
        }
        end = begin - 1;
      }
      rest = data.subarray(0, first === 0 ? data.length : first);
      at = blockStart;
    }
  } finally {
    await handle.close();
  }
  return { found, start };
}

/** Whole lines, a block at a time. A line without an end is left out. */
async function* linesOf({ file, start, end }: Part): AsyncGenerator<string[]> {
  const handle = await fs.open(file).catch(unlessMissing(undefined));
  if (!handle) return;
  try {
    let rest = Buffer.alloc(0);
    for (let at = start; at < end; at += blockBytes) {
      const data = Buffer.concat([rest, await readFully(handle, at, Math.min(end, at + blockBytes))]);
      const complete = data.lastIndexOf(newline);
      rest = data.subarray(complete + 1);
      if (complete >= 0) yield data.toString('utf8', 0, complete).split('\n');
    }
  } finally {
    await handle.close();
  }
}

/** Less than asked for only at the end of the file. */
async function readFully(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(end - start);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
