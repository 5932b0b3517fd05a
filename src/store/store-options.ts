import type { FleetError } from '../domain/errors.js';
import type { Files } from './files.js';
import type { Recovery } from './recovery.js';
import type { CompactionLimits } from './store-files.js';
import type { RunJob } from './store-job.js';

export interface StoreOptions {
  readonly directory: string;
  /** What this process is doing, for others that find the store locked. */
  readonly command: string;
  readonly lockTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called once when the disk failed: the process must stop, because memory is ahead of it. */
  readonly onFailure?: (error: FleetError) => void;
  readonly now: () => number;
  readonly files?: Files;
  /** A segment is closed and the next begun when it has grown past this; 16 MiB when left out. */
  readonly segmentMaxBytes?: number;
  /**
   * At start and stop the journal is folded into the snapshot when it is longer than this (when left out 64 KiB, and 0 as
   * long as there is no snapshot)…
   */
  readonly compactAtBytes?: number;
  /** …and than this share of the snapshot; a twentieth when left out: to replay a byte takes as long as to write twenty. */
  readonly compactAtShareOfSnapshot?: number;
  /** Where compactions, backups and checks do their heavy work; in this thread when left out. */
  readonly runJob?: RunJob;
  /** When to compact while the store is in use; only when asked, when left out. */
  readonly compactionLimits?: CompactionLimits;
  /** Told of what happens by itself. */
  readonly onNotice?: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** What opening found: how much of the journal was replayed, and the unfinished commit that was cut off. */
export type RecoveryReport = Pick<Recovery, 'replayedRecords' | 'tornBytes'>;

/** What a store has done since it was opened, and its sizes now. */
export interface StoreFigures extends Sizes {
  readonly reads: number;
  readonly writes: number;
  /** Rolled back. */
  readonly failedWrites: number;
  readonly syncs: number;
  /** Spent waiting for them. */
  readonly syncMs: number;
  readonly syncedRecords: number;
  readonly writtenBytes: number;
}

export interface Sizes {
  readonly journalBytes: number;
  readonly snapshotBytes: number;
}
