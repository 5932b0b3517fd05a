import type { Alarm, AlarmKind } from '../domain/alarm/alarm.js';
import { triggerOf } from '../domain/alarm/alarm-words.js';
import type { WatchContext } from './watch.js';

/** How long a condition has to be gone before its alarm clears: what flaps is one alarm. */
export const dampingMs = 5 * 60_000;

/** Stations say things of any length; a description is read in a line. */
const descriptionMaxLength = 500;

/** Where something is wrong, and what. */
export interface Condition {
  readonly kind: AlarmKind;
  readonly station: { readonly uuid: string; readonly id: string };
  /** Null when it concerns the station as a whole. */
  readonly connector: number | null;
  /** Tells the conditions of one kind at one place apart; empty where there is one. */
  readonly condition: string;
}

export interface Sign extends Condition {
  /** What was said of it, beside its kind; empty where nothing was. */
  readonly description: string;
  /** Since when it lasts. */
  readonly at: number;
  /** When the server learned of it; now, unless an event says otherwise. */
  readonly seenAt?: number;
  /** When it clears by itself, because nothing will ever say that it is over. */
  readonly clearsAt?: number;
}

/**
 * A condition is there: its alarm is opened, or counted up where it is open. Those whom the rules name are told when it
 * opens; not of lost connections, which have messages of their own, and not during maintenance.
 */
export async function openAlarm(context: WatchContext, sign: Sign): Promise<void> {
  const { r, rules, now, newId } = context;
  const { kind, station, connector, condition, at, seenAt = now, clearsAt = null } = sign;
  const description = sign.description.slice(0, descriptionMaxLength);
  const place = { stationUuid: station.uuid, connector };
  const known = await r.alarms.findOpen({ ...place, kind, condition });
  if (known) {
    const change = { count: known.count + 1, description: description || known.description, clearsAt };
    await r.alarms.update(known.uuid, change);
    return;
  }
  if ((await r.stations.findByUuid(station.uuid)) === undefined) return;
  const forIt = await rules.rulesFor({ trigger: triggerOf(kind), stationUuid: station.uuid });
  const alarm: Alarm = {
    uuid: newId(),
    kind,
    ...place,
    stationId: station.id,
    condition,
    description,
    rule: forIt.map(({ name }) => name).join(', ') || null,
    beganAt: at,
    openedAt: now,
    count: 1,
    maintenance: (await r.maintenance.findActive(place, seenAt)) !== undefined,
    clearsAt,
    clearedAt: null,
    clearedBy: null,
    note: null,
    ackedAt: null,
    ackedBy: null,
  };
  await r.alarms.insert(alarm);
  context.alarms.push({ alarm, isOver: false });
}

/**
 * A condition is over: its alarm clears after the damping, unless the condition comes back before. That of a lost
 * connection clears at once: how long an outage has to last was waited for at its beginning.
 */
export async function endCondition(context: WatchContext, over: Condition): Promise<void> {
  const { kind, station, connector, condition } = over;
  const open = await context.r.alarms.findOpen({ kind, stationUuid: station.uuid, connector, condition });
  if (open) await endAlarm(context, open);
}

/** The condition of an open alarm is over. */
export async function endAlarm(context: WatchContext, open: Alarm): Promise<void> {
  const { r, now } = context;
  if (open.kind === 'connection-lost') await clearAlarm(context, open);
  else if (open.clearsAt === null) await r.alarms.update(open.uuid, { clearsAt: now + dampingMs });
}

/** An alarm is over by itself. */
export async function clearAlarm(context: WatchContext, open: Alarm): Promise<void> {
  const { r, now, log } = context;
  const { uuid, stationId, connector, kind } = open;
  await r.alarms.update(uuid, { clearedAt: now, clearsAt: null });
  log.info('alarm cleared', { station: stationId, connector: connector ?? undefined, kind });
  context.alarms.push({ alarm: open, isOver: true });
}
