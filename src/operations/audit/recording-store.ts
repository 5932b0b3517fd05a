import type { Clock } from '../../domain/clock.js';
import type { AuditEntry } from '../../domain/people/audit.js';
import type { Caller } from '../../domain/people/caller.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { boundedJson } from './bounded-json.js';
import { type Change, ChangeRecord } from './change-record.js';
import type { Look } from './look.js';
import { type Touched, touches } from './touches.js';

/** On whose behalf something is changed, by which operation. */
export interface Recording {
  readonly caller: Caller;
  /** `station.update` */
  readonly operation: string;
  readonly clock: Clock;
}

/** How far an operation has come: what was kept of it, once that is on disk. */
export interface Progress {
  /** Entries were written. */
  hasRecorded: boolean;
  /** It wrote what people administer, be it with the values that it had. */
  wasDeliberate: boolean;
}

/**
 * A store that keeps, with every change of what people administer, who made it and what it was before: in the same
 * transaction, so that there is neither a change without its entry nor an entry without its change. Reads are as before.
 *
 * It has to see everything: what limits the view of a caller comes on top of it.
 */
export function recordingStore(store: Store, recording: Recording, progress?: Progress): Store {
  return {
    read: (work) => store.read(work),
    async write(work) {
      const { result, isDeliberate, entries } = await store.write(async (r) => {
        const record = new ChangeRecord(r);
        const result = await work(recorded(r, record));
        const entries = (await record.changes()).map((change) => entryOf(change, recording));
        if (entries.length > 0) await r.audit.insert(entries);
        return { result, isDeliberate: record.isDeliberate, entries: entries.length };
      });
      if (progress) {
        progress.wasDeliberate ||= isDeliberate;
        progress.hasRecorded ||= entries > 0;
      }
      return result;
    },
  };
}

/** Who, from where and when: what all entries begin with. */
export function whoAndWhen({ caller, operation, clock }: Recording) {
  const { name, role, way, address, keyId } = caller;
  return { at: clock.now(), actor: name, role, way, address, keyId, operation };
}

function entryOf({ kind, target, before, after }: Change, recording: Recording): AuditEntry {
  return {
    ...whoAndWhen(recording),
    kind,
    target,
    before: before && boundedJson(before),
    after: after && boundedJson(after),
    input: null,
    outcome: 'ok',
  };
}

type Method = (...given: unknown[]) => Promise<unknown>;
type Tell = (look: Look, ...given: unknown[]) => Touched | Promise<Touched>;

/** The same repositories, whose changes are noted before they are made. */
function recorded(repositories: Repositories, record: ChangeRecord): Repositories {
  const made = new Map<PropertyKey, object>();
  return new Proxy(repositories, {
    get(target, name) {
      const repository: object = Reflect.get(target, name, target);
      const tells = Object.hasOwn(touches, name) ? touches[name as keyof typeof touches] : null;
      if (tells === null) return repository;
      const known = made.get(name) ?? watched(repository, tells, record);
      made.set(name, known);
      return known;
    },
  });
}

function watched(repository: object, tells: object, record: ChangeRecord): object {
  return new Proxy(repository, {
    get(target, name) {
      const method: Method = Reflect.get(target, name, target);
      const tell = (Object.hasOwn(tells, name) ? Reflect.get(tells, name) : null) as Tell | null;
      if (tell === null) return method;
      return async (...given: unknown[]) => {
        await record.touch((look) => tell(look, ...given));
        return method.apply(target, given);
      };
    },
  });
}
