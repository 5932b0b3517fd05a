import type { TimedTask, WatchContext } from '../watch.js';

/** Work for many outages at once, a step at a time. */
export interface Round {
  /** Does the next step; gives whether that was the last. */
  goOn(context: WatchContext): Promise<boolean>;
}

/** A task that looks at outages one by one, until it comes upon one that others belong to: then it goes on with a round. */
export abstract class RoundTask implements TimedTask {
  abstract readonly name: string;
  abstract readonly nextAt: TimedTask['nextAt'];
  #round: Round | undefined;

  async run(context: WatchContext): Promise<boolean> {
    const round = this.#round;
    // What fails is begun anew.
    this.#round = undefined;
    if (round) {
      if (!(await round.goOn(context))) this.#round = round;
      return true;
    }
    const begun = await this.begin(context);
    if (typeof begun === 'boolean') return begun;
    this.#round = begun;
    return true;
  }

  /** Gives the round to go on with, or whether there may be more to do at once. */
  protected abstract begin(context: WatchContext): Promise<Round | boolean>;
}
