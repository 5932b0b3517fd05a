import type { Repositories } from '../../domain/repositories.js';
import type { TimedTask, WatchContext } from '../watch.js';
import { connectionSteps, nextStepAt } from './outages.js';

/** How often it is looked whether rules have other steps. */
const refreshEveryMs = 60_000;

/** Outages that share a transaction. */
const outagesPerStep = 100;

/**
 * Gives open outages the steps of rules that were made or changed meanwhile: those that are still to come. Only when
 * the steps of all rules together are other ones than a minute ago is there anything to do.
 */
export class OutageRefresh implements TimedTask {
  readonly name = 'steps of outages';
  #checkedAt: number | undefined;
  /** That all open outages have. */
  #known: string | undefined;
  #after = '';

  async nextAt(_: Repositories, now: number): Promise<number> {
    // A clock may be set back.
    return this.#checkedAt === undefined || this.#checkedAt > now ? now : this.#checkedAt + refreshEveryMs;
  }

  async run({ r, rules, now }: WatchContext): Promise<boolean> {
    const steps = await connectionSteps(rules);
    const wanted = steps.join();
    if (wanted !== this.#known) {
      const open = await r.outages.listOpenAfter({ after: this.#after, limit: outagesPerStep });
      for (const { uuid, countsFrom, nextStepAt: known, heldMs } of open) {
        const isDue = known !== null && known <= now;
        const next = nextStepAt({ countsFrom }, now, steps);
        if (heldMs === null && !isDue && next !== known) await r.outages.update(uuid, { nextStepAt: next });
      }
      const last = open.length === outagesPerStep ? open.at(-1)?.uuid : undefined;
      this.#after = last ?? '';
      if (last !== undefined) return true;
      this.#known = wanted;
    }
    this.#checkedAt = now;
    return false;
  }
}
