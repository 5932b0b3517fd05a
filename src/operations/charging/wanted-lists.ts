import { createHash } from 'node:crypto';
import type { StationPlace } from '../../domain/charging/authorization.js';
import {
  buildLocalList,
  type LocalListEntry,
  type TagOnList,
  tagsOnLists,
} from '../../domain/charging/local-list.js';
import type { Station } from '../../domain/model.js';
import type { OperationContext } from '../operation.js';

/** The list that a station should have, and a name for it. */
export interface WantedList {
  readonly entries: readonly LocalListEntry[];
  readonly key: string;
  /** When the tags were read, milliseconds since the epoch. */
  readonly readAt: number;
}

/** What the lists of all stations are made of. Stations at places that no tag tells apart share a list. */
export class WantedLists {
  readonly readAt: number;
  readonly #store: OperationContext['store'];
  readonly #tags: readonly TagOnList[];
  /** Sites and groups that some tag is restricted to. */
  readonly #sites: ReadonlySet<string>;
  readonly #groups: ReadonlySet<string>;
  readonly #lists = new Map<string, WantedList>();

  private constructor(store: OperationContext['store'], tags: readonly TagOnList[], readAt: number) {
    this.#store = store;
    this.#tags = tags;
    this.readAt = readAt;
    this.#sites = new Set(tags.flatMap(({ tag }) => tag.siteUuids));
    this.#groups = new Set(tags.flatMap(({ tag }) => tag.groupUuids));
  }

  /** From all tags, whoever asks: a station must not lose those that its manager does not see. */
  static async read({
    store,
    wholeStore = store,
    clock,
  }: Pick<OperationContext, 'store' | 'wholeStore' | 'clock'>): Promise<WantedLists> {
    const readAt = clock.now();
    const { tags, users } = await wholeStore.read(async (r) => ({
      tags: await r.tags.list(),
      users: await r.users.list(),
    }));
    const disabled = new Set(users.filter((user) => user.disabled).map(({ uuid }) => uuid));
    return new WantedLists(wholeStore, tagsOnLists(tags, disabled, readAt), readAt);
  }

  async of({ uuid, siteUuid }: Pick<Station, 'uuid' | 'siteUuid'>): Promise<WantedList> {
    const groupUuids =
      this.#groups.size === 0 ? [] : await this.#store.read((r) => r.groups.listUuidsByStation(uuid));
    return this.at({ siteUuid, groupUuids });
  }

  at(place: StationPlace): WantedList {
    const name = JSON.stringify([
      place.siteUuid !== null && this.#sites.has(place.siteUuid) ? place.siteUuid : null,
      place.groupUuids.filter((uuid) => this.#groups.has(uuid)).sort(),
    ]);
    const known = this.#lists.get(name);
    if (known) return known;
    const entries = buildLocalList(this.#tags, place);
    const list = { entries, key: keyOfList(entries), readAt: this.readAt };
    this.#lists.set(name, list);
    return list;
  }

  /** Of the lists that stations were found to need so far. */
  get keys(): string[] {
    return [...new Set([...this.#lists.values()].map(({ key }) => key))];
  }

  /** Groups to which tags are restricted. */
  get groupUuids(): readonly string[] {
    return [...this.#groups];
  }

  /** Whether all stations should have the same list, wherever they are. */
  get areAllTheSame(): boolean {
    return this.#sites.size + this.#groups.size === 0;
  }

  /** When the next tag expires and the lists with it, milliseconds since the epoch; infinite when none does. */
  get goodUntil(): number {
    return this.#tags.reduce((soonest, { tag: { expiresAt } }) => {
      return expiresAt !== null && expiresAt > this.readAt && expiresAt < soonest ? expiresAt : soonest;
    }, Number.POSITIVE_INFINITY);
  }
}

/** Equal for equal lists: a hash of the entries, by which each list is kept once. */
export function keyOfList(entries: readonly LocalListEntry[]): string {
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}
