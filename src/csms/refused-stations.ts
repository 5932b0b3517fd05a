import { Recent } from '../domain/recent.js';
import type { Store } from '../domain/repositories.js';
import { note, type Speaker } from './rules/rule-context.js';

/**
 * Of one station, an event at most this often; the refusals in between are counted in the next one. As long as it goes on
 * each wait is twice as long, up to the second of these: whoever knows the ids of a fleet must not fill the store.
 */
const eventEveryMs = { first: 300_000, last: 3_600_000 };

/** Events written at once. */
const eventsAtOnce = 200;

const lastRememberedMax = 20_000;

/** What the event is: of what it showed, or of anything else about how it came. */
type RefusedKind = 'security.credentials-refused' | 'station.refused';

interface Refused {
  readonly station: Speaker;
  readonly kind: RefusedKind;
  readonly reason: string;
  readonly address: string | null;
  readonly count: number;
  /** When its last event was written; undefined: none lately. */
  readonly notedAt: number | undefined;
  /** From that event to the next one. */
  readonly everyMs: number;
  readonly at: number;
}

/** Why and when a station was not let in the last time, ms since the epoch. */
export interface LastRefusal {
  readonly reason: string;
  readonly at: number;
}

/** Notes in the event log that stations were refused: the first time soon, then collapsed; and knows the last time. */
export class RefusedStations {
  readonly #store: Store;
  readonly #now: () => number;
  /** By station and kind; of known stations, so there are not many more than these. */
  readonly #refused = new Map<string, Refused>();
  /** By station, until it is let in; the oldest are forgotten. */
  readonly #last = new Recent<LastRefusal>(lastRememberedMax);

  constructor({ store, now }: { store: Store; now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  note(station: Speaker, { kind, reason, address }: Pick<Refused, 'kind' | 'reason' | 'address'>): void {
    const { uuid, id } = station;
    const key = keyOf(station, kind);
    const known = this.#refused.get(key);
    const count = (known?.count ?? 0) + 1;
    const { notedAt, everyMs = 0 } = known ?? {};
    const at = this.#now();
    this.#refused.set(key, { station: { uuid, id }, kind, reason, address, count, notedAt, everyMs, at });
    this.#last.set(uuid, { reason, at });
  }

  /** Why a station was not let in when it came last; undefined when it was, or has not come. */
  lastOf(stationUuid: string): LastRefusal | undefined {
    return this.#last.get(stationUuid);
  }

  letIn(stationUuid: string): void {
    this.#last.delete(stationUuid);
  }

  /** To be called every few seconds: writes what is due, a little at a time. */
  async writeDue(): Promise<void> {
    const now = this.#now();
    const isDue = ({ notedAt, everyMs }: Refused) =>
      notedAt === undefined || Math.abs(now - notedAt) >= everyMs;
    const due: Refused[] = [];
    for (const refused of this.#refused.values()) {
      if (due.length >= eventsAtOnce) break;
      if (!isDue(refused)) continue;
      if (refused.count > 0) due.push(refused);
      else this.#refused.delete(keyOf(refused.station, refused.kind));
    }
    if (due.length === 0) return;
    for (const refused of due) {
      const everyMs = Math.min(eventEveryMs.last, refused.everyMs * 2) || eventEveryMs.first;
      this.#refused.set(keyOf(refused.station, refused.kind), {
        ...refused,
        count: 0,
        notedAt: now,
        everyMs,
      });
    }
    await this.#write(due);
  }

  /** Writes all that is noted. */
  async writeAll(): Promise<void> {
    const left = [...this.#refused.values()].filter(({ count }) => count > 0);
    this.#refused.clear();
    if (left.length > 0) await this.#write(left);
  }

  async #write(refused: readonly Refused[]): Promise<void> {
    await this.#store.write(async (r) => {
      for (const { station, kind, reason, address, count, at } of refused) {
        // Deleted meanwhile, and perhaps created anew: then it is another one.
        if ((await r.stations.findById(station.id))?.uuid !== station.uuid) continue;
        await note({ r, station, receivedAt: at }, kind, {
          reason,
          address,
          ...(count > 1 && { count }),
        });
      }
    });
  }
}

function keyOf({ uuid }: Speaker, kind: RefusedKind): string {
  return `${uuid} ${kind}`;
}
