import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import type { Connector, Station } from '../domain/model.js';
import type { PlacedStation, Repositories, StationFilter } from '../domain/repositories.js';
import { type Condition, isSelected, noTargets, parseSelector, type Traits } from '../domain/selector.js';
import { connectorState } from '../domain/station/states.js';
import { staff } from './access.js';
import { findGroup, findSite, findStation } from './lookup.js';
import { type LiveFleet, unary } from './operation.js';

/** Stations that one request may name. */
const stationIdsMax = 20_000;

/** Which stations: those that are named and those that conditions choose; all that is given must hold. */
export const targets = Type.Object({
  stationIds: Type.Optional(Type.Array(Type.String(), { maxItems: stationIdsMax })),
  site: Type.Optional(Type.String()),
  group: Type.Optional(Type.String()),
  /** `vendor=Acme,model!=Box*,status=offline`: see domain/selector.ts. */
  where: Type.Optional(Type.String()),
  all: Type.Optional(Type.Boolean()),
});
export type Targets = Static<typeof targets>;

export const selectorOperations = {
  'station.select': unary({
    summary: 'Which stations an action on many would be for',
    access: staff,
    effect: 'read',
    input: Type.Object({ targets }),
    output: Type.Object({
      stations: Type.Array(Type.Object({ stationId: Type.String(), online: Type.Boolean() })),
      /** Named, but not there. */
      unknown: Type.Array(Type.String()),
    }),
    run: ({ store, live }, { targets }) =>
      store.read(async (r) => {
        const { stationIds = [], ...others } = targets;
        const known = new Set(stationIds.length > 0 ? await r.stations.listIds() : []);
        const unknown = [...new Set(stationIds)].filter((id) => !known.has(id));
        const there = stationIds.filter((id) => known.has(id));
        if (unknown.length > 0 && there.length === 0) return { stations: [], unknown };
        const ids = targets.stationIds && { stationIds: there };
        const stations = await resolveTargets(r, live, { ...others, ...ids });
        return {
          stations: stations.map(({ id, uuid }) => ({
            stationId: id,
            online: live?.isOnline(uuid) ?? false,
          })),
          unknown,
        };
      }),
  }),
};

/**
 * The stations that are meant, each once: named ones in the order of their names, else by id.
 * @throws FleetError USAGE when nothing says which, NOT_FOUND for a name that does not exist, or when none fits
 */
export async function resolveTargets(
  r: Repositories,
  live: LiveFleet | undefined,
  { stationIds, site, group, where, all }: Targets,
): Promise<Station[]> {
  const isNarrowed = site !== undefined || group !== undefined || where !== undefined;
  if (stationIds === undefined && !isNarrowed && all !== true) throw noTargets();
  const ids = [...new Set(stationIds)];
  const [only] = ids;
  // The way of a command for one station, which must not read the whole fleet.
  if (only !== undefined && ids.length === 1 && !isNarrowed) return [await findStation(r, only)];
  const filter: StationFilter = {
    ...(site !== undefined && { siteUuid: (await findSite(r, site)).uuid }),
    ...(group !== undefined && { groupUuid: (await findGroup(r, group)).uuid }),
  };
  const conditions = where === undefined ? [] : parseSelector(where);
  let stations: Station[] = await select(r, live, filter, conditions);
  if (stationIds !== undefined) {
    const fitting = new Map(stations.map((station) => [station.id, station]));
    for (const id of ids) if (!fitting.has(id)) await findStation(r, id);
    stations = ids.map((id) => fitting.get(id)).filter((station) => station !== undefined);
  }
  if (stations.length > 0) return stations;
  throw new FleetError('NOT_FOUND', 'No station fits.', { suggestions: ['evfleet station list'] });
}

async function select(
  r: Repositories,
  live: LiveFleet | undefined,
  filter: StationFilter,
  conditions: readonly Condition[],
): Promise<PlacedStation[]> {
  const stations = await r.stations.list(filter);
  if (conditions.length === 0) return stations;
  const outlets = new Map<string, Connector[]>();
  if (conditions.some(({ field }) => field === 'status')) {
    for (const outlet of await r.connectors.list(filter, { withStation: true })) {
      const others = outlets.get(outlet.stationUuid);
      if (others) others.push(outlet);
      else outlets.set(outlet.stationUuid, [outlet]);
    }
  }
  return stations.filter((station) => {
    const online = live?.isOnline(station.uuid) ?? false;
    return isSelected(traitsOf(station, online, outlets.get(station.uuid) ?? []), conditions);
  });
}

/** In `status`: online or offline, new when nothing was ever heard of it, and what its connectors report. */
function traitsOf(station: PlacedStation, online: boolean, outlets: readonly Connector[]): Traits {
  const reported = online
    ? outlets
        .filter(({ status }) => status !== null)
        .map(({ status }) => connectorState(status, { online, charging: false }))
    : [];
  const presence = online ? ['online'] : ['offline', ...(station.lastSeenAt === null ? ['new'] : [])];
  return {
    vendor: present(station.vendor),
    model: present(station.model),
    firmware: present(station.firmwareVersion),
    status: [...presence, ...reported],
    registration: [station.registration],
    site: present(station.siteName),
    id: [station.id],
  };
}

function present(value: string | null): string[] {
  return value === null || value === '' ? [] : [value];
}
