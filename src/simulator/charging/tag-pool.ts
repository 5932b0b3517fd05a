import { pick, type Random } from '../random.js';

/** Hands out tags so that, as long as there are enough, no tag charges at two places at once. */
export class TagPool {
  readonly #tags: readonly string[];
  readonly #random: Random;
  readonly #inUse = new Map<string, number>();

  /** @throws RangeError without tags, or with one that OCPP 1.6 cannot carry */
  constructor(tags: readonly string[], random: Random) {
    if (tags.length === 0) throw new RangeError('A simulation needs at least one tag');
    const tooLong = tags.find((tag) => tag.length === 0 || tag.length > 20);
    if (tooLong !== undefined) throw new RangeError(`A tag has 1 to 20 characters: ${tooLong}`);
    this.#tags = tags;
    this.#random = random;
  }

  take(): string {
    const free = this.#tags.filter((tag) => !this.#inUse.has(tag));
    const tag = pick(this.#random, free.length > 0 ? free : this.#tags);
    this.#inUse.set(tag, (this.#inUse.get(tag) ?? 0) + 1);
    return tag;
  }

  giveBack(tag: string): void {
    const users = (this.#inUse.get(tag) ?? 1) - 1;
    if (users > 0) this.#inUse.set(tag, users);
    else this.#inUse.delete(tag);
  }
}
