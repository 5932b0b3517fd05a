import type { AuthorizationStatus } from './local-list.js';
import type { SampledValue } from './sampled-values.js';

/** OCPP 1.6 `MeterValue`. A `type`, so that it fits the index signature of a payload. */
export type MeterValue = { timestamp: string; sampledValue: SampledValue[] };

/** OCPP 1.6 `Reason` of StopTransaction. */
export type StopReason =
  | 'DeAuthorized'
  | 'EmergencyStop'
  | 'EVDisconnected'
  | 'HardReset'
  | 'Local'
  | 'Other'
  | 'PowerLoss'
  | 'Reboot'
  | 'Remote'
  | 'SoftReset'
  | 'UnlockCommand';

export interface TransactionOptions {
  readonly connectorId: number;
  readonly idTag: string;
  readonly parentIdTag?: string;
  readonly reservationId?: number;
  readonly startedAtMs: number;
  readonly meterStartWh: number;
}

/** Id in messages of a transaction whose StartTransaction never got an answer (errata 3.18). */
const UNKNOWN_TRANSACTION_ID = -1;

/** A transaction as the station records it, whether or not the central system has heard of it yet. */
export class Transaction {
  readonly connectorId: number;
  readonly idTag: string;
  readonly reservationId: number | undefined;
  readonly startedAtMs: number;
  readonly meterStartWh: number;
  /** The central system's id; undefined until StartTransaction is answered. */
  transactionId: number | undefined;
  /** The central system's verdict on the tag; undefined until StartTransaction is answered. */
  verdict: AuthorizationStatus | undefined;
  parentIdTag: string | undefined;
  /** No energy beyond this register value: the tag turned out to be invalid. */
  registerCapWh = Infinity;
  #stopData: readonly MeterValue[] = [];

  constructor(options: TransactionOptions) {
    this.connectorId = options.connectorId;
    this.idTag = options.idTag;
    this.parentIdTag = options.parentIdTag;
    this.reservationId = options.reservationId;
    this.startedAtMs = options.startedAtMs;
    this.meterStartWh = options.meterStartWh;
  }

  /** The id to put into messages. */
  get wireId(): number {
    return this.transactionId ?? UNKNOWN_TRANSACTION_ID;
  }

  /** What goes into the `transactionData` of StopTransaction. */
  get stopData(): readonly MeterValue[] {
    return this.#stopData;
  }

  /** Keeps a value for StopTransaction; above `limit` every second one between first and last goes (errata 3.89). */
  addStopData(value: MeterValue, limit: number): void {
    const all = [...this.#stopData, value];
    this.#stopData =
      all.length <= limit
        ? all
        : all.filter((_value, index) => index === 0 || index === all.length - 1 || index % 2 === 0);
  }
}
