import type { Alarm, AlarmFilter } from '../domain/alarm/alarm.js';
import { namedAlarm } from '../domain/alarm/alarm-words.js';
import type { MaintenanceWindow } from '../domain/alarm/maintenance.js';
import type { NamedAlarm, NotificationOf } from '../domain/alarm/notification.js';
import { enqueue } from '../domain/alarm/outbox-enqueue.js';
import { LocalCalendar, type TimeOfDay } from '../domain/local-calendar.js';
import { sitesInReach, type User } from '../domain/people/people.js';
import type { Repositories } from '../domain/repositories.js';
import { effectiveSettings } from '../domain/settings.js';
import { StationNames } from './outages/outage-word.js';
import type { TimedTask, WatchContext } from './watch.js';

/** A digest that is later than this is none of that day any more: the next one says what is still active. */
export const lateMaxMs = 12 * 3600_000;

/** Alarms that one mail names; of more, it is only told how many there are. */
export const alarmsNamed = 100;

/** Alarms and windows that are read at once. */
const pageSize = 200;

const dayMs = 24 * 3600_000;

interface Schedule {
  readonly time: TimeOfDay;
  /** The last time of day that was dealt with; undefined before the first. */
  readonly seenAt: number | undefined;
  /** When `time` was set: what was due before was not missed. */
  readonly setAt: number;
}

/**
 * Tells those who want it, once a day, which alarms are active where they are for. The time that was dealt with is
 * written down together with the mails: none comes twice, and one that was due while no server ran comes at its start.
 * @param calendar by whose clock the time of day is meant; that of this process when left out
 */
export function dailyDigest(calendar = new LocalCalendar()): TimedTask {
  return {
    name: 'daily digest',

    async nextAt(r, now) {
      const schedule = await readSchedule(r, now);
      if (schedule === undefined) return undefined;
      const { time, seenAt, setAt } = schedule;
      return seenAt === undefined ? now : calendar.next(time, Math.max(seenAt, setAt));
    },

    async run(context) {
      const { r, now } = context;
      const schedule = await readSchedule(r, now);
      if (schedule === undefined) return false;
      const dueAt = calendar.latest(schedule.time, now);
      await r.watchState.set('digestAt', dueAt);
      if (schedule.seenAt !== undefined && now - dueAt <= lateMaxMs) await sendDigests(context);
      return false;
    },
  };
}

/** Undefined while there is no digest. */
async function readSchedule(r: Repositories, now: number): Promise<Schedule | undefined> {
  const time = effectiveSettings(await r.settings.list())['alarms.digest-time'];
  if (time === 'off') return undefined;
  // An instant from the future was written by a clock that was wrong; it must not hold up all digests until then.
  const believed = (at: number | undefined) => (at !== undefined && at <= now + dayMs ? at : undefined);
  return {
    time,
    seenAt: believed(await r.watchState.find('digestAt')),
    setAt: believed(await r.settings.findUpdatedAt('alarms.digest-time')) ?? 0,
  };
}

async function sendDigests({ r, now, newId, log }: WatchContext): Promise<void> {
  const users = (await r.users.list()).filter(wantsDigest);
  if (users.length === 0) return;
  const quiet = await quietPlaces(r, now);
  const { 'mail.language': language } = effectiveSettings(await r.settings.list());
  // Many are for the same sites.
  const digests = new Map<string, NotificationOf<'digest'> | undefined>();
  const messages = [];
  for (const user of users) {
    const siteUuids = sitesInReach(user);
    const key = JSON.stringify(siteUuids && [...siteUuids].sort());
    if (!digests.has(key)) digests.set(key, await digestOf(r, siteUuids, quiet, now));
    const notification = digests.get(key);
    if (notification === undefined) continue;
    const to = { channel: 'mail' as const, recipient: user.email };
    messages.push({ ...to, notification, language, threadKey: null });
  }
  const { queued, mailOff } = await enqueue(r, messages, { now, newId });
  if (mailOff) log.warn(`the daily digest was not mailed: ${mailOff.reason}`);
  else if (queued > 0) log.info('daily digest', { mails: queued });
}

/** Drivers are told of nothing but their own. */
function wantsDigest({ emailAtAlarm, disabled, role }: User): boolean {
  return emailAtAlarm && !disabled && role !== 'driver';
}

/** Where maintenance is under way. */
interface Quiet {
  readonly stationIds: ReadonlySet<string>;
  has(place: Pick<Alarm, 'stationUuid' | 'connector'>): boolean;
}

async function quietPlaces(r: Repositories, now: number): Promise<Quiet> {
  const stationIds = new Set<string>();
  const places = new Set<string>();
  const windows = pages((before: MaintenanceWindow | undefined) =>
    r.maintenance.list({ state: 'active' }, now, { limit: pageSize, before }),
  );
  for await (const { stationUuid, stationId, connector } of windows) {
    stationIds.add(stationId);
    places.add(`${stationUuid} ${connector}`);
  }
  return {
    stationIds,
    has: ({ stationUuid, connector }) =>
      places.has(`${stationUuid} null`) || places.has(`${stationUuid} ${connector}`),
  };
}

/**
 * What is active, as far as it is to be told; undefined when nothing is. Alarms that are not named are only counted:
 * there may be as many as stations.
 * @param siteUuids null: everywhere
 */
async function digestOf(
  r: Repositories,
  siteUuids: readonly string[] | null,
  quiet: Quiet,
  time: number,
): Promise<NotificationOf<'digest'> | undefined> {
  const filter: AlarmFilter = { open: true, maintenance: false, ...(siteUuids && { siteUuids }) };
  const read = (wanted: AlarmFilter) =>
    pages((after: Alarm | undefined) => r.alarms.list(wanted, { limit: pageSize, after }));
  let total = await r.alarms.count(filter);
  for (const stationId of quiet.stationIds) {
    for await (const alarm of read({ ...filter, stationId })) if (quiet.has(alarm)) total -= 1;
  }
  if (total === 0) return undefined;
  const alarms: NamedAlarm[] = [];
  const names = new StationNames(r);
  for await (const alarm of read(filter)) {
    if (quiet.has(alarm)) continue;
    const station = await r.stations.findByUuid(alarm.stationUuid);
    alarms.push(namedAlarm(alarm, station && (await names.name(station))));
    if (alarms.length === alarmsNamed) break;
  }
  return { kind: 'digest', time, alarms, total };
}

/** All rows of a list, read a page at a time. */
async function* pages<Row>(
  read: (after: Row | undefined) => Promise<readonly Row[]>,
): AsyncGenerator<Row, void, undefined> {
  let page: readonly Row[] = [];
  do {
    page = await read(page.at(-1));
    yield* page;
  } while (page.length === pageSize);
}
