import type { Alarm } from '../domain/alarm/alarm.js';
import type { AlarmRule } from '../domain/alarm/alarm-rule.js';
import { uidOfPairs } from '../domain/charging/tag-number.js';
import { FleetError } from '../domain/errors.js';
import type { Connector, Floor, Group, Session, Site, Station } from '../domain/model.js';
import { nearest } from '../domain/nearest.js';
import type { Tag, User } from '../domain/people/people.js';
import type { Repositories } from '../domain/repositories.js';
import { quoteForShell } from '../domain/shell.js';

/** Look-ups by what people type. Each throws FleetError NOT_FOUND with the nearest thing that does exist. */

/** By its name, whatever its case. @throws FleetError NOT_FOUND */
export async function findSite(r: Repositories, name: string): Promise<Site> {
  const site = await r.sites.findByName(name);
  if (site) return site;
  const names = (await r.sites.list()).map((known) => known.name);
  throw notFound(
    'site',
    name,
    names,
    (near) => `evfleet site show ${quoteForShell(near)}`,
    'evfleet site list',
  );
}

/** By its name within the site, whatever its case. @throws FleetError NOT_FOUND */
export async function findFloor(r: Repositories, site: Site, name: string): Promise<Floor> {
  const floor = await r.floors.findByName(site.uuid, name);
  if (floor) return floor;
  const names = (await r.floors.list(site.uuid)).map((known) => known.name);
  const list = `evfleet floor list --site ${quoteForShell(site.name)}`;
  throw notFound(
    `floor of ${site.name}`,
    name,
    names,
    (near) => `Did you mean ${quoteForShell(near)}?`,
    list,
  );
}

/** By its OCPP identity, whose case counts; who types a name is told the id. @throws FleetError NOT_FOUND */
export async function findStation(r: Repositories, id: string): Promise<Station> {
  const station = await r.stations.findById(id);
  if (station) return station;
  const wanted = id.toLowerCase();
  const [named] = (await r.stations.list()).filter(({ name }) => name.toLowerCase() === wanted);
  if (named) {
    throw new FleetError(
      'NOT_FOUND',
      `There is no station ${JSON.stringify(id)}; ${named.id} has that name.`,
      {
        suggestions: [`evfleet station show ${quoteForShell(named.id)}`, 'evfleet station list'],
      },
    );
  }
  const ids = await r.stations.listIds();
  throw notFound(
    'station',
    id,
    ids,
    (near) => `evfleet station show ${quoteForShell(near)}`,
    'evfleet station list',
  );
}

/**
 * For lists of what outlives stations: a station id that is known only from the list is as good as any.
 *
 * @param listed what the list has of the station; one row is enough.
 */
export async function checkStationKnown(
  r: Repositories,
  stationId: string | undefined,
  listed: (stationId: string) => Promise<readonly unknown[]>,
): Promise<void> {
  if (stationId === undefined) return;
  if ((await listed(stationId)).length === 0) await findStation(r, stationId);
}

/** @param number from 1 @throws FleetError NOT_FOUND with the numbers that there are */
export async function findConnector(r: Repositories, station: Station, number: number): Promise<Connector> {
  const connector = number > 0 ? await r.connectors.find(station.uuid, number) : undefined;
  if (connector) return connector;
  const numbers = (await r.connectors.listByStation(station.uuid)).map((known) => known.connector);
  const has = numbers.length > 0 ? `it has ${numbers.join(', ')}` : 'it has none';
  throw new FleetError('NOT_FOUND', `Station ${station.id} has no connector ${number}; ${has}.`, {
    suggestions: [`evfleet connector list ${quoteForShell(station.id)}`],
  });
}

/** By its name, whatever its case. @throws FleetError NOT_FOUND */
export async function findGroup(r: Repositories, name: string): Promise<Group> {
  const group = await r.groups.findByName(name);
  if (group) return group;
  const names = (await r.groups.list()).map((known) => known.name);
  throw notFound(
    'group',
    name,
    names,
    (near) => `evfleet group show ${quoteForShell(near)}`,
    'evfleet group list',
  );
}

