import type { Payload } from '../../ocpp/frame.js';
import type { Request16 } from '../../ocpp/v16/actions.js';
import { formatTime } from '../../ocpp/v16/time.js';
import { readIdTagInfo, readTransactionId } from '../answers.js';
import type { Connector, Permission } from '../connector.js';
import type { StationParts } from '../station-parts.js';
import type { ChargingProfile } from './charging-schedule.js';
import { type StopReason, Transaction } from './transaction.js';

export interface BeginOptions extends Permission {
  /** TxProfile that came with a remote start. */
  readonly profile?: ChargingProfile;
}

/** Begins and ends transactions and tells the central system, now or when it can be reached again. */
export class Transactions {
  readonly #station: StationParts;

  constructor(station: StationParts) {
    this.#station = station;
  }

  get running(): readonly Connector[] {
    return this.#station.connectors.filter((connector) => connector.transaction !== undefined);
  }

  begin(connector: Connector, options: BeginOptions): void {
    const { time, queue, uplink, metering, statuses, reservations, profiles } = this.#station;
    const reservationId = reservations.on(connector.id)?.reservationId;
    const transaction = new Transaction({
      connectorId: connector.id,
      idTag: options.idTag,
      startedAtMs: time.now(),
      meterStartWh: connector.read().energyWh,
      ...(options.parentIdTag === undefined ? {} : { parentIdTag: options.parentIdTag }),
      ...(reservationId === undefined ? {} : { reservationId }),
    });
    connector.begin(transaction);
    if (reservationId !== undefined) reservations.cancel(reservationId);
    const target = { connectorId: connector.id, transactionStartMs: transaction.startedAtMs };
    if (options.profile !== undefined) profiles.set(target, options.profile, time.now());
    connector.advance();
    queue.push({
      action: 'StartTransaction',
      send: () => uplink.call('StartTransaction', startPayload(transaction)),
      onAnswer: (answer) => this.#started(connector, transaction, answer),
    });
    metering.begin(connector, transaction);
    statuses.refresh(connector.id);
  }

  /** Ends what runs on a connector; nothing if nothing does. `idTag` is the tag that stopped it. */
  end(connector: Connector, reason: StopReason, idTag?: string): void {
    const { transaction } = connector;
    if (transaction === undefined) return;
    const { time, queue, uplink, metering, statuses, profiles, observer } = this.#station;
    connector.end();
    metering.end(connector, transaction);
    const meterStopWh = connector.read().energyWh;
    const timestamp = time.timestamp();
    queue.push({
      action: 'StopTransaction',
      send: () =>
        uplink.call('StopTransaction', {
          transactionId: transaction.wireId,
          meterStop: meterStopWh,
          timestamp,
          reason,
          ...(idTag === undefined ? {} : { idTag }),
          ...(transaction.stopData.length > 0 ? { transactionData: [...transaction.stopData] } : {}),
        }),
      onAnswer: (answer) => this.#remember(idTag ?? transaction.idTag, answer),
    });
    profiles.transactionEnded(connector.id);
    observer.sessionEnded?.(connector.id, meterStopWh - transaction.meterStartWh, reason);
    statuses.refresh(connector.id);
  }

  endAll(reason: StopReason): void {
    for (const connector of this.running) this.end(connector, reason);
  }

  #started(connector: Connector, transaction: Transaction, answer: Payload): void {
    transaction.transactionId = readTransactionId(answer);
    const info = readIdTagInfo(answer);
    transaction.parentIdTag = info?.parentIdTag ?? transaction.parentIdTag;
    // An answer without a verdict is not a refusal: old central systems leave it out.
    transaction.verdict = info?.status ?? 'Accepted';
    this.#remember(transaction.idTag, answer);
    if (transaction.verdict === 'Accepted') this.#station.observer.sessionStarted?.(connector.id);
    else this.#refused(connector, transaction);
  }

  #refused(connector: Connector, transaction: Transaction): void {
    const { configuration, observer, statuses } = this.#station;
    if (transaction.verdict !== undefined) observer.sessionRefused?.(connector.id, transaction.verdict);
    if (connector.transaction !== transaction) return;
    if (configuration.flag('StopTransactionOnInvalidId')) {
      this.end(connector, 'DeAuthorized');
      return;
    }
    connector.advance();
    transaction.registerCapWh = connector.read().energyWh + configuration.integer('MaxEnergyOnInvalidId');
    connector.advance();
    statuses.refresh(connector.id);
  }

  #remember(idTag: string, answer: Payload): void {
    const info = readIdTagInfo(answer);
    if (info !== undefined) this.#station.authorization.remember(idTag, info);
  }
}

function startPayload(transaction: Transaction): Request16<'StartTransaction'> {
  return {
    connectorId: transaction.connectorId,
    idTag: transaction.idTag,
    meterStart: transaction.meterStartWh,
    timestamp: formatTime(transaction.startedAtMs),
    ...(transaction.reservationId === undefined ? {} : { reservationId: transaction.reservationId }),
  };
}
