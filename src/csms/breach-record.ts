import type { Breach } from '../domain/model.js';
import type { Store } from '../domain/repositories.js';
import type { Speaker } from './rules/rule-context.js';

/** Kinds of one station that wait to be written; it may make up as many as it likes. */
const kindsOfStationMax = 100;

/** Kinds of all stations that wait; more are not counted. */
const kindsMax = 50_000;

/** Kinds written at once: a few milliseconds. */
const kindsAtOnce = 200;

const textMaxLength = 200;

export interface NotedBreach {
  /** Undefined when the message could not be told. */
  readonly action?: string;
  /** JSON pointer into its payload. */
  readonly path: string;
  readonly rule: string;
  readonly detail: string;
}

interface Noted {
  readonly station: Speaker;
  readonly kinds: Map<string, Breach & { count: number; detail: string; lastAt: number }>;
}

/**
 * Counts what stations do otherwise than the specification says and is understood all the same. No message waits for
 * that: it is gathered in memory and written from time to time, a little at a time.
 */
export class BreachRecord {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #noted = new Map<string, Noted>();
  #kinds = 0;

  constructor({ store, now }: { store: Store; now: () => number }) {
    this.#store = store;
    this.#now = now;
  }

  note(station: Speaker, { action, path, rule, detail }: NotedBreach): void {
    const place = tidy(path.replaceAll(/\d+/g, '#'));
    const key = `${action ?? ''} ${place} ${rule}`;
    let noted = this.#noted.get(station.uuid);
    const known = noted?.kinds.get(key);
    const at = this.#now();
    if (known) {
      known.count += 1;
      known.detail = detail;
      known.lastAt = at;
      return;
    }
    if (this.#kinds >= kindsMax || (noted?.kinds.size ?? 0) >= kindsOfStationMax) return;
    if (!noted) {
      noted = { station, kinds: new Map() };
      this.#noted.set(station.uuid, noted);
    }
    const times = { count: 1, firstAt: at, lastAt: at };
    noted.kinds.set(key, {
      stationUuid: station.uuid,
      stationId: station.id,
      action: action === undefined ? null : tidy(action),
      place,
      rule,
      detail,
      ...times,
    });
    this.#kinds += 1;
  }

  /** Writes some of what is noted, of those stations first that have waited longest. */
  async writeSome(): Promise<void> {
    const batch: Noted[] = [];
    let kinds = 0;
    for (const noted of this.#noted.values()) {
      if (kinds >= kindsAtOnce) break;
      batch.push(noted);
      kinds += noted.kinds.size;
      this.#noted.delete(noted.station.uuid);
    }
    this.#kinds -= kinds;
    if (batch.length === 0) return;
    await this.#store.write(async (r) => {
      for (const { station, kinds } of batch) {
        // Deleted meanwhile, and perhaps created anew: then it is another one.
        const current = await r.stations.findById(station.id);
        if (current?.uuid === station.uuid) {
          const rows = [...kinds.values()].map((kind) => ({ ...kind, detail: tidy(kind.detail) }));
          await r.breaches.note(station.uuid, rows);
        }
      }
    });
  }

  /** Writes all that is noted. */
  async writeAll(): Promise<void> {
    while (this.#noted.size > 0) await this.writeSome();
  }
}

/** Stations choose these texts: short, and without what a database or a terminal cannot take. */
function tidy(text: string): string {
  const short = text.length > textMaxLength ? `${text.slice(0, textMaxLength)}…` : text;
  return short.replaceAll(/[\p{Cc}\p{Cs}]/gu, '\u{FFFD}');
}
