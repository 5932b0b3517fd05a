import type { Clock } from '../domain/clock.js';
import type { Store } from '../domain/repositories.js';
import type { ConnectionEnd, StationConnection } from './station-connection.js';

/** Writes down when stations came and went. */
export class ConnectionHistory {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor({ store, clock }: { store: Store; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** To be called before stations connect: tidies up after a server that had no time to. */
  async start(): Promise<void> {
    await this.#store.write((r) => r.stations.markAllOffline());
  }

  async opened({ station, protocol, lastSeenAt }: StationConnection): Promise<void> {
    await this.#store.write((r) =>
      r.stations.update(station.uuid, { protocol, lastSeenAt, offlineSinceAt: null }),
    );
  }

  /** @param wasReplaced the station has another connection already, of which this end says nothing (field trap 1) */
  async ended(
    { station, lastSeenAt }: StationConnection,
    _end: ConnectionEnd,
    { wasReplaced }: { wasReplaced: boolean },
  ): Promise<void> {
    if (wasReplaced) return;
    const offlineSinceAt = this.#clock.now();
    await this.#store.write((r) => r.stations.update(station.uuid, { lastSeenAt, offlineSinceAt }));
  }
}
