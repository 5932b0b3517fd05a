import type { NamedStation, Notification } from '../../domain/alarm/notification.js';
import type { Outage } from '../../domain/alarm/outage.js';
import { tell } from '../tell.js';
import type { WatchContext } from '../watch.js';
import { backNotification, whoKnows } from './outage-over.js';
import { StationNames, type Word, Words } from './outage-word.js';
import { messagesPerStep, outagesPerPage } from './storm-round.js';

interface Over {
  readonly station: NamedStation;
  readonly since: number;
  readonly outage: Outage;
}

/**
 * Tells of the stations of one storm that came back within a minute, each recipient once of all of theirs. Like the
 * steps of a storm, it begins anew after a crash, and leaves out whom it has told.
 */
export class StormBack {
  readonly #stormUuid: string;
  /** Those that came back until then are told of then, and only those. */
  readonly #backAt: number;
  readonly #words = new Words<Over>();
  #names: StationNames | undefined;
  #after: string | undefined = '';

  constructor(stormUuid: string, backAt: number) {
    this.#stormUuid = stormUuid;
    this.#backAt = backAt;
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
    const { r } = context;
    this.#names ??= new StationNames(r);
    const page = { backAt: this.#backAt, after, limit: outagesPerPage };
    const over = await r.outages.listStormBack(this.#stormUuid, page);
    for (const outage of over) {
      const found = await whoKnows(context, outage, this.#names);
      if (!found) continue;
      const { station, recipients } = found;
      for (const recipient of recipients) {
        this.#words.add(recipient, -this.#backAt, { station, since: outage.since, outage });
      }
    }
    this.#after = over.length === outagesPerPage ? over.at(-1)?.uuid : undefined;
  }

  async #tellSome(context: WatchContext): Promise<boolean> {
    const words = this.#words.take(messagesPerStep);
    for (const word of words) {
      const { recipient, stepMs } = word;
      const subject = { subjectUuid: this.#stormUuid, stepMs, threadKey: this.#stormUuid };
      await tell(context, [recipient], notificationOf(word, context.now), subject);
    }
    if (words.length === messagesPerStep) return false;
    await context.r.outages.endStormBack(this.#stormUuid, this.#backAt);
    return true;
  }
}

function notificationOf({ first, since, total, stations }: Word<Over>, time: number): Notification {
  if (total === 1) return backNotification(first.outage, first.station);
  return { kind: 'stations-back', time, since, stations, total };
}
