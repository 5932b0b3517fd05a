import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { NewId } from '../domain/clock.js';
import type { EventFeed } from '../domain/event-feed.js';
import type { Log } from '../domain/log.js';
import type { RecordedEvent } from '../domain/record-repositories.js';
import type { Repositories, Store } from '../domain/repositories.js';
import { tellAlarms } from './alarm-news.js';
import { RuleBook } from './rule-book.js';
import type { EventHandler, TimedTask, WatchClock, WatchContext } from './watch.js';

/** Events that share a transaction: stations are answered in between. */
const eventsPerStep = 50;

/** How often it is written down that the server lives, and the clock compared; the longest it sleeps. */
export const aliveEveryMs = 60_000;

/** A jump of the wall clock that is more than a correction. */
const clockJumpMinMs = 30_000;

/** News are read together with what comes right after them: nobody reads a mail sooner for it. */
const readDelayMs = 1000;

/** After a step that failed. */
const retryDelayMs = 5_000;

/** An event that cannot be dealt with must not keep all that come after it from being read. */
const attemptsPerEvent = 3;

export interface WatcherOptions {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly clock: WatchClock;
  readonly newId: NewId;
  readonly log: Log;
  readonly handlers: readonly EventHandler[];
  /** Whether any handler looks at events of a kind; at all of them when left out. Others cost a fraction. */
  readonly concerns?: (kind: string) => boolean;
  readonly tasks: readonly TimedTask[];
}

