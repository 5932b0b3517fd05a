import path from 'node:path';
import { FleetError } from '../domain/errors.js';
import type { BackupResult, CompactionResult, StoreCheck } from '../domain/store-admin.js';
import { explainBackupFailure } from './backup-error.js';
import { type Files, hasCode, makeDirectory } from './files.js';
import type { Journal } from './journal.js';
import { firstSequenceOf, listSegments } from './journal-segment.js';
import { beginNextSegment, removeSegments, storePaths } from './snapshot.js';
import type { RunJob } from './store-job.js';

/** When the journal is folded into the snapshot while the store is in use: whichever is reached first. */
export interface CompactionLimits {
  /** Of closed segments. */
  readonly bytes: number;
  /** Closed segments. */
  readonly segments: number;
}

export interface StoreFilesOptions {
  readonly files: Files;
  readonly directory: string;
  readonly journal: Journal;
  /** Where the heavy work is done. */
  readonly runJob: RunJob;
  /** What the journal held when it was opened. */
  readonly initial: {
    readonly segments: number;
    readonly bytes: number;
    readonly snapshotSequence: number;
    readonly snapshotBytes: number;
  };
  /** Undefined: only when asked. */
  readonly limits: CompactionLimits | undefined;
  readonly onNotice: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/**
 * What is done with the files of a store while it is in use: compaction, backups, checks. One at a time, each on a
 * snapshot and on segments that are closed for it, so that writing goes on meanwhile.
 */
export class StoreFiles {
  limits: CompactionLimits | undefined;
  readonly #options: StoreFilesOptions;
  /** The last piece of work in line; each waits for the one before it. */
  #line: Promise<unknown> = Promise.resolve();
  #closedSegments: number;
  /** In the journal when the last compaction was done (or the store opened), then what was appended since. */
  #journalBytes: number;
  #appendedBefore = 0;
  #isCompacting = false;
  #snapshotSequence: number;
  #snapshotBytes: number;

  constructor(options: StoreFilesOptions) {
    this.#options = options;
    this.limits = options.limits;
    this.#closedSegments = Math.max(0, options.initial.segments - 1);
    this.#journalBytes = options.initial.bytes;
    this.#snapshotSequence = options.initial.snapshotSequence;
    this.#snapshotBytes = options.initial.snapshotBytes;
  }

  /** Sequence of the last record that the snapshot contains. */
  get snapshotSequence(): number {
    return this.#snapshotSequence;
  }

  get snapshotBytes(): number {
    return this.#snapshotBytes;
  }

  /** Bytes that the journal holds beyond the snapshot, roughly. */
  get journalBytes(): number {
    return this.#journalBytes + this.#options.journal.appendedBytes - this.#appendedBefore;
  }

  /** To be called when the journal has begun a segment, the one before it being closed. */
  segmentBegun(): void {
    this.#closedSegments += 1;
    const { limits } = this;
    if (!limits || this.#isCompacting) return;
    if (this.#closedSegments < limits.segments && this.journalBytes < limits.bytes) return;
    this.#isCompacting = true;
    const { onNotice } = this.#options;
    this.compact()
      .then(
        ({ segments, durationMs }) =>
          onNotice('info', `compacted ${segments} journal segments in ${durationMs} ms`),
        // The journal keeps everything; the next closed segment is the next occasion.
        (error: unknown) => onNotice('error', `compaction failed: ${String(error)}`),
      )
      .finally(() => {
        this.#isCompacting = false;
      });
  }

  compact(): Promise<CompactionResult> {
    return this.#inLine(async () => {
      const { files, directory, journal, runJob } = this.#options;
      const begun = performance.now();
      const { snapshot, journal: journalDirectory } = storePaths(directory);
      const appended = journal.appendedBytes;
      const segments = await this.#closeSegments();
      const { bytes, sequence } = await runJob({ kind: 'fold', snapshot, segments, target: snapshot });
      await beginNextSegment(files, journalDirectory, sequence);
      await removeSegments(files, journalDirectory, segments);
      this.#closedSegments = 0;
      this.#snapshotSequence = sequence;
      this.#snapshotBytes = bytes;
      this.#journalBytes = 0;
      this.#appendedBefore = appended;
      const durationMs = Math.round(performance.now() - begun);
      return { snapshotBytes: bytes, sequence, segments: segments.length, durationMs };
    });
  }

  async backup(file: string, { replace }: { replace: boolean }): Promise<BackupResult> {
    try {
      return await this.#backup(file, { replace });
    } catch (error) {
      throw explainBackupFailure(error, file);
    }
  }

  #backup(file: string, { replace }: { replace: boolean }): Promise<BackupResult> {
    return this.#inLine(async () => {
      const { files, directory, runJob } = this.#options;
      if (!replace && (await exists(files, file))) {
        throw new FleetError('EXISTS', `${file} exists already.`, {
          suggestions: ['--force, to replace it'],
        });
      }
      await makeDirectory(files, path.dirname(file));
      const { snapshot } = storePaths(directory);
      const segments = await this.#closeSegments();
      const { bytes, sequence } = await runJob({ kind: 'fold', snapshot, segments, target: file });
      return { file, bytes, sequence };
    });
  }

  check(): Promise<StoreCheck> {
    return this.#inLine(async () => {
      const { directory, runJob } = this.#options;
      const { snapshot } = storePaths(directory);
      const segments = await this.#closeSegments();
      const inspection = await runJob({ kind: 'inspect', snapshot, segments, lastMayBeTorn: false });
      return { ok: inspection.problems.length === 0, ...inspection };
    });
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    let last: unknown;
    while (last !== this.#line) {
      last = this.#line;
      await this.#line;
    }
  }

  /** Everything that the journal holds now, in segments that nobody writes any more. */
  async #closeSegments(): Promise<string[]> {
    const { files, directory, journal } = this.#options;
    const sequence = await journal.endSegment();
    const segments = await listSegments(files, storePaths(directory).journal);
    return segments.filter((segment) => firstSequenceOf(segment) <= sequence);
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#line.then(work);
    this.#line = result.catch(() => undefined);
    return result;
  }
}

async function exists(files: Files, file: string): Promise<boolean> {
  try {
    await (await files.open(file, 'r')).close();
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
