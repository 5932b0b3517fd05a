import type { OutboxMessage } from '../../domain/alarm/outbox.js';
import { maxRetryMs, retryDelayMs } from '../../domain/alarm/outbox-retry.js';
import { endMessage, postponeMessage } from '../../domain/alarm/outbox-steps.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { effectiveSettings, type Settings } from '../../domain/settings.js';
import type { Carrier, CarrierState, Delivery } from './carrier.js';

export interface DeliveryLineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly carrier: Carrier;
}

/** While something waits, settings and the clock are looked at this often. */
const checkMs = 60_000;
/** Never more often than this by itself; what ends makes it look at once. */
const shortestMs = 1000;
/** A server that all messages go through is tried again after this at most, so that they go soon after it is back. */
const maxClosedMs = 600_000;
/** Messages that are given up in one transaction. */
const perStep = 50;
const minuteMs = 60_000;

const nouns = { mail: 'mail is', webhook: 'webhooks are' } as const;

type On = Extract<CarrierState, { isOn: true }>;

/**
 * Sends the messages of one channel: the longest due first, to each recipient one after the other. What a message
 * waits for is in the store, so that a restart forgets nothing; that the server is gone is only known here, and found
 * out anew with a single message.
 */
export class DeliveryLine {
  readonly #options: DeliveryLineOptions;
  readonly #abort = new AbortController();
  /** Recipients that are being sent to. */
  readonly #under = new Map<string, Promise<void>>();
  #cancel = (): void => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isLooking = false;
  #isAskedAgain = false;
  /** Whether the server took something, or refused it, since it last failed. */
  #isProven = false;
  #failures = 0;
  #closedUntil = 0;
  #lastFailure = '';
  #version: string | undefined;
  #sentAt: number[] = [];

  constructor(options: DeliveryLineOptions) {
    this.#options = options;
  }

  /** Whether nothing is under way: what is left waits for its time. */
  get isIdle(): boolean {
    return !this.#isLooking && this.#under.size === 0;
  }

