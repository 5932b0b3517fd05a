import type { ProfileTarget } from './charging/charging-profiles.js';
import { Meter, type Reading } from './charging/meter.js';
import { type Limit, NO_LIMIT, NOTHING, type Outlet } from './charging/outlet.js';
import type { Sample } from './charging/sampled-values.js';
import type { Transaction } from './charging/transaction.js';
import type { Vehicle } from './charging/vehicle.js';
import type { Random } from './random.js';
import type { StationTime } from './station-time.js';

/** OCPP 1.6 `ChargePointStatus`. */
export type ConnectorStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEVSE'
  | 'SuspendedEV'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** OCPP 1.6 `ChargePointErrorCode`. */
export type ErrorCode =
  | 'ConnectorLockFailure'
  | 'EVCommunicationError'
  | 'GroundFailure'
  | 'HighTemperature'
  | 'InternalError'
  | 'LocalListConflict'
  | 'NoError'
  | 'OtherError'
  | 'OverCurrentFailure'
  | 'OverVoltage'
  | 'PowerMeterFailure'
  | 'PowerSwitchFailure'
  | 'ReaderFailure'
  | 'ResetFailure'
  | 'UnderVoltage'
  | 'WeakSignal';

/** A tag that was accepted and now waits for a cable. */
export interface Permission {
  readonly idTag: string;
  readonly parentIdTag?: string;
}

export interface ConnectorOptions {
  readonly id: number;
  readonly outlet: Outlet;
  readonly random: Random;
  readonly time: StationTime;
  /** First reading of the lifetime register. */
  readonly energyWh: number;
  isReserved(connectorId: number): boolean;
  /** What the charging profiles allow now. */
  limit(connector: Connector): Limit;
}

/** One outlet with its cable, meter and car. Its OCPP status follows from its state and is never set. */
export class Connector {
  readonly id: number;
  readonly outlet: Outlet;
  /** False: out of order by ChangeAvailability, as soon as no transaction runs. */
  isOperative = true;
  errorCode: ErrorCode = 'NoError';
  permission: Permission | undefined;
  readonly #options: ConnectorOptions;
  readonly #meter: Meter;
  readonly #intervalStartsWh = new Map<string, number>();
  #vehicle: Vehicle | undefined;
  #transaction: Transaction | undefined;
  #hasFinished = false;
  #advancedAtMs: number;
  #limit: Limit = NO_LIMIT;

  constructor(options: ConnectorOptions) {
    this.id = options.id;
    this.outlet = options.outlet;
    this.#options = options;
    this.#meter = new Meter(options);
    this.#advancedAtMs = options.time.now();
  }

  get vehicle(): Vehicle | undefined {
    return this.#vehicle;
  }

  get isPlugged(): boolean {
    return this.#vehicle !== undefined;
  }

  get transaction(): Transaction | undefined {
    return this.#transaction;
  }

  get status(): ConnectorStatus {
    if (this.errorCode !== 'NoError') return 'Faulted';
    if (this.#transaction !== undefined) return this.#chargingStatus();
    if (!this.isOperative) return 'Unavailable';
    if (this.#hasFinished) return 'Finishing';
    if (this.permission !== undefined) return 'Preparing';
    if (this.#options.isReserved(this.id)) return 'Reserved';
    return this.isPlugged ? 'Preparing' : 'Available';
  }

  /** Whether a new transaction could begin here, reservations aside. */
  get isFree(): boolean {
    return this.errorCode === 'NoError' && this.#transaction === undefined && this.isOperative;
  }

  /** The connector and its transaction, as charging profiles see them. */
  get profileTarget(): ProfileTarget {
    if (this.#transaction === undefined) return { connectorId: this.id };
    const { transactionId, startedAtMs } = this.#transaction;
    return {
      connectorId: this.id,
      transactionStartMs: startedAtMs,
      ...(transactionId === undefined ? {} : { transactionId }),
    };
  }

  plugIn(vehicle: Vehicle): void {
    this.advance();
    this.#vehicle = vehicle;
    this.#hasFinished = false;
  }

  unplug(): void {
    this.advance();
    this.#meter.interrupt();
    this.#vehicle = undefined;
    this.#hasFinished = false;
  }

  /** The contactor closes: from now on energy flows as the car wants it. */
  begin(transaction: Transaction): void {
    this.#advancedAtMs = this.#options.time.now();
    this.permission = undefined;
    this.#transaction = transaction;
    this.#hasFinished = false;
    this.#limit = this.#currentLimit();
  }

  /** The contactor opens. */
  end(): void {
    this.advance();
    this.#meter.interrupt();
    this.#transaction = undefined;
    this.#hasFinished = this.isPlugged;
  }

  /** Brings meter and battery up to the present and looks at the limits anew. */
  advance(): void {
    const nowMs = this.#options.time.now();
    const elapsedMs = this.#options.time.simulatedMs(nowMs - this.#advancedAtMs);
    this.#advancedAtMs = nowMs;
    if (this.#transaction === undefined) return;
    const closed = this.errorCode === 'NoError';
    this.#meter.advance(elapsedMs, this.#vehicle, closed ? this.#limit : NOTHING);
    this.#limit = this.#currentLimit();
  }

  read(): Reading {
    return this.#meter.read();
  }

  /** A sample of the present; `series` tells apart the lists that count energy per interval. */
  sample(series: string): Sample {
    this.advance();
    const reading = this.#meter.read();
    const startWh = this.#intervalStartsWh.get(series) ?? reading.energyWh;
    this.#intervalStartsWh.set(series, reading.energyWh);
    return { reading, limit: this.#limit, intervalWh: reading.energyWh - startWh };
  }

  #chargingStatus(): ConnectorStatus {
    if (this.#vehicle === undefined) return 'SuspendedEV';
    if (!this.#vehicle.isOffered(this.outlet, this.#limit)) return 'SuspendedEVSE';
    return this.#vehicle.isFull ? 'SuspendedEV' : 'Charging';
  }

  #currentLimit(): Limit {
    const cap = this.#transaction?.registerCapWh ?? Infinity;
    return this.#meter.read().energyWh >= cap ? NOTHING : this.#options.limit(this);
  }
}
