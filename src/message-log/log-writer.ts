import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { AppendedFiles, type AppendedFilesOptions, type LogPosition } from './appended-files.js';
import { gapLine } from './frame-line.js';

export interface LogWriterOptions extends AppendedFilesOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes that may wait for the disk; default 8 MiB. */
  readonly unwrittenMaxBytes?: number;
}

/** How long lines wait for others to share a write with. */
const gatherMs = 100;
/** Bytes of a write, when that many come in this time. */
const chunkBytes = 256 * 1024;
const unwrittenMaxBytesDefault = 8 * 1024 * 1024;
/** After a failure of the disk. */
const retryDelayMs = 5000;
/** For so long all must have gone well until that is said: a disk on the brink must not fill the server's own log. */
const recoveredAfterMs = 10_000;
/** Emptied buffers that are kept for the next lines. */
const spareBuffers = 2;

/** Lines that share a write. */
interface Chunk {
  /** Time of the first line. */
  readonly since: number;
  readonly data: Buffer;
  bytes: number;
  lines: number;
  /** Frames that are missing right before it. */
  missing: number;
  readonly waiting: (() => void)[];
}

/**
 * Appends lines to the files of the log: gathered, a write at a time, without ever making anybody wait. What the disk
 * does not take in time is dropped, and a line in the log says how much that was.
 */
export class LogWriter {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #files: AppendedFiles;
  readonly #maxChunks: number;
  /** Oldest first. Lines are added to the last one as long as that is `#open`. */
  readonly #chunks: Chunk[] = [];
  #open: Chunk | undefined;
  readonly #spare: Buffer[] = [];
  /** Frames that were dropped since the last line that was taken. */
  #dropped = 0;
  #cancelTimer: (() => void) | undefined;
  /** While something is done to the files. */
  #draining: Promise<void> | undefined;
  /** While the disk is left alone after a failure. */
  #cancelRetry: (() => void) | undefined;
  /** When the disk last failed to take something, while that was not said to be over. */
  #troubleAt: number | undefined;
  #unrecorded = 0;
  #isClosed = false;

