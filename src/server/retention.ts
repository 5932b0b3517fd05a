import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { Repositories, RetentionRepository, Store } from '../domain/repositories.js';
import { thinnedRanges } from '../domain/retention.js';
import { effectiveSettings } from '../domain/settings.js';
import { BackgroundJob } from './background-job.js';

/** Stations that reconnect after a start come first. */
const firstDelayMs = 30_000;
const intervalMs = 3600_000;

/** What one step looks at; together they keep it to a few milliseconds. */
const sessionsPerStep = 32;
const instantsPerStep = 256;
const rowsPerStep = 256;

/** Thins and removes what is older than the settings say, every hour. */
export function createRetentionJob({
  store,
  clock,
  log,
}: {
  store: Store;
  clock: Clock;
  log: Log;
}): BackgroundJob {
  return new BackgroundJob({
    name: 'retention',
    clock,
    log,
    firstDelayMs,
    retryDelayMs: intervalMs,
    async run(signal) {
      const removed = await applyRetention({ store, nowMs: clock.now(), signal });
      const { samples, events, connections, faults } = removed;
      if (samples + events + connections + faults > 0) {
        log.info('old rows removed', { samples, events, connections, faults });
      }
      return intervalMs;
    },
  });
}

export interface RetentionResult {
  /** Meter samples removed, and sessions that were looked at for them. */
  readonly samples: number;
  readonly sessions: number;
  readonly events: number;
  readonly connections: number;
  readonly faults: number;
}

/**
 * One round. Each step is a transaction of its own, so a crash or an abort loses nothing and the next round goes on;
 * other work comes in between. A session is thinned as a whole once it has been over for long enough, and then never
 * looked at again.
 */
export async function applyRetention({
  store,
  nowMs,
  signal,
}: {
  store: Store;
  nowMs: number;
  signal?: AbortSignal;
}): Promise<RetentionResult> {
  const settings = effectiveSettings(await store.read((r) => r.settings.list()));
  const samplesBefore = nowMs - settings['retention.samples'];
  const oldest = (kept: number) => ({ receivedBefore: nowMs - kept, limit: rowsPerStep });

  let position: Position | undefined;
  let sessions = 0;
  const thinned = await inSteps(store, signal, async ({ retention }) => {
    const step = await thinSome(retention, { endedBy: samplesBefore, nowMs, position });
    position = step.position;
    sessions += step.sessions;
    return step;
  });
  const orphans = await inSteps(store, signal, ({ retention }) =>
    removed(retention.removeOrphanSamples(oldest(settings['retention.samples']))),
  );
  const events = await inSteps(store, signal, ({ retention }) =>
    removed(retention.removeEvents(oldest(settings['retention.events']))),
  );
  const connections = await inSteps(store, signal, ({ retention }) =>
    removed(retention.removeConnections(oldest(settings['retention.connections']))),
  );
  const faults = await inSteps(store, signal, ({ retention }) =>
    removed(retention.removeFaults(oldest(settings['retention.faults']))),
  );
  return { samples: thinned + orphans, sessions, events, connections, faults };
}

interface Step {
  readonly rows: number;
  readonly isDone: boolean;
}

async function inSteps(
  store: Store,
  signal: AbortSignal | undefined,
  step: (r: Repositories) => Promise<Step>,
): Promise<number> {
  let rows = 0;
  while (!signal?.aborted) {
    const done = await store.write(step);
    rows += done.rows;
    if (done.isDone) break;
    await endOfTurn();
  }
  return rows;
}

async function removed(rows: Promise<number>): Promise<Step> {
  const count = await rows;
  return { rows: count, isDone: count < rowsPerStep };
}

/** How far a session was thinned that has too many samples for one step. */
interface Position {
  readonly transactionId: number;
  readonly after: number;
}

async function thinSome(
  retention: RetentionRepository,
  { endedBy, nowMs, position }: { endedBy: number; nowMs: number; position: Position | undefined },
): Promise<Step & { sessions: number; position: Position | undefined }> {
  const ended = await retention.listUnthinned(endedBy, sessionsPerStep);
  let budget = instantsPerStep;
  let rows = 0;
  let sessions = 0;
  for (const { transactionId, startedAt } of ended) {
    if (budget === 0) return { rows, sessions, position: undefined, isDone: false };
    const previous = position?.transactionId === transactionId ? position.after : undefined;
    const page = { ...(previous !== undefined && { after: previous }), limit: budget + 1 };
    const found = await retention.listInstants(transactionId, page);
    const instants = found.slice(0, budget);
    const isLast = found.length === instants.length;
    for (const range of thinnedRanges({ startedAt, instants, previous, isLast })) {
      rows += await retention.removeSamples(transactionId, range);
    }
    budget -= instants.length;
    const after = instants.at(-1);
    if (!isLast && after !== undefined) {
      return { rows, sessions, position: { transactionId, after }, isDone: false };
    }
    await retention.markThinned(transactionId, nowMs);
    sessions += 1;
  }
  return { rows, sessions, position: undefined, isDone: ended.length < sessionsPerStep };
}
