import type { Request16 } from '../../ocpp/v16/actions.js';
import type { ConfigurationKey } from '../configuration-keys.js';
import type { Connector } from '../connector.js';
import type { StationParts } from '../station-parts.js';
import { type SampleContext, sampledValues } from './sampled-values.js';
import type { MeterValue, Transaction } from './transaction.js';

/** How often a charging connector looks at its car and its limits; wall time. */
const TICK_MS = 1_000;
/** However much time is compressed, no connector sends meter values more often than this; wall time. */
const SHORTEST_SAMPLE_MS = 100;
const DAY_MS = 86_400_000;

/** Takes samples and sends them: by interval, by the clock, at both ends of a transaction, on demand. */
export class Metering {
  readonly #station: StationParts;

  constructor(station: StationParts) {
    this.#station = station;
  }

  /** A transaction began. */
  begin(connector: Connector, transaction: Transaction): void {
    this.#take(connector, transaction, 'Transaction.Begin');
    this.#tick(connector);
    this.armSampling(connector);
  }

  /** A transaction is about to end; the contactor is open already. */
  end(connector: Connector, transaction: Transaction): void {
    this.#station.timers.clear(`tick ${connector.id}`);
    this.#station.timers.clear(`sample ${connector.id}`);
    this.#take(connector, transaction, 'Transaction.End');
  }

  /** Arms periodic sampling anew, for instance after its interval changed. */
  armSampling(connector: Connector): void {
    const { timers, configuration, time } = this.#station;
    const name = `sample ${connector.id}`;
    timers.clear(name);
    const intervalMs = configuration.integer('MeterValueSampleInterval') * 1_000;
    if (intervalMs === 0 || connector.transaction === undefined) return;
    timers.set(name, Math.max(SHORTEST_SAMPLE_MS, time.wallMs(intervalMs)), () => {
      if (connector.transaction !== undefined) {
        this.#take(connector, connector.transaction, 'Sample.Periodic');
        this.armSampling(connector);
      }
    });
  }

  /** Arms clock-aligned sampling anew; the clock is the wall clock, in UTC. */
  armClock(): void {
    const { timers, configuration, time } = this.#station;
    timers.clear('clock');
    const intervalMs = configuration.integer('ClockAlignedDataInterval') * 1_000;
    if (intervalMs === 0) return;
    const sinceMidnightMs = time.now() % DAY_MS;
    const waitMs = Math.min(intervalMs - (sinceMidnightMs % intervalMs), DAY_MS - sinceMidnightMs);
    timers.set('clock', waitMs, () => {
      for (const connector of this.#station.connectors) this.#takeAligned(connector);
      this.armClock();
    });
  }

  /** Sends the present values because the central system asked for them. */
  trigger(connector: Connector): void {
    const meterValue = this.#meterValue(connector, 'MeterValuesSampledData', 'Trigger');
    if (meterValue !== undefined) this.#sendNow(connector, meterValue);
  }

  #take(connector: Connector, transaction: Transaction, context: SampleContext): void {
    const { configuration } = this.#station;
    if (configuration.integer('MeterValueSampleInterval') > 0) {
      const meterValue = this.#meterValue(connector, 'MeterValuesSampledData', context);
      if (meterValue !== undefined) this.#queue(transaction, meterValue);
    }
    this.#keep(connector, transaction, 'StopTxnSampledData', context);
  }

  #takeAligned(connector: Connector): void {
    const { transaction } = connector;
    const meterValue = this.#meterValue(connector, 'MeterValuesAlignedData', 'Sample.Clock');
    if (transaction !== undefined) {
      if (meterValue !== undefined) this.#queue(transaction, meterValue);
      this.#keep(connector, transaction, 'StopTxnAlignedData', 'Sample.Clock');
    } else if (meterValue !== undefined && this.#station.isOnline) {
      this.#sendNow(connector, meterValue);
    }
  }

  #keep(connector: Connector, transaction: Transaction, key: ConfigurationKey, context: SampleContext): void {
    const meterValue = this.#meterValue(connector, key, context);
    if (meterValue === undefined) return;
    transaction.addStopData(meterValue, this.#station.configuration.integer('StopTransactionMaxMeterValues'));
  }

  #meterValue(connector: Connector, key: ConfigurationKey, context: SampleContext): MeterValue | undefined {
    const list = this.#station.configuration.text(key);
    const sampledValue = sampledValues(connector.sample(key), list, context);
    return sampledValue.length > 0 ? { timestamp: this.#station.time.timestamp(), sampledValue } : undefined;
  }

  #queue(transaction: Transaction, meterValue: MeterValue): void {
    this.#station.queue.push({
      action: 'MeterValues',
      send: () =>
        this.#station.uplink.call('MeterValues', {
          connectorId: transaction.connectorId,
          transactionId: transaction.wireId,
          meterValue: [meterValue],
        }),
    });
  }

  #sendNow(connector: Connector, meterValue: MeterValue): void {
    const transactionId = connector.transaction?.transactionId;
    const payload: Request16<'MeterValues'> = {
      connectorId: connector.id,
      ...(transactionId === undefined ? {} : { transactionId }),
      meterValue: [meterValue],
    };
    this.#station.uplink.notify('MeterValues', payload);
  }

  #tick(connector: Connector): void {
    this.#station.timers.set(`tick ${connector.id}`, TICK_MS, () => {
      connector.advance();
      this.#station.statuses.refresh(connector.id);
      if (connector.transaction !== undefined) this.#tick(connector);
    });
  }
}
