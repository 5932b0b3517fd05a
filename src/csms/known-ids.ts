import type { Clock } from '../domain/clock.js';
import { nearest } from '../domain/nearest.js';
import type { Store } from '../domain/repositories.js';

/** The ids are read anew at most this often: strangers must not make the server read its topology all day. */
const readEveryMs = 2000;

/** Ids that are looked through; a larger fleet gets no hints. */
const idsMax = 20_000;

/** Finds the station that a stranger may be meant to be: another case, one character wrong. */
export class KnownIds {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  #ids: readonly string[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor({ store, clock }: { store: Store; clock: Pick<Clock, 'now'> }) {
    this.#store = store;
    this.#clock = clock;
  }

  async similarTo(id: string): Promise<string | undefined> {
    const now = this.#clock.now();
    if (Math.abs(now - this.#readAt) >= readEveryMs) {
      this.#readAt = now;
      this.#ids = await this.#store.read((r) => r.stations.listIds());
    }
    if (this.#ids.length > idsMax) return undefined;
    const folded = id.toLowerCase();
    return nearest(
      id,
      this.#ids.filter((known) => isSimilar(folded, known.toLowerCase())),
    );
  }
}

/** Equal but for one character that is other, missing or too much. */
function isSimilar(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = long.length === short.length ? short.slice(same + 1) : short.slice(same);
  return rest === long.slice(same + 1) || a === b;
}
