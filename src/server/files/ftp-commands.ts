/** Commands that wait while another is being carried out. */
const queueMax = 32;

export interface CommandHandlers {
  readonly obey: (line: string) => Promise<void>;
  /** A command could not be carried out. */
  readonly failed: (error: unknown) => void;
  /** One begins. */
  readonly busy: () => void;
  /** None is left. */
  readonly idle: () => void;
}

/** What one control connection asked for, carried out one after the other. */
export class FtpCommands {
  readonly #handlers: CommandHandlers;
  readonly #waiting: string[] = [];
  #isBusy = false;

  constructor(handlers: CommandHandlers) {
    this.#handlers = handlers;
  }

  /** How many were not begun. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @returns false when there are more than anybody needs; none of them is begun then */
  add(lines: readonly string[]): boolean {
    this.#waiting.push(...lines);
    if (this.#waiting.length > queueMax) return false;
    void this.#work();
    return true;
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const { obey, failed, busy, idle } = this.#handlers;
    for (let line = this.#waiting.shift(); line !== undefined; line = this.#waiting.shift()) {
      busy();
      await obey(line).catch(failed);
    }
    this.#isBusy = false;
    idle();
  }
}
