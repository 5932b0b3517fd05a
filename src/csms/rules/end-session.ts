import { doubtEnergy } from '../../domain/energy.js';
import type { Session } from '../../domain/model.js';
import { believeTime, type StationTime } from '../../domain/station-clock.js';
import { type Measurement, toSample } from './add-meter-samples.js';
import { resentWithinMs } from './begin-session.js';
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
  const time = believeTime(stop.reportedAt, context.receivedAt);
  const { at: stoppedAt, doubt } = time;
  const known = await findByStop(context, stop, time);
  const session = known ?? (await keepOrphan(context, stop, stoppedAt));
  const repeated = known !== undefined && known.stoppedAt !== null && known.meterStopWh === stop.meterStopWh;
  if (!repeated) {
    await r.samples.insert(stop.measurements.map((measurement) => toSample(context, session, measurement)));
  }
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
  context: RuleContext,
  stop: SessionStop,
  time: StationTime,
): Promise<Session | undefined> {
  const { r, station } = context;
  const { transactionId, meterStopWh } = stop;
  const stoppedAt = time.at;
  const named = transactionId > 0 ? await r.sessions.findByTransactionId(transactionId) : undefined;
  if (named?.stationUuid === station.uuid) return named;
  const orphan = await findOrphan(context, stop, time);
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

async function findOrphan(
  { r, station, receivedAt }: RuleContext,
  { transactionId, meterStopWh }: SessionStop,
  { at: stoppedAt, doubt }: StationTime,
): Promise<Session | undefined> {
  if (doubt === undefined) {
    return r.sessions.findRepeatedStart(orphanKey(station.uuid, meterStopWh, stoppedAt));
  }
  const filter = { stationId: station.id, state: 'suspect', connector: 0 } as const;
  const recent = await r.sessions.list({ ...filter, from: receivedAt - resentWithinMs }, { limit: 50 });
  return recent.find(
    (session) =>
      session.stationUuid === station.uuid &&
      session.meterStopWh === meterStopWh &&
      session.suspicion === orphanSuspicion(transactionId),
  );
}

function orphanSuspicion(transactionId: number): string {
  return `the station stopped transaction ${transactionId}, which is not one of its sessions`;
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
    suspicion: orphanSuspicion(stop.transactionId),
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
