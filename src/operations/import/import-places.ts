import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { foldKey } from '../../domain/fold-key.js';
import { checkName } from '../../domain/identifiers.js';
import { nearest } from '../../domain/nearest.js';
import type { Repositories } from '../../domain/repositories.js';
import type { OperationContext } from '../operation.js';

/** What lines name and nobody has created. */
export const missingPlaces = {
  sites: Type.Array(Type.String()),
  floors: Type.Array(Type.Object({ site: Type.String(), name: Type.String() })),
  groups: Type.Array(Type.String()),
};
const missing = Type.Object(missingPlaces);
export type MissingPlaces = Static<typeof missing>;

/** A site, floor or group. */
export interface NamedPlace {
  readonly uuid: string;
  readonly name: string;
}

interface NamedFloor extends NamedPlace {
  readonly siteUuid: string;
}

/** Different names for which something like them is looked for: people read the first ones. */
const suggestionsMax = 100;

/** Sites, floors and groups by their names, each looked up once; those that are missing are made when they may be. */
export class ImportPlaces {
  readonly #sites: Map<string, NamedPlace>;
  readonly #floors: Map<string, NamedFloor>;
  readonly #groups: Map<string, NamedPlace>;
  readonly #names: Map<string, string>;
  readonly #createMissing: boolean;
  readonly #context: Pick<OperationContext, 'caller' | 'newId'>;
  readonly #newSites: NamedPlace[] = [];
  readonly #newFloors: (NamedFloor & { readonly site: string })[] = [];
  readonly #newGroups: NamedPlace[] = [];
  readonly #nearest = new Map<string, { readonly name: string | undefined }>();

  private constructor(
    {
      sites,
      floors,
      groups,
    }: Record<'sites' | 'groups', readonly NamedPlace[]> & { floors: readonly NamedFloor[] },
    createMissing: boolean,
    context: Pick<OperationContext, 'caller' | 'newId'>,
  ) {
    this.#sites = byName(sites);
    this.#groups = byName(groups);
    this.#floors = new Map(floors.map((floor) => [floorKey(floor.siteUuid, floor.name), floor]));
    this.#names = new Map([...sites, ...floors, ...groups].map(({ uuid, name }) => [uuid, name]));
    this.#createMissing = createMissing;
    this.#context = context;
  }

  static async open(
    r: Repositories,
    createMissing: boolean,
    context: Pick<OperationContext, 'caller' | 'newId'>,
  ): Promise<ImportPlaces> {
    const known = {
      sites: await r.sites.list(),
      floors: await r.floors.list(),
      groups: await r.groups.list(),
    };
    return new ImportPlaces(known, createMissing, context);
  }

  /** Whether the caller is for the whole fleet, as whoever creates sites and groups has to be. */
  get isForAll(): boolean {
    const { role, siteUuids } = this.#context.caller;
    return role === 'admin' && siteUuids === null;
  }

  get missing(): MissingPlaces {
    return {
      sites: this.#newSites.map(({ name }) => name),
      floors: this.#newFloors.map(({ site, name }) => ({ site, name })),
      groups: this.#newGroups.map(({ name }) => name),
    };
  }

  /** @throws FleetError when there is none, and none may be made */
  site(name: string): NamedPlace {
    const known = this.#sites.get(foldKey(name));
    if (known) return known;
    this.#checkMissing('site', name, [...this.#sites.values()]);
    const made = { uuid: this.#context.newId(), name };
    this.#newSites.push(made);
    this.#names.set(made.uuid, name);
    this.#sites.set(foldKey(name), made);
    return made;
  }

  /** @throws FleetError when there is none, and none may be made */
  floor(site: NamedPlace, name: string): NamedPlace {
    const key = floorKey(site.uuid, name);
    const known = this.#floors.get(key);
    if (known) return known;
    const others = [...this.#floors.values()].filter(({ siteUuid }) => siteUuid === site.uuid);
    this.#checkMissing('floor', name, others, ` in ${site.name}`);
    const made = { uuid: this.#context.newId(), siteUuid: site.uuid, site: site.name, name };
    this.#newFloors.push(made);
    this.#names.set(made.uuid, name);
    this.#floors.set(key, made);
    return made;
  }

  /** @throws FleetError when there is none, and none may be made */
  group(name: string): NamedPlace {
    const known = this.#groups.get(foldKey(name));
    if (known) return known;
    this.#checkMissing('group', name, [...this.#groups.values()]);
    const made = { uuid: this.#context.newId(), name };
    this.#newGroups.push(made);
    this.#names.set(made.uuid, name);
    this.#groups.set(foldKey(name), made);
    return made;
  }

  /** Of a site, floor or group, by its uuid. */
  nameOf(uuid: string): string {
    return this.#names.get(uuid) ?? uuid;
  }

  /** @param now milliseconds since the epoch */
  async create(r: Repositories, now: number): Promise<void> {
    for (const site of this.#newSites) {
      await r.sites.insert({ ...site, address: null, lat: null, lon: null, createdAt: now });
    }
    for (const { uuid, siteUuid, name } of this.#newFloors) {
      await r.floors.insert({ uuid, siteUuid, name, level: null, createdAt: now });
    }
    for (const group of this.#newGroups) await r.groups.insert({ ...group, createdAt: now });
  }

  /** @param missing what is not there, told apart from others of its name */
  #nearestTo(missing: string, name: string, known: readonly NamedPlace[]): string | undefined {
    const found = this.#nearest.get(missing);
    if (found !== undefined || this.#nearest.size >= suggestionsMax) return found?.name;
    const near = nearest(
      name,
      known.map((one) => one.name),
    );
    this.#nearest.set(missing, { name: near });
    return near;
  }

  #checkMissing(
    what: 'site' | 'floor' | 'group',
    name: string,
    known: readonly NamedPlace[],
    where = '',
  ): void {
    const quoted = `there is no ${what} ${JSON.stringify(name)}${where}`;
    const isAllowed = what === 'floor' || this.isForAll;
    if (this.#createMissing && isAllowed) {
      checkName(`${what} name`, name);
      return;
    }
    if (this.#createMissing) {
      throw new FleetError('NOT_ALLOWED', `${quoted}, and only who is for the whole fleet creates one`);
    }
    const near = this.#nearestTo(quoted, name, known);
    throw new FleetError('NOT_FOUND', near === undefined ? quoted : `${quoted}; did you mean ${near}?`);
  }
}

function byName(named: readonly NamedPlace[]): Map<string, NamedPlace> {
  return new Map(named.map((one) => [foldKey(one.name), one]));
}

function floorKey(siteUuid: string, name: string): string {
  return `${siteUuid} ${foldKey(name)}`;
}
