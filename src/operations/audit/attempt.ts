import { type ErrorCode, FleetError } from '../../domain/errors.js';
import { plural } from '../../domain/plural.js';
import type { Store } from '../../domain/repositories.js';
import { boundedJson } from './bounded-json.js';
import type { FailureLimit } from './failure-limit.js';
import { type Progress, type Recording, recordingStore, whoAndWhen } from './recording-store.js';
import { shownInput } from './shown-input.js';
import { targetOf } from './target.js';

interface Options {
  /** The one that sees everything. */
  readonly store: Store;
  readonly recording: Recording;
  readonly failures: FailureLimit;
  readonly input: unknown;
  /** See Operation. */
  readonly audit: 'failures' | undefined;
}

/**
 * One run of an operation that changes something, as the audit keeps it.
 *
 * What it changes of what people administer is recorded by its `store`. Anything else, a command to stations above all,
 * gets one entry when it has ended, and so does every attempt that fails or is refused. If the process dies before, the
 * entry is missing; what stations were sent is an event nevertheless, with who wanted it.
 */
export class Attempt {
  /** Records what is changed through it. */
  readonly store: Store;
  readonly #options: Options;
  readonly #progress: Progress = { hasRecorded: false, wasDeliberate: false };
  readonly #outcomes = { ok: 0, failed: 0 };
  #stationId: string | undefined;
  #lastCode: ErrorCode | undefined;
  #isOver = false;

  constructor(options: Options) {
    this.#options = options;
    this.store = recordingStore(options.store, options.recording, this.#progress);
  }

  /** What became of it at some stations. */
  note(items: readonly unknown[]): void {
    for (const item of items) {
      if (!isOutcome(item)) continue;
      this.#outcomes[item.ok ? 'ok' : 'failed'] += 1;
      this.#stationId = item.stationId;
      if (item.code !== null) this.#lastCode = item.code;
    }
  }

  /** @throws FleetError STORE_FAILED: what nobody will be able to trace must not count as done */
  async succeeded(result?: unknown): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#options.audit === 'failures') return;
    const { hasRecorded, wasDeliberate } = this.#progress;
    const isTold = hasRecorded || wasDeliberate || changedNothing(result);
    if (isTold && this.#acted === 0) return;
    await this.#write('ok');
  }

  /** Never fails: the reason why the operation did is what people have to see. */
  async failed(error: unknown): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const code = error instanceof FleetError ? error.code : 'UNEXPECTED';
    // What was no request at all.
    if (code === 'USAGE') return;
    const { failures, recording } = this.#options;
    try {
      if (await failures.passes(recording, code)) await this.#write(code);
    } catch {
      // A store that fails has already ended what needs it.
    }
  }

  /** Nobody waits for the end any more. */
  abandoned(): Promise<void> {
    return this.failed(new FleetError('INTERRUPTED', 'Nobody waited for the end.'));
  }

  get #acted(): number {
    return this.#outcomes.ok + this.#outcomes.failed;
  }

  #write(outcome: 'ok' | ErrorCode): Promise<void> {
    const { store, recording, input } = this.#options;
    const { ok, failed } = this.#outcomes;
    const [isOne, isMany] = [this.#acted === 1, this.#acted > 1];
    const ofOne = (isOne && this.#lastCode) || 'ok';
    const entry = {
      ...whoAndWhen(recording),
      kind: null,
      target: (isMany ? plural(this.#acted, 'station') : this.#stationId) ?? targetOf(input),
      before: null,
      after: isMany ? boundedJson({ ok, failed }) : null,
      input: shownInput(input),
      outcome: outcome !== 'ok' ? outcome : isMany && failed > 0 ? 'SOME_FAILED' : ofOne,
    } as const;
    return store.write((r) => r.audit.insert([entry]));
  }
}

interface StationOutcome {
  readonly stationId: string;
  readonly ok: boolean;
  readonly code: ErrorCode | null;
}

/** What operations on many stations give for each: see operations/bulk.ts. */
function isOutcome(item: unknown): item is StationOutcome {
  return typeof item === 'object' && item !== null && 'stationId' in item && 'ok' in item && 'code' in item;
}

/** What was there already, was not there to be deleted, or was only tried, as operations say it. */
function changedNothing(result: unknown): boolean {
  if (typeof result !== 'object' || result === null) return false;
  const isThere = 'outcome' in result && (result.outcome === 'skipped' || result.outcome === 'unchanged');
  const isTrial = 'dryRun' in result && result.dryRun === true;
  const isNoImport =
    'created' in result && result.created === 0 && 'updated' in result && result.updated === 0;
  return isThere || isTrial || isNoImport || ('deleted' in result && result.deleted === false);
}
