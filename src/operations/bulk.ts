import { setMaxListeners } from 'node:events';
import { type Static, Type } from '@sinclair/typebox';
import { concurrencyDefault, concurrencyMax } from '../domain/bulk-limits.js';
import { type ErrorCode, errorCatalogue, FleetError } from '../domain/errors.js';
import type { Station } from '../domain/model.js';
import type { OperationContext } from './operation.js';
import { statusOfRefusal } from './remote/refusal.js';
import { resolveTargets, type Targets, targets } from './selector.js';
import { nullable, oneOf } from './shared.js';

/** What every operation on many stations takes. */
export const bulkInput = {
  targets,
  /** How many stations are dealt with at a time. */
  concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: concurrencyMax })),
};

const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** What became of it at one station. */
export const bulkOutcome = Type.Object({
  stationId: Type.String(),
  ok: Type.Boolean(),
  /** What the station said; null when it said nothing of the kind. */
  status: nullable(Type.String()),
  /** In words. */
  message: Type.String(),
  /** Of the catalogue of errors; null when it went well. */
  code: nullable(oneOf(...errorCodes)),
  /** What else there is to know; it depends on the operation. */
  detail: nullable(Type.Record(Type.String(), Type.Unknown())),
  /** What to try next when it did not go well. */
  suggestions: Type.Array(Type.String()),
});
export type BulkOutcome = Static<typeof bulkOutcome>;

/** What went well at a station. */
export interface Done {
  readonly status: string | null;
  /** A sentence that begins with the id of the station; when left out it says what the station answered. */
  readonly message?: string;
  readonly detail?: Record<string, unknown>;
}

/** Does it at one station. What it throws becomes the outcome of that station. */
export type Act = (station: Station, signal: AbortSignal) => Promise<Done>;

/** What concerns all stations, not the one at which it showed. */
const fatal: ReadonlySet<ErrorCode> = new Set(['STORE_FAILED', 'STORE_DAMAGED', 'SERVER_UNREACHABLE']);

/**
 * Does something at many stations, `concurrency` of them at a time, and goes on after failures. The outcomes come as
 * stations finish. When the signal aborts, or nobody reads on, no further station is begun.
 * @throws FleetError before anything was done: as resolveTargets; later only for what stops everything
 */
export async function* bulk(
  { store, live, signal }: Pick<OperationContext, 'store' | 'live' | 'signal'>,
  wanted: Targets,
  { concurrency = concurrencyDefault }: { readonly concurrency?: number | undefined },
  act: Act,
): AsyncGenerator<readonly BulkOutcome[]> {
  const waiting = (await store.read((r) => resolveTargets(r, live, wanted))).values();
  const abandoned = new AbortController();
  const either = AbortSignal.any([signal, abandoned.signal]);
  // Each station under way listens.
  setMaxListeners(0, either);
  let finished: BulkOutcome[] = [];
  let wake = (): void => undefined;
  const work = async (): Promise<void> => {
    for (const station of waiting) {
      const outcome = await outcomeOf(station, act, either);
      if (either.aborted) return;
      finished.push(outcome);
      wake();
    }
  };
  const workers = Promise.all(Array.from({ length: concurrency }, work));
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  const over = (): void => {
    isOver = true;
    wake();
  };
  const end = workers.then(over, (error: unknown) => {
    failure = { error };
    abandoned.abort();
    over();
  });
  try {
    for (;;) {
      if (finished.length > 0) {
        const batch = finished;
        finished = [];
        yield batch;
      } else if (isOver) break;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    signal.throwIfAborted();
    if (failure) throw failure.error;
  } finally {
    abandoned.abort();
    await end;
  }
}

async function outcomeOf(station: Station, act: Act, signal: AbortSignal): Promise<BulkOutcome> {
  const { id } = station;
  try {
    const { status, message, detail } = await act(station, signal);
    return {
      stationId: id,
      ok: true,
      status,
      message: message ?? (status === null ? `${id}: done.` : `${id} answered ${status}.`),
      code: null,
      detail: detail ?? null,
      suggestions: [],
    };
  } catch (error) {
    if (error instanceof FleetError && fatal.has(error.code) && !signal.aborted) throw error;
    return failed(id, error);
  }
}

function failed(id: string, error: unknown): BulkOutcome {
  if (!(error instanceof FleetError)) {
    const message = error instanceof Error ? error.message : String(error);
    return failed(id, new FleetError('UNEXPECTED', `${id}: the server failed: ${message}`, { cause: error }));
  }
  return {
    stationId: id,
    ok: false,
    status: statusOfRefusal(error),
    message: error.message,
    code: error.code,
    detail: null,
    suggestions: [...error.suggestions],
  };
}
