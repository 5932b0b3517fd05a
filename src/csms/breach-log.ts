import type { Log } from '../domain/log.js';
import type { Breach } from '../ocpp/v16/breach.js';
import type { BreachRecord } from './breach-record.js';
import type { Speaker } from './rules/rule-context.js';

/** Deviations of one connection that are logged; a habit shows in every message. */
const breachesLoggedMax = 32;

/** Keeps track of what one station does otherwise than the specification says and is understood all the same. */
export class BreachLog {
  readonly #station: Speaker;
  readonly #log: Log;
  readonly #record: BreachRecord;
  #logged: Set<string> | undefined;

  constructor(station: Speaker, log: Log, record: BreachRecord) {
    this.#station = station;
    this.#log = log;
    this.#record = record;
  }

  note(action: string, breaches: readonly Breach[]): void {
    for (const breach of breaches) {
      const { path, rule, detail } = breach;
      this.#record.note(this.#station, { action, path, rule, detail });
      this.#logged ??= new Set();
      if (this.#logged.size >= breachesLoggedMax) continue;
      const habit = `${action} ${path.replaceAll(/\d+/g, '#')} ${rule}`;
      if (this.#logged.has(habit)) continue;
      this.#logged.add(habit);
      this.#log.warn(`${action}${path} ${detail}; understood all the same`, { station: this.#station.id });
    }
  }

  /** A frame that is no proper message of OCPP. */
  noteFrame(rule: string, detail: string): void {
    this.#record.note(this.#station, { path: '', rule, detail });
    this.#log.warn(`${rule}: ${detail}`, { station: this.#station.id });
  }
}
