import type fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { gapLine } from './frame-line.js';
import { dayMs, type LogFileName, nextLogFileName, sortedLogNames } from './log-files.js';

/** The file operations of the writer: a port, so that tests can make each of them fail. */
export type WriterFiles = Pick<typeof fs, 'open' | 'mkdir' | 'readdir' | 'unlink'>;

export interface LogWriterOptions {
  readonly directory: string;
  readonly files: WriterFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** A file that would grow beyond this is closed first. */
  fileMaxBytes: number;
  /** Characters that may wait for the disk; default 8 Mi. */
  readonly unwrittenMax?: number;
  /** Called after a file was closed, and waited for before the next is opened. */
  onClosed?(): Promise<void>;
}

/** Where the log ends: in this file after so many bytes. */
export interface LogPosition {
  readonly name: string;
  readonly bytes: number;
}

/** How long lines wait for others to share a write with. */
const gatherMs = 100;
/** Characters that are written without waiting any longer, and about what one write has. */
const chunkSize = 256 * 1024;
const unwrittenMaxDefault = 8 * 1024 * 1024;
/** After a failure of the disk. */
const retryDelayMs = 5000;
/** For so long all must have gone well until that is said: a disk on the brink must not fill the server's own log. */
const recoveredAfterMs = 10_000;

/** Lines that share a write. */
interface Chunk {
  /** Time of the first line. */
  readonly since: number;
  readonly lines: string[];
  size: number;
  /** Frames that are missing right before it. */
  missing: number;
  readonly waiting: (() => void)[];
}

interface OpenFile extends LogFileName {
  readonly handle: FileHandle;
  bytes: number;
}