  /** Something may be due, or a setting has changed. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    if (this.#isLooking) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isLooking = true;
    this.#cancel();
    this.#looking = this.#look();
  }

  /** What is under way is given up: it will be sent again. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#cancel();
    this.#options.carrier.close();
    await this.#looking;
    await Promise.all(this.#under.values());
  }

  async #look(): Promise<void> {
    let delayMs: number | undefined = checkMs;
    try {
      do {
        this.#isAskedAgain = false;
        delayMs = await this.#start();
      } while (this.#isAskedAgain && !this.#abort.signal.aborted);
    } catch (error) {
      this.#options.log.error(`outbox: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#isLooking = false;
    if (delayMs === undefined || this.#abort.signal.aborted) return;
    this.#cancel = this.#options.clock.schedule(delayMs, () => this.wake());
  }

  /** Starts what may be sent now; gives the time until there may be more, undefined when nothing waits. */
  async #start(): Promise<number | undefined> {
    const { store, clock, carrier } = this.#options;
    const settings = effectiveSettings(await store.read((r) => r.settings.list()));
    const state = carrier.state(settings);
    this.#noteChange(state);
    const now = clock.now();
    // A clock that was set back does not hold anything up for longer than it would have waited anyway.
    if (this.#closedUntil > now + maxRetryMs) this.#closedUntil = now;
    if (state.isOn && now >= this.#closedUntil) await this.#startDue(state, settings, now);
    else await this.#giveUpExpired(now);
    return this.#delayMs(now);
  }

  async #startDue(state: On, settings: Settings, now: number): Promise<void> {
    const { store, carrier } = this.#options;
    this.#sentAt = this.#sentAt.filter((at) => at > now - minuteMs && at <= now);
    const places = (this.#isProven ? state.concurrency : 1) - this.#under.size;
    const free = Math.min(places, state.ratePerMinute - this.#sentAt.length);
    if (free <= 0) return;
    const page = { now, horizon: now + 2 * maxRetryMs, limit: free + this.#under.size };
    const due = await store.read((r) => r.outbox.listDue(carrier.channel, page));
    const ready = due.filter((message) => !this.#under.has(keyOf(message))).slice(0, free);
    for (const message of ready) {
      if (this.#abort.signal.aborted) return;
      this.#sentAt.push(now);
      const key = keyOf(message);
      this.#under.set(
        key,
        this.#deliver(message, settings).finally(() => {
          this.#under.delete(key);
          this.wake();
        }),
      );
    }
  }

  async #deliver(message: OutboxMessage, settings: Settings): Promise<void> {
    const { carrier, store, log } = this.#options;
    const { signal } = this.#abort;
    try {
      const delivery = await carrier.send(message, settings, signal);
      // What was cut off by the end of the server says nothing; what was sent must be known.
      if (signal.aborted && delivery.kind !== 'sent') return;
      this.#noteServer(delivery);
      await store.write((r) => this.#settle(r, message, delivery));
    } catch (error) {
      log.error(`outbox: ${error instanceof Error ? error.message : String(error)}`);
      this.#closedUntil = this.#options.clock.now() + checkMs;
    }
  }

  async #settle(r: Repositories, { id }: OutboxMessage, delivery: Delivery): Promise<void> {
    const { clock, random, log } = this.#options;
    const now = clock.now();
    // A person may have dropped it meanwhile.
    const message = await r.outbox.find(id);
    if (message === undefined || (message.state !== 'pending' && delivery.kind !== 'sent')) return;
    const attempts = message.attempts + 1;
    if (delivery.kind === 'sent') {
      return endMessage(r, message, { state: 'sent', now, attempts, reason: null });
    }
    const { reason } = delivery;
    if (delivery.kind === 'refused' || now >= message.expiresAt) {
      const { channel, kind } = message;
      log.warn('message given up', { id, channel, recipient: shownRecipient(message), kind, reason });
      return endMessage(r, message, { state: 'dead', now, attempts, reason });
    }
    // Behind others that are due: the line itself waits for the server, and opens when a setting changes.
    const isServer = delivery.kind === 'unreachable';
    const until = isServer ? now : now + retryDelayMs(attempts, random());
    return postponeMessage(r, message, { attempts, reason, until });
  }

  /** What an attempt tells of the server that all messages go through. */
  #noteServer(delivery: Delivery): void {
    const { clock, random, log, carrier } = this.#options;
    const now = clock.now();
    if (delivery.kind !== 'unreachable') {
      if (this.#failures > 0) log.info(`${carrier.channel} gets through again`);
      this.#isProven = true;
      this.#failures = 0;
      this.#closedUntil = 0;
      return;
    }
    const { reason } = delivery;
    if (this.#failures === 0) log.warn(`${carrier.channel} does not get through`, { reason });
    this.#isProven = false;
    this.#lastFailure = reason;
    // Those that were under way at the same time say the same.
    if (now < this.#closedUntil) return;
    this.#failures += 1;
    this.#closedUntil = now + retryDelayMs(this.#failures, random(), maxClosedMs);
  }

  /** While nothing can be sent, what waits grows too old without having been tried. */
  async #giveUpExpired(now: number): Promise<void> {
    const { store, carrier, log } = this.#options;
    const reason = this.#lastFailure || `It could not be sent in time: ${carrier.channel} was off.`;
    let count = 0;
    while (!this.#abort.signal.aborted) {
      const page = { now, limit: perStep };
      const expired = await store.read((r) => r.outbox.listExpired(carrier.channel, page));
      if (expired.length === 0) break;
      await store.write(async (r) => {
        for (const message of expired) await endMessage(r, message, { state: 'dead', now, reason });
      });
      count += expired.length;
    }
    if (count > 0) log.warn('messages given up', { channel: carrier.channel, count, reason });
  }

  async #delayMs(now: number): Promise<number | undefined> {
    const { store, carrier } = this.#options;
    const next = await store.read((r) => r.outbox.findNextAttempt(carrier.channel));
    if (next === undefined) return undefined;
    const at = Math.max(next, this.#closedUntil);
    return Math.max(shortestMs, Math.min(at - now, checkMs));
  }

  #noteChange(state: CarrierState): void {
    const { log, carrier } = this.#options;
    const version = state.isOn ? state.version : `off: ${state.reason}`;
    if (version === this.#version) return;
    this.#version = version;
    this.#isProven = false;
    this.#failures = 0;
    this.#closedUntil = 0;
    this.#lastFailure = '';
    if (!state.isOn) log.info(`${nouns[carrier.channel]} off: ${state.reason}`);
  }
}

function keyOf({ channel, recipient }: OutboxMessage): string {
  return channel === 'mail' ? recipient.toLowerCase() : recipient;
}

/** Paths of webhooks may be secrets. */
function shownRecipient({ channel, recipient }: OutboxMessage): string {
  if (channel === 'mail') return recipient;
  return URL.canParse(recipient) ? new URL(recipient).origin : '(no URL)';
}
