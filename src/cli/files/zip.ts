import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { FleetError } from '../../domain/errors.js';

/** A file inside of the archive; its content may come as slowly as it likes. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Iterable<string> | AsyncIterable<string>;
}

interface Written {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly bytes: number;
  readonly packedBytes: number;
}

/** What the four bytes of a size hold; more takes an extension that not all programs read. */
const bytesMax = 0xffff_ffff;

const signatures = { entry: 0x0403_4b50, sizes: 0x0807_4b50, listed: 0x0201_4b50, end: 0x0605_4b50 };

/** Sizes follow the content (bit 3), names are UTF-8 (bit 11): APPNOTE 4.4.4. */
const flags = 0x0808;
const deflated = 8;
const version = 20;

/** Midnight of 1980-01-01, so that the same content is the same archive. */
const dosTime = 0;
const dosDate = 0x0021;

/**
 * A zip archive as it comes into being: memory stays the same, however much is in it.
 * @throws FleetError USAGE when it gets larger than such an archive can be
 */
export async function* zip(entries: readonly ZipEntry[]): AsyncGenerator<Uint8Array, void, undefined> {
  const written: Written[] = [];
  let offset = 0;
  for (const { name: typed, content } of entries) {
    const name = Buffer.from(typed);
    const header = entryHeader(name);
    yield header;
    const sum = { crc: 0, bytes: 0 };
    let packedBytes = 0;
    for await (const chunk of packed(content, sum)) {
      packedBytes += chunk.length;
      yield chunk;
    }
    const sizes = numbers([signatures.sizes, 4], [sum.crc, 4], [packedBytes, 4], [sum.bytes, 4]);
    yield sizes;
    written.push({ name, offset, ...sum, packedBytes });
    offset += header.length + packedBytes + sizes.length;
    checkSize(offset);
  }
  yield ending(written, offset);
}

async function* packed(
  content: ZipEntry['content'],
  sum: { crc: number; bytes: number },
): AsyncGenerator<Buffer, void, undefined> {
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const text of content) {
      const bytes = Buffer.from(text);
      sum.crc = crc32(bytes, sum.crc);
      sum.bytes += bytes.length;
      checkSize(sum.bytes);
      yield bytes;
    }
  }
  // Whatever goes wrong is thrown where the chunks are read.
  const chunks = pipeline(Readable.from(counted()), createDeflateRaw(), () => undefined);
  for await (const chunk of chunks) yield chunk as Buffer;
}

function checkSize(bytes: number): void {
  if (bytes <= bytesMax) return;
  throw new FleetError('USAGE', 'That is more than fits into an Excel file.', {
    suggestions: ['--format csv'],
  });
}

function entryHeader(name: Buffer): Buffer {
  const fields = numbers(
    [signatures.entry, 4],
    [version, 2],
    [flags, 2],
    [deflated, 2],
    [dosTime, 2],
    [dosDate, 2],
    // Checksum and sizes come behind the content.
    [0, 4],
    [0, 4],
    [0, 4],
    [name.length, 2],
    [0, 2],
  );
  return Buffer.concat([fields, name]);
}

function ending(written: readonly Written[], offset: number): Buffer {
  const list = Buffer.concat(written.map(listed));
  const end = numbers(
    [signatures.end, 4],
    [0, 2],
    [0, 2],
    [written.length, 2],
    [written.length, 2],
    [list.length, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([list, end]);
}

function listed({ name, offset, crc, bytes, packedBytes }: Written): Buffer {
  const fields = numbers(
    [signatures.listed, 4],
    [version, 2],
    [version, 2],
    [flags, 2],
    [deflated, 2],
    [dosTime, 2],
    [dosDate, 2],
    [crc, 4],
    [packedBytes, 4],
    [bytes, 4],
    [name.length, 2],
    // Extra field, comment, disk, attributes.
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 4],
    [offset, 4],
  );
  return Buffer.concat([fields, name]);
}

/** Little-endian, each with its number of bytes. */
function numbers(...fields: readonly (readonly [value: number, bytes: number])[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of fields) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}
