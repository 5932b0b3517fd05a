import type fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { dayMs, type LogFileName, nextLogFileName, sortedLogNames } from './log-files.js';

/** The file operations of the writer: a port, so that tests can make each of them fail. */
export type WriterFiles = Pick<typeof fs, 'open' | 'mkdir' | 'readdir' | 'unlink'>;

export interface AppendedFilesOptions {
  readonly directory: string;
  readonly files: WriterFiles;
  /** A file that would grow beyond this is closed first. */
  readonly fileMaxBytes: number;
  /** Called after a file was closed, and waited for before the next is opened. */
  onClosed?(): Promise<void>;
}

/** Where the log ends: in this file after so many bytes. */
export interface LogPosition {
  readonly name: string;
  readonly bytes: number;
}

interface OpenFile extends LogFileName {
  readonly handle: FileHandle;
  bytes: number;
}

/**
 * The files of the log as one thing to append to: a new one begins when one is full, on each day (UTC), after a
 * failure and with every start. Not to be called again before it is done.
 */
export class AppendedFiles {
  readonly #options: AppendedFilesOptions;
  #fileMaxBytes: number;
  #current: OpenFile | undefined;
  #last: LogFileName | undefined;
  #knowsLast = false;

  constructor(options: AppendedFilesOptions) {
    this.#options = options;
    this.#fileMaxBytes = options.fileMaxBytes;
  }

  set fileMaxBytes(bytes: number) {
    this.#fileMaxBytes = bytes;
  }

  /** The file that is being written, if there is one. */
  get currentName(): string | undefined {
    return this.#current?.name;
  }

  get position(): LogPosition | undefined {
    return this.#current && { name: this.#current.name, bytes: this.#current.bytes };
  }

  /**
   * Appends whole lines.
   * @param since time of the first
   * @returns how many bytes were written, and the error when those are not all
   */
  async append(since: number, lines: Uint8Array): Promise<{ written: number; error?: unknown }> {
    let written = 0;
    try {
      const file = await this.#fileFor(since, lines.length);
      while (written < lines.length) {
        const { bytesWritten } = await file.handle.write(lines.subarray(written));
        if (bytesWritten === 0) throw new Error('the disk took nothing');
        written += bytesWritten;
        file.bytes += bytesWritten;
      }
      return { written };
    } catch (error) {
      await this.#giveUpFile();
      return { written, error };
    }
  }

  /** Closes a file of an earlier day, so that it can be removed although nothing new comes. */
  async closeOld(now: number): Promise<void> {
    if (this.#current && dayOf(this.#current.startsAt) !== dayOf(now)) await this.#closeCurrent();
  }

  async close(): Promise<void> {
    const file = this.#current;
    this.#current = undefined;
    await file?.handle.close().catch(() => undefined);
  }

  async #fileFor(since: number, bytes: number): Promise<OpenFile> {
    const current = this.#current;
    if (current) {
      const fits = current.bytes === 0 || current.bytes + bytes <= this.#fileMaxBytes;
      // A clock that was set back is no new day.
      if (fits && dayOf(current.startsAt) >= dayOf(since)) return current;
      await this.#closeCurrent();
    }
    return this.#openNext(since);
  }

  async #closeCurrent(): Promise<void> {
    const file = this.#current;
    this.#current = undefined;
    await file?.handle.close();
    // What cannot be removed is no reason not to record; the job that removes by the clock reports it.
    await this.#options.onClosed?.().catch(() => undefined);
  }

  async #openNext(since: number): Promise<OpenFile> {
    const { files, directory } = this.#options;
    await files.mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    if (!this.#knowsLast) this.#last = sortedLogNames(await files.readdir(directory)).at(-1);
    const next = nextLogFileName(since, this.#last);
    this.#knowsLast = false;
    // Never one that is there already: what a crash left of a line must not be continued.
    const handle = await files.open(path.join(directory, next.name), 'ax', 0o600);
    this.#knowsLast = true;
    this.#last = next;
    this.#current = { ...next, handle, bytes: 0 };
    return this.#current;
  }

  /** A torn line may end it, which readers skip. */
  async #giveUpFile(): Promise<void> {
    const { files, directory } = this.#options;
    const file = this.#current;
    await this.close();
    // A full disk would collect empty files.
    if (file?.bytes === 0) await files.unlink(path.join(directory, file.name)).catch(() => undefined);
  }
}

function dayOf(instant: number): number {
  return Math.floor(instant / dayMs);
}