/** So many before and behind a tag that is not there are compared with it. */
const tagsCompared = 250;

/**
 * Whatever its case (CiString20Type).
 * @throws FleetError NOT_FOUND; for a number typed in pairs with the tag that it may mean
 */
export async function findTag(r: Repositories, tag: string): Promise<Tag> {
  const found = await r.tags.find(tag);
  if (found) return found;
  // Not all of them: there may be a hundred thousand, and most mistakes are not in the first characters.
  const near = [
    ...(await r.tags.list({ before: tag, limit: tagsCompared })),
    ...(await r.tags.list({ after: tag, limit: tagsCompared })),
  ];
  const plain = uidOfPairs(tag);
  const meant = plain === undefined ? undefined : await r.tags.find(plain);
  const tags = meant ? [meant.tag] : near.map((known) => known.tag);
  throw notFound('tag', tag, tags, (near) => `evfleet tag show ${quoteForShell(near)}`, 'evfleet tag list');
}

/** By the e-mail address, whatever its case. @throws FleetError NOT_FOUND */
export async function findUser(r: Repositories, email: string): Promise<User> {
  const user = await r.users.findByEmail(email);
  if (user) return user;
  const emails = (await r.users.list()).map((known) => known.email);
  throw notFound(
    'user',
    email,
    emails,
    (near) => `evfleet user show ${quoteForShell(near)}`,
    'evfleet user list',
  );
}

/** By its name, whatever its case. @throws FleetError NOT_FOUND */
export async function findRule(r: Repositories, name: string): Promise<AlarmRule> {
  const rule = await r.alarmRules.findByName(name);
  if (rule) return rule;
  const names = (await r.alarmRules.list()).map((known) => known.name);
  throw notFound(
    'alarm rule',
    name,
    names,
    (near) => `evfleet alarm rule show ${quoteForShell(near)}`,
    'evfleet alarm rule list',
  );
}

/** By session id (UUID) or transaction id. */
export async function findSession(r: Repositories, id: string): Promise<Session> {
  const session = /^\d{1,10}$/.test(id)
    ? await r.sessions.findByTransactionId(Number(id))
    : await r.sessions.findByUuid(id.toLowerCase());
  if (session) return session;
  throw new FleetError('NOT_FOUND', `There is no session ${JSON.stringify(id)}.`, {
    suggestions: ['evfleet session list'],
  });
}

/** As short as a beginning may be. */
const alarmPrefixMin = 4;

/** By its uuid, or a beginning that no other alarm has. */
export async function findAlarm(r: Repositories, id: string): Promise<Alarm> {
  const uuid = id.toLowerCase();
  const exact = await r.alarms.findByUuid(uuid);
  if (exact) return exact;
  const found = uuid.length < alarmPrefixMin ? [] : await r.alarms.findByPrefix(uuid);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const station = await r.stations.findById(id);
  const ofStation = station ? [`evfleet alarm list --station ${quoteForShell(station.id)}`] : [];
  const suggestions = [...ofStation, 'evfleet alarm list', 'evfleet alarm history'];
  if (only !== undefined) {
    throw new FleetError('USAGE', `Several alarms begin with ${JSON.stringify(id)}; say more of the id.`, {
      suggestions: ['evfleet alarm history --columns id,created,node,description'],
    });
  }
  if (uuid.length < alarmPrefixMin) {
    throw new FleetError(
      'USAGE',
      `${JSON.stringify(id)} says too little: the id of an alarm, or its first ${alarmPrefixMin} characters at least.`,
      { suggestions },
    );
  }
  throw new FleetError('NOT_FOUND', `There is no alarm ${JSON.stringify(id)}.`, { suggestions });
}

function notFound(
  what: string,
  name: string,
  known: readonly string[],
  tryNear: (near: string) => string,
  list: string,
): FleetError {
  const near = nearest(name, known);
  return new FleetError('NOT_FOUND', `There is no ${what} ${JSON.stringify(name)}.`, {
    suggestions: near === undefined ? [list] : [tryNear(near), list],
  });
}
