import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { thinnedRanges } from '../../domain/retention.js';
import type { OldestRows, RetentionRepository } from '../../domain/retention-repository.js';
import { effectiveSettings } from '../../domain/settings.js';
import { BackgroundJob } from './background-job.js';

/** Stations that reconnect after a start come first. */
const firstDelayMs = 30_000;
const intervalMs = 3600_000;

/** What one step looks at; together they keep it to a few milliseconds. */
const sessionsPerStep = 32;
const instantsPerStep = 256;
const rowsPerStep = 256;

/** So long nobody is told twice of the same session, whatever its station sends again. */
const sessionNoticesMs = 30 * 86_400_000;

/** Thins and removes what is older, or more, than the settings say, every hour. */
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
      const { sessions: _sessions, ...rows } = removed;
      if (Object.values(rows).some((count) => count > 0)) log.info('old rows removed', rows);
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
  readonly alarms: number;
  readonly audit: number;
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

  let position: Position | undefined;
  let sessions = 0;
  const thinned = await inSteps(store, signal, async ({ retention }) => {
    const step = await thinSome(retention, { endedBy: samplesBefore, nowMs, position });
    position = step.position;
    sessions += step.sessions;
    return step;
  });
  const age = async (kind: Aging) => {
    const receivedBefore = nowMs - settings[kind.setting];
    const old = await inSteps(store, signal, ({ retention }) =>
      removed(kind.remove(retention, { receivedBefore, limit: rowsPerStep })),
    );
    return old + (await removeSurplus(store, signal, kind, settings['retention.max-rows']));
  };
  await inSteps(store, signal, ({ retention }) =>
    removed(retention.removeSessionNotices({ receivedBefore: nowMs - sessionNoticesMs, limit: rowsPerStep })),
  );
  return {
    sessions,
    samples: thinned + (await age(aging.orphanSamples)),
    events: await age(aging.events),
    connections: await age(aging.connections),
    faults: await age(aging.faults),
    alarms: await age(aging.alarms),
    audit: await age(aging.audit),
  };
}

/** Rows that go when they are old, or when there are too many. */
interface Aging {
  readonly setting: `retention.${'samples' | 'events' | 'connections' | 'faults' | 'alarms' | 'audit'}`;
  /** Of those that `remove` may take. */
  count(r: Repositories): Promise<number>;
  remove(retention: RetentionRepository, oldest: OldestRows): Promise<number>;
}

const aging = {
  orphanSamples: {
    setting: 'retention.samples',
    count: (r) => r.samples.countOrphans(),
    remove: (retention, oldest) => retention.removeOrphanSamples(oldest),
  },
  events: {
    setting: 'retention.events',
    count: (r) => r.events.count({}),
    remove: (retention, oldest) => retention.removeEvents(oldest),
  },
  connections: {
    setting: 'retention.connections',
    count: (r) => r.connections.count({ open: false }),
    remove: (retention, oldest) => retention.removeConnections(oldest),
  },
  faults: {
    setting: 'retention.faults',
    count: (r) => r.faults.count({ active: false }),
    remove: (retention, oldest) => retention.removeFaults(oldest),
  },
  alarms: {
    setting: 'retention.alarms',
    count: (r) => r.alarms.count({ open: false }),
    remove: (retention, oldest) => retention.removeAlarms(oldest),
  },
  audit: {
    setting: 'retention.audit',
    count: (r) => r.audit.count({}),
    remove: (retention, oldest) => retention.removeAudit(oldest),
  },
} as const satisfies Record<string, Aging>;

/** A station that reconnects or changes its state without end must not fill the memory long before anything is old. */
async function removeSurplus(
  store: Store,
  signal: AbortSignal | undefined,
  { count, remove }: Aging,
  rowsMax: number,
): Promise<number> {
  const surplus = (await store.read(count)) - rowsMax;
  if (surplus <= 0) return 0;
  let missing = surplus;
  return inSteps(store, signal, async ({ retention }) => {
    const limit = Math.min(missing, rowsPerStep);
    const rows = await remove(retention, { receivedBefore: Number.MAX_SAFE_INTEGER, limit });
    missing -= rows;
    return { rows, isDone: missing <= 0 || rows === 0 };
  });
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
