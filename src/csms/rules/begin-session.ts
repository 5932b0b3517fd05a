import { isVerdict } from '../../domain/charging/authorization.js';
import { isPlausible } from '../../domain/charging/energy.js';
import { remoteStartValidMs } from '../../domain/charging/remote-start.js';
import { sessionMaxMs } from '../../domain/charging/session-limits.js';
import { joinSuspicions, superseded } from '../../domain/charging/suspicion.js';
import type { RemoteStart, Session } from '../../domain/model.js';
import { believeTime, type StationTime } from '../../domain/station/station-clock.js';
import { type Authorization, authorizeTag, judgeTag } from './authorize-tag.js';
import { useReservation } from './end-reservations.js';
import { keepStartProfile } from './keep-start-profile.js';
import { note, type RuleContext } from './rule-context.js';
import { placeOfSession } from './session-place.js';

export interface SessionStart {
  readonly connector: number;
  readonly idTag: string;
  /** The station's time, ms since the epoch; undefined when it gave none that can be read. */
  readonly reportedAt: number | undefined;
  readonly meterStartWh: number;
  /** Of the reservation that the station says it uses. */
  readonly reservationId?: number | undefined;
}

export interface SessionBegun {
  readonly session: Session;
  readonly authorization: Authorization;
  /** The station had sent this start before. */
  readonly repeated: boolean;
}

/** How long a start or stop without a believable time is taken for the same one when it is sent again. */
export const resentWithinMs = 3600_000;

/** Starts without a believable time that are compared with a new one. */
const recentMax = 50;

/**
 * Records the start of a session whatever the verdict on its tag: energy may have flowed already (OCPP 1.6 §4.8,
 * field trap 19). The same start sent again is the same session (trap 17).
 */
export async function beginSession(context: RuleContext, start: SessionStart): Promise<SessionBegun> {
  const { r, station, receivedAt } = context;
  const { connector, idTag } = start;
  const time = believeTime(start.reportedAt, receivedAt);
  const known = await findSentBefore(context, start, time);
  if (known)
    return { session: known, authorization: await toldBefore(context, known, start), repeated: true };

  const authorization = await authorizeTag(context, idTag, { purpose: 'start', connector });
  const requestedSince = receivedAt - remoteStartValidMs;
  const requested = await r.remoteStarts.take(station.uuid, connector, idTag, requestedSince);
  const outlet = await r.connectors.find(station.uuid, connector);
  const begun = {
    connector,
    evseId: outlet?.evseId ?? null,
    authentication: requested ? ('remote' as const) : authorization.method,
    tag: idTag,
    ...driverOf(authorization, requested),
    startedAt: time.at,
    meterStartWh: start.meterStartWh,
    receivedAt,
    verdict: authorization.verdict,
  };
  const stopped = await findEarlierStop(context, start, time);
  const session = stopped ? await joinStop(context, stopped, begun) : await insert(context, begun, time);
  if (requested) await keepStartProfile(context, requested, session);
  const { transactionId, verdict } = session;
  const { code, reason } = authorization;
  await note(
    context,
    'session.started',
    { transactionId, tag: idTag, verdict, code, reason },
    { at: time.at, connector },
  );
  await useReservation(context, {
    transactionId,
    connector,
    tag: idTag,
    parent: authorization.tag?.parent ?? null,
    isAccepted: verdict === 'Accepted',
    startedAt: time.at,
    reservationId: start.reservationId,
  });
  if (stopped) {
    const { stoppedAs, stopReason, suspicion } = session;
    await note(
      context,
      'session.ended',
      { transactionId, stopReason, suspicion, named: stoppedAs },
      { connector },
    );
  }
  if (session.state === 'suspect') {
    await note(context, 'session.suspect', { transactionId, suspicion: session.suspicion }, { connector });
  }
  return { session, authorization, repeated: false };
}

type Begun = Pick<
  Session,
  | 'connector'
  | 'evseId'
  | 'authentication'
  | 'userUuid'
  | 'userEmail'
  | 'startedAt'
  | 'meterStartWh'
  | 'receivedAt'
  | 'verdict'
> & { readonly tag: string };

