import type { Store } from '../domain/repositories.js';
import { note, type Speaker } from './rules/rule-context.js';

/**
 * Of one station, an event at most this often; the refusals in between are counted in the next one. As long as it goes on
 * each wait is twice as long, up to the second of these: whoever knows the ids of a fleet must not fill the store.
 */
const eventEveryMs = { first: 300_000, last: 3_600_000 };

/** Events written at once. */
const eventsAtOnce = 200;

interface Refused {
  readonly station: Speaker;
  readonly reason: string;
  readonly address: string | null;
  readonly count: number;
  /** When its last event was written; undefined: none lately. */
  readonly notedAt: number | undefined;
  /** From that event to the next one. */
  readonly everyMs: number;
  readonly at: number;
}

/** Notes in the event log that stations were refused for what they showed: the first time soon, then collapsed. */
export class RefusedCredentials {
  readonly #store: Store;
  readonly #now: () => number;
  /** Of known stations, so there are not more than these. */
  readonly #refused = new Map<string, Refused>();

  constructor({ store, now }: { store: Store; now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  note(station: Speaker, { reason, address }: { reason: string; address: string | null }): void {
    const known = this.#refused.get(station.uuid);
    const { uuid, id } = station;
    const count = (known?.count ?? 0) + 1;
    const { notedAt, everyMs = 0 } = known ?? {};
    const said = { station: { uuid, id }, reason, address, count };
    this.#refused.set(uuid, { ...said, notedAt, everyMs, at: this.#now() });
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
      else this.#refused.delete(refused.station.uuid);
    }
    if (due.length === 0) return;
    for (const refused of due) {
      const everyMs = Math.min(eventEveryMs.last, refused.everyMs * 2) || eventEveryMs.first;
      this.#refused.set(refused.station.uuid, { ...refused, count: 0, notedAt: now, everyMs });
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
      for (const { station, reason, address, count, at } of refused) {
        // Deleted meanwhile, and perhaps created anew: then it is another one.
        if ((await r.stations.findById(station.id))?.uuid !== station.uuid) continue;
        await note({ r, station, receivedAt: at }, 'security.credentials-refused', {
          reason,
          address,
          ...(count > 1 && { count }),
        });
      }
    });
  }
}
