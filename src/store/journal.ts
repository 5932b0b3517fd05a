import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FleetError } from '../domain/errors.js';
import { type Files, syncDirectory } from './files.js';
import {
  encodeRecord,
  type JournalStatement,
  recordHeaderBytes,
  StatementDictionary,
} from './journal-record.js';
import { segmentHeader, segmentHeaderBytes, segmentName } from './journal-segment.js';

/** A segment is closed and the next begun when it has grown past this. */
const segmentMaxBytes = 16 * 1024 * 1024;

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
  /** Called when a segment was begun and the one before it, if any, is complete. */
  readonly onSegmentBegun?: () => void;
}

interface PendingRecord {
  readonly sequence: number;
  readonly payload: Buffer;
  readonly startsSegment: boolean;
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
  #pending: PendingRecord[] = [];
  #waiters: Waiter[] = [];
  #flushing: Promise<void> | undefined;
  #failure: FleetError | undefined;
  /** What became of it since opening. */
  readonly figures = { syncs: 0, syncMs: 0, syncedRecords: 0 };

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
    // What is kept may so far be in the system's cache only; nobody may be told of it before it is on disk.
    await this.#handle.truncate(tail.bytes);
    await this.#handle.sync();
    this.#segmentBytes = tail.bytes;
    this.#dictionary = tail.dictionary;
  }

  /**
   * Takes the changes of a transaction, or throws and has taken nothing; returns their sequence. `synced` tells when
   * they are on disk.
   */
  append(statements: readonly JournalStatement[]): number {
    this.assertSound();
    const startsSegment = this.#segmentBytes === 0 || this.#segmentBytes >= this.#segmentMaxBytes;
    const dictionary = startsSegment ? new StatementDictionary() : this.#dictionary;
    const payload = dictionary.encode(statements);
    const bytes = recordHeaderBytes + payload.length;
    this.#dictionary = dictionary;
    this.#sequence += 1;
    this.#segmentBytes = (startsSegment ? segmentHeaderBytes : this.#segmentBytes) + bytes;
    this.#appendedBytes += bytes;
    this.#pending.push({ sequence: this.#sequence, payload, startsSegment });
    // At the end of this turn of the event loop, so that all messages that arrived together share one sync.
    this.#flushing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#flush());
    return this.#sequence;
  }

  /**
   * Ends the segment: what is appended from now on goes into another one. Resolves with the sequence of the last record
   * before that, once all is on disk.
   */
  async endSegment(): Promise<number> {
    this.#segmentBytes = 0;
    const sequence = this.#sequence;
    await this.synced(sequence);
    return sequence;
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
        this.figures.syncedRecords += batch.length;
        this.#syncedSequence = upTo;
        this.#release(upTo);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#flushing = undefined;
    }
  }

  async #writeBatch(batch: readonly PendingRecord[]): Promise<void> {
    // Encoded only now, so that each batch testifies to the whole one before it, however they were queued.
    const syncedSequence = this.#syncedSequence;
    let run: Buffer[] = [];
    for (const { sequence, payload, startsSegment } of batch) {
      if (startsSegment) {
        await this.#writeRun(run);
        await this.#startSegment(sequence);
        run = [segmentHeader(sequence)];
      }
      run.push(encodeRecord({ sequence, syncedSequence, payload }));
    }
    await this.#writeRun(run);
  }

  async #writeRun(run: readonly Buffer[]): Promise<void> {
    if (run.length === 0) return;
    if (!this.#handle) throw new Error('it is closed');
    let bytes = run.length === 1 && run[0] ? run[0] : Buffer.concat(run);
    while (bytes.length > 0) {
      const { bytesWritten } = await this.#handle.write(bytes);
      if (bytesWritten === 0) throw new Error('the disk took no more bytes');
      bytes = bytes.subarray(bytesWritten);
    }
    const begun = performance.now();
    await this.#handle.datasync();
    this.figures.syncs += 1;
    this.figures.syncMs += performance.now() - begun;
  }

  async #startSegment(firstSequence: number): Promise<void> {
    const { files, directory } = this.#options;
    await this.#handle?.close();
    this.#handle = await files.open(path.join(directory, segmentName(firstSequence)), 'w', 0o600);
    await syncDirectory(files, directory);
    this.#options.onSegmentBegun?.();
  }

  #release(upTo: number): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (waiter.sequence <= upTo) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  }

  /** Takes nothing any more: what the journal says and what is in memory do not agree. */
  fail(error: unknown): void {
    if (this.#failure) return;
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
