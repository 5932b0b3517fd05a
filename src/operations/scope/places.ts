import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import type { Repositories, StationFilter } from '../../domain/repositories.js';
import { only } from './only.js';
import { isTaken, type Sight } from './sight.js';

type Places = Pick<Repositories, 'sites' | 'floors' | 'stations' | 'connectors' | 'groups'>;

/** The topology as far as it is at the sites in sight. */
export function placesInSight(sight: Sight): Places {
  const { r } = sight;
  const refusal = () => sight.refusal();

  /** At one of the sites, before and after. */
  async function checkPlace(uuid: string, { siteUuid }: Partial<Pick<Station, 'siteUuid'>>): Promise<void> {
    await sight.checkStation(uuid);
    if (siteUuid === undefined || sight.isAt(siteUuid)) return;
    throw new FleetError('NOT_ALLOWED', 'A station of yours stays at one of your sites.', {
      suggestions: ['evfleet site list'],
    });
  }

  async function checkFloor(uuid: string): Promise<void> {
    const floor = (await r.floors.list()).find((known) => known.uuid === uuid);
    if (!floor || !sight.isAt(floor.siteUuid)) throw sight.refusal();
  }

  const inSight = <S extends Pick<Station, 'siteUuid'>>(station: S | undefined): S | undefined =>
    station && sight.isAt(station.siteUuid) ? station : undefined;

  const membersOf = (groupUuid: string) => r.stations.listIds(sight.narrow<StationFilter>({ groupUuid }));

  return {
    sites: only(
      {
        async findByName(name) {
          const site = await r.sites.findByName(name);
          return site && sight.isAt(site.uuid) ? site : undefined;
        },
        list: async () => (await r.sites.list()).filter(({ uuid }) => sight.isAt(uuid)),
        async update(uuid, change) {
          if (!sight.isAt(uuid)) throw sight.refusal();
          const namesake = change.name === undefined ? undefined : await r.sites.findByName(change.name);
          if (namesake && namesake.uuid !== uuid) throw isTaken(`site name ${change.name}`);
          await r.sites.update(uuid, change);
        },
      },
      refusal,
    ),

    floors: only(
      {
        findByName: async (siteUuid, name) =>
          sight.isAt(siteUuid) ? r.floors.findByName(siteUuid, name) : undefined,
        list: async (siteUuid) =>
          (await r.floors.list(siteUuid)).filter((floor) => sight.isAt(floor.siteUuid)),
        async insert(floor) {
          if (!sight.isAt(floor.siteUuid)) throw sight.refusal();
          await r.floors.insert(floor);
        },
        async update(uuid, change) {
          await checkFloor(uuid);
          await r.floors.update(uuid, change);
        },
        async delete(uuid) {
          await checkFloor(uuid);
          await r.floors.delete(uuid);
        },
      },
      refusal,
    ),

    stations: only(
      {
        findById: async (id) => inSight(await r.stations.findById(id)),
        findByUuid: async (uuid) => inSight(await r.stations.findByUuid(uuid)),
        findPlaced: async (id) => inSight(await r.stations.findPlaced(id)),
        listIds: (filter = {}) => r.stations.listIds(sight.narrow(filter)),
        list: (filter = {}) => r.stations.list(sight.narrow(filter)),
        async insert(station) {
          const siteUuid = station.siteUuid ?? sight.onlySite(`Station ${station.id}`);
          if (!sight.isAt(siteUuid)) throw sight.refusal();
          if (await r.stations.findById(station.id)) throw isTaken(`station id ${station.id}`);
          await r.stations.insert({ ...station, siteUuid });
        },
        async update(uuid, change) {
          await checkPlace(uuid, change);
          await r.stations.update(uuid, change);
        },
        async delete(uuid) {
          await sight.checkStation(uuid);
          await r.stations.delete(uuid);
        },
      },
      refusal,
    ),

    connectors: only(
      {
        find: async (stationUuid, connector) =>
          sight.ofStation(await r.connectors.find(stationUuid, connector)),
        listByStation: async (stationUuid, options) =>
          (await sight.seesStation(stationUuid)) ? r.connectors.listByStation(stationUuid, options) : [],
        list: (filter = {}, options) => r.connectors.list(sight.narrow(filter), options),
        async insert(connector) {
          await sight.checkStation(connector.stationUuid);
          await r.connectors.insert(connector);
        },
        async update(stationUuid, connector, change) {
          await sight.checkStation(stationUuid);
          await r.connectors.update(stationUuid, connector, change);
        },
        async deleteByStation(stationUuid) {
          await sight.checkStation(stationUuid);
          await r.connectors.deleteByStation(stationUuid);
        },
        async deleteAbove(stationUuid, connector) {
          await sight.checkStation(stationUuid);
          await r.connectors.deleteAbove(stationUuid, connector);
        },
      },
      refusal,
    ),

    // A group is there for whoever has a station in it, and consists of those.
    groups: only(
      {
        async findByName(name) {
          const group = await r.groups.findByName(name);
          return group && (await membersOf(group.uuid)).length > 0 ? group : undefined;
        },
        async list() {
          const groups = [];
          for (const group of await r.groups.list()) {
            const stations = group.stations === 0 ? 0 : (await membersOf(group.uuid)).length;
            if (stations > 0) groups.push({ ...group, stations });
          }
          return groups;
        },
        listStationIds: membersOf,
        listNamesByStation: async (stationUuid) =>
          (await sight.seesStation(stationUuid)) ? r.groups.listNamesByStation(stationUuid) : [],
        listUuidsByStation: async (stationUuid) =>
          (await sight.seesStation(stationUuid)) ? r.groups.listUuidsByStation(stationUuid) : [],
      },
      refusal,
    ),
  };
}
