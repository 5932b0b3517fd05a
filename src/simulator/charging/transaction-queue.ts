import { PeerClosedError } from '../../ocpp/call-errors.js';
import type { Payload } from '../../ocpp/frame.js';
import type { Timers } from '../timers.js';

export type TransactionAction = 'StartTransaction' | 'MeterValues' | 'StopTransaction';

export interface TransactionMessage {
  readonly action: TransactionAction;
  /** Makes the call. The payload is built then, when a transaction id may be known; its times are the event's. */
  send(): Promise<Payload>;
  onAnswer?(answer: Payload): void;
  /** All attempts failed and the message is lost. */
  onGivenUp?(): void;
}

export interface TransactionQueueOptions {
  readonly timers: Timers;
  /** Whether messages may be sent now: connected and accepted. */
  isReady(): boolean;
  attempts(): number;
  retryIntervalMs(): number;
  onChange(): void;
  /** Runs work that nobody awaits. */
  background(work: Promise<void>): void;
}

/** Messages kept at most. A full queue gives up its oldest meter values; starts and stops are never given up. */
export const QUEUE_LIMIT = 1_000;
/** Places that new transactions may not take, so that a running one can always be ended. */
const RESERVE = 100;

/**
 * Transaction-related messages in their order, over disconnections (OCPP 1.6 §3.7.1, §4.8 to §4.10). A message that
 * the central system fails to process is sent again up to `attempts` times, waiting `retryIntervalMs` times the number
 * of earlier sends; a lost connection is no attempt.
 */
export class TransactionQueue {
  readonly #options: TransactionQueueOptions;
  readonly #messages: TransactionMessage[] = [];
  #sending = false;
  #failures = 0;

  constructor(options: TransactionQueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#messages.length;
  }

  /** Whether the station could still record a new transaction. */
  get hasRoom(): boolean {
    const essential = this.#messages.filter((message) => message.action !== 'MeterValues');
    return essential.length < QUEUE_LIMIT - RESERVE;
  }

  push(message: TransactionMessage): void {
    const isFull = this.#messages.length >= QUEUE_LIMIT;
    if (isFull && !this.#makeRoom() && message.action === 'MeterValues') return;
    this.#messages.push(message);
    this.#options.onChange();
    this.wake();
  }

  /** Sends what can be sent; to be called whenever that may have become possible. */
  wake(): void {
    if (this.#sending || this.#options.timers.has('resend') || !this.#options.isReady()) return;
    if (this.#messages.length === 0) return;
    this.#sending = true;
    this.#options.background(this.#sendAll());
  }

  /** A new connection: an interrupted wait for a resend ends here. */
  reconnected(): void {
    this.#options.timers.clear('resend');
    this.wake();
  }

  /** Forgets everything, as a station without memory does. */
  clear(): void {
    this.#messages.length = 0;
    this.#options.timers.clear('resend');
    this.#options.onChange();
  }

  async #sendAll(): Promise<void> {
    try {
      let message = this.#messages[0];
      while (message !== undefined && this.#options.isReady()) {
        if (!(await this.#sendOne(message))) return;
        message = this.#messages[0];
      }
    } finally {
      this.#sending = false;
    }
  }

  /** Whether to go on with the next one. */
  async #sendOne(message: TransactionMessage): Promise<boolean> {
    let answer: Payload;
    try {
      answer = await message.send();
    } catch (error) {
      // Lost, not refused: it keeps its place and its attempts.
      if (error instanceof PeerClosedError || !this.#options.isReady()) return false;
      return this.#failed(message);
    }
    this.#finish(message, () => message.onAnswer?.(answer));
    return true;
  }

  #failed(message: TransactionMessage): boolean {
    const { timers, attempts, retryIntervalMs } = this.#options;
    this.#failures += 1;
    if (this.#failures < attempts()) {
      timers.set('resend', retryIntervalMs() * this.#failures, () => this.wake());
      return false;
    }
    this.#finish(message, () => message.onGivenUp?.());
    return true;
  }

  /** What follows may add messages, so that only afterwards it is true that the queue changed. */
  #finish(message: TransactionMessage, follow: () => void): void {
    this.#failures = 0;
    if (this.#messages[0] === message) this.#messages.shift();
    follow();
    this.#options.onChange();
  }

  /** OCPP asks for Start and Stop above all: the oldest meter values that are not on the wire go first. */
  #makeRoom(): boolean {
    const index = this.#messages.findIndex((one, at) => at > 0 && one.action === 'MeterValues');
    if (index < 0) return false;
    this.#messages.splice(index, 1);
    return true;
  }
}
