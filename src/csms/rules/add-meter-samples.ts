import { sessionEnergyMaxWh } from '../../domain/charging/energy.js';
import type { SessionRegister } from '../../domain/charging/session-repositories.js';
import type { MeterSample, Session } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { believeTime } from '../../domain/station/station-clock.js';
import type { RuleContext, Speaker } from './rule-context.js';

/** One instant of measurements, in the units of the domain. */
export type Measurement = Pick<
  MeterSample,
  'context' | 'energyWh' | 'powerW' | 'currentA' | 'voltageV' | 'soc' | 'other'
> & {
  /** The station's time, ms since the epoch; undefined when it gave none that can be read. */
  readonly reportedAt: number | undefined;
};

/** What one message told about a connector. */
export interface MeterReport {
  readonly station: Speaker;
  readonly receivedAt: number;
  readonly connector: number;
  readonly transactionId: number | undefined;
  readonly measurements: readonly Measurement[];
}

/** What reports come to: samples, and the latest energy registers that they moved, by transaction id. */
export interface MeterHarvest {
  readonly samples: MeterSample[];
  readonly moved: Map<number, number>;
}

/**
 * Puts meter values of any number of stations where they belong: with their session where they name one of their
 * station (field trap 21) or can only mean one, else by station and connector (trap 24).
 * @param registerOf the register of the session that a report belongs to; brought up to date
 */
export function harvestSamples(
  reports: readonly MeterReport[],
  registerOf: (report: MeterReport) => OpenRegister | undefined,
): MeterHarvest {
  const samples: MeterSample[] = [];
  const moved = new Map<number, number>();
  for (const report of reports) {
    const register = registerOf(report);
    const where = { connector: report.connector, transactionId: register?.transactionId ?? null };
    for (const measurement of report.measurements) {
      const sample = toSample(report, where, measurement);
      samples.push(sample);
      if (register && advance(register, sample)) moved.set(register.transactionId, register.latestWh);
    }
  }
  return { samples, moved };
}

export function toSample(
  { station, receivedAt }: Pick<RuleContext, 'station' | 'receivedAt'>,
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

export interface OpenRegister extends Omit<SessionRegister, 'meterLastWh'> {
  latestWh: number;
}

const registersMax = 10_000;

/**
 * Registers of sessions that report, so that not every message has to look its session up. Nobody but
 * `harvestSamples` moves them, and a session never changes station.
 */
export class Registers {
  readonly #known = new Map<number, OpenRegister>();

  /** The register of the session that a report names, without looking into the store. */
  known({ station, transactionId }: MeterReport): OpenRegister | undefined {
    const register = transactionId === undefined ? undefined : this.#known.get(transactionId);
    return register?.stationUuid === station.uuid ? register : undefined;
  }

  /** The registers of the sessions that reports belong to. */
  async find(r: Repositories, reports: readonly MeterReport[]): Promise<Map<MeterReport, OpenRegister>> {
    const found = new Map<MeterReport, OpenRegister>();
    for (const report of reports) {
      const register = this.known(report) ?? (await this.#find(r, report));
      if (register?.stationUuid === report.station.uuid) found.set(report, register);
    }
    return found;
  }

  /** To be called when what they were brought up to date with did not come to be. */
  forget(): void {
    this.#known.clear();
  }

  async #find(r: Repositories, report: MeterReport): Promise<OpenRegister | undefined> {
    const { transactionId } = report;
    if (transactionId !== undefined && transactionId >= 1) return this.#load(r, transactionId);
    const running = await sessionOnConnector(r, report);
    return running && this.#load(r, running.transactionId);
  }

  async #load(r: Repositories, transactionId: number): Promise<OpenRegister | undefined> {
    const known = this.#known.get(transactionId);
    if (known) return known;
    const found = await r.sessions.findRegister(transactionId);
    if (!found) return undefined;
    const { stationUuid, meterStartWh, meterLastWh } = found;
    const register = { transactionId, stationUuid, meterStartWh, latestWh: meterLastWh ?? meterStartWh };
    if (this.#known.size >= registersMax) this.#known.clear();
    this.#known.set(transactionId, register);
    return register;
  }
}

/**
 * Values without a transaction belong to the session that runs on their connector, as far as that is sure: there is
 * exactly one, all of them were taken since it began, and the connector does not say that it is free (field trap 24).
 */
async function sessionOnConnector(
  r: Repositories,
  { station, receivedAt, connector, measurements }: MeterReport,
): Promise<Session | undefined> {
  if (connector < 1) return undefined;
  const [running, ...others] = await r.sessions.listOpen(station.uuid, connector);
  if (running === undefined || others.length > 0 || running.state !== 'active') return undefined;
  const isSince = ({ reportedAt }: Measurement) => {
    const { at, doubt } = believeTime(reportedAt, receivedAt);
    return doubt === undefined && at >= running.startedAt;
  };
  if (!measurements.every(isSince)) return undefined;
  const status = (await r.connectors.find(station.uuid, connector))?.status;
  return status === 'Available' ? undefined : running;
}

/**
 * A register only runs forward: an older value that arrives late is not the latest. One that jumps out of reach is
 * kept as a sample but not believed, or no true value could ever replace it (field trap 25).
 */
function advance(register: OpenRegister, { energyWh }: MeterSample): boolean {
  if (energyWh === null || energyWh <= register.latestWh) return false;
  if (energyWh > register.meterStartWh + sessionEnergyMaxWh) return false;
  register.latestWh = energyWh;
  return true;
}
