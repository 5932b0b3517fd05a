/** What an operator can learn of the store and have it do: a port that the store implements. Sizes are bytes. */
export interface StoreAdmin {
  info(): Promise<StoreInfo>;
  /** Folds everything that is in the journal now into a new snapshot. */
  compact(): Promise<CompactionResult>;
  /**
   * Writes a consistent copy of everything that is in the store now: a plain SQLite file.
   * @param file absolute path; appears whole or not at all
   * @throws FleetError EXISTS unless `replace` is set
   */
  backup(file: string, options: { replace: boolean }): Promise<BackupResult>;
  /** Verifies what lies on the disk, without changing anything. */
  check(): Promise<StoreCheck>;
}

export interface StoreInfo {
  readonly directory: string;
  /** Schema version of the store. */
  readonly version: number;
  readonly snapshotBytes: number;
  /** Sequence of the last journal record that the snapshot contains. */
  readonly snapshotSequence: number;
  /** Sequence of the newest record. */
  readonly sequence: number;
  readonly segments: number;
  readonly journalBytes: number;
  /** Milliseconds since the epoch; null when there is no snapshot yet. */
  readonly compactedAt: number | null;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface CompactionResult {
  readonly snapshotBytes: number;
  /** Sequence of the last record in the new snapshot. */
  readonly sequence: number;
  /** Journal segments that the snapshot replaced. */
  readonly segments: number;
  readonly durationMs: number;
}

export interface BackupResult {
  readonly file: string;
  readonly bytes: number;
  readonly sequence: number;
}

export interface StoreCheck {
  /** Nothing is wrong; a torn tail is not. */
  readonly ok: boolean;
  /** What is wrong, in words, with the place. */
  readonly problems: readonly string[];
  readonly snapshotBytes: number;
  readonly snapshotSequence: number;
  readonly segments: readonly SegmentCheck[];
  /** Records in the journal that are sound. */
  readonly records: number;
}

export interface SegmentCheck {
  readonly file: string;
  readonly bytes: number;
  readonly firstSequence: number;
  readonly records: number;
  /** Bytes at the end of the last segment of a commit that nobody was told of. */
  readonly tornBytes: number;
}
