import { sessionEnergyMaxWh } from '../../domain/energy.js';
import type { MeterSample, Session } from '../../domain/model.js';
import { believeTime } from '../../domain/station-clock.js';
import type { RuleContext } from './rule-context.js';

/** One instant of measurements, in the units of the domain. */
export type Measurement = Pick<
  MeterSample,
  'context' | 'energyWh' | 'powerW' | 'currentA' | 'voltageV' | 'soc' | 'other'
> & {
  /** The station's time, ms since the epoch; undefined when it gave none that can be read. */
  readonly reportedAt: number | undefined;
};

/**
 * Keeps meter values: with their session where they name one of this station (field trap 21), else by station and
 * connector (trap 24).
 */
export async function addMeterSamples(
  context: RuleContext,
  {
    connector,
    transactionId,
    measurements,
  }: {
    connector: number;
    transactionId: number | undefined;
    measurements: readonly Measurement[];
  },
): Promise<void> {
  if (measurements.length === 0) return;
  const session = await sessionOf(context, transactionId);
  const samples = measurements.map((measurement) => toSample(context, connector, session, measurement));
  await context.r.samples.insert(samples);
  if (session) await noteRegister(context, session, samples);
}

async function sessionOf(
  { r, station }: RuleContext,
  transactionId: number | undefined,
): Promise<Session | undefined> {
  if (transactionId === undefined || transactionId < 1) return undefined;
  const session = await r.sessions.findByTransactionId(transactionId);
  return session?.stationUuid === station.uuid ? session : undefined;
}

export function toSample(
  { station, receivedAt }: RuleContext,
  connector: number,
  session: Session | undefined,
  { reportedAt, ...values }: Measurement,
): MeterSample {
  return {
    ...values,
    stationUuid: station.uuid,
    connector,
    transactionId: session?.transactionId ?? null,
    takenAt: believeTime(reportedAt, receivedAt).at,
    receivedAt,
  };
}

/**
 * A register only runs forward: an older value that arrives late is not the latest. One that jumps out of reach is
 * kept as a sample but not believed, or no true value could ever replace it (field trap 25).
 */
async function noteRegister(
  { r }: RuleContext,
  session: Session,
  samples: readonly MeterSample[],
): Promise<void> {
  let latest = session.meterLastWh ?? session.meterStartWh;
  const reach = session.meterStartWh + sessionEnergyMaxWh;
  for (const { energyWh } of samples) {
    if (energyWh !== null && energyWh > latest && energyWh <= reach) latest = energyWh;
  }
  if (latest !== (session.meterLastWh ?? session.meterStartWh))
    await r.sessions.noteRegister(session.uuid, latest);
}
