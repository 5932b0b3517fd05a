import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../domain/errors.js';
import { type Files, syncDirectory } from './files.js';
import { encodeRecord, type JournalStatement, StatementDictionary } from './journal-record.js';
import { segmentHeader, segmentHeaderBytes, segmentName } from './journal-segment.js';

/** A segment is closed and the next begun when it has grown past this. */
export const segmentMaxBytes = 16 * 1024 * 1024;

export interface JournalOptions {
  readonly files: Files;
  readonly directory: string;
  /** Sequence of the last record in the store; the first one written gets the next. */
  readonly lastSequence: number;
  /** The segment to go on with, its sound length and what its reader learnt; a new one is begun when left out. */
  readonly tail?: { readonly file: string; readonly bytes: number; readonly dictionary: StatementDictionary };
  /** Called once when a write or sync failed: memory is ahead of the disk from then on. */
  readonly onFailure: (error: FleetError) => void;
  readonly segmentMaxBytes?: number;
}

interface Chunk {
  readonly bytes: Buffer;
  /** Set on a segment header: begin the segment of this first sequence with it. */
  readonly startsSegment?: number;
}

interface Waiter {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (error: FleetError) => void;
}

/**
 * Appends committed transactions and tells when they are on disk. All that is appended while a sync is under way
 * shares the next one (group commit). After a failure nothing is accepted any more.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #segmentMaxBytes: number;
  #handle: FileHandle | undefined;
  #segmentBytes = 0;
  #appendedBytes = 0;
  #dictionary = new StatementDictionary();
  #sequence: number;
  #syncedSequence: number;
  #pending: Chunk[] = [];
  #waiters: Waiter[] = [];
  #flushing: Promise<void> | undefined;
  #failure: FleetError | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#segmentMaxBytes = options.segmentMaxBytes ?? segmentMaxBytes;
    this.#sequence = options.lastSequence;
    this.#syncedSequence = options.lastSequence;
  }

  /** Sequence of the newest record, on disk or not. */
  get sequence(): number {
    return this.#sequence;
  }

  /** What was appended since opening. */
  get appendedBytes(): number {
    return this.#appendedBytes;
  }

  /** False once a write or sync has failed. */
  get isSound(): boolean {
    return this.#failure === undefined;
  }

  /** Opens the tail segment, cut to its sound length, if there is one to go on with. */
  async open(): Promise<void> {
    const { tail, files } = this.#options;
    if (!tail) return;
    this.#handle = await files.open(tail.file, 'a');
    await this.#handle.truncate(tail.bytes);
    await this.#handle.sync();
    this.#segmentBytes = tail.bytes;
    this.#dictionary = tail.dictionary;
  }

  /** Takes a transaction that is committed in memory; returns its sequence. `synced` tells when it is on disk. */
  append(statements: readonly JournalStatement[]): number {
    this.assertSound();
    this.#sequence += 1;
    if (this.#segmentBytes === 0 || this.#segmentBytes >= this.#segmentMaxBytes) {
      this.#segmentBytes = segmentHeaderBytes;
      this.#dictionary = new StatementDictionary();
      this.#pending.push({ bytes: segmentHeader(this.#sequence), startsSegment: this.#sequence });
    }
    const record = encodeRecord({
      sequence: this.#sequence,
      syncedSequence: this.#syncedSequence,
      payload: this.#dictionary.encode(statements),
    });
    this.#segmentBytes += record.length;
    this.#appendedBytes += record.length;
    this.#pending.push({ bytes: record });
    // At the end of this turn of the event loop, so that all messages that arrived together share one sync.
    this.#flushing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#flush());
    return this.#sequence;
  }

  /** Resolves once all records up to `sequence` are on disk. */
  synced(sequence: number): Promise<void> {
    if (sequence <= this.#syncedSequence) return Promise.resolve();
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiters.push({ sequence, resolve, reject }));
  }

  /** @throws FleetError STORE_FAILED after a write or sync has failed */
  assertSound(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Waits for everything appended, then closes the file. */
  async close(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #flush(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const batch = this.#pending;
        const upTo = this.#sequence;
        this.#pending = [];
        await this.#writeBatch(batch);
        this.#syncedSequence = upTo;
        this.#release(upTo);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#flushing = undefined;
    }
  }

  async #writeBatch(batch: readonly Chunk[]): Promise<void> {
    let run: Buffer[] = [];
    for (const { bytes, startsSegment } of batch) {
      if (startsSegment !== undefined) {
        await this.#writeRun(run);
        run = [];
        await this.#startSegment(startsSegment);
      }
      run.push(bytes);
    }
    await this.#writeRun(run);
  }

  async #writeRun(run: readonly Buffer[]): Promise<void> {
    if (run.length === 0 || !this.#handle) return;
    let bytes = run.length === 1 && run[0] ? run[0] : Buffer.concat(run);
    while (bytes.length > 0) {
      const { bytesWritten } = await this.#handle.write(bytes);
      if (bytesWritten === 0) throw new Error('the disk took no more bytes');
      bytes = bytes.subarray(bytesWritten);
    }
    await this.#handle.datasync();
  }

  async #startSegment(firstSequence: number): Promise<void> {
    const { files, directory } = this.#options;
    await this.#handle?.close();
    this.#handle = await files.open(path.join(directory, segmentName(firstSequence)), 'w', 0o600);
    await syncDirectory(files, directory);
  }

  #release(upTo: number): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (waiter.sequence <= upTo) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  }

  #fail(error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error);
    this.#failure = new FleetError('STORE_FAILED', `The journal could not be written: ${cause}.`, {
      cause: error,
      suggestions: [
        `Look at the disk that holds ${this.#options.directory} (space, permissions, health), then start again.`,
      ],
    });
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) waiter.reject(this.#failure);
    this.#options.onFailure(this.#failure);
  }
}
