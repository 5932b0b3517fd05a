import { FleetError } from '../domain/errors.js';
import type { SegmentCheck } from '../domain/store-admin.js';
import { type Files, replaceFile } from './files.js';
import { firstSequenceOf, readSegment } from './journal-segment.js';
import { exportSnapshot, loadSnapshot, replaySegments, type Snapshot } from './replay.js';
import type { Sqlite } from './sqlite.js';

/**
 * Heavy work on the files of a store that touches nothing of a store that is open: it reads a snapshot and segments
 * that nobody writes any more. So it can run in this thread or in another.
 */
export type StoreJob =
  /** Writes what snapshot and segments hold together to `target`, whole or not at all. */
  | {
      readonly kind: 'fold';
      readonly snapshot: string;
      readonly segments: readonly string[];
      readonly target: string;
    }
  | {
      readonly kind: 'inspect';
      readonly snapshot: string;
      readonly segments: readonly string[];
      readonly lastMayBeTorn: boolean;
    };

interface FoldResult {
  readonly bytes: number;
  readonly sequence: number;
}

interface Inspection {
  readonly problems: readonly string[];
  readonly snapshotBytes: number;
  readonly snapshotSequence: number;
  readonly segments: readonly SegmentCheck[];
  readonly records: number;
}

export type JobResult<J extends StoreJob> = J['kind'] extends 'fold' ? FoldResult : Inspection;

/** Runs jobs somewhere. */
export type RunJob = <J extends StoreJob>(job: J) => Promise<JobResult<J>>;

/** Runs jobs in this thread, on the given files. */
export function jobsHere(files: Files): RunJob {
  return async <J extends StoreJob>(job: J) => {
    const result = job.kind === 'fold' ? await fold(files, job) : await inspect(files, job);
    return result as JobResult<J>;
  };
}

async function fold(files: Files, job: Extract<StoreJob, { kind: 'fold' }>): Promise<FoldResult> {
  const snapshot = await loadSnapshot(files, job.snapshot);
  try {
    const { sequence } = await replaySegments(files, snapshot, job.segments, { lastMayBeTorn: false });
    // A damaged page would go unnoticed into every backup, until the last good one is rotated away.
    const [problem] = problemsOf(snapshot.sqlite, job.snapshot);
    if (problem !== undefined) throw damagedStore(problem);
    const bytes = exportSnapshot(snapshot.sqlite, sequence);
    await replaceFile(files, job.target, bytes);
    return { bytes: bytes.length, sequence };
  } finally {
    snapshot.sqlite.close();
  }
}

function damagedStore(problem: string): FleetError {
  return new FleetError('STORE_DAMAGED', `The store is damaged. ${problem}`, {
    suggestions: [
      'evfleet store check',
      'Copy the whole data directory aside, then restore the last good backup.',
    ],
  });
}

async function inspect(files: Files, job: Extract<StoreJob, { kind: 'inspect' }>): Promise<Inspection> {
  const problems: string[] = [];
  const segments = await inspectSegments(files, job, problems);
  const records = segments.reduce((sum, segment) => sum + segment.records, 0);
  let snapshot: Snapshot;
  try {
    snapshot = await loadSnapshot(files, job.snapshot);
  } catch (error) {
    problems.push(messageOf(error));
    return { problems, snapshotBytes: 0, snapshotSequence: 0, segments, records };
  }
  const { sqlite, bytes, sequence } = snapshot;
  try {
    // Before the replay too: its statements could paper over what is wrong in the file.
    if (bytes > 0) problems.push(...problemsOf(sqlite, job.snapshot));
    await replaySegments(files, snapshot, job.segments, { lastMayBeTorn: job.lastMayBeTorn });
    problems.push(...problemsOf(sqlite, 'the store after its journal was replayed'));
  } catch (error) {
    problems.push(messageOf(error));
  } finally {
    sqlite.close();
  }
  return {
    problems: [...new Set(problems)],
    snapshotBytes: bytes,
    snapshotSequence: sequence,
    segments,
    records,
  };
}

async function inspectSegments(
  files: Files,
  { segments, lastMayBeTorn }: Extract<StoreJob, { kind: 'inspect' }>,
  problems: string[],
): Promise<SegmentCheck[]> {
  const checks: SegmentCheck[] = [];
  let expected: number | undefined;
  for (const [index, file] of segments.entries()) {
    const bytes = await files.readFile(file);
    const firstSequence = firstSequenceOf(file);
    if (expected !== undefined && firstSequence !== expected) {
      problems.push(`Records ${expected} to ${firstSequence - 1} are missing before ${file}.`);
    }
    const check = { file, bytes: bytes.length, firstSequence };
    try {
      const isLast = lastMayBeTorn && index === segments.length - 1;
      const { records, tornBytes } = readSegment(file, bytes, { isLast });
      checks.push({ ...check, records: records.length, tornBytes });
      expected = firstSequence + records.length;
    } catch (error) {
      problems.push(messageOf(error));
      checks.push({ ...check, records: 0, tornBytes: 0 });
      expected = undefined;
    }
  }
  return checks;
}

/** What SQLite itself finds wrong. */
export function problemsOf(sqlite: Sqlite, what: string): string[] {
  const integrity = sqlite.all('PRAGMA integrity_check', []).map((row) => String(row.integrity_check));
  const foreign = sqlite
    .all('PRAGMA foreign_key_check', [])
    .map(
      (row) =>
        `row ${String(row.rowid)} of ${String(row.table)} refers to a row of ${String(row.parent)} that is not there`,
    );
  const wrong = [...integrity.filter((line) => line !== 'ok'), ...foreign];
  return wrong.slice(0, problemsShownMax).map((problem) => `In ${what}: ${problem}.`);
}

/** A broken page breaks thousands of rows; the first ones tell enough. */
const problemsShownMax = 20;

function messageOf(error: unknown): string {
  return error instanceof FleetError || error instanceof Error ? error.message : String(error);
}
