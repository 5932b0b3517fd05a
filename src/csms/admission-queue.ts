export interface AdmissionQueueOptions<Item> {
  /** Decides on one; must not reject. */
  admit(item: Item): Promise<void>;
  /** There is no room for it, or it waited for too long. */
  turnAway(item: Item): void;
  /** Whether it has given up meanwhile. */
  isGone(item: Item): boolean;
  /** Decisions under way at once. */
  readonly maxAdmitting: number;
  readonly maxWaiting: number;
  readonly maxWaitS: number;
}

interface Place<Item> {
  readonly key: string;
  item: Item;
  waitedS: number;
}

/**
 * Lets in a fleet that comes back all at once: so many at a time, the others wait in line. Addresses take turns, and a
 * station that knocks again while it waits keeps its one place. When the line is full, an address that has more than a
 * quarter of it makes room for others; alone it may have it all, because a whole fleet can stand behind one address.
 */
export class AdmissionQueue<Item> {
  readonly #options: AdmissionQueueOptions<Item>;
  /** In the order of their next turn. */
  readonly #byAddress = new Map<string, Place<Item>[]>();
  readonly #byKey = new Map<string, Place<Item>>();
  #admitting = 0;

  constructor(options: AdmissionQueueOptions<Item>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#byKey.size;
  }

  /** @param id who knocks, as far as can be told without a decision */
  enter(address: string, id: string, item: Item): void {
    if (this.#admitting < this.#options.maxAdmitting) {
      this.#admit(item);
      return;
    }
    const key = `${address} ${id}`;
    const earlier = this.#byKey.get(key);
    if (earlier) {
      this.#options.turnAway(earlier.item);
      earlier.item = item;
      return;
    }
    if (this.waiting >= this.#options.maxWaiting && !this.#makeRoomFor(address)) {
      this.#options.turnAway(item);
      return;
    }
    const place = { key, item, waitedS: 0 };
    this.#byKey.set(key, place);
    const line = this.#byAddress.get(address);
    if (line) line.push(place);
    else this.#byAddress.set(address, [place]);
  }

  /** To be called once a second: turns away who has waited for too long, forgets who has gone. */
  tick(): void {
    const { maxWaitS, isGone, turnAway } = this.#options;
    for (const [address, line] of this.#byAddress) {
      const left = line.filter((place) => {
        place.waitedS += 1;
        if (place.waitedS <= maxWaitS && !isGone(place.item)) return true;
        this.#byKey.delete(place.key);
        turnAway(place.item);
        return false;
      });
      if (left.length === 0) this.#byAddress.delete(address);
      else if (left.length < line.length) this.#byAddress.set(address, left);
    }
  }

  /** Turns away all who wait. */
  close(): void {
    for (const { item } of this.#byKey.values()) this.#options.turnAway(item);
    this.#byKey.clear();
    this.#byAddress.clear();
  }

  #admit(item: Item): void {
    this.#admitting += 1;
    void this.#options.admit(item).finally(() => {
      this.#admitting -= 1;
      this.#next();
    });
  }

  #next(): void {
    while (this.#admitting < this.#options.maxAdmitting) {
      const place = this.#take();
      if (!place) return;
      if (this.#options.isGone(place.item)) this.#options.turnAway(place.item);
      else this.#admit(place.item);
    }
  }

  /** From the address whose turn it is; its next turn comes after all the others had theirs. */
  #take(): Place<Item> | undefined {
    for (const [address, line] of this.#byAddress) {
      this.#byAddress.delete(address);
      const place = line.shift();
      if (line.length > 0) this.#byAddress.set(address, line);
      if (place) this.#byKey.delete(place.key);
      return place;
    }
    return undefined;
  }

  #makeRoomFor(address: string): boolean {
    const share = Math.floor(this.#options.maxWaiting / 4);
    if ((this.#byAddress.get(address)?.length ?? 0) >= share) return false;
    let longest: [string, Place<Item>[]] | undefined;
    for (const entry of this.#byAddress) {
      if (entry[1].length > (longest?.[1].length ?? share)) longest = entry;
    }
    const last = longest?.[1].pop();
    if (!longest || !last) return false;
    if (longest[1].length === 0) this.#byAddress.delete(longest[0]);
    this.#byKey.delete(last.key);
    this.#options.turnAway(last.item);
    return true;
  }
}
