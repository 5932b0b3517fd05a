import { isVerdict } from '../../domain/authorization.js';
import type { Session } from '../../domain/model.js';
import { remoteStartValidMs } from '../../domain/remote-start.js';
import { believeTime, type StationTime } from '../../domain/station-clock.js';
import { type Authorization, authorizeTag, judgeTag } from './authorize-tag.js';
import { note, type RuleContext } from './rule-context.js';

export interface SessionStart {
  readonly connector: number;
  readonly idTag: string;
  /** The station's time, ms since the epoch; undefined when it gave none that can be read. */
  readonly reportedAt: number | undefined;
  readonly meterStartWh: number;
}

export interface SessionBegun {
  readonly session: Session;
  readonly authorization: Authorization;
  /** The station had sent this start before. */
  readonly repeated: boolean;
}

/** How long a start or stop without a believable time is taken for the same one when it is sent again. */
export const resentWithinMs = 3600_000;

/**
 * Records the start of a session whatever the verdict on its tag: energy may have flowed already (OCPP 1.6 §4.8,
 * field trap 19). The same start sent again is the same session (trap 17).
 */
export async function beginSession(context: RuleContext, start: SessionStart): Promise<SessionBegun> {
  const { r, station, receivedAt, newId } = context;
  const { connector, idTag, meterStartWh } = start;
  const time = believeTime(start.reportedAt, receivedAt);
  const { at: startedAt, doubt } = time;
  const known = await findSentBefore(context, start, time);
  if (known)
    return { session: known, authorization: await toldBefore(context, known, start), repeated: true };

  const authorization = await authorizeTag(context, idTag, connector);
  await supersedeOpenSessions(context, connector);
  const requested = await r.remoteStarts.take(
    station.uuid,
    connector,
    idTag,
    receivedAt - remoteStartValidMs,
  );
  const place = await r.stations.findPlaced(station.id);
  const outlet = await r.connectors.find(station.uuid, connector);
  const session: Session = {
    uuid: newId(),
    transactionId: await r.sessions.nextTransactionId(),
    stationUuid: station.uuid,
    stationId: station.id,
    stationName: place?.name ?? station.id,
    siteUuid: place?.siteUuid ?? null,
    siteName: place?.siteName ?? null,
    floorName: place?.floorName ?? null,
    connector,
    evseId: outlet?.evseId ?? null,
    authentication: requested ? 'remote' : authorization.method,
    tag: idTag,
    userEmail: null,
    startedAt,
    stoppedAt: null,
    meterStartWh,
    meterStopWh: null,
    meterLastWh: null,
    stopReason: null,
    state: 'active',
    suspicion: doubt ?? null,
    receivedAt,
    verdict: authorization.verdict,
  };
  await r.sessions.insert(session);
  await note(
    context,
    'session.started',
    {
      transactionId: session.transactionId,
      tag: idTag,
      verdict: session.verdict,
      reason: authorization.reason,
    },
    { at: startedAt, connector },
  );
  return { session, authorization, repeated: false };
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
  const open = await r.sessions.listOpen(station.uuid, connector);
  return open.find(
    (session) =>
      session.suspicion === doubt &&
      session.meterStartWh === meterStartWh &&
      session.tag?.toLowerCase() === idTag.toLowerCase() &&
      receivedAt - session.receivedAt <= resentWithinMs,
  );
}

/** The verdict of the first time: a tag that was blocked meanwhile must not stop a session that was accepted. */
async function toldBefore(
  context: RuleContext,
  { verdict }: Session,
  { idTag, connector }: SessionStart,
): Promise<Authorization> {
  const today = await judgeTag(context, idTag, connector);
  return isVerdict(verdict) ? { ...today, verdict } : today;
}

/** One connector charges one car: what is still open there was never stopped properly (field trap 23). */
async function supersedeOpenSessions(context: RuleContext, connector: number): Promise<void> {
  const { r, station } = context;
  for (const { uuid, transactionId, state } of await r.sessions.listOpen(station.uuid, connector)) {
    if (state === 'suspect') continue;
    const suspicion = 'another session began on the connector before this one was stopped';
    await r.sessions.update(uuid, { state: 'suspect', suspicion });
    await note(context, 'session.suspect', { transactionId, suspicion }, { connector });
  }
}
