import { plural } from '../../domain/plural.js';
import type { Repositories } from '../../domain/repositories.js';
import { mask } from '../../domain/secret-names.js';
import { Look, type Picture, type Thing } from './look.js';
import type { Many, Touched } from './touches.js';

/** What was changed, as an entry of the audit keeps it. */
export interface Change {
  readonly kind: string;
  readonly target: string;
  /** What differs, or all of what is gone; null of something new. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** Things of a kind that have a change each in one transaction; of more, it is only told how many there were. */
export const individualChangesMax = 1000;

interface Counted {
  readonly count: number;
  readonly names: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Things named where many are counted. */
const namedMax = 20;

/**
 * What one transaction changes: each thing is looked at before it is touched for the first time, and again at the end.
 * So steps in between do not show, and what is as it was is no change.
 */
export class ChangeRecord {
  readonly #r: Repositories;
  readonly #before: Look;
  readonly #touched = new Map<string, { readonly thing: Thing; readonly before: Picture | undefined }>();
  readonly #individual = new Map<string, number>();
  readonly #many = new Map<string, Counted>();
  /** Of those that are only counted, so that each is counted once. */
  readonly #beyond = new Set<string>();
  #isDeliberate = false;

  /** @param r of the transaction; those that see everything */
  constructor(r: Repositories) {
    this.#r = r;
    this.#before = new Look(r);
  }

  /** Whether something was written that only people change, be it with the values that it had. */
  get isDeliberate(): boolean {
    return this.#isDeliberate;
  }

  /** Has to be awaited before the change is made. */
  async touch(tell: (look: Look) => Touched | Promise<Touched>): Promise<void> {
    const touched = await tell(this.#before);
    if ('count' in touched) this.#count(touched);
    else for (const thing of touched) await this.#touchOne(thing);
  }

  async #touchOne(thing: Thing): Promise<void> {
    const { kind, key } = thing;
    this.#isDeliberate ||= thing.isIncidental !== true;
    const id = `${kind} ${key}`;
    if (this.#touched.has(id)) return;
    const number = this.#individual.get(kind) ?? 0;
    if (number >= individualChangesMax) {
      if (this.#beyond.has(id)) return;
      this.#beyond.add(id);
      this.#count({ kind, count: 1, names: [key] });
      return;
    }
    this.#individual.set(kind, number + 1);
    this.#touched.set(id, { thing, before: await thing.picture(this.#before) });
  }

  #count({ kind, count, names = [], facts = {} }: Many): void {
    if (count === 0) return;
    this.#isDeliberate = true;
    const known = this.#many.get(kind) ?? { count: 0, names: [], facts: {} };
    this.#many.set(kind, {
      count: known.count + count,
      names: known.names.length < namedMax ? [...known.names, ...names.slice(0, namedMax)] : known.names,
      facts: { ...known.facts, ...facts },
    });
  }

  /** In the order in which they were begun. To be called once, when nothing more will be changed. */
  async changes(): Promise<Change[]> {
    const now = new Look(this.#r);
    const changes: Change[] = [];
    for (const { thing, before } of this.#touched.values()) {
      const change = changeOf(thing.kind, before, await thing.picture(now));
      if (change) changes.push(change);
    }
    for (const [kind, { count, names, facts }] of this.#many) {
      const first = names.slice(0, namedMax);
      const named = first.length > 0 && { names: listed(first, count) };
      const target = plural(count, kind.replaceAll('-', ' '));
      changes.push({ kind, target, before: null, after: { count, ...facts, ...named } });
    }
    return changes;
  }
}

function changeOf(kind: string, before: Picture | undefined, after: Picture | undefined): Change | undefined {
  if (before === undefined) {
    return after && { kind, target: after.target, before: null, after: wholeOf(after) };
  }
  const { target } = before;
  if (after === undefined) return { kind, target, before: wholeOf(before), after: null };
  const difference = differenceOf(before, after);
  return difference && { kind, target, ...difference };
}

/** Everything that is said of it. */
function wholeOf({ fields, secrets = {}, members = [] }: Picture): Record<string, unknown> {
  const said = Object.entries(fields).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  const hidden = Object.entries(secrets).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(said),
    ...Object.fromEntries(hidden.map(([name]) => [name, mask])),
    ...(members.length > 0 && { stations: listed(members) }),
  };
}

function differenceOf(from: Picture, to: Picture): Pick<Change, 'before' | 'after'> | undefined {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const name of namesIn(from.fields, to.fields)) {
    const [was, is] = [from.fields[name] ?? null, to.fields[name] ?? null];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    before[name] = was;
    after[name] = is;
  }
  for (const name of namesIn(from.secrets, to.secrets)) {
    const [was, is] = [from.secrets?.[name] ?? null, to.secrets?.[name] ?? null];
    if (was === is) continue;
    before[name] = was === null ? null : mask;
    after[name] = is === null ? null : mask;
  }
  const removed = without(from.members, to.members);
  if (removed.length > 0) before.removed = listed(removed);
  const added = without(to.members, from.members);
  if (added.length > 0) after.added = listed(added);
  const isSame = Object.keys(before).length + Object.keys(after).length === 0;
  return isSame ? undefined : { before, after };
}

function namesIn(a: object = {}, b: object = {}): Set<string> {
  return new Set([...Object.keys(a), ...Object.keys(b)]);
}

function without(all: readonly string[] = [], others: readonly string[] = []): string[] {
  const known = new Set(others);
  return all.filter((one) => !known.has(one));
}

function listed(names: readonly string[], count = names.length): string[] {
  const shown = names.slice(0, namedMax);
  const more = count - shown.length;
  return more > 0 ? [...shown, `…and ${more.toLocaleString('en')} more`] : shown;
}
