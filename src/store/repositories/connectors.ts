import type { Connector } from '../../domain/model.js';
import type { ConnectorRepository, StationFilter } from '../../domain/repositories.js';
import { build, type Executor, first, isEmpty, prepared, preparedInsert } from '../queries.js';

const names = [
  'stationUuid',
  'connector',
  'name',
  'mode',
  'evseId',
  'type',
  'maxPowerW',
  'status',
  'errorCode',
  'vendorErrorCode',
  'info',
  'statusAt',
] as const;
const columns = names.map((name) => `connector.${name}` as const);
const insertConnector = preparedInsert('connector', names);

const one = prepared<{ stationUuid: string; connector: number }, Connector>(({ stationUuid, connector }) =>
  build
    .selectFrom('connector')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('connector', '=', connector),
);

const ofStation = prepared<{ stationUuid: string; least: number }, Connector>(({ stationUuid, least }) =>
  build
    .selectFrom('connector')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('connector', '>=', least)
    .orderBy('connector'),
);

const updateStatus = prepared<
  Pick<
    Connector,
    'stationUuid' | 'connector' | 'status' | 'errorCode' | 'vendorErrorCode' | 'info' | 'statusAt'
  >,
  unknown
>(({ stationUuid, connector, status, errorCode, vendorErrorCode, info, statusAt }) =>
  build
    .updateTable('connector')
    .set({ status, errorCode, vendorErrorCode, info, statusAt })
    .where('stationUuid', '=', stationUuid)
    .where('connector', '=', connector),
);

function withStationId(filter: StationFilter = {}, { withStation = false } = {}) {
  let query = build
    .selectFrom('connector')
    .innerJoin('station', 'station.uuid', 'connector.stationUuid')
    .select(columns)
    .select('station.id as stationId')
    .where('connector.connector', '>=', withStation ? 0 : 1)
    .orderBy('station.id')
    .orderBy('connector.connector');
  if (filter.siteUuid !== undefined) query = query.where('station.siteUuid', '=', filter.siteUuid);
  if (filter.siteUuids !== undefined)
    query = query.where('station.siteUuid', 'in', [...filter.siteUuids, '']);
  if (filter.groupUuid !== undefined) {
    const { groupUuid } = filter;
    query = query.where('station.uuid', 'in', ({ selectFrom }) =>
      selectFrom('groupMember').select('stationUuid').where('groupUuid', '=', groupUuid),
    );
  }
  return query;
}

export function createConnectorRepository(executor: Executor): ConnectorRepository {
  return {
    find: (stationUuid, connector) => first(executor, one({ stationUuid, connector })),

    listByStation: (stationUuid, { withStation = false } = {}) =>
      executor.all(ofStation({ stationUuid, least: withStation ? 0 : 1 })),

    list: (filter, options) => executor.all(withStationId(filter, options).compile()),

    async insert(connector) {
      for (const statement of insertConnector([connector])) await executor.run(statement);
    },

    async reportStatus(report) {
      return (await executor.run(updateStatus(report))) > 0;
    },

    async update(stationUuid, connector, change) {
      if (isEmpty(change)) return;
      await executor.run(
        build
          .updateTable('connector')
          .set(change)
          .where('stationUuid', '=', stationUuid)
          .where('connector', '=', connector)
          .compile(),
      );
    },

    async deleteByStation(stationUuid) {
      await executor.run(build.deleteFrom('connector').where('stationUuid', '=', stationUuid).compile());
    },

    async deleteAbove(stationUuid, connector) {
      await executor.run(
        build
          .deleteFrom('connector')
          .where('stationUuid', '=', stationUuid)
          .where('connector', '>', connector)
          .compile(),
      );
    },
  };
}
