import type { AlarmKind } from '../../domain/alarm/alarm.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Registration } from '../../domain/model.js';
import type { Store } from '../../domain/repositories.js';

export interface FleetCount {
  readonly stations: readonly { readonly registration: Registration; readonly stations: number }[];
  readonly activeSessions: number;
  readonly suspectSessions: number;
  /** Only the kinds that there are. */
  readonly alarms: readonly { readonly kind: AlarmKind; readonly alarms: number }[];
}

/** However often somebody scrapes, the store is counted this often. */
const keptForMs = 5000;

/** What only the store knows. */
export class FleetCounts {
  readonly #store: Pick<Store, 'read'>;
  readonly #clock: Clock;
  readonly #log: Log;
  #counting: Promise<FleetCount | undefined> | undefined;
  #countedAt = 0;

  constructor({ store, clock, log }: { store: Pick<Store, 'read'>; clock: Clock; log: Log }) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** Undefined when the store does not answer any more: the other metrics are wanted all the more then. */
  read(): Promise<FleetCount | undefined> {
    const now = this.#clock.now();
    if (this.#counting === undefined || Math.abs(now - this.#countedAt) >= keptForMs) {
      this.#countedAt = now;
      this.#counting = this.#count();
    }
    return this.#counting;
  }

  async #count(): Promise<FleetCount | undefined> {
    try {
      return await this.#store.read(async ({ stations, sessions, alarms }) => ({
        stations: await stations.countByRegistration(),
        activeSessions: await sessions.count({ state: 'active' }),
        suspectSessions: await sessions.count({ state: 'suspect' }),
        alarms: await alarms.countOpenByKind(),
      }));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#log.warn('metrics: stations, sessions and alarms could not be counted', { why });
      return undefined;
    }
  }
}