  constructor(options: LogWriterOptions) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#files = new AppendedFiles(options);
    const unwrittenMaxBytes = options.unwrittenMaxBytes ?? unwrittenMaxBytesDefault;
    this.#maxChunks = Math.max(1, Math.floor(unwrittenMaxBytes / chunkBytes));
  }

  set fileMaxBytes(bytes: number) {
    this.#files.fileMaxBytes = bytes;
  }

  /** The file that is being written, if there is one. */
  get currentName(): string | undefined {
    return this.#files.currentName;
  }

  /** Takes one line with its line break. Never throws. */
  add(line: string, timeMs: number): void {
    if (this.#isClosed) return;
    // UTF-8 takes three bytes at most for what is one character here.
    const mostBytes = line.length * 3;
    let chunk = this.#open;
    if (chunk !== undefined && chunk.bytes + mostBytes > chunk.data.length) {
      this.#open = undefined;
      chunk = undefined;
      this.#write();
    }
    if (chunk === undefined || this.#dropped > 0) {
      if (this.#chunks.length >= this.#maxChunks) {
        this.#dropped += 1;
        this.#noteTrouble(1, 'the disk is too slow');
        return;
      }
      chunk = this.#begin(timeMs, mostBytes);
    }
    // Bytes at once, because a string kept for a tenth of a second costs more: in copying and in collecting it.
    chunk.bytes += chunk.data.write(line, chunk.bytes);
    chunk.lines += 1;
    this.#writeSoon();
  }

  /**
   * Writes what was added so far. Resolves with where that ends, undefined when nothing was written; at once while the
   * disk fails.
   */
  async flush(): Promise<LogPosition | undefined> {
    if (this.#cancelRetry === undefined) {
      // A gap is told of even when nothing comes behind it.
      if (this.#dropped > 0) this.#begin(this.#clock.now(), 0);
      const last = this.#chunks.at(-1);
      if (last !== undefined) {
        this.#open = undefined;
        const written = new Promise<void>((resolve) => last.waiting.push(resolve));
        this.#write();
        await written;
      }
    }
    return this.#files.position;
  }

  /** Closes a file of an earlier day, so that it can be removed although nothing new comes. */
  async closeOldFile(): Promise<void> {
    await this.#draining;
    // Somebody may have been quicker; then that one saw to it.
    if (this.#draining === undefined) await this.#exclusively(() => this.#files.closeOld(this.#clock.now()));
  }

  /** Writes what is left, if the disk takes it. Nothing is taken any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    await this.flush();
    await this.#draining;
    this.#cancelTimer?.();
    await this.#files.close();
  }

  #begin(timeMs: number, mostBytes: number): Chunk {
    const data = mostBytes > chunkBytes ? undefined : this.#spare.pop();
    const chunk: Chunk = {
      since: timeMs,
      data: data ?? Buffer.allocUnsafeSlow(Math.max(chunkBytes, mostBytes)),
      bytes: 0,
      lines: 0,
      missing: this.#dropped,
      waiting: [],
    };
    this.#dropped = 0;
    this.#open = chunk;
    this.#chunks.push(chunk);
    return chunk;
  }

  get #mustWait(): boolean {
    return this.#draining !== undefined || this.#cancelRetry !== undefined;
  }

  #writeSoon(): void {
    if (this.#cancelTimer !== undefined || this.#mustWait) return;
    this.#cancelTimer = this.#clock.schedule(gatherMs, () => this.#write());
  }

  /** Has everything written that is there, unless something else is under way or has to be waited for. */
  #write(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#mustWait || this.#chunks.length === 0) return;
    this.#open = undefined;
    void this.#exclusively(() => this.#drain());
  }

  #exclusively(work: () => Promise<void>): Promise<void> {
    const done = work()
      .catch((error: unknown) => this.#noteTrouble(0, reasonOf(error)))
      .finally(() => {
        this.#draining = undefined;
        const [next] = this.#chunks;
        if (next === undefined) return;
        // What came meanwhile gathers for a while as well.
        if (next === this.#open) this.#writeSoon();
        else this.#write();
      });
    this.#draining = done;
    return done;
  }

  async #drain(): Promise<void> {
    for (let [chunk] = this.#chunks; chunk !== undefined && chunk !== this.#open; [chunk] = this.#chunks) {
      const failure = await this.#append(chunk);
      this.#chunks.shift();
      if (chunk.data.length === chunkBytes && this.#spare.length < spareBuffers) this.#spare.push(chunk.data);
      if (failure) this.#lose(failure);
      for (const resolve of chunk.waiting) resolve();
      if (failure && !this.#isClosed) {
        this.#pause();
        return;
      }
    }
    this.#noteSuccess();
  }

  /** What of it did not get to the disk. */
  async #append(chunk: Chunk): Promise<{ frames: number; error: unknown } | undefined> {
    const { since, missing, lines } = chunk;
    if (missing > 0) {
      const { error } = await this.#files.append(since, Buffer.from(gapLine(since, missing, 'not recorded')));
      if (error !== undefined) return { frames: missing + lines, error };
    }
    if (lines === 0) return undefined;
    const { written, error } = await this.#files.append(since, chunk.data.subarray(0, chunk.bytes));
    if (error === undefined) return undefined;
    return { frames: lines - countLines(chunk.data.subarray(0, written)), error };
  }

  /** Has the next line that is written tell of it. */
  #lose({ frames, error }: { frames: number; error: unknown }): void {
    this.#noteTrouble(frames, reasonOf(error));
    const next = this.#chunks[0];
    if (next === undefined) this.#dropped += frames;
    else next.missing += frames;
  }

  #pause(): void {
    this.#cancelRetry = this.#clock.schedule(retryDelayMs, () => {
      this.#cancelRetry = undefined;
      this.#write();
    });
    // Nobody is kept waiting for that.
    for (const { waiting } of this.#chunks) for (const resolve of waiting.splice(0)) resolve();
  }

  #noteTrouble(frames: number, reason: string): void {
    if (this.#troubleAt === undefined) {
      this.#unrecorded = 0;
      this.#log.warn(`OCPP messages are not recorded for now: ${reason}`);
    }
    this.#troubleAt = this.#clock.now();
    this.#unrecorded += frames;
  }

  #noteSuccess(): void {
    if (this.#troubleAt === undefined || this.#clock.now() - this.#troubleAt < recoveredAfterMs) return;
    this.#troubleAt = undefined;
    this.#log.info('OCPP messages are recorded again', { unrecorded: this.#unrecorded });
  }
}

const newline = 0x0a;

function countLines(data: Buffer): number {
  let lines = 0;
  for (let at = data.indexOf(newline); at >= 0; at = data.indexOf(newline, at + 1)) lines += 1;
  return lines;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
