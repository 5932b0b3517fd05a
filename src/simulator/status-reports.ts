import type { Request16 } from '../ocpp/v16/actions.js';
import type { ConnectorStatus } from './connector.js';
import type { StationParts } from './station-parts.js';

/** Tells the central system the status of connectors: every change, and all of them after a boot. */
export class StatusReports {
  readonly #station: StationParts;
  readonly #onChange: () => void;
  /** What the central system was told last. */
  readonly #reported = new Map<number, ConnectorStatus>();
  /** What was noticed last, reported or not. */
  readonly #noticed = new Map<number, ConnectorStatus>();

  constructor(station: StationParts, onChange: () => void) {
    this.#station = station;
    this.#onChange = onChange;
  }

  /** Looks at a connector (0 = the station) and reports it if its status is news. */
  refresh(connectorId: number): void {
    const status = this.#statusOf(connectorId);
    if (this.#noticed.get(connectorId) !== status) {
      this.#noticed.set(connectorId, status);
      this.#onChange();
    }
    if (this.#station.isOnline && this.#reported.get(connectorId) !== status) this.report(connectorId);
  }

  /** Looks at all connectors: what changed while nobody listened is reported now. */
  refreshAll(): void {
    for (const id of this.#ids()) this.refresh(id);
  }

  /** Reports connector 0 to n, news or not (errata 3.22: due after every accepted boot). */
  reportAll(): void {
    for (const id of this.#ids()) this.report(id);
  }

  /** Reports one connector, news or not. */
  report(connectorId: number): void {
    const status = this.#statusOf(connectorId);
    this.#reported.set(connectorId, status);
    const payload: Request16<'StatusNotification'> = {
      connectorId,
      status,
      errorCode: this.#station.connector(connectorId)?.errorCode ?? 'NoError',
      timestamp: this.#station.time.timestamp(),
    };
    this.#station.background.run(
      this.#station.uplink.call('StatusNotification', payload).catch(() => {
        // Not delivered; the next connection tells it. A refusal looks the same and does no harm then.
        if (!this.#station.isOnline) this.#reported.delete(connectorId);
      }),
    );
  }

  #ids(): number[] {
    return [0, ...this.#station.connectors.map((connector) => connector.id)];
  }

  #statusOf(connectorId: number): ConnectorStatus {
    if (connectorId === 0) return this.#station.isOperative ? 'Available' : 'Unavailable';
    return this.#station.connector(connectorId)?.status ?? 'Unavailable';
  }
}
