import { doubtEnergy } from '../../domain/energy.js';
import type { Session } from '../../domain/model.js';
import { believeTime } from '../../domain/station-clock.js';
import { type Measurement, toSample } from './add-meter-samples.js';
import { note, type RuleContext } from './rule-context.js';

export interface SessionStop {
  /** As the station names it; it may be unknown, 0 or negative (OCPP 1.6 errata 3.18, 3.54). */
  readonly transactionId: number;
  readonly reportedAt: number | undefined;
  readonly meterStopWh: number;
  readonly reason: string;
  readonly measurements: readonly Measurement[];
}

/** Ends the session that a stop belongs to. A stop is never refused and never lost: see field traps 20 and 23. */
export async function endSession(context: RuleContext, stop: SessionStop): Promise<Session> {
  const { r } = context;
  const { at: stoppedAt, doubt } = believeTime(stop.reportedAt, context.receivedAt);
  const session =
    (await findByStop(context, stop, stoppedAt)) ?? (await keepOrphan(context, stop, stoppedAt));
  await r.samples.insert(
    stop.measurements.map((measurement) => toSample(context, session.connector, session, measurement)),
  );
  if (session.stoppedAt !== null) return noteSecondStop(context, session, stop);

  const { meterStopWh, reason: stopReason } = stop;
  // An older session that a newer one had superseded is cleared by its own stop.
  const earlier = session.state === 'suspect' ? null : session.suspicion;
  const suspicion = earlier ?? doubtEnergy({ ...session, meterStopWh }) ?? doubt ?? null;
  const change = {
    stoppedAt: Math.max(stoppedAt, session.startedAt),
    meterStopWh,
    stopReason,
    suspicion,
    state: suspicion === null ? ('ended' as const) : ('suspect' as const),
  };
  await r.sessions.update(session.uuid, change);
  const { transactionId, connector } = session;
  await note(
    context,
    'session.ended',
    { transactionId, stopReason, suspicion },
    { at: stoppedAt, connector },
  );
  return { ...session, ...change };
}

async function findByStop(
  { r, station }: RuleContext,
  { transactionId, meterStopWh }: SessionStop,
  stoppedAt: number,
): Promise<Session | undefined> {
  const named = transactionId > 0 ? await r.sessions.findByTransactionId(transactionId) : undefined;
  if (named?.stationUuid === station.uuid) return named;
  const orphan = await r.sessions.findRepeatedStart(orphanKey(station.uuid, meterStopWh, stoppedAt));
  if (orphan) return orphan;
  const possible = (await r.sessions.listOpen(station.uuid)).filter(
    (session) => session.startedAt <= stoppedAt && session.meterStartWh <= meterStopWh,
  );
  // Two cars could be meant: a person has to decide, so nothing is guessed.
  return possible.length === 1 ? possible[0] : undefined;
}

/** What an orphan is found by when the station sends its stop again. */
function orphanKey(stationUuid: string, meterStopWh: number, stoppedAt: number) {
  return { stationUuid, connector: 0, tag: null, startedAt: stoppedAt, meterStartWh: meterStopWh };
}

/** A stop without a start, kept for a person to look at. */
async function keepOrphan(context: RuleContext, stop: SessionStop, stoppedAt: number): Promise<Session> {
  const { r, station, receivedAt, newId } = context;
  const place = await r.stations.findPlaced(station.id);
  const orphan: Session = {
    uuid: newId(),
    transactionId: await r.sessions.nextTransactionId(),
    stationId: station.id,
    stationName: place?.name ?? station.id,
    siteUuid: place?.siteUuid ?? null,
    siteName: place?.siteName ?? null,
    floorName: place?.floorName ?? null,
    evseId: null,
    authentication: 'anonymous',
    userEmail: null,
    ...orphanKey(station.uuid, stop.meterStopWh, stoppedAt),
    stoppedAt,
    meterStopWh: stop.meterStopWh,
    meterLastWh: null,
    stopReason: stop.reason,
    state: 'suspect',
    suspicion: `the station stopped transaction ${stop.transactionId}, which is not one of its sessions`,
    receivedAt,
    verdict: 'Accepted',
  };
  await r.sessions.insert(orphan);
  const { transactionId, suspicion } = orphan;
  await note(context, 'session.suspect', { transactionId, suspicion }, { at: stoppedAt });
  return orphan;
}

/** Stations send a stop again when the answer got lost; the first one counts, a different one is flagged. */
async function noteSecondStop(context: RuleContext, session: Session, stop: SessionStop): Promise<Session> {
  if (session.meterStopWh === stop.meterStopWh || session.suspicion !== null) return session;
  const suspicion = `it was stopped twice, at ${session.meterStopWh} and at ${stop.meterStopWh} Wh`;
  await context.r.sessions.update(session.uuid, { state: 'suspect', suspicion });
  const { transactionId, connector } = session;
  await note(context, 'session.suspect', { transactionId, suspicion }, { connector });
  return { ...session, state: 'suspect', suspicion };
}
