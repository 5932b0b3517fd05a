export interface BodyRoomOptions {
  /** Of all bodies together. */
  readonly totalBytes: number;
  /** Of those that one person sends. */
  readonly perUserBytes: number;
}

/**
 * Memory for what is being sent, and worked on. A limit for each body is none for all of them: a thousand connections
 * times ten megabytes are more than a machine has.
 */
export class BodyRoom {
  readonly #options: BodyRoomOptions;
  readonly #byUser = new Map<string, number>();
  #taken = 0;

  constructor(options: BodyRoomOptions) {
    this.#options = options;
  }

  /** Bytes that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** What gives the room back, to be called any number of times; undefined when there is not so much. */
  take(user: string, bytes: number): (() => void) | undefined {
    const { totalBytes, perUserBytes } = this.#options;
    const own = (this.#byUser.get(user) ?? 0) + bytes;
    if (own > perUserBytes || this.#taken + bytes > totalBytes) return undefined;
    this.#byUser.set(user, own);
    this.#taken += bytes;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#give(user, bytes);
    };
  }

  #give(user: string, bytes: number): void {
    this.#taken -= bytes;
    const left = (this.#byUser.get(user) ?? bytes) - bytes;
    if (left === 0) this.#byUser.delete(user);
    else this.#byUser.set(user, left);
  }
}
