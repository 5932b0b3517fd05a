import type { Clock } from '../../domain/clock.js';
import type { ErrorCode } from '../../domain/errors.js';
import type { AuditEntry } from '../../domain/people/audit.js';
import type { Store } from '../../domain/repositories.js';
import { type Recording, whoAndWhen } from './recording-store.js';

const windowMs = 60_000;

interface Failures {
  /** In this window. */
  count: number;
  /** The newest one that got no entry of its own. */
  last: { readonly recording: Recording; readonly code: ErrorCode } | undefined;
}

/**
 * How many failed attempts of a caller get entries of their own in a minute: who is refused again and again must not
 * fill the disk. Of the rest there is one entry that says how many they were.
 */
export class FailureLimit {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #max: number;
  readonly #callers = new Map<string, Failures>();
  #begunAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** @param max of each caller in a minute */
  constructor(store: Store, clock: Clock, max = 30) {
    this.#store = store;
    this.#clock = clock;
    this.#max = max;
  }

  /** Whether this one gets an entry. */
  async passes(recording: Recording, code: ErrorCode): Promise<boolean> {
    const now = this.#clock.now();
    const age = now - this.#begunAt;
    if (age >= windowMs || age < 0) {
      await this.endWindow();
      this.#begunAt = now;
    }
    // Of all their keys together, which may be a hundred.
    const { name } = recording.caller;
    const failures = this.#callers.get(name) ?? { count: 0, last: undefined };
    this.#callers.set(name, failures);
    failures.count += 1;
    if (failures.count <= this.#max) return true;
    failures.last = { recording, code };
    // A store that fails ends the server; there is nothing to be done about it here.
    this.#cancel ??= this.#clock.schedule(this.#begunAt + windowMs - now, () => {
      this.endWindow().catch(() => undefined);
    });
    return false;
  }

  /** Writes down how many there were, and begins anew. To be called before the store is closed, too. */
  async endWindow(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const entries = [...this.#callers.values()].flatMap((failures) => this.#summaryOf(failures));
    this.#callers.clear();
    if (entries.length > 0) await this.#store.write((r) => r.audit.insert(entries));
  }

  #summaryOf({ count, last }: Failures): AuditEntry[] {
    if (!last) return [];
    const input = JSON.stringify({ moreFailures: count - this.#max });
    const summary = { kind: null, target: null, before: null, after: null, input, outcome: last.code };
    return [{ ...whoAndWhen(last.recording), ...summary }];
  }
}
