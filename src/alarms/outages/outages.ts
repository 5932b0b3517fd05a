import { defaultStepsMs } from '../../domain/alarm/alarm-rule.js';
import type { Outage } from '../../domain/alarm/outage.js';
import { detailOf } from '../../domain/event-detail.js';
import type { RecordedEvent } from '../../domain/record-repositories.js';
import { endCondition } from '../alarm-book.js';
import type { RuleBook } from '../rule-book.js';
import type { EventHandler, WatchContext } from '../watch.js';

/** From when on a lost station is an alarm, whether or not there is a rule: a quarter of an hour. */
export const offlineAfterMs = defaultStepsMs[0] ?? 0;

/** Outages that began within this time of each other are told of together when they are at least so many. */
export const stormMs = 60_000;
export const stormMin = 5;

/** How often it is asked whether a maintenance window, at its end or before, is over. */
export const heldCheckMs = 60_000;

/** Close codes with which a station says goodbye on purpose (RFC 6455 §7.4.1); 1005: without any. */
const goodbyes: readonly unknown[] = [1000, 1001, 1005];

/** Whether a connection was ended by its station, on purpose. */
export function isGoodbye({
  code,
  initiator,
}: {
  readonly code?: unknown;
  readonly initiator?: unknown;
}): boolean {
  return initiator === 'station' && goodbyes.includes(code);
}

/** Stations that come and go begin and end outages. */
export const outages: EventHandler = async (context, event) => {
  switch (event.kind) {
    case 'station.disconnected':
      return begin(context, event);
    case 'station.connected': {
      const open = await context.r.outages.findOpen(event.stationUuid);
      if (open) await endOutage(context, open);
    }
  }
};

/** The end of a connection that was replaced by another is none. */
async function begin(context: WatchContext, event: RecordedEvent): Promise<void> {
  const { r, rules, now, startedAt, newId } = context;
  const { stationUuid, stationId, at, receivedAt } = event;
  const detail = detailOf(event);
  if (detail.wasReplaced === true) return;
  const open = await r.outages.findOpen(stationUuid);
  const station = await r.stations.findByUuid(stationUuid);
  if (station?.registration !== 'accepted') {
    if (open) await endOutage(context, open);
    return;
  }
  const isBack = station.offlineSinceAt === null;
  if (open || isBack) return;
  // Not before this server could have seen it come back.
  const countsFrom = Math.min(now, Math.max(receivedAt, startedAt));
  const outage = { uuid: newId(), stationUuid, stationId, since: at, countsFrom };
  await r.outages.insert({
    ...outage,
    deliberate: isGoodbye(detail),
    nextStepAt: nextStepAt(outage, countsFrom, await connectionSteps(rules)),
    heldMs: null,
    stormUuid: null,
    endedAt: null,
    backAt: null,
  });
}

/**
 * It is over. Those who know of it are told by another task: of one among many together with those that come back
 * within a minute of it.
 */
export async function endOutage(context: WatchContext, outage: Outage): Promise<void> {
  const { r, now } = context;
  const { uuid, stationUuid, stationId, stormUuid } = outage;
  let isKnown = false;
  for (const subject of [uuid, stormUuid]) {
    if (subject === null) continue;
    isKnown ||= (await r.notices.listBySubject(subject)).some(({ stepMs }) => stepMs > 0);
  }
  const backAt = isKnown ? await whenToTell(context, stormUuid) : null;
  await r.outages.update(uuid, { endedAt: now, nextStepAt: null, heldMs: null, backAt });
  const station = { uuid: stationUuid, id: stationId };
  await endCondition(context, { kind: 'connection-lost', station, connector: null, condition: '' });
}

async function whenToTell({ r, now }: WatchContext, stormUuid: string | null): Promise<number> {
  if (stormUuid === null) return now;
  const next = await r.outages.findStormBack(stormUuid);
  return next !== undefined && next > now ? next : now + stormMs;
}

/**
 * After how long somebody may be told of a lost station, ascending: the steps of all rules, wherever they are for, and
 * those by default. An outage has them all; at each it is found out who is told. So it does not matter to an outage
 * under way where stations go, and which rules there are.
 */
export async function connectionSteps(rules: RuleBook): Promise<readonly number[]> {
  const steps = new Set(defaultStepsMs);
  for (const { triggers, stepsMs } of await rules.enabled()) {
    if (triggers.includes('connection-lost')) for (const stepMs of stepsMs) steps.add(stepMs);
  }
  return [...steps].sort((a, b) => a - b);
}

/** The first step after `now`; null when all are past. */
export function nextStepAt(
  { countsFrom }: Pick<Outage, 'countsFrom'>,
  now: number,
  steps: readonly number[],
): number | null {
  const next = steps.find((stepMs) => countsFrom + stepMs > now);
  return next === undefined ? null : countsFrom + next;
}