/** Whose session it is. Where anyone may charge, a tag that is no good says nothing; a refused one says whose it is. */
function driverOf(
  { method, user }: Authorization,
  requested: RemoteStart | undefined,
): Pick<Session, 'userUuid' | 'userEmail'> {
  const isKnown = user !== undefined && (requested !== undefined || method !== 'anonymous');
  return { userUuid: isKnown ? user.uuid : null, userEmail: isKnown ? user.email : null };
}

async function insert(context: RuleContext, begun: Begun, { doubt }: StationTime): Promise<Session> {
  const { r, newId } = context;
  const isOvertaken = await supersedeOpenSessions(context, begun);
  const place = await placeOfSession(context);
  const session: Session = {
    uuid: newId(),
    transactionId: await r.sessions.nextTransactionId(),
    ...place,
    stoppedAt: null,
    meterStopWh: null,
    meterLastWh: null,
    stopReason: null,
    stoppedAs: null,
    state: isOvertaken ? 'suspect' : 'active',
    suspicion: joinSuspicions(doubt, isOvertaken ? superseded : null),
    ...begun,
  };
  await r.sessions.insert(session);
  return session;
}

async function findSentBefore(
  { r, station, receivedAt }: RuleContext,
  { connector, idTag, meterStartWh }: SessionStart,
  { at: startedAt, doubt }: StationTime,
): Promise<Session | undefined> {
  if (doubt === undefined) {
    const key = { stationUuid: station.uuid, connector, tag: idTag, startedAt, meterStartWh };
    return r.sessions.findRepeatedStart(key);
  }
  // The time of receipt differs each time; the station's own nonsense does not.
  const filter = { stationId: station.id, connector, from: receivedAt - resentWithinMs };
  const recent = await r.sessions.list(filter, { limit: recentMax });
  return recent.find(
    (session) =>
      session.stationUuid === station.uuid &&
      session.suspicion?.includes(doubt) &&
      session.meterStartWh === meterStartWh &&
      session.tag?.toLowerCase() === idTag.toLowerCase(),
  );
}

/** The verdict of the first time: a tag that was blocked meanwhile must not stop a session that was accepted. */
async function toldBefore(
  context: RuleContext,
  { verdict }: Session,
  { idTag, connector }: SessionStart,
): Promise<Authorization> {
  const today = await judgeTag(context, idTag, { purpose: 'start', connector });
  if (!isVerdict(verdict) || verdict === today.verdict) return today;
  return { ...today, verdict, code: 'told-before', reason: 'the station was told so before' };
}

/**
 * One connector charges one car: what is still open there was never stopped properly (field trap 23).
 * @returns whether that is true of the new session itself, because its start comes late
 */
async function supersedeOpenSessions(
  context: RuleContext,
  { connector, startedAt }: Begun,
): Promise<boolean> {
  const { r, station } = context;
  const open = await r.sessions.listOpen(station.uuid, connector);
  const earlier = open.filter((session) => session.startedAt <= startedAt && session.state !== 'suspect');
  for (const { uuid, transactionId, suspicion } of earlier) {
    const reasons = joinSuspicions(suspicion, superseded);
    await r.sessions.update(uuid, { state: 'suspect', suspicion: reasons });
    await note(context, 'session.suspect', { transactionId, suspicion: reasons }, { connector });
  }
  return open.some((session) => session.startedAt > startedAt);
}

/** The stop of this session, if it has overtaken its start; undefined also when several stops could be meant. */
async function findEarlierStop(
  { r, station }: RuleContext,
  { meterStartWh }: SessionStart,
  { at: startedAt, doubt }: StationTime,
): Promise<Session | undefined> {
  if (doubt !== undefined) return undefined;
  const span = { from: startedAt, to: startedAt + sessionMaxMs };
  const possible: Session[] = [];
  for (const stop of await r.sessions.listOrphanStops(station.uuid, span)) {
    if (stop.stoppedAs === null || !isPlausible(meterStartWh, stop.meterStartWh)) continue;
    // A transaction that exists elsewhere is not this one.
    if ((await r.sessions.findByTransactionId(stop.stoppedAs)) === undefined) possible.push(stop);
  }
  return possible.length === 1 ? possible[0] : undefined;
}

/** A stop that was kept without a start gets it; what was doubtful about the stop alone stays so. */
async function joinStop({ r }: RuleContext, stop: Session, begun: Begun): Promise<Session> {
  const change = { ...begun, state: 'ended', suspicion: null } as const;
  await r.sessions.update(stop.uuid, change);
  return { ...stop, ...change };
}
