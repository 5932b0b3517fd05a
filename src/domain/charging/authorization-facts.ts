import type { ConnectorMode, Session } from '../model.js';
import type { Tag, User } from '../people/people.js';
import type { Repositories } from '../repositories.js';
import {
  type AuthorizationFacts,
  authorize,
  isSameFamily,
  isSameTag,
  type Purpose,
  type StationPlace,
} from './authorization.js';
import { sessionMaxMs } from './session-limits.js';
import { lostItsHardware, wasSuperseded } from './suspicion.js';

export interface Question {
  readonly purpose: Purpose;
  readonly station: { readonly uuid: string; readonly id: string };
  /** Undefined when none is named: then the most permissive one counts. */
  readonly connector: number | undefined;
  readonly idTag: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface KnownFacts extends AuthorizationFacts {
  readonly user: User | undefined;
}

/**
 * What is known of a tag at a station, for `authorize`. Each look-up goes by an index, and what cannot matter is not
 * looked up, so that the size of the fleet makes no difference.
 */
export async function gatherFacts(r: Repositories, question: Question): Promise<KnownFacts> {
  const { purpose, station, connector, idTag, now } = question;
  const tag = await r.tags.find(idTag);
  const facts: KnownFacts = {
    purpose,
    mode: await modeOf(r, station.uuid, connector),
    tag,
    user: tag?.userUuid == null ? undefined : await r.users.findByUuid(tag.userUuid),
    place: tag ? await placeFor(r, tag, station) : nowhere,
    running: 0,
    now,
  };
  if (purpose === 'start' && tag?.maxActive != null) {
    return { ...facts, running: (await listRunning(r, question)).length };
  }
  // Whether it may stop something matters only if it may not charge.
  if (purpose !== 'authorize' || authorize(facts).verdict === 'Accepted') return facts;
  return { ...facts, stoppable: await findStoppable(r, station.uuid, { idTag, tag }) };
}

/**
 * Sessions that run with a tag and that it was accepted for. What is open on the connector in question was never stopped
 * properly, as one connector charges one car; nor was what another session has superseded (field trap 23), or what began
 * longer ago than any car stays: a lost stop does not lock anybody out for ever.
 */
export async function listRunning(
  r: Repositories,
  { station, connector, idTag, now }: Pick<Question, 'station' | 'connector' | 'idTag' | 'now'>,
): Promise<Session[]> {
  const open = await r.sessions.listOpenByTag(idTag);
  return open.filter(
    (session) =>
      isRunning(session) &&
      session.authentication !== 'anonymous' &&
      now - session.startedAt < sessionMaxMs &&
      (session.stationUuid !== station.uuid || session.connector !== connector),
  );
}

function isRunning(session: Session): boolean {
  return session.verdict === 'Accepted' && !wasSuperseded(session) && !lostItsHardware(session);
}

async function modeOf(
  r: Repositories,
  stationUuid: string,
  connector: number | undefined,
): Promise<ConnectorMode> {
  if (connector !== undefined) return (await r.connectors.find(stationUuid, connector))?.mode ?? 'rfid';
  const outlets = await r.connectors.listByStation(stationUuid);
  return outlets.some(({ mode }) => mode === 'open') ? 'open' : 'rfid';
}

const nowhere: StationPlace = { siteUuid: null, groupUuids: [] };

/** Where the station stands, as far as the tag is restricted to that. */
async function placeFor(
  r: Repositories,
  { siteUuids, groupUuids }: Tag,
  { id, uuid }: Question['station'],
): Promise<StationPlace> {
  return {
    siteUuid: siteUuids.length === 0 ? null : ((await r.stations.findById(id))?.siteUuid ?? null),
    groupUuids: groupUuids.length === 0 ? [] : await r.groups.listUuidsByStation(uuid),
  };
}

/** The session that a tag may stop at a station: one that it began, or that a tag of the same parent did. */
async function findStoppable(
  r: Repositories,
  stationUuid: string,
  { idTag, tag }: { readonly idTag: string; readonly tag: Tag | undefined },
): Promise<number | undefined> {
  for (const session of await r.sessions.listOpen(stationUuid)) {
    if (isRunning(session) && (await mayStop(r, session, { idTag, tag }))) return session.transactionId;
  }
  return undefined;
}

/** Whether a tag is the one that began the session, or of the same parent (OCPP 1.6 §4.10, field trap 26). */
export async function mayStop(
  r: Repositories,
  session: Pick<Session, 'tag'>,
  { idTag, tag }: { readonly idTag: string; readonly tag: Tag | undefined },
): Promise<boolean> {
  if (session.tag === null || isSameTag(session.tag, idTag)) return true;
  return Boolean(tag?.parent) && isSameFamily(tag, await r.tags.find(session.tag));
}
