import type { Alarm } from '../domain/alarm/alarm.js';
import { namedAlarm, triggerOf } from '../domain/alarm/alarm-words.js';
import type { NamedAlarm } from '../domain/alarm/notification.js';
import { whyClosed } from '../domain/alarm/outbox-channels.js';
import { enqueue, type NewMessage } from '../domain/alarm/outbox-enqueue.js';
import type { LogFields } from '../domain/log.js';
import { effectiveSettings, type Settings } from '../domain/settings.js';
import { StationNames } from './outages/outage-word.js';
import { type Recipient, recipientsFor, recipientsOf } from './recipients.js';
import { noteOnce } from './tell.js';
import type { WatchContext } from './watch.js';

/** An alarm that was opened, or is over. */
export interface AlarmNews {
  readonly alarm: Alarm;
  readonly isOver: boolean;
}

/** Alarms that have a message each; of more of a kind that come at once, each recipient is told in one. */
const aloneMax = 5;

/** The steps of one alarm; each recipient has each once. */
const openedStep = 0;
const clearedStep = 1;

/** What one recipient is told of alarms of one kind. */
interface Word {
  readonly recipient: Recipient;
  readonly isOver: boolean;
  readonly alarms: { readonly uuid: string; readonly named: NamedAlarm }[];
}

/**
 * Tells of the alarms that one transaction opened and cleared, in it: a power cut that a thousand stations report is
 * not a thousand messages.
 */
export async function tellAlarms(context: WatchContext): Promise<void> {
  const news = context.alarms.splice(0);
  if (news.length === 0) return;
  const settings = effectiveSettings(await context.r.settings.list());
  const words = new Map<string, Word>();
  const names = new StationNames(context.r);
  for (const one of news) await addWords(words, one, { context, settings, names });
  const { r, now, newId } = context;
  const messages = [...words.values()].flatMap((word) => messagesOf(word, now));
  await enqueue(r, messages, { now, newId });
}

async function addWords(
  words: Map<string, Word>,
  { alarm, isOver }: AlarmNews,
  given: { readonly context: WatchContext; readonly settings: Settings; readonly names: StationNames },
): Promise<void> {
  const { context, settings, names } = given;
  const { r, now } = context;
  // Lost connections have messages of their own.
  const isQuiet = alarm.kind === 'connection-lost' || (await isUnderMaintenance(context, alarm));
  const recipients = isQuiet ? [] : await (isOver ? whoKnows(context, alarm) : whoIsTold(context, alarm));
  const step = { subjectUuid: alarm.uuid, stepMs: isOver ? clearedStep : openedStep };
  const told = await noteOnce({ r, now, settings }, recipients, step);
  if (!isOver) logOpened(context, alarm, { told, isQuiet, mailOff: isMailOff(recipients, settings) });
  if (told.length === 0) return;
  const station = await r.stations.findByUuid(alarm.stationUuid);
  const named = namedAlarm(alarm, station && (await names.name(station)));
  for (const recipient of told) {
    const key = `${recipient.channel} ${recipient.key} ${alarm.kind} ${isOver}`;
    const word = words.get(key) ?? { recipient, isOver, alarms: [] };
    word.alarms.push({ uuid: alarm.uuid, named });
    words.set(key, word);
  }
}

function messagesOf({ recipient, isOver, alarms }: Word, time: number): NewMessage[] {
  const { channel, address, language, ruleName: rule } = recipient;
  const to = { channel, recipient: address, language };
  const [first] = alarms;
  if (first && alarms.length > aloneMax) {
    const many = { alarm: first.named.alarm, alarms: alarms.map(({ named }) => named), total: alarms.length };
    const kind = isOver ? 'alarms-cleared' : 'alarms-opened';
    return [{ ...to, notification: { kind, time, ...many, rule }, threadKey: null }];
  }
  const kind = isOver ? 'alarm-cleared' : 'alarm-opened';
  return alarms.map(({ uuid, named }) => ({
    ...to,
    notification: { kind, time, ...named, rule },
    threadKey: uuid,
  }));
}

function whoIsTold({ rules }: WatchContext, { kind, stationUuid }: Alarm): Promise<Recipient[]> {
  return recipientsFor(rules, { trigger: triggerOf(kind), stationUuid });
}

/** Those who were told that it began hear that it is over, whatever became of the station; unless their rule is gone. */
async function whoKnows({ r, rules }: WatchContext, { uuid }: Alarm): Promise<Recipient[]> {
  const told = (await r.notices.listBySubject(uuid)).filter(({ stepMs }) => stepMs === openedStep);
  if (told.length === 0) return [];
  return (await rules.enabled())
    .flatMap(recipientsOf)
    .filter(({ ruleUuid, key }) =>
      told.some((notice) => notice.ruleUuid === ruleUuid && notice.recipientKey === key),
    );
}

/** Whether nobody is to hear of it now. */
async function isUnderMaintenance(
  { r, now }: WatchContext,
  { maintenance, ...place }: Alarm,
): Promise<boolean> {
  return maintenance || (await r.maintenance.findActive(place, now)) !== undefined;
}

/** Whether somebody would have been told if mail were set up. */
function isMailOff(recipients: readonly Recipient[], settings: Settings): boolean {
  return recipients.some(({ channel }) => channel === 'mail') && whyClosed('mail', settings) !== undefined;
}

function logOpened(
  { log }: WatchContext,
  { stationId, connector, kind, description }: Alarm,
  how: { readonly told: readonly Recipient[]; readonly isQuiet: boolean; readonly mailOff: boolean },
): void {
  const about: LogFields = { station: stationId, connector: connector ?? undefined, kind, description };
  const told = {
    told: how.told.length,
    ...(how.isQuiet && { maintenance: 'yes' }),
    ...(how.mailOff && { mail: 'off' }),
  };
  log.warn('alarm', { ...about, ...(kind !== 'connection-lost' && told) });
}
