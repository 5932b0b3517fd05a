import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../../domain/errors.js';
import type { ReceivedFile } from '../../domain/station/file-exchange.js';
import { checkFileName } from './file-name.js';
import { TransferRefusal } from './transfer-refusal.js';
import type { TransferWatch } from './transfer-watch.js';

export interface UploadSlotOptions {
  readonly directory: string;
  readonly storeAs: string;
  readonly maxBytes: number;
  readonly maxAttempts: number;
  readonly onReceived: (file: ReceivedFile) => Promise<void>;
}

/** Room for one file of one station: taken once it is whole, free again when it broke off. */
export class UploadSlot {
  readonly direction = 'upload';
  readonly #options: UploadSlotOptions;
  #state: 'open' | 'busy' | 'used' = 'open';
  #attempts = 0;

  constructor(options: UploadSlotOptions) {
    this.#options = options;
  }

  /**
   * To be asked before anything is read.
   * @param announced bytes that are to come, where they are known
   * @throws TransferRefusal
   */
  check(name: string, announced?: number): void {
    const { maxBytes, maxAttempts } = this.#options;
    if (this.#state === 'used') throw new TransferRefusal('used', 'the file is here already');
    if (this.#state === 'busy')
      throw new TransferRefusal('busy', 'another upload to the same place is running');
    if (this.#attempts >= maxAttempts) throw new TransferRefusal('used', `it broke off ${maxAttempts} times`);
    checkFileName(name);
    if (announced !== undefined && announced > maxBytes) throw this.#tooLarge();
  }

  /**
   * Takes the file. It appears whole or not at all, under a name that nothing had before.
   * @throws TransferRefusal; any other error is one of this side
   */
  async receive(name: string, source: AsyncIterable<Buffer>, watch: TransferWatch): Promise<ReceivedFile> {
    this.check(name);
    this.#state = 'busy';
    this.#attempts += 1;
    const { directory, storeAs, onReceived } = this.#options;
    const temporary = path.join(directory, `.${randomUUID()}.part`);
    let isWhole = false;
    try {
      await fs.mkdir(directory, { recursive: true, mode: 0o700 });
      const sizeBytes = await this.#write(temporary, source, watch);
      watch.signal.throwIfAborted();
      // A link, because a rename would take the place of what is there.
      const kept = path.join(directory, storeAs);
      await fs.link(temporary, kept);
      const received = { name: checkFileName(name), sizeBytes };
      try {
        await onReceived(received);
      } catch (error) {
        // A file that nobody knows of would stay for ever.
        await fs.rm(kept, { force: true });
        throw isGone(error) ? new TransferRefusal('withdrawn', 'it is not wanted any more') : error;
      }
      isWhole = true;
      return received;
    } finally {
      this.#state = isWhole ? 'used' : 'open';
      await fs.rm(temporary, { force: true });
    }
  }

  async #write(temporary: string, source: AsyncIterable<Buffer>, watch: TransferWatch): Promise<number> {
    const file = await fs.open(temporary, 'wx', 0o600);
    try {
      let sizeBytes = 0;
      for await (const chunk of source) {
        watch.signal.throwIfAborted();
        watch.moved();
        sizeBytes += chunk.byteLength;
        if (sizeBytes > this.#options.maxBytes) throw this.#tooLarge();
        await file.writeFile(chunk);
      }
      // Some stations open the connection, fail to read their log and close it again.
      if (sizeBytes === 0) throw new TransferRefusal('empty', 'the file is empty');
      await file.sync();
      return sizeBytes;
    } finally {
      await file.close();
    }
  }

  #tooLarge(): TransferRefusal {
    return new TransferRefusal('too-large', `the file is larger than ${this.#options.maxBytes} bytes`);
  }
}

/** Whoever wanted the file has removed the request for it. */
function isGone(error: unknown): boolean {
  return error instanceof FleetError && error.code === 'NOT_FOUND';
}
