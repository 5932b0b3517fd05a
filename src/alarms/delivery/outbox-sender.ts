import type { Clock } from '../../domain/clock.js';
import type { EventFeed } from '../../domain/event-feed.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import type { Carrier } from './carrier.js';
import { DeliveryLine } from './delivery-line.js';

export interface OutboxSenderOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly carriers: readonly Carrier[];
  /** Announces that messages or settings were written. */
  readonly changes: EventFeed;
}

/** Sends what is in the outbox, as long as the server runs; nobody ever waits for it. */
export class OutboxSender {
  readonly #changes: EventFeed;
  readonly #lines: readonly DeliveryLine[];
  #unsubscribe = (): void => undefined;

  constructor({ carriers, changes, ...options }: OutboxSenderOptions) {
    this.#changes = changes;
    this.#lines = carriers.map((carrier) => new DeliveryLine({ ...options, carrier }));
  }

  /** Whether nothing is under way: what is left waits for its time. */
  get isIdle(): boolean {
    return this.#lines.every((line) => line.isIdle);
  }

  start(): void {
    const wake = () => {
      for (const line of this.#lines) line.wake();
    };
    this.#unsubscribe = this.#changes.subscribe(wake);
    wake();
  }

  /** What is under way is given up, and sent again after the next start. */
  async close(): Promise<void> {
    this.#unsubscribe();
    await Promise.all(this.#lines.map((line) => line.close()));
  }
}
