import type { Alarm, AlarmKind } from '../domain/alarm.js';
import { alarmNode, namedAlarm, triggerOf } from '../domain/alarm-words.js';
import type { LogFields } from '../domain/log.js';
import { whyClosed } from '../domain/outbox-channels.js';
import { effectiveSettings } from '../domain/settings.js';
import { recipientsFor, recipientsOf } from './recipients.js';
import { tell } from './tell.js';
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

/** Alarms that have a message each; more that come at once share one. */
const aloneMax = 5;

/** Places that one message names. */
const nodesNamed = 10;

/** A step of one alarm; each recipient has it once. */
const openedStep = 0;
const clearedStep = 1;

/**
 * A condition is there: its alarm is opened, or counted up where it is open. Those whom the rules name are told when it
 * opens; not of lost connections, which have messages of their own, and not during maintenance.
 * @returns the alarm; undefined when the station was deleted meanwhile
 */
export async function openAlarm(context: WatchContext, sign: Sign): Promise<Alarm | undefined> {
  const opened = await recordSign(context, sign);
  if (!opened?.isNew) return opened?.alarm;
  const { alarm } = opened;
  const told = alarm.kind === 'connection-lost' ? {} : await tellOpened(context, [alarm]);
  logOpened(context, alarm, told);
  return alarm;
}

/** As `openAlarm`, for those of one kind that came at once: where they are many, those of the same rules share a message. */
export async function openTogether(context: WatchContext, signs: readonly Sign[]): Promise<void> {
  const byRules = new Map<string, Alarm[]>();
  for (const sign of signs) {
    const opened = await recordSign(context, sign);
    if (!opened?.isNew) continue;
    const { alarm } = opened;
    const key = `${alarm.rule ?? ''}\n${await isQuiet(context, alarm)}`;
    const together = byRules.get(key) ?? [];
    together.push(alarm);
    byRules.set(key, together);
  }
  for (const alarms of byRules.values()) {
    const messages = alarms.length > aloneMax ? [alarms] : alarms.map((alarm) => [alarm]);
    for (const together of messages) {
      const told = await tellOpened(context, together);
      for (const alarm of together) logOpened(context, alarm, told);
    }
  }
}

async function recordSign(
  context: WatchContext,
  sign: Sign,
): Promise<{ readonly alarm: Alarm; readonly isNew: boolean } | undefined> {
  const { r, rules, now, newId } = context;
  const { kind, station, connector, condition, at, seenAt = now, clearsAt = null } = sign;
  const description = sign.description.slice(0, descriptionMaxLength);
  const place = { stationUuid: station.uuid, connector };
  const known = await r.alarms.findOpen({ ...place, kind, condition });
  if (known) {
    const change = { count: known.count + 1, description: description || known.description, clearsAt };
    await r.alarms.update(known.uuid, change);
    return { alarm: { ...known, ...change }, isNew: false };
  }
  if ((await r.stations.findByUuid(station.uuid)) === undefined) return undefined;
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
  return { alarm, isNew: true };
}

function logOpened({ log }: WatchContext, alarm: Alarm, told: LogFields): void {
  const { stationId, connector, kind, description } = alarm;
  log.warn('alarm', { station: stationId, connector: connector ?? undefined, kind, description, ...told });
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
  if (kind !== 'connection-lost') await tellCleared(context, open);
}

/**
 * @param alarms of one kind, of which the same people are told
 * @returns for the log, how many were told, and whether more would have been if mail were set up
 */
async function tellOpened(context: WatchContext, alarms: readonly Alarm[]): Promise<LogFields> {
  const [alarm, ...others] = alarms;
  if (!alarm || (await isQuiet(context, alarm))) return { told: 0, maintenance: 'yes' };
  const { kind, stationUuid, uuid } = alarm;
  const recipients = await recipientsFor(context.rules, { trigger: triggerOf(kind), stationUuid });
  const named = { ...namedAlarm(alarm), ...(others.length > 0 && { node: nodesOf(alarms) }) };
  const notification = { kind: 'alarm-opened', time: alarm.openedAt, ...named, rule: null } as const;
  const subject = { subjectUuid: uuid, stepMs: openedStep, threadKey: uuid };
  const told = await tell(context, recipients, notification, subject);
  if (!recipients.some(({ channel }) => channel === 'mail')) return { told: told.length };
  const isOff = whyClosed('mail', effectiveSettings(await context.r.settings.list())) !== undefined;
  return { told: told.length, ...(isOff && { mail: 'off' }) };
}

/** In no language: `CP001, CP002, CP003 (+97)`. */
function nodesOf(alarms: readonly Alarm[]): string {
  const more = alarms.length - nodesNamed;
  const names = alarms.slice(0, nodesNamed).map(alarmNode).join(', ');
  return more > 0 ? `${names} (+${more})` : names;
}

/** Those who were told that it began hear that it is over, whatever became of the station; unless their rule is gone. */
export async function tellCleared(context: WatchContext, alarm: Alarm): Promise<void> {
  const { r, now } = context;
  const { uuid } = alarm;
  const told = (await r.notices.listBySubject(uuid)).filter(({ stepMs }) => stepMs === openedStep);
  if (told.length === 0 || (await isQuiet(context, alarm))) return;
  const enabled = (await r.alarmRules.list()).filter((rule) => rule.enabled);
  const recipients = enabled
    .flatMap(recipientsOf)
    .filter(({ ruleUuid, key }) =>
      told.some((notice) => notice.ruleUuid === ruleUuid && notice.recipientKey === key),
    );
  const notification = { kind: 'alarm-cleared', time: now, ...namedAlarm(alarm), rule: null } as const;
  await tell(context, recipients, notification, { subjectUuid: uuid, stepMs: clearedStep, threadKey: uuid });
}

/** Whether nobody is to hear of it now. */
async function isQuiet({ r, now }: WatchContext, { maintenance, ...place }: Alarm): Promise<boolean> {
  return maintenance || (await r.maintenance.findActive(place, now)) !== undefined;
}