/**
 * Reads the event log as it grows and does what is to be done at its time. What follows from an event is written in one
 * transaction with the number of the last event read, so that every event counts exactly once, also over a crash.
 *
 * Time in which the server was down, or by which its clock jumped, is no time of an outage: it is put off by that.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  #startedAt = 0;
  #aliveAt = 0;
  #wall = 0;
  #monotonic = 0;
  /** Events until this one were dealt with. It is written down with what follows from them, else once a minute. */
  #lastEvent = 0;
  #failing = { sequence: 0, attempts: 0 };
  #hasFailed = false;
  #isAwake = false;
  #hasNews = false;
  #isClosed = false;
  #cancelTimer = (): void => undefined;
  #cancelReading: (() => void) | undefined;
  #unsubscribe = (): void => undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** Makes up for the time in which nobody watched, then begins. */
  async start(): Promise<void> {
    const { store, feed, clock } = this.#options;
    this.#startedAt = clock.now();
    this.#noteClock();
    await store.write(async (r) => {
      const aliveAt = await r.watchState.find('aliveAt');
      // Less than nothing when the clock was set back meanwhile.
      if (aliveAt !== undefined) await r.outages.putOff(this.#startedAt - aliveAt);
      // The history of a store that nobody ever watched is no news.
      this.#lastEvent = (await r.watchState.find('lastEvent')) ?? (await r.events.lastSequence());
      await this.#noteAlive(r);
    });
    this.#unsubscribe = feed.subscribe(() => this.#readSoon());
    this.#wake();
  }

  /** Resolves when nothing is under way any more; what was not read yet is read after the next start. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unsubscribe();
    this.#cancelTimer();
    this.#cancelReading?.();
    await this.#working;
    const { store, log } = this.#options;
    // When the disk failed, the server has to stop all the same.
    await store
      .write((r) => this.#noteAlive(r))
      .catch((error: unknown) => log.error(`alarms: ${messageOf(error)}`));
  }

  /** Resolves when all that has happened, and all that is due, is dealt with. */
  async settled(): Promise<void> {
    this.#wake();
    while (this.#isAwake) await this.#working;
  }

  #readSoon(): void {
    this.#cancelReading ??= this.#options.clock.schedule(readDelayMs, () => this.#wake());
  }

  #wake(): void {
    this.#hasNews = true;
    this.#cancelReading?.();
    this.#cancelReading = undefined;
    if (this.#isAwake || this.#isClosed) return;
    this.#isAwake = true;
    this.#working = this.#work();
  }

  async #work(): Promise<void> {
    this.#cancelTimer();
    let delayMs: number | undefined;
    try {
      await this.#compareClocks();
      while (this.#hasNews && !this.#isClosed) {
        this.#hasNews = false;
        while (!this.#isClosed && (await this.#readEvents())) await endOfTurn();
        await this.#runDueTasks();
      }
      delayMs = await this.#delayToNext();
    } catch (error) {
      this.#options.log.error(`alarms: ${messageOf(error)}`);
    }
    this.#isAwake = false;
    if (this.#isClosed) return;
    if (this.#hasNews && delayMs !== undefined) this.#wake();
    else this.#cancelTimer = this.#options.clock.schedule(delayMs ?? retryDelayMs, () => this.#wake());
  }

  /** One step through the log; whether there may be more. */
  async #readEvents(): Promise<boolean> {
    const { store, concerns } = this.#options;
    const events = await store.read(async (r) => {
      // Numbers begin anew when retention has removed the last event.
      if ((await r.events.lastSequence()) < this.#lastEvent) this.#lastEvent = 0;
      return r.events.listAfter({}, { limit: eventsPerStep, after: this.#lastEvent });
    });
    const last = events.at(-1);
    if (!last) return false;
    const concerning = concerns ? events.filter(({ kind }) => concerns(kind)) : events;
    if (concerning.length > 0) await this.#dealWith(concerning, last.sequence);
    this.#lastEvent = last.sequence;
    return events.length === eventsPerStep;
  }

  /** All in one transaction; when that fails, one by one, so that what is at fault is found. */
  async #dealWith(events: readonly RecordedEvent[], last: number): Promise<void> {
    try {
      await this.#apply(events, last);
      return;
    } catch (error) {
      const [only] = events;
      if (events.length === 1 && only) return this.#failed(only, error);
    }
    for (const event of events) {
      await this.#apply([event], event.sequence).catch((error: unknown) => this.#failed(event, error));
      this.#lastEvent = event.sequence;
    }
  }

  async #apply(events: readonly RecordedEvent[], last: number): Promise<void> {
    const { handlers } = this.#options;
    await this.#write(async (context) => {
      for (const event of events) for (const handle of handlers) await handle(context, event);
      await context.r.watchState.set('lastEvent', last);
    });
  }

  /** @throws unless it has failed so often that it is passed over */
  async #failed({ sequence, kind, stationId }: RecordedEvent, error: unknown): Promise<void> {
    const attempts = this.#failing.sequence === sequence ? this.#failing.attempts + 1 : 1;
    this.#failing = { sequence, attempts };
    if (attempts < attemptsPerEvent) throw error;
    const about = { sequence, kind, station: stationId, error: messageOf(error) };
    this.#options.log.error('alarms: an event cannot be dealt with and is passed over', about);
  }

  async #runDueTasks(): Promise<void> {
    this.#hasFailed = false;
    for (const task of this.#options.tasks) {
      try {
        await this.#runDue(task);
      } catch (error) {
        // Others have their turn all the same.
        this.#hasFailed = true;
        this.#options.log.error(`alarms: ${task.name}: ${messageOf(error)}`);
      }
    }
  }

  async #runDue(task: TimedTask): Promise<void> {
    const { store, clock } = this.#options;
    while (!this.#isClosed) {
      const now = clock.now();
      const at = await store.read((r) => task.nextAt(r, now));
      if (at === undefined || at > now) return;
      if (!(await this.#write((context) => task.run(context)))) return;
      await endOfTurn();
    }
  }

  async #delayToNext(): Promise<number> {
    const { store, clock, tasks } = this.#options;
    if (clock.now() - this.#aliveAt >= aliveEveryMs) await store.write((r) => this.#noteAlive(r));
    if (this.#hasFailed) return retryDelayMs;
    let next = this.#aliveAt + aliveEveryMs;
    const now = clock.now();
    for (const task of tasks) next = Math.min(next, (await store.read((r) => task.nextAt(r, now))) ?? next);
    return Math.min(aliveEveryMs, Math.max(0, next - clock.now()));
  }

  /** Somebody set the clock: what has lasted for an hour does not last for two because of it. */
  async #compareClocks(): Promise<void> {
    const { store, clock, log } = this.#options;
    const jumpMs = clock.now() - this.#wall - (clock.monotonic() - this.#monotonic);
    this.#noteClock();
    if (Math.abs(jumpMs) < clockJumpMinMs) return;
    log.warn(
      `the clock of this machine was set by ${Math.round(jumpMs / 1000)} s; outages count on from where they were`,
    );
    this.#startedAt = clock.now();
    await store.write(async (r) => {
      await r.outages.putOff(jumpMs);
      await this.#noteAlive(r);
    });
  }

  #noteClock(): void {
    this.#wall = this.#options.clock.now();
    this.#monotonic = this.#options.clock.monotonic();
  }

  async #noteAlive(r: Repositories): Promise<void> {
    this.#aliveAt = this.#options.clock.now();
    await r.watchState.set('aliveAt', this.#aliveAt);
    await r.watchState.set('lastEvent', this.#lastEvent);
  }

  /** One transaction; of the alarms in it people are told at its end. */
  #write<T>(work: (context: WatchContext) => Promise<T>): Promise<T> {
    const { store, clock, newId, log } = this.#options;
    const startedAt = this.#startedAt;
    return store.write(async (r) => {
      const context = { r, rules: new RuleBook(r), now: clock.now(), startedAt, alarms: [], newId, log };
      const result = await work(context);
      await tellAlarms(context);
      return result;
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
