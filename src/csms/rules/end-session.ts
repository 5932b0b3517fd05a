import { mayStop } from '../../domain/charging/authorization-facts.js';
import { doubtEnergy, isPlausible } from '../../domain/charging/energy.js';
import { sessionMaxMs } from '../../domain/charging/session-limits.js';
import {
  joinSuspicions,
  lastingSuspicion,
  lostItsHardware,
  mistakenStop,
} from '../../domain/charging/suspicion.js';
import type { Session } from '../../domain/model.js';
import { believeTime, type StationTime } from '../../domain/station/station-clock.js';
import { type Measurement, toSample } from './add-meter-samples.js';
import { resentWithinMs } from './begin-session.js';
import { note, type RuleContext } from './rule-context.js';
import { placeOfSession } from './session-place.js';

export interface SessionStop {
  /** As the station names it; it may be unknown, 0 or negative (OCPP 1.6 errata 3.18, 3.54). */
  readonly transactionId: number;
  readonly reportedAt: number | undefined;
  readonly meterStopWh: number;
  readonly reason: string;
  /** The tag that was shown; undefined when none was. */
  readonly idTag?: string | undefined;
  readonly measurements: readonly Measurement[];
}

/** Ends the session that a stop belongs to. A stop is never refused and never lost: see field traps 20 and 23. */
export async function endSession(context: RuleContext, stop: SessionStop): Promise<Session> {
  const { r, station } = context;
  const { transactionId } = stop;
  const time = believeTime(stop.reportedAt, context.receivedAt);
  const named = transactionId > 0 ? await r.sessions.findByTransactionId(transactionId) : undefined;
  if (named?.stationUuid === station.uuid) {
    await undoGuesses(context, named, stop, time);
    if (named.stoppedAt === null) return end(context, named, stop, time);
    // The station has told itself how this one ended: that counts, and only once.
    return named.stoppedAs === transactionId
      ? noteSecondStop(context, named, stop)
      : correct(context, named, stop, time);
  }
  const before = await findSentBefore(context, stop, time);
  if (before) return before;
  // The id of another station's session is no hint at one of this station's (field trap 21).
  const guess = named ? undefined : await guessSession(context, stop, time);
  return guess ? end(context, guess, stop, time) : keepOrphan(context, stop, time, named);
}

async function end(
  context: RuleContext,
  session: Session,
  stop: SessionStop,
  { at, doubt }: StationTime,
): Promise<Session> {
  const { r } = context;
  const { uuid, transactionId, connector, startedAt } = session;
  await keepSamples(context, session, stop);
  const { meterStopWh, reason: stopReason, transactionId: stoppedAs } = stop;
  const reported = await r.samples.findLatest(transactionId);
  const meterLastWh = await lastRegister(context, session, { at, meterStopWh });
  const suspicion = joinSuspicions(
    lastingSuspicion(session.suspicion),
    doubtEnergy({ ...session, meterStopWh, meterLastWh }, reported?.energyWh ?? meterLastWh),
    doubt,
    at < startedAt ? `the station says it stopped before it started, at ${new Date(at).toISOString()}` : null,
  );
  const change = {
    stoppedAt: Math.max(at, startedAt),
    meterStopWh,
    stopReason,
    stoppedAs,
    suspicion,
    state: suspicion === null ? ('ended' as const) : ('suspect' as const),
  };
  await r.sessions.update(uuid, change);
  const guessed = stoppedAs === transactionId ? {} : { named: stoppedAs };
  await note(
    context,
    'session.ended',
    { transactionId, stopReason, suspicion, ...guessed },
    { at, connector },
  );
  if (suspicion !== null && session.state !== 'suspect') {
    await note(context, 'session.suspect', { transactionId, suspicion }, { at, connector });
  }
  await noteForeignTag(context, session, stop, at);
  return { ...session, ...change };
}

/**
 * A tag that has nothing to do with the session stopped it: the station should not have let it (OCPP 1.6 §4.10), but it
 * has, so that this is all there is to do. Where anyone may start, anyone may stop.
 */
async function noteForeignTag(
  context: RuleContext,
  session: Session,
  { idTag }: SessionStop,
  at: number,
): Promise<void> {
  if (idTag === undefined || session.authentication === 'anonymous') return;
  const { r } = context;
  if (await mayStop(r, session, { idTag, tag: await r.tags.find(idTag) })) return;
  const { transactionId, connector, tag: startedWith } = session;
  await note(context, 'session.foreign-stop', { transactionId, tag: idTag, startedWith }, { at, connector });
}

/** The latest register until the stop: what was taken later, of the next car perhaps, says nothing of this session. */
async function lastRegister(
  { r }: RuleContext,
  { transactionId, meterLastWh }: Session,
  { at, meterStopWh }: { at: number; meterStopWh: number },
): Promise<number | null> {
  if (meterLastWh === null || meterLastWh <= meterStopWh) return meterLastWh;
  let latest: number | null = null;
  for (const { takenAt, energyWh } of await r.samples.listBySession(transactionId)) {
    if (takenAt <= at && energyWh !== null && energyWh <= meterLastWh)
      latest = Math.max(latest ?? 0, energyWh);
  }
  return latest;
}

async function keepSamples(context: RuleContext, session: Session, stop: SessionStop): Promise<void> {
  await context.r.samples.insert(
    stop.measurements.map((measurement) => toSample(context, session, measurement)),
  );
}

/**
 * The station had sent this very stop before, without the right id. Where nobody was found for it, that is settled now;
 * where it was taken for that of another session, that one is open again.
 */
