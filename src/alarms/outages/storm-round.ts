import { tell } from '../tell.js';
import type { WatchContext } from '../watch.js';
import { type DueOutage, lookAtDue } from './outage-due.js';
import { offlineNotification, StationNames, Words } from './outage-word.js';
import { connectionSteps, nextStepAt } from './outages.js';

/** Outages that share a transaction: stations are answered in between. */
export const outagesPerPage = 25;

/** Messages that share a transaction, each with up to a thousand names. */
export const messagesPerStep = 5;

/**
 * One step of a storm: finds out in many small transactions whom each of its outages is told to, then tells each
 * recipient once of all of theirs. Nothing of it is kept but what was told: after a crash it begins anew, and leaves out
 * whom it has told.
 */
export class StormRound {
  readonly #stormUuid: string;
  /** Of its beginning, so that the outages that it is about stay the same. */
  readonly #now: number;
  readonly #words = new Words<DueOutage>();
  #names: StationNames | undefined;
  #after: string | undefined = '';
  #nextStepAt: number | null = null;

  constructor(stormUuid: string, now: number) {
    this.#stormUuid = stormUuid;
    this.#now = now;
  }

  /** Does a little of it; whether that was all. */
  async goOn(context: WatchContext): Promise<boolean> {
    if (this.#after !== undefined) {
      await this.#lookAtSome(context, this.#after);
      return false;
    }
    return this.#tellSome(context);
  }

  async #lookAtSome(context: WatchContext, after: string): Promise<void> {
    const { r, rules } = context;
    this.#names ??= new StationNames(r);
    const page = { now: this.#now, after, limit: outagesPerPage };
    const due = await r.outages.listStormDue(this.#stormUuid, page);
    const steps = await connectionSteps(rules);
    for (const outage of due) {
      const found = await lookAtDue(context, outage, { steps, names: this.#names });
      // They all count from the same time.
      this.#nextStepAt = nextStepAt(outage, context.now, steps);
      if (!found) continue;
      for (const { recipient, stepMs } of found.told) this.#words.add(recipient, stepMs, found);
    }
    this.#after = due.length === outagesPerPage ? due.at(-1)?.uuid : undefined;
  }

  async #tellSome(context: WatchContext): Promise<boolean> {
    const words = this.#words.take(messagesPerStep);
    for (const { recipient, ...word } of words) {
      const subject = { subjectUuid: this.#stormUuid, stepMs: word.stepMs, threadKey: this.#stormUuid };
      await tell(context, [recipient], offlineNotification(word, context.now), subject);
    }
    if (words.length === messagesPerStep) return false;
    await context.r.outages.moveStorm(this.#stormUuid, this.#now, this.#nextStepAt);
    return true;
  }
}
