import { sessionEnergyMaxWh } from '../../domain/energy.js';
import type { MeterSample } from '../../domain/model.js';
import type { SessionRegister } from '../../domain/repositories.js';
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
  const session = await registerOf(context, transactionId);
  const samples = measurements.map((measurement) =>
    toSample(context, { connector, transactionId: session?.transactionId ?? null }, measurement),
  );
  await context.r.samples.insert(samples);
  if (session) await noteRegister(context, session, samples);
}

async function registerOf(
  { r, station }: RuleContext,
  transactionId: number | undefined,
): Promise<SessionRegister | undefined> {
  if (transactionId === undefined || transactionId < 1) return undefined;
  const register = await r.sessions.findRegister(transactionId);
  return register?.stationUuid === station.uuid ? register : undefined;
}

export function toSample(
  { station, receivedAt }: RuleContext,
  { connector, transactionId }: Pick<MeterSample, 'connector' | 'transactionId'>,
  measurement: Measurement,
): MeterSample {
  const { context, energyWh, powerW, currentA, voltageV, soc, other } = measurement;
  return {
    stationUuid: station.uuid,
    connector,
    transactionId,
    takenAt: believeTime(measurement.reportedAt, receivedAt).at,
    receivedAt,
    context,
    energyWh,
    powerW,
    currentA,
    voltageV,
    soc,
    other,
  };
}

/**
 * A register only runs forward: an older value that arrives late is not the latest. One that jumps out of reach is
 * kept as a sample but not believed, or no true value could ever replace it (field trap 25).
 */
async function noteRegister(
  { r }: RuleContext,
  register: SessionRegister,
  samples: readonly MeterSample[],
): Promise<void> {
  let latest = register.meterLastWh ?? register.meterStartWh;
  const reach = register.meterStartWh + sessionEnergyMaxWh;
  for (const { energyWh } of samples) {
    if (energyWh !== null && energyWh > latest && energyWh <= reach) latest = energyWh;
  }
  if (latest !== (register.meterLastWh ?? register.meterStartWh))
    await r.sessions.noteRegister(register.transactionId, latest);
}