async function undoGuesses(
  context: RuleContext,
  { uuid: own, transactionId: session }: Session,
  { meterStopWh }: SessionStop,
  { at, doubt }: StationTime,
): Promise<void> {
  if (doubt !== undefined) return;
  const { r, station } = context;
  for (const guess of await r.sessions.listGuesses(station.uuid, { stoppedAt: at, meterStopWh })) {
    const { uuid, transactionId, connector } = guess;
    if (uuid === own) continue;
    if (isOrphan(guess)) {
      await r.sessions.update(uuid, { state: 'ended', suspicion: null });
      await note(context, 'session.settled', { transactionId, session });
      continue;
    }
    const suspicion = joinSuspicions(lastingSuspicion(guess.suspicion), mistakenStop(session));
    const open = { stoppedAt: null, meterStopWh: null, stopReason: null, stoppedAs: null };
    await r.sessions.update(uuid, { ...open, state: 'suspect', suspicion });
    await note(context, 'session.suspect', { transactionId, suspicion }, { connector });
  }
}

/** A stop that is kept without a start. */
function isOrphan({ connector, tag }: Session): boolean {
  return connector === 0 && tag === null;
}

/** The true stop comes after a guess, or after a person closed the session: it wins, and the guess is kept apart. */
async function correct(
  context: RuleContext,
  session: Session,
  stop: SessionStop,
  time: StationTime,
): Promise<Session> {
  const { transactionId, connector, stoppedAt, stoppedAs, meterStopWh, stopReason } = session;
  if (stoppedAs !== null && meterStopWh !== null && meterStopWh !== stop.meterStopWh) {
    const wrong = { transactionId: stoppedAs, meterStopWh, reason: stopReason ?? 'Local' };
    await insertOrphan(context, wrong, stoppedAt ?? time.at, orphanSuspicion(stoppedAs, undefined));
  }
  await note(
    context,
    'session.corrected',
    { transactionId, meterStopWh, stopReason, named: stoppedAs },
    { connector },
  );
  return end(context, session, stop, time);
}

/** The stop that the station sends again because it got no answer, whatever it was taken for then. */
async function findSentBefore(
  { r, station, receivedAt }: RuleContext,
  { transactionId: stoppedAs, meterStopWh }: SessionStop,
  { at, doubt }: StationTime,
): Promise<Session | undefined> {
  const stop = { stationUuid: station.uuid, meterStopWh, startedFrom: at - sessionMaxMs };
  return doubt === undefined
    ? r.sessions.findStop({ ...stop, from: at, to: at })
    : r.sessions.findStop({ ...stop, from: receivedAt - resentWithinMs, to: receivedAt, stoppedAs });
}

/** The one open session that a stop can mean. When two cars could be meant, a person has to decide. */
async function guessSession(
  { r, station }: RuleContext,
  { meterStopWh }: SessionStop,
  { at }: StationTime,
): Promise<Session | undefined> {
  const taken = new Set<number>();
  const possible = (await r.sessions.listOpen(station.uuid)).filter((session) => {
    if (session.startedAt > at || taken.has(session.connector)) return false;
    // Newest first: what began earlier on the connector was over when this one began.
    taken.add(session.connector);
    return isPlausible(session.meterStartWh, meterStopWh) && !lostItsHardware(session);
  });
  return possible.length === 1 ? possible[0] : undefined;
}

function orphanSuspicion(transactionId: number, elsewhere: Session | undefined): string {
  const what = elsewhere ? `a session of ${elsewhere.stationId}` : 'not one of its sessions';
  return `the station stopped transaction ${transactionId}, which is ${what}`;
}

/** A stop without a start, kept for a person to look at. */
async function keepOrphan(
  context: RuleContext,
  stop: SessionStop,
  { at, doubt }: StationTime,
  elsewhere: Session | undefined,
): Promise<Session> {
  const suspicion = joinSuspicions(orphanSuspicion(stop.transactionId, elsewhere), doubt);
  const orphan = await insertOrphan(context, stop, at, suspicion);
  await keepSamples(context, orphan, stop);
  return orphan;
}

async function insertOrphan(
  context: RuleContext,
  stop: Pick<SessionStop, 'transactionId' | 'meterStopWh' | 'reason'>,
  stoppedAt: number,
  suspicion: string | null,
): Promise<Session> {
  const { r, receivedAt, newId } = context;
  const place = await placeOfSession(context);
  const orphan: Session = {
    uuid: newId(),
    transactionId: await r.sessions.nextTransactionId(),
    ...place,
    connector: 0,
    evseId: null,
    authentication: 'anonymous',
    tag: null,
    userUuid: null,
    userEmail: null,
    startedAt: stoppedAt,
    stoppedAt,
    meterStartWh: stop.meterStopWh,
    meterStopWh: stop.meterStopWh,
    meterLastWh: null,
    stopReason: stop.reason,
    stoppedAs: stop.transactionId,
    state: 'suspect',
    suspicion,
    receivedAt,
    verdict: 'Accepted',
  };
  await r.sessions.insert(orphan);
  const { transactionId } = orphan;
  await note(context, 'session.suspect', { transactionId, suspicion }, { at: stoppedAt });
  return orphan;
}

/** Stations send a stop again when the answer got lost; the first one counts, a different one is flagged. */
async function noteSecondStop(context: RuleContext, session: Session, stop: SessionStop): Promise<Session> {
  if (session.meterStopWh === stop.meterStopWh) return session;
  const second = `it was stopped twice, at ${session.meterStopWh} and at ${stop.meterStopWh} Wh`;
  const suspicion = joinSuspicions(session.suspicion, second);
  if (suspicion === session.suspicion) return session;
  await keepSamples(context, session, stop);
  await context.r.sessions.update(session.uuid, { state: 'suspect', suspicion });
  const { transactionId, connector } = session;
  await note(context, 'session.suspect', { transactionId, suspicion }, { connector });
  return { ...session, state: 'suspect', suspicion };
}
