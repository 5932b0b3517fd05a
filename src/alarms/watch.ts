import type { Clock, NewId } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { RecordedEvent } from '../domain/record-repositories.js';
import type { Repositories } from '../domain/repositories.js';
import type { AlarmNews } from './alarm-news.js';
import type { RuleBook } from './rule-book.js';

/** What the parts of the watcher work with: one transaction of the store. */
export interface WatchContext {
  readonly r: Repositories;
  /** Who is told of what. */
  readonly rules: RuleBook;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Since when this run of the server has watched, with a clock that nobody set. */
  readonly startedAt: number;
  /** What alarms this transaction opened and cleared; it is told at its end. */
  readonly alarms: AlarmNews[];
  readonly newId: NewId;
  readonly log: Log;
}

/** Draws its conclusions from an event. Each event comes to it once, in the order of the log. */
export type EventHandler = (context: WatchContext, event: RecordedEvent) => Promise<void>;

/** Something that is to be done at a time. */
export interface TimedTask {
  /** For the log. */
  readonly name: string;
  /** When it is due next, ms since the epoch; undefined: not before something happens. */
  nextAt(r: Repositories, now: number): Promise<number | undefined>;
  /** Does a little of what is due; false when nothing of it is left. */
  run(context: WatchContext): Promise<boolean>;
}

/** Time as the watcher needs it. */
export interface WatchClock extends Clock {
  /** Milliseconds since any beginning; nobody can set it. */
  monotonic(): number;
}
