import type { Session } from '../../domain/model.js';
import { remoteStartValidMs } from '../../domain/remote-start.js';
import { believeTime } from '../../domain/station-clock.js';
import { type Authorization, authorizeTag } from './authorize-tag.js';
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

/**
 * Records the start of a session whatever the verdict on its tag: energy may have flowed already (OCPP 1.6 §4.8,
 * field trap 19). The same start sent again is the same session (trap 17).
 */
export async function beginSession(context: RuleContext, start: SessionStart): Promise<SessionBegun> {
  const { r, station, receivedAt, newId } = context;
  const { connector, idTag, meterStartWh } = start;
  const authorization = await authorizeTag(context, idTag, connector);
  const { at: startedAt, doubt } = believeTime(start.reportedAt, receivedAt);
  const known = await r.sessions.findRepeatedStart({
    stationUuid: station.uuid,
    connector,
    tag: idTag,
    startedAt,
    meterStartWh,
  });
  if (known) return { session: known, authorization, repeated: true };

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
