import { plural } from '../domain/plural.js';
import type { BulkOutcome } from '../operations/bulk.js';
import { aboutStation } from './bulk.js';
import { firstFew } from './first-few.js';

/** Reasons that are told, and stations that are named of each. */
const reasonsMax = 10;
const namedMax = 10;

/** Outcomes that fit a window stand there with their reasons; of more, people have not seen those further up. */
const seenMax = 20;

interface Reason {
  count: number;
  readonly first: string[];
}

/** Why stations of many failed, gathered for the end: the lines of those that failed first have gone by. */
export class BulkFailures {
  readonly #reasons = new Map<string, Reason>();
  #others = 0;

  add(outcomes: readonly BulkOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.ok) continue;
      const words = aboutStation(outcome);
      const reason = this.#reasons.get(words);
      if (reason) {
        reason.count += 1;
        if (reason.first.length < namedMax) reason.first.push(outcome.stationId);
      } else if (this.#reasons.size < reasonsMax) {
        this.#reasons.set(words, { count: 1, first: [outcome.stationId] });
      } else this.#others += 1;
    }
  }

  /**
   * A line for each reason, the most common first: `CP396, CP397 and 3 more: has never connected.`
   * @param total stations in all; of few there is nothing to say again
   */
  lines(total: number): string[] {
    if (total <= seenMax) return [];
    const reasons = [...this.#reasons].sort(([, a], [, b]) => b.count - a.count);
    return [
      ...reasons.map(([words, { count, first }]) => `  ${firstFew(first, { count })}: ${words}`),
      ...(this.#others > 0 ? [`  ${plural(this.#others, 'station')} for other reasons.`] : []),
    ];
  }
}
