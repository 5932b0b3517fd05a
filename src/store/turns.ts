/** One at a time, in the order in which they came. */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #inLine = 0;

  /** Nobody has a turn or waits for one. */
  get isFree(): boolean {
    return this.#inLine === 0;
  }

  /** Resolves when those before are done, with what ends this turn. */
  async take(): Promise<() => void> {
    const before = this.#last;
    let end = (): void => undefined;
    this.#inLine += 1;
    this.#last = new Promise((resolve) => {
      end = () => {
        this.#inLine -= 1;
        resolve();
      };
    });
    await before;
    return end;
  }
}
