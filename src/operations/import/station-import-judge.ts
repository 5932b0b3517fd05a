import { FleetError } from '../../domain/errors.js';
import { checkName, checkStationId } from '../../domain/identifiers.js';
import type { StationColumn, StationLine } from '../../domain/import/station-import.js';
import type { Connector, Station } from '../../domain/model.js';
import { newConnector, newStation } from '../../domain/new-entities.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import type { OperationContext } from '../operation.js';
import { securityChange } from '../topology/station-security.js';
import {
  type ColumnFault,
  changesBetween,
  type ImportValue,
  type Judged,
  tellFault,
} from './import-lines.js';
import { ImportPlaces, type NamedPlace } from './import-places.js';
import { outletsOf } from './station-import-outlets.js';

export interface StationImportOptions {
  /** What the lines say beside the id; a line that lacks one of these empties it. */
  readonly columns: readonly StationColumn[];
  readonly ifExists: 'fail' | 'skip' | 'update';
  /** Makes the sites, floors and groups that are not there. */
  readonly createMissing: boolean;
}

/** A station with what belongs to it. */
export interface StationPicture {
  readonly station: Station;
  readonly connectors: readonly Connector[];
  /** Undefined when they are no matter of this import. */
  readonly groupUuids: readonly string[] | undefined;
}

export interface JudgedStation extends Judged {
  readonly id: string;
  /** Undefined of a new one. */
  readonly before: StationPicture | undefined;
  readonly after: StationPicture;
}

type Fault = ColumnFault<'id' | StationColumn>;
type Place = Pick<Station, 'siteUuid'> & Partial<Pick<Station, 'floorUuid'>>;
type Context = Pick<OperationContext, 'caller' | 'clock' | 'newId' | 'live'>;

/** Says line by line what an import would make of stations. */
export class StationJudge {
  /** What the lines name, with what has to be made. */
  readonly places: ImportPlaces;
  readonly #r: Repositories;
  readonly #options: StationImportOptions;
  readonly #context: Context;

  private constructor(
    r: Repositories,
    places: ImportPlaces,
    options: StationImportOptions,
    context: Context,
  ) {
    this.#r = r;
    this.places = places;
    this.#options = options;
    this.#context = context;
  }

  static async open(r: Repositories, options: StationImportOptions, context: Context): Promise<StationJudge> {
    const places = await ImportPlaces.open(r, options.createMissing, context);
    return new StationJudge(r, places, options, context);
  }

  /** Undefined when something is wrong with the line, which is told in `faults`. */
  async judge(line: StationLine, faults: Fault[]): Promise<JudgedStation | undefined> {
    const faultsBefore = faults.length;
    const { id } = line;
    const fault = (column: Fault['column'], message: string) =>
      faults.push({ line: line.line, column, message });
    await tellFault(faults, { line: line.line, column: 'id' }, () => checkStationId(id));
    if (faults.length > faultsBefore) return undefined;
    const existing = await this.#r.stations.findById(id);
    const found = { line: line.line, id };
    if (existing && this.#options.ifExists !== 'update') {
      if (this.#options.ifExists === 'fail') return void fault('id', `there is a station ${id} already`);
      const same = { station: existing, connectors: [], groupUuids: undefined };
      return { ...found, outcome: 'skipped', changes: [], before: same, after: same };
    }
    const before = existing ? await this.#pictureOf(existing) : this.#fresh(id);
    const after = await this.#become(line, before, faults);
    if (faults.length > faultsBefore) return undefined;
    const changes = changesBetween(this.#fields(before), this.#fields(after));
    if (existing) {
      return { ...found, outcome: changes.length > 0 ? 'updated' : 'unchanged', changes, before, after };
    }
    const said = changes.map((change) => ({ ...change, from: null }));
    return { ...found, outcome: 'created', changes: said, before: undefined, after };
  }

  #has(column: StationColumn): boolean {
    return this.#options.columns.includes(column);
  }

  #fresh(id: string): StationPicture {
    const { newId, clock } = this.#context;
    const station = newStation({ uuid: newId(), id, createdAt: clock.now() });
    return {
      station,
      connectors: [newConnector(station.uuid, 1)],
      groupUuids: this.#has('groups') ? [] : undefined,
    };
  }

