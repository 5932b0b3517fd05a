import { Type } from '@sinclair/typebox';
import { isPlausible, sessionEnergyMaxWh } from '../../domain/charging/energy.js';
import { FleetError } from '../../domain/errors.js';
import type { Session } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { findSession } from '../lookup.js';
import { unary } from '../operation.js';
import { sessionView, toSessionView } from './session-view.js';

/** The stop reason of what a person closed, followed by the reason that was given. */
const closed = 'Closed';

export const sessionCloseOperations = {
  'session.close': unary({
    summary: 'End a session in the records; the station is not told',
    access: staff,
    effect: 'change',
    input: Type.Object({
      /** Session id or transaction id. */
      id: Type.String(),
      /** Milliseconds since the epoch; when the last meter values were taken, else now. */
      stoppedAt: Type.Optional(Type.Integer()),
      /** The register at the end; the latest that was reported. */
      meterStopKwh: Type.Optional(Type.Number()),
      reason: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    output: Type.Object({
      session: sessionView,
      /** Connected stations may go on charging: nothing was sent to them. */
      stationOnline: Type.Boolean(),
    }),
    run: ({ store, clock, live }, { id, stoppedAt, meterStopKwh, reason }) =>
      store.write(async (r) => {
        const now = clock.now();
        const session = await findSession(r, id);
        if (session.stoppedAt !== null) {
          throw new FleetError('CONFLICT', `Session ${session.transactionId} has ended already.`, {
            suggestions: [`evfleet session show ${session.transactionId}`],
          });
        }
        const change = {
          stoppedAt: checkStop(session, now, stoppedAt) ?? (await lastSign(r, session, now)),
          meterStopWh: checkMeter(session, meterStopKwh) ?? session.meterLastWh ?? session.meterStartWh,
          stopReason: reason ? `${closed}: ${reason}` : closed,
          stoppedAs: null,
          state: 'ended' as const,
          suspicion: null,
        };
        await r.sessions.update(session.uuid, change);
        await noteClosed(r, session, { ...change, now });
        return {
          session: toSessionView({ ...session, ...change }, now),
          stationOnline: live?.isOnline(session.stationUuid) === true,
        };
      }),
  }),
};

function checkStop(session: Session, now: number, stoppedAt: number | undefined): number | undefined {
  if (stoppedAt === undefined) return undefined;
  const began = new Date(session.startedAt).toISOString();
  if (stoppedAt < session.startedAt) {
    throw new FleetError('USAGE', `The session began at ${began}; it cannot have stopped before.`);
  }
  if (stoppedAt > now) throw new FleetError('USAGE', 'A session cannot have stopped in the future.');
  return stoppedAt;
}

function checkMeter({ meterStartWh }: Session, meterStopKwh: number | undefined): number | undefined {
  if (meterStopKwh === undefined) return undefined;
  const meterStopWh = Math.round(meterStopKwh * 1000);
  if (isPlausible(meterStartWh, meterStopWh)) return meterStopWh;
  const start = `The register stood at ${meterStartWh / 1000} kWh when the session began`;
  const most = sessionEnergyMaxWh / 1000;
  throw new FleetError('USAGE', `${start}: the end takes a value from there to ${most} kWh above it.`);
}

async function lastSign(
  r: Repositories,
  { transactionId, startedAt }: Session,
  now: number,
): Promise<number> {
  const latest = await r.samples.findLatest(transactionId);
  return Math.max(startedAt, latest === undefined ? now : Math.min(latest.takenAt, now));
}

function noteClosed(
  r: Repositories,
  { transactionId, stationUuid, stationId, connector, suspicion }: Session,
  { now, stoppedAt, stopReason }: { now: number; stoppedAt: number; stopReason: string },
): Promise<void> {
  return r.events.insert({
    at: stoppedAt,
    receivedAt: now,
    stationUuid,
    stationId,
    connector,
    kind: 'session.closed',
    detail: JSON.stringify({ transactionId, stopReason, suspicion }),
  });
}
