import type { Station } from '../../domain/model.js';
import type { StationFilter, StationRepository } from '../../domain/repositories.js';
import { build, type Executor, first, isEmpty, prepared } from '../queries.js';

const columns = [
  'station.uuid',
  'station.id',
  'station.name',
  'station.siteUuid',
  'station.floorUuid',
  'station.registration',
  'station.securityProfile',
  'station.heartbeatIntervalS',
  'station.vendor',
  'station.model',
  'station.serialNumber',
  'station.firmwareVersion',
  'station.protocol',
  'station.bootedAt',
  'station.lastSeenAt',
  'station.offlineSinceAt',
  'station.createdAt',
] as const;

const byId = prepared<{ id: string }, Station>(({ id }) =>
  build.selectFrom('station').select(columns).where('id', '=', id),
);

const touchOne = prepared<{ uuid: string; lastSeenAt: number }, unknown>(({ uuid, lastSeenAt }) =>
  build.updateTable('station').set({ lastSeenAt }).where('uuid', '=', uuid),
);

function placed(filter: StationFilter = {}) {
  let query = build
    .selectFrom('station')
    .leftJoin('site', 'site.uuid', 'station.siteUuid')
    .leftJoin('floor', 'floor.uuid', 'station.floorUuid')
    .select(columns)
    .select(['site.name as siteName', 'floor.name as floorName'])
    .select(({ selectFrom }) =>
      selectFrom('connector')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('connector.stationUuid', '=', 'station.uuid')
        .where('connector.connector', '>', 0)
        .as('connectors'),
    )
    .$narrowType<{ connectors: number }>();
  if (filter.siteUuid !== undefined) query = query.where('station.siteUuid', '=', filter.siteUuid);
  if (filter.groupUuid !== undefined) {
    const { groupUuid } = filter;
    query = query.where('station.uuid', 'in', ({ selectFrom }) =>
      selectFrom('groupMember').select('stationUuid').where('groupUuid', '=', groupUuid),
    );
  }
  return query;
}

export function createStationRepository(executor: Executor): StationRepository {
  return {
    findById: (id) => first(executor, byId({ id })),

    findPlaced: (id) => first(executor, placed().where('station.id', '=', id).compile()),

    async listIds() {
      const rows = await executor.all(build.selectFrom('station').select('id').orderBy('id').compile());
      return rows.map(({ id }) => id);
    },

    list: (filter) => executor.all(placed(filter).orderBy('station.id').compile()),

    async insert(station) {
      await executor.run(build.insertInto('station').values(station).compile());
    },

    async update(uuid, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('station').set(change).where('uuid', '=', uuid).compile());
    },

    async touch(seen) {
      for (const { uuid, lastSeenAt } of seen) await executor.run(touchOne({ uuid, lastSeenAt }));
    },

    async markAllOffline() {
      await executor.run(
        build
          .updateTable('station')
          .set(({ ref }) => ({ offlineSinceAt: ref('lastSeenAt') }))
          .where('offlineSinceAt', 'is', null)
          .where('lastSeenAt', 'is not', null)
          .compile(),
      );
    },

    async delete(uuid) {
      await executor.run(build.deleteFrom('groupMember').where('stationUuid', '=', uuid).compile());
      await executor.run(build.deleteFrom('station').where('uuid', '=', uuid).compile());
    },
  };
}
