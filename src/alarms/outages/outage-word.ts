import type { NamedStation, Notification } from '../../domain/alarm/notification.js';
import type { Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import type { Recipient } from '../recipients.js';

/** Stations that one message names; the others it counts. */
export const namedMax = 1000;

/** Stations as people know them. */
export class StationNames {
  readonly #r: Pick<Repositories, 'sites'>;
  #sites: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(r: Pick<Repositories, 'sites'>) {
    this.#r = r;
  }

  async name({ id, name, siteUuid }: Station): Promise<NamedStation> {
    if (siteUuid === null) return { stationId: id, name, site: null };
    this.#sites ??= this.#r.sites
      .list()
      .then((sites) => new Map(sites.map((site) => [site.uuid, site.name])));
    return { stationId: id, name, site: (await this.#sites).get(siteUuid) ?? null };
  }
}

/** A station that is named, and when it was last in contact. */
export interface Named {
  readonly station: NamedStation;
  readonly since: number;
}

/** What one recipient is told of many stations. */
export interface Word<T extends Named> {
  readonly recipient: Recipient;
  readonly stepMs: number;
  readonly first: T;
  /** When the first of them was lost. */
  since: number;
  total: number;
  readonly stations: NamedStation[];
}

/** What is to be told of many stations, by recipient and step; of each a limited number of names. */
export class Words<T extends Named> {
  readonly #words = new Map<string, Word<T>>();

  add(recipient: Recipient, stepMs: number, named: T): void {
    const { station, since } = named;
    const key = `${recipient.channel} ${recipient.key} ${stepMs}`;
    const word = this.#words.get(key) ?? { recipient, stepMs, first: named, since, total: 0, stations: [] };
    word.total += 1;
    word.since = Math.min(word.since, since);
    if (word.stations.length < namedMax) word.stations.push(station);
    this.#words.set(key, word);
  }

  /** Gives some of them away. */
  take(limit: number): Word<T>[] {
    const taken: Word<T>[] = [];
    for (const [key, word] of this.#words) {
      if (taken.length === limit) break;
      this.#words.delete(key);
      word.stations.sort((a, b) => (a.stationId < b.stationId ? -1 : 1));
      taken.push(word);
    }
    return taken;
  }
}

/** One station that was lost with others is told of like one that was lost alone. */
export function offlineNotification(
  { since, stepMs, total, stations }: Pick<Word<Named>, 'since' | 'stepMs' | 'total' | 'stations'>,
  time: number,
): Notification {
  const [only] = stations;
  if (total === 1 && only) return { kind: 'station-offline', time, since, stepMs, ...only };
  return { kind: 'stations-offline', time, since, stepMs, stations, total };
}
