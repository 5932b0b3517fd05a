import { FleetError } from '../../domain/errors.js';
import { foldKey } from '../../domain/fold-key.js';
import { checkTag } from '../../domain/identifiers.js';
import { asClause } from '../../domain/import/import-file.js';
import type { TagLine } from '../../domain/import/tag-import.js';
import type { ImportedColumn, StagedTag, TagImport } from '../../domain/import/tag-import-repository.js';
import { nearest } from '../../domain/nearest.js';
import { newTag } from '../../domain/new-entities.js';
import type { Tag } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import type { OperationContext } from '../operation.js';
import { changeWithinReach, checkParent, newWithinReach, type TagChange } from '../people/tag-input.js';

/** A fault of a column of the import. */
export interface ColumnFault {
  readonly line: number;
  readonly column: 'tag' | ImportedColumn;
  readonly message: string;
}

/** What a line makes of the fleet. */
export interface Judged {
  readonly staged: StagedTag;
  readonly outcome: 'created' | 'updated' | 'skipped' | 'unchanged';
}

interface Names {
  readonly uuids: ReadonlyMap<string, string>;
  readonly names: readonly string[];
}

/** Faults whose column is compared with what there is: people read the first ones. */
const suggestionsMax = 20;

/** Says line by line what an import would do; what lines name is looked up once. */
export class LineJudge {
  readonly #r: Repositories;
  readonly #import: TagImport;
  readonly #context: Pick<OperationContext, 'caller' | 'clock'>;
  readonly #users = new Map<string, string | undefined>();
  readonly #parents = new Map<string, string>();
  #sites: Names | undefined;
  #groups: Names | undefined;
  #suggestions = 0;

  constructor(r: Repositories, tagImport: TagImport, context: Pick<OperationContext, 'caller' | 'clock'>) {
    this.#r = r;
    this.#import = tagImport;
    this.#context = context;
  }

  /** Undefined when something is wrong with the line, which is told in `faults`. */
  async judge(line: TagLine, faults: ColumnFault[]): Promise<Judged | undefined> {
    const before = faults.length;
    const fault = (column: ColumnFault['column'], message: string) =>
      faults.push({ line: line.line, column, message });
    const tell = (column: ColumnFault['column'], check: () => void) => {
      try {
        check();
      } catch (error) {
        if (!(error instanceof FleetError)) throw error;
        fault(column, asClause(error.message));
      }
    };
    tell('tag', () => checkTag(line.tag));
    if (this.#has('parent')) tell('parent', () => checkParent(line.tag, line.parent));
    const wanted = await this.#resolve(line, fault);
    if (faults.length > before) return undefined;
    const existing = await this.#r.tags.find(line.tag);
    let judged: Judged | undefined;
    tell('tag', () => {
      judged = existing ? this.#dealWith(existing, wanted, line) : this.#create(wanted, line);
    });
    return judged;
  }

  #has(column: ImportedColumn): boolean {
    return this.#import.columns.includes(column);
  }

  #create({ blocked = false, ...wanted }: Wanted, { tag, line }: TagLine): Judged {
    const { caller, clock } = this.#context;
    const created = {
      ...newTag({ tag, createdAt: clock.now() }),
      ...newWithinReach(wanted, caller),
      blocked,
    };
    return { staged: { tag: created, line, action: 'create' }, outcome: 'created' };
  }

  #dealWith(existing: Tag, { blocked, ...wanted }: Wanted, { line }: TagLine): Judged {
    switch (this.#import.ifExists) {
      case 'fail':
        throw new FleetError('EXISTS', `There is a tag ${existing.tag} already.`);
      case 'skip':
        return { staged: { tag: existing, line, action: 'leave' }, outcome: 'skipped' };
      case 'update': {
        const change = changeWithinReach(existing, wanted, this.#context.caller);
        const tag = { ...existing, ...change, ...(blocked !== undefined && { blocked }) };
        return isSame(existing, tag)
          ? { staged: { tag, line, action: 'leave' }, outcome: 'unchanged' }
          : { staged: { tag, line, action: 'update' }, outcome: 'updated' };
      }
    }
  }

  /** What the columns of the import say; an empty cell removes. */
  async #resolve(line: TagLine, fault: Fault): Promise<Wanted> {
    return {
      ...(this.#has('label') && { label: line.label ?? null }),
      ...(this.#has('blocked') && { blocked: line.blocked ?? false }),
      ...(this.#has('expiresAt') && { expiresAt: line.expiresAt ?? null }),
      ...(this.#has('parent') && { parent: await this.#spelled(line.parent) }),
      ...(this.#has('maxActive') && { maxActive: line.maxActive ?? null }),
      ...(this.#has('user') && { userUuid: await this.#userUuid(line.user, fault) }),
      ...(this.#has('sites') && { siteUuids: await this.#siteUuids(line.sites, fault) }),
      ...(this.#has('groups') && { groupUuids: await this.#groupUuids(line.groups, fault) }),
    };
  }

  /** As the tag that it is, if it is one: stations may compare it letter by letter. */
  async #spelled(parent: string | undefined): Promise<string | null> {
    if (parent === undefined) return null;
    const known = this.#parents.get(parent);
    if (known !== undefined) return known;
    const spelled = (await this.#r.tags.find(parent))?.tag ?? parent;
    this.#parents.set(parent, spelled);
    return spelled;
  }

  async #userUuid(email: string | undefined, fault: Fault): Promise<string | null> {
    if (email === undefined) return null;
    if (!this.#users.has(email)) this.#users.set(email, (await this.#r.users.findByEmail(email))?.uuid);
    const uuid = this.#users.get(email);
    if (uuid === undefined) fault('user', `there is no user ${JSON.stringify(email)}`);
    return uuid ?? null;
  }

  async #siteUuids(names: readonly string[] = [], fault: Fault): Promise<string[]> {
    if (names.length === 0) return [];
    this.#sites ??= toNames(await this.#r.sites.list());
    return this.#uuidsOf('site', names, this.#sites, (message) => fault('sites', message));
  }

  async #groupUuids(names: readonly string[] = [], fault: Fault): Promise<string[]> {
    if (names.length === 0) return [];
    this.#groups ??= toNames(await this.#r.groups.list());
    return this.#uuidsOf('group', names, this.#groups, (message) => fault('groups', message));
  }

  #uuidsOf(what: string, names: readonly string[], known: Names, fault: (message: string) => void): string[] {
    const uuids = new Set<string>();
    for (const name of names) {
      const uuid = known.uuids.get(foldKey(name));
      if (uuid === undefined)
        fault(`there is no ${what} ${JSON.stringify(name)}${this.#suggest(name, known)}`);
      else uuids.add(uuid);
    }
    return [...uuids];
  }

  #suggest(name: string, { names }: Names): string {
    this.#suggestions += 1;
    const near = this.#suggestions > suggestionsMax ? undefined : nearest(name, names);
    return near === undefined ? '' : `; did you mean ${near}?`;
  }
}

type Fault = (column: ColumnFault['column'], message: string) => void;
type Wanted = TagChange & { blocked?: boolean };

function toNames(named: readonly { readonly uuid: string; readonly name: string }[]): Names {
  return {
    uuids: new Map(named.map(({ uuid, name }) => [foldKey(name), uuid])),
    names: named.map(({ name }) => name),
  };
}

function isSame(before: Tag, after: Tag): boolean {
  const keys = Object.keys(before) as (keyof Tag)[];
  return keys.every((key) => same(before[key], after[key]));
}

function same(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item) => b.includes(item));
}
