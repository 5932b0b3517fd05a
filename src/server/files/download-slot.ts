import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TransferRefusal } from './transfer-refusal.js';

/** Bytes of a file, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A file that one station may fetch, as often as it needs to and in parts. */
export class DownloadSlot {
  readonly direction = 'download';
  readonly fileName: string;
  readonly size: number;
  readonly #path: string;

  constructor({ path, size, fileName }: { path: string; size: number; fileName: string }) {
    this.#path = path;
    this.size = size;
    this.fileName = fileName;
  }

  /** The name may be left out. @throws TransferRefusal `name` for any other */
  check(name: string): void {
    if (name === '' || name === this.fileName || name === `/${this.fileName}`) return;
    throw new TransferRefusal('name', `there is no ${JSON.stringify(name.slice(0, 80))} here`);
  }

  open(range: ByteRange = { start: 0, end: this.size - 1 }): Readable {
    return createReadStream(this.#path, { ...range, highWaterMark: 256 * 1024 });
  }
}