/**
 * Appends lines to the files of the log: gathered, a write at a time, without ever making anybody wait. What the disk
 * does not take in time is dropped, and a line in the log says how much that was.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #unwrittenMax: number;
  /** Oldest first. Lines are added to the last one as long as that is `#open`. */
  readonly #chunks: Chunk[] = [];
  #open: Chunk | undefined;
  /** Characters in all of them. */
  #unwritten = 0;
  /** Frames that were dropped since the last line that was taken. */
  #dropped = 0;
  #cancelTimer: (() => void) | undefined;
  #draining: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #file: OpenFile | undefined;
  #lastFile: LogFileName | undefined;
  #knowsLastFile = false;
  /** When the disk last failed to take something, while that was not said to be over. */
  #troubleAt: number | undefined;
  #unrecorded = 0;
  #isClosed = false;

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#unwrittenMax = options.unwrittenMax ?? unwrittenMaxDefault;
  }

  set fileMaxBytes(bytes: number) {
    this.#options.fileMaxBytes = bytes;
  }

  /** The file that is being written, if there is one. */
  get currentName(): string | undefined {
    return this.#file?.name;
  }

  /** Takes one line with its line break. Never throws. */
  add(line: string, timeMs: number): void {
    if (this.#isClosed) return;
    if (this.#unwritten + line.length > this.#unwrittenMax) {
      this.#dropped += 1;
      this.#noteTrouble(1, 'the disk is too slow');
      return;
    }
    const chunk = this.#open === undefined || this.#dropped > 0 ? this.#begin(timeMs) : this.#open;
    chunk.lines.push(line);
    chunk.size += line.length;
    this.#unwritten += line.length;
    if (chunk.size >= chunkSize) this.#write();
    else if (this.#cancelTimer === undefined && this.#draining === undefined) {
      this.#cancelTimer = this.#options.clock.schedule(gatherMs, () => this.#write());
    }
  }

  /**
   * Writes what was added so far. Resolves with where that ends, undefined when nothing was ever written; at once
   * while the disk fails.
   */
  async flush(): Promise<LogPosition | undefined> {
    const isPaused = this.#cancelRetry !== undefined;
    // A gap is told of even when nothing comes behind it.
    if (this.#dropped > 0 && !isPaused) this.#begin(this.#options.clock.now());
    const last = this.#chunks.at(-1);
    if (last !== undefined && !isPaused) {
      this.#open = undefined;
      const written = new Promise<void>((resolve) => last.waiting.push(resolve));
      this.#write();
      await written;
    }
    return this.#file && { name: this.#file.name, bytes: this.#file.bytes };
  }

  /** Closes a file of an earlier day, so that it can be removed although nothing new comes. */
  async closeOldFile(): Promise<void> {
    await this.#draining;
    const { clock } = this.#options;
    if (this.#file && this.#draining === undefined && dayOf(this.#file.startsAt) !== dayOf(clock.now())) {
      this.#draining = this.#closeFile()
        .catch((error: unknown) => this.#noteTrouble(0, reasonOf(error)))
        .finally(() => this.#drained());
      await this.#draining;
    }
  }

  /** Writes what is left, if the disk takes it. Nothing is taken any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause();
    await this.flush();
    await this.#draining;
    this.#cancelTimer?.();
    await this.#file?.handle.close().catch(() => undefined);
    this.#file = undefined;
  }

  #begin(timeMs: number): Chunk {
    const chunk: Chunk = { since: timeMs, lines: [], size: 0, missing: this.#dropped, waiting: [] };
    this.#dropped = 0;
    this.#open = chunk;
    this.#chunks.push(chunk);
    return chunk;
  }

  #write(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if ((this.#open?.size ?? 0) >= chunkSize) this.#open = undefined;
    if (this.#draining !== undefined || this.#cancelRetry !== undefined || this.#chunks.length === 0) return;
    this.#draining = this.#drain().finally(() => this.#drained());
  }

  #drained(): void {
    this.#draining = undefined;
    if (this.#chunks.length > 0) this.#write();
  }

  async #drain(): Promise<void> {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      if (chunk === this.#open) this.#open = undefined;
      const hasFailed = await this.#writeChunk(chunk);
      this.#chunks.shift();
      this.#unwritten -= chunk.size;
      for (const resolve of chunk.waiting) resolve();
      if (hasFailed) {
        this.#pause();
        return;
      }
    }
  }

  /** Whether it failed. */
  async #writeChunk(chunk: Chunk): Promise<boolean> {
    const gap = chunk.missing === 0 ? '' : gapLine(chunk.since, chunk.missing, 'not recorded');
    const data = Buffer.from(gap + chunk.lines.join(''));
    let written = 0;
    try {
      const file = await this.#fileFor(chunk.since, data.length);
      while (written < data.length) {
        const { bytesWritten } = await file.handle.write(data, written, data.length - written);
        if (bytesWritten === 0) throw new Error('the disk took nothing');
        written += bytesWritten;
        file.bytes += bytesWritten;
      }
      this.#noteSuccess();
      return false;
    } catch (error) {
      await this.#giveUp(chunk, data.subarray(0, written), error);
      return true;
    }
  }

  /** What was lost is told of in the next file. A torn line ends this one, which readers skip. */
  async #giveUp(chunk: Chunk, written: Buffer, error: unknown): Promise<void> {
    const wholeLines = written.reduce((count, byte) => (byte === newline ? count + 1 : count), 0);
    const gapLines = chunk.missing > 0 ? 1 : 0;
    const lost = chunk.lines.length - Math.max(0, wholeLines - gapLines);
    const untold = wholeLines < gapLines ? chunk.missing : 0;
    this.#noteTrouble(lost, reasonOf(error));
    const next = this.#chunks[1];
    if (next === undefined) this.#dropped += lost + untold;
    else next.missing += lost + untold;
    const { files, directory } = this.#options;
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close().catch(() => undefined);
    // A full disk would collect empty files.
    if (file?.bytes === 0) await files.unlink(path.join(directory, file.name)).catch(() => undefined);
  }

  #pause(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = this.#options.clock.schedule(retryDelayMs, () => {
      this.#cancelRetry = undefined;
      this.#write();
    });
    // Nobody is kept waiting for that.
    for (const { waiting } of this.#chunks) for (const resolve of waiting.splice(0)) resolve();
  }

  #endPause(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  async #fileFor(since: number, bytes: number): Promise<OpenFile> {
    const current = this.#file;
    if (current) {
      const fits = current.bytes === 0 || current.bytes + bytes <= this.#options.fileMaxBytes;
      if (fits && dayOf(current.startsAt) === dayOf(Math.max(since, current.startsAt))) return current;
      await this.#closeFile();
    }
    return this.#openFile(since);
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
    // What cannot be removed is no reason not to record; who removes by the clock reports it.
    await this.#options.onClosed?.().catch(() => undefined);
  }

  async #openFile(since: number): Promise<OpenFile> {
    const { files, directory } = this.#options;
    await files.mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    if (!this.#knowsLastFile) {
      this.#lastFile = sortedLogNames(await files.readdir(directory)).at(-1);
      this.#knowsLastFile = true;
    }
    const next = nextLogFileName(since, this.#lastFile);
    this.#knowsLastFile = false;
    // Never one that is there already: what a crash left of a line must not be continued.
    const handle = await files.open(path.join(directory, next.name), 'ax', 0o600);
    this.#knowsLastFile = true;
    this.#lastFile = next;
    this.#file = { ...next, handle, bytes: 0 };
    return this.#file;
  }

  #noteTrouble(messages: number, reason: string): void {
    if (this.#troubleAt === undefined) {
      this.#unrecorded = 0;
      this.#options.log.warn(`OCPP messages are not recorded for now: ${reason}`);
    }
    this.#troubleAt = this.#options.clock.now();
    this.#unrecorded += messages;
  }

  #noteSuccess(): void {
    const { clock, log } = this.#options;
    if (this.#troubleAt === undefined || clock.now() - this.#troubleAt < recoveredAfterMs) return;
    this.#troubleAt = undefined;
    log.info('OCPP messages are recorded again', { unrecorded: this.#unrecorded });
  }
}

const newline = 0x0a;

function dayOf(instant: number): number {
  return Math.floor(instant / dayMs);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