  async #pictureOf(station: Station): Promise<StationPicture> {
    return {
      station,
      connectors: await this.#r.connectors.listByStation(station.uuid),
      groupUuids: this.#has('groups') ? await this.#r.groups.listUuidsByStation(station.uuid) : undefined,
    };
  }

  async #become(line: StationLine, before: StationPicture, faults: Fault[]): Promise<StationPicture> {
    const { station, connectors, groupUuids } = before;
    const tell = <T extends object>(column: StationColumn, change: () => T): Promise<Partial<T>> =>
      changeOf(faults, { line: line.line, column }, change);
    const { site } = await tell('site', () => ({ site: this.#site(line, station) }));
    const isLost = line.site !== undefined && site === undefined;
    const where = isLost
      ? {}
      : await tell(line.floor === undefined ? 'site' : 'floor', () => this.#place(line, station, site));
    const secured = await tell('securityProfile', () => this.#security(line, station));
    const named = await tell('name', () => {
      if (line.name !== undefined) checkName('station name', line.name);
      return this.#has('name') ? { name: line.name ?? line.id } : {};
    });
    const joined = await tell('groups', () => this.#groups(line, groupUuids));
    return {
      station: {
        ...station,
        ...named,
        ...(line.registration !== undefined && { registration: line.registration }),
        ...(this.#has('heartbeatInterval') && { heartbeatIntervalS: line.heartbeatInterval ?? null }),
        ...where,
        ...secured,
      },
      connectors: outletsOf(line, {
        stationUuid: station.uuid,
        existing: connectors,
        columns: this.#options.columns,
        fault: (column, message) => faults.push({ line: line.line, column, message }),
      }),
      groupUuids: joined.groupUuids ?? groupUuids,
    };
  }

  #site(line: StationLine, { siteUuid }: Station): NamedPlace | undefined {
    if (this.#has('site')) return line.site === undefined ? undefined : this.places.site(line.site);
    return siteUuid === null ? undefined : { uuid: siteUuid, name: this.places.nameOf(siteUuid) };
  }

  /** The rules of station-place.ts, for many. */
  #place(line: StationLine, { siteUuid }: Station, site: NamedPlace | undefined): Place {
    if (!this.#has('site') && !this.#has('floor')) return this.#inReach({ siteUuid });
    if (!site) {
      if (line.floor !== undefined) throw new FleetError('USAGE', 'a floor needs its site');
      return this.#inReach({ siteUuid: null, floorUuid: null });
    }
    if (line.floor !== undefined) {
      return { siteUuid: site.uuid, floorUuid: this.places.floor(site, line.floor).uuid };
    }
    const keepsFloor = !this.#has('floor') && site.uuid === siteUuid;
    return { siteUuid: site.uuid, ...(!keepsFloor && { floorUuid: null }) };
  }

  /** A station of somebody who is for some sites stands at one of these: at the only one, if it is not said. */
  #inReach(where: Place): Place {
    const { siteUuids } = this.#context.caller;
    if (siteUuids === null || where.siteUuid !== null) return where;
    const [only, ...others] = siteUuids;
    if (only !== undefined && others.length === 0) return { ...where, siteUuid: only };
    throw new FleetError('USAGE', 'it has to be at one of your sites');
  }

  #security({ id, securityProfile }: StationLine, station: Station): Partial<Station> {
    if (securityProfile === undefined || securityProfile === station.securityProfile) return {};
    const { clock, live } = this.#context;
    const needsKey = securityProfile === 1 || securityProfile === 2;
    if (needsKey && station.authKeyHash === null && station.pendingAuthKeyHash === null) {
      const later = `evfleet station rotate-key ${quoteForShell(id)}`;
      throw new FleetError(
        'CONFLICT',
        `profile ${securityProfile} needs a key, which is not for a file: import it with 0, and give it one later with ${later}`,
      );
    }
    const shown = live?.shownSecurity(station.uuid);
    return securityChange(station, { securityProfile }, { now: clock.now(), shown });
  }

  #groups({ groups = [] }: StationLine, before: readonly string[] | undefined) {
    if (before === undefined) return {};
    const groupUuids = [...new Set(groups.map((name) => this.places.group(name).uuid))];
    const isSame = groupUuids.length === before.length && groupUuids.every((uuid) => before.includes(uuid));
    if (isSame || this.places.isForAll) return { groupUuids };
    throw new FleetError('NOT_ALLOWED', 'only who is for the whole fleet puts stations into groups');
  }

  #fields({ station, connectors, groupUuids }: StationPicture): Record<StationColumn, ImportValue> {
    const { siteUuid, floorUuid } = station;
    return {
      name: station.name,
      site: siteUuid && this.places.nameOf(siteUuid),
      floor: floorUuid && this.places.nameOf(floorUuid),
      connectors: connectors.length,
      registration: station.registration,
      securityProfile: station.securityProfile,
      heartbeatInterval: station.heartbeatIntervalS,
      groups: groupUuids ? groupUuids.map((uuid) => this.places.nameOf(uuid)).sort() : null,
      mode: together(connectors.map(({ mode }) => mode)),
      evseId: together(connectors.map(({ evseId }) => evseId)),
      type: together(connectors.map(({ type }) => type)),
      maxPowerKw: together(connectors.map(({ maxPowerW }) => (maxPowerW === null ? null : maxPowerW / 1000))),
    };
  }
}

/** What is the same of all connectors is said once. */
function together<T extends string | number | null>(values: readonly T[]): T | T[] | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : [...values];
}

async function changeOf<T extends object>(
  faults: Fault[],
  at: { readonly line: number; readonly column: StationColumn },
  change: () => T,
): Promise<Partial<T>> {
  let changed: Partial<T> = {};
  await tellFault(faults, at, () => {
    changed = change();
  });
  return changed;
}
