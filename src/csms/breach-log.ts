import type { Log } from '../domain/log.js';
import type { Breach } from '../ocpp/v16/breach.js';
import type { Speaker } from './rules/rule-context.js';

/** Deviations of one connection that are logged; a habit shows in every message. */
const breachesLoggedMax = 32;

/** Keeps track of what one station does otherwise than the specification says and is understood all the same. */
export class BreachLog {
  readonly #station: Speaker;
  readonly #log: Log;
  readonly #logged = new Set<string>();

  constructor(station: Speaker, log: Log) {
    this.#station = station;
    this.#log = log;
  }

  note(action: string, breaches: readonly Breach[]): void {
    for (const { path, rule, detail } of breaches) {
      const habit = `${action} ${path.replaceAll(/\d+/g, '#')} ${rule}`;
      if (this.#logged.has(habit) || this.#logged.size >= breachesLoggedMax) continue;
      this.#logged.add(habit);
      this.#log.warn(`${action}${path} ${detail}; understood all the same`, { station: this.#station.id });
    }
  }
}
