import { FleetError } from '../../domain/errors.js';
import type { Caller } from '../../domain/people/caller.js';
import type { Repositories } from '../../domain/repositories.js';

/** How far somebody sees in one transaction: what the repositories of their scope have in common. */
export class Sight {
  readonly r: Repositories;
  readonly caller: Caller;
  /** The sites that exist for them. */
  readonly siteUuids: readonly string[];

  constructor(r: Repositories, caller: Caller) {
    this.r = r;
    this.caller = caller;
    // Only what is said to be without limits is.
    this.siteUuids = caller.siteUuids ?? [];
  }

  isAt(siteUuid: string | null): boolean {
    return siteUuid !== null && this.siteUuids.includes(siteUuid);
  }

  /** The same filter, for these sites only. */
  narrow<F extends { readonly siteUuids?: readonly string[] }>(
    filter: F,
  ): F & { readonly siteUuids: readonly string[] } {
    const siteUuids = filter.siteUuids?.filter((uuid) => this.isAt(uuid)) ?? this.siteUuids;
    return { ...filter, siteUuids };
  }

  async seesStation(uuid: string): Promise<boolean> {
    const station = await this.r.stations.findByUuid(uuid);
    return station !== undefined && this.isAt(station.siteUuid);
  }

  /** What belongs to a station, unless that is out of sight. */
  async ofStation<T extends { readonly stationUuid: string }>(found: T | undefined): Promise<T | undefined> {
    return found && (await this.seesStation(found.stationUuid)) ? found : undefined;
  }

  /** @throws FleetError NOT_ALLOWED for a station that is out of sight */
  async checkStation(uuid: string): Promise<void> {
    if (!(await this.seesStation(uuid))) throw this.refusal();
  }

  /** Where something new of theirs is when nobody says where. @throws FleetError USAGE when that could be several sites */
  onlySite(what: string): string {
    const [only, ...others] = this.siteUuids;
    if (only !== undefined && others.length === 0) return only;
    if (only === undefined) throw this.refusal();
    throw new FleetError('USAGE', `${what} has to be at one of your sites: name it with --site.`, {
      suggestions: ['evfleet site list'],
    });
  }

  refusal(): FleetError {
    return refusalFor(this.caller);
  }
}

/** For what an operation should not have tried: it says nothing of what is out of sight. */
export function refusalFor({ name }: Caller): FleetError {
  return new FleetError('NOT_ALLOWED', `${name} may not do that: it concerns more than what is theirs.`, {
    suggestions: ['Ask somebody who is for the whole fleet.'],
  });
}

/** For names that are unique in the whole fleet. It does not say where the other one is. */
export function isTaken(what: string): FleetError {
  return new FleetError('CONFLICT', `The ${what} is not free; choose another one.`);
}
