import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import { newConnector } from '../../domain/new-entities.js';
import type { Repositories } from '../../domain/repositories.js';
import { findFloor, findSite } from '../lookup.js';

/** Where `site` and `floor` (null: nowhere, undefined: as it was) put a station. */
export async function resolvePlace(
  r: Repositories,
  { site, floor }: { site?: string | null | undefined; floor?: string | null | undefined },
  current: Station | undefined,
): Promise<Partial<Pick<Station, 'siteUuid' | 'floorUuid'>>> {
  if (site === undefined && floor === undefined) return {};
  if (site === null) {
    if (floor) throw new FleetError('USAGE', 'A floor needs its site.', { suggestions: ['--site'] });
    return { siteUuid: null, floorUuid: null };
  }
  const siteName = site ?? (await siteNameOf(r, current));
  if (siteName === undefined) {
    throw new FleetError('USAGE', 'A floor needs its site.', { suggestions: ['--site'] });
  }
  const found = await findSite(r, siteName);
  if (floor) return { siteUuid: found.uuid, floorUuid: (await findFloor(r, found, floor)).uuid };
  const keepsFloor = floor === undefined && current?.siteUuid === found.uuid;
  return keepsFloor ? { siteUuid: found.uuid } : { siteUuid: found.uuid, floorUuid: null };
}

async function siteNameOf(r: Repositories, station: Station | undefined): Promise<string | undefined> {
  return station && ((await r.stations.findPlaced(station.id))?.siteName ?? undefined);
}

/** Gives the station connectors 1 to `count`; what the others are stays. */
export async function setConnectors(r: Repositories, stationUuid: string, count: number): Promise<void> {
  const existing = await r.connectors.listByStation(stationUuid);
  for (let connector = 1; connector <= count; connector += 1) {
    if (!existing.some((known) => known.connector === connector)) {
      await r.connectors.insert(newConnector(stationUuid, connector));
    }
  }
  await r.connectors.deleteAbove(stationUuid, count);
}
