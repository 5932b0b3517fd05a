import type { PlacedStation, StationFilter, StationRepository } from '../../domain/repositories.js';
import { build, type Executor, first, prepared, preparedInsert, preparedUpdate } from '../queries.js';
import type { Tables } from '../schema.js';

const names = [
  'uuid',
  'id',
  'name',
  'siteUuid',
  'floorUuid',
  'registration',
  'securityProfile',
  'acceptedProfile',
  'authKeyHash',
  'authKeyAt',
  'pendingAuthKeyHash',
  'pendingAuthKeyAt',
  'pendingAuthKeyState',
  'heartbeatIntervalS',
  'pingIntervalS',
  'expectsPong',
  'assumedProtocol',
  'vendor',
  'model',
  'serialNumber',
  'firmwareVersion',
  'protocol',
  'bootedAt',
  'lastSeenAt',
  'offlineSinceAt',
  'createdAt',
] as const;
const columns = names.map((name) => `station.${name}` as const);

/** Truth values are kept as numbers. */
function toStation<T extends { expectsPong: number }>(
  row: T,
): Omit<T, 'expectsPong'> & { expectsPong: boolean } {
  return { ...row, expectsPong: row.expectsPong !== 0 };
}

const byId = prepared<{ id: string }, Tables['station']>(({ id }) =>
  build.selectFrom('station').select(columns).where('id', '=', id),
);

const byUuid = prepared<{ uuid: string }, Tables['station']>(({ uuid }) =>
  build.selectFrom('station').select(columns).where('uuid', '=', uuid),
);

const touchOne = prepared<{ uuid: string; lastSeenAt: number }, unknown>(({ uuid, lastSeenAt }) =>
  build.updateTable('station').set({ lastSeenAt }).where('uuid', '=', uuid),
);

function chosen({ siteUuid, siteUuids, groupUuid }: StationFilter = {}) {
  let query = build.selectFrom('station');
  if (siteUuid !== undefined) query = query.where('station.siteUuid', '=', siteUuid);
  if (siteUuids !== undefined) query = query.where('station.siteUuid', 'in', [...siteUuids, '']);
  if (groupUuid !== undefined) {
    query = query.where('station.uuid', 'in', ({ selectFrom }) =>
      selectFrom('groupMember').select('stationUuid').where('groupUuid', '=', groupUuid),
    );
  }
  return query;
}

function placed(filter?: StationFilter) {
  return chosen(filter)
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
}

type PlacedRow = Tables['station'] & Pick<PlacedStation, 'siteName' | 'floorName' | 'connectors'>;

const placedById = prepared<{ id: string }, PlacedRow>(({ id }) => placed().where('station.id', '=', id));

const insertStation = preparedInsert('station', names);
const updateStation = preparedUpdate('station', 'uuid');

export function createStationRepository(executor: Executor): StationRepository {
  return {
    async findById(id) {
      const row = await first(executor, byId({ id }));
      return row && toStation(row);
    },

    async findByUuid(uuid) {
      const row = await first(executor, byUuid({ uuid }));
      return row && toStation(row);
    },

    async findPlaced(id) {
      const row = await first(executor, placedById({ id }));
      return row && toStation(row);
    },

    async listIds(filter) {
      const rows = await executor.all(chosen(filter).select('id').orderBy('id').compile());
      return rows.map(({ id }) => id);
    },

    async list(filter) {
      return (await executor.all(placed(filter).orderBy('station.id').compile())).map(toStation);
    },

    countByRegistration: () =>
      executor.all(
        build
          .selectFrom('station')
          .select('registration')
          .select(({ fn }) => fn.countAll<number>().as('stations'))
          .groupBy('registration')
          .orderBy('registration')
          .compile(),
      ),

    async insert({ expectsPong, ...station }) {
      const row = { ...station, expectsPong: Number(expectsPong) };
      for (const statement of insertStation([row])) await executor.run(statement);
    },

    async update(uuid, { expectsPong, ...change }) {
      const row = expectsPong === undefined ? change : { ...change, expectsPong: Number(expectsPong) };
      const statement = updateStation(uuid, row);
      if (statement) await executor.run(statement);
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
