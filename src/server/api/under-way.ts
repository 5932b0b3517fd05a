/** How many things each name has under way, at most so many. */
export class UnderWay {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Names that have any. */
  get size(): number {
    return this.#counts.size;
  }

  /** What ends it again, to be called any number of times; undefined when there are too many. */
  begin(name: string): (() => void) | undefined {
    const count = this.#counts.get(name) ?? 0;
    if (count >= this.#max) return undefined;
    this.#counts.set(name, count + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#end(name);
    };
  }

  #end(name: string): void {
    const count = (this.#counts.get(name) ?? 1) - 1;
    if (count === 0) this.#counts.delete(name);
    else this.#counts.set(name, count);
  }
}
