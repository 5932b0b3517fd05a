import { type Static, Type } from '@sinclair/typebox';
import { sessionEnergyWh } from '../../domain/charging/energy.js';
import type { MeterSample, Session } from '../../domain/model.js';
import { instant, nullable, oneOf, toIso, toKilowatts, toThousandths } from '../shared.js';

/** A session as scripts, exports and invoices see it. Names and order are a contract: CSV columns follow them. */
export const sessionView = Type.Object({
  sessionId: Type.String(),
  transactionId: Type.Integer(),
  startTime: instant,
  stopTime: nullable(instant),
  /** Seconds; until now while the session runs. */
  duration: Type.Integer(),
  energyKwh: Type.Number(),
  station: Type.String(),
  stationId: Type.String(),
  nodeIdentity: Type.String(),
  connector: Type.Integer(),
  evseId: nullable(Type.String()),
  site: nullable(Type.String()),
  floor: nullable(Type.String()),
  authentication: oneOf('anonymous', 'rfid', 'remote'),
  tag: nullable(Type.String()),
  userEmail: nullable(Type.String()),
  meterStartKwh: Type.Number(),
  meterStopKwh: nullable(Type.Number()),
  stopReason: nullable(Type.String()),
  state: oneOf('active', 'ended', 'suspect'),
  /** When the server recorded the start. */
  serverLogTime: instant,
});
export type SessionView = Static<typeof sessionView>;

export function toSessionView(session: Session, now: number): SessionView {
  const end = session.stoppedAt ?? now;
  return {
    sessionId: session.uuid,
    transactionId: session.transactionId,
    startTime: toIso(session.startedAt),
    stopTime: toIso(session.stoppedAt),
    duration: Math.max(0, Math.round((end - session.startedAt) / 1000)),
    energyKwh: sessionEnergyWh(session) / 1000,
    station: session.stationName,
    stationId: session.stationId,
    nodeIdentity: session.stationUuid,
    connector: session.connector,
    evseId: session.evseId,
    site: session.siteName,
    floor: session.floorName,
    authentication: session.authentication,
    tag: session.tag,
    userEmail: session.userEmail,
    meterStartKwh: session.meterStartWh / 1000,
    meterStopKwh: session.meterStopWh === null ? null : session.meterStopWh / 1000,
    stopReason: session.stopReason,
    state: session.state,
    serverLogTime: toIso(session.receivedAt),
  };
}

/** One session in full: what the contract names, then why it is suspect and what the station was told of its tag. */
export const sessionDetail = Type.Composite([
  sessionView,
  Type.Object({ suspicion: nullable(Type.String()), verdict: Type.String() }),
]);
export type SessionDetail = Static<typeof sessionDetail>;

export function toSessionDetail(session: Session, now: number): SessionDetail {
  const { suspicion, verdict } = session;
  return { ...toSessionView(session, now), suspicion, verdict };
}

export const sampleView = Type.Object({
  time: instant,
  energyKwh: nullable(Type.Number()),
  powerKw: nullable(Type.Number()),
  currentA: nullable(Type.Number()),
  voltageV: nullable(Type.Number()),
  /** State of charge, percent. */
  soc: nullable(Type.Number()),
  context: Type.String(),
});
export type SampleView = Static<typeof sampleView>;

/** A reading outside of any session. */
export const orphanView = Type.Composite([
  Type.Object({ time: instant, connector: Type.Integer() }),
  sampleView,
]);
export type OrphanView = Static<typeof orphanView>;

export function toOrphanView(sample: MeterSample): OrphanView {
  const { time, ...measured } = toSampleView(sample);
  return { time, connector: sample.connector, ...measured };
}

export function toSampleView(sample: MeterSample): SampleView {
  return {
    time: toIso(sample.takenAt),
    energyKwh: sample.energyWh === null ? null : sample.energyWh / 1000,
    powerKw: toKilowatts(sample.powerW),
    currentA: toThousandths(sample.currentA),
    voltageV: toThousandths(sample.voltageV),
    soc: sample.soc,
    context: sample.context,
  };
}
