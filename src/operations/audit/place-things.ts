import type { Thing } from './look.js';

/** What the audit shows of where stations stand. */

export function site(uuid: string): Thing {
  return {
    kind: 'site',
    key: uuid,
    async picture(look) {
      const found = (await look.once('sites', ({ sites }) => sites.list())).find(
        (known) => known.uuid === uuid,
      );
      if (!found) return undefined;
      const { name, address, lat, lon } = found;
      return { target: name, fields: { name, address, lat, lon } };
    },
  };
}

export function floor(uuid: string): Thing {
  return {
    kind: 'floor',
    key: uuid,
    async picture(look) {
      const found = (await look.once('floors', ({ floors }) => floors.list())).find(
        (known) => known.uuid === uuid,
      );
      if (!found) return undefined;
      const { name, siteName, level } = found;
      return { target: `${siteName} ${name}`, fields: { name, site: siteName, level } };
    },
  };
}

export function station(uuid: string): Thing {
  return {
    kind: 'station',
    key: uuid,
    async picture({ r }) {
      const known = await r.stations.findByUuid(uuid);
      const placed = known && (await r.stations.findPlaced(known.id));
      if (!placed) return undefined;
      const { id, name, siteName, floorName, registration, connectors } = placed;
      const { securityProfile, authKeyHash, authKeyAt } = placed;
      const { heartbeatIntervalS, pingIntervalS, expectsPong, assumedProtocol } = placed;
      const where = { site: siteName, floor: floorName, groups: await r.groups.listNamesByStation(uuid) };
      const securedAt = authKeyAt === null ? null : new Date(authKeyAt).toISOString();
      const security = { securityProfile, hasAuthKey: authKeyHash !== null, securedAt };
      const connection = { ...security, heartbeatIntervalS, pingIntervalS, expectsPong, assumedProtocol };
      return { target: id, fields: { id, name, ...where, registration, connectors, ...connection } };
    },
  };
}

export function connector(stationUuid: string, number: number): Thing {
  return {
    kind: 'connector',
    key: `${stationUuid} ${number}`,
    async picture({ r }) {
      const found = await r.connectors.find(stationUuid, number);
      const of = found && (await r.stations.findByUuid(stationUuid));
      if (!of) return undefined;
      const { name, mode, evseId, type, maxPowerW } = found;
      return { target: `${of.id} ${number}`, fields: { name, mode, evseId, type, maxPowerW } };
    },
  };
}

export function group(uuid: string): Thing {
  return {
    kind: 'group',
    key: uuid,
    async picture(look) {
      const found = (await look.once('groups', ({ groups }) => groups.list())).find(
        (known) => known.uuid === uuid,
      );
      if (!found) return undefined;
      const { name } = found;
      return { target: name, fields: { name }, members: await look.r.groups.listStationIds(uuid) };
    },
  };
}
