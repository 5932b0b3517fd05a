import type { ConnectionStay } from '../../domain/model.js';
import type {
  ConnectionEnding,
  ConnectionFilter,
  ConnectionRepository,
} from '../../domain/record-repositories.js';
import { build, countRows, type Executor, first, prepared } from '../queries.js';
import { stationsAt } from './stations-at.js';

const columns = [
  'connection.uuid',
  'connection.stationUuid',
  'connection.stationId',
  'connection.protocol',
  'connection.address',
  'connection.openedAt',
  'connection.closedAt',
  'connection.code',
  'connection.initiator',
  'connection.reason',
] as const;

const insertOne = prepared<{ [K in keyof ConnectionStay]: ConnectionStay[K] }, unknown>(
  ({ uuid, stationUuid, stationId, protocol, address, openedAt, closedAt, code, initiator, reason }) => {
    const values = { uuid, stationUuid, stationId, protocol, address, openedAt };
    return build.insertInto('connection').values({ ...values, closedAt, code, initiator, reason });
  },
);

const endOne = prepared<{ [K in keyof ConnectionEnding]: ConnectionEnding[K] }, unknown>(
  ({ uuid, closedAt, code, initiator, reason }) =>
    build
      .updateTable('connection')
      .set({ closedAt, code, initiator, reason })
      .where('uuid', '=', uuid)
      .where('closedAt', 'is', null),
);

function filtered({ stationId, siteUuids, from, to, code, initiator, open }: ConnectionFilter) {
  let query = build.selectFrom('connection');
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (siteUuids !== undefined) query = query.where('stationUuid', 'in', stationsAt(siteUuids));
  if (from !== undefined)
    query = query.where(({ eb, or }) => or([eb('closedAt', 'is', null), eb('closedAt', '>=', from)]));
  if (to !== undefined) query = query.where('openedAt', '<', to);
  if (code !== undefined) query = query.where('code', '=', code);
  if (initiator !== undefined) query = query.where('initiator', '=', initiator);
  if (open !== undefined) query = query.where('closedAt', open ? 'is' : 'is not', null);
  return query;
}

export function createConnectionRepository(executor: Executor): ConnectionRepository {
  return {
    async insert(stay) {
      await executor.run(insertOne(stay));
    },

    async end(ending) {
      return (await executor.run(endOne(ending))) > 0;
    },

    findByUuid: (uuid) =>
      first(executor, build.selectFrom('connection').select(columns).where('uuid', '=', uuid).compile()),

    listOpen: (limit) =>
      executor.all(
        build
          .selectFrom('connection')
          .leftJoin('station', 'station.uuid', 'connection.stationUuid')
          .select(columns)
          .select('station.lastSeenAt')
          .where('closedAt', 'is', null)
          .orderBy('openedAt')
          .orderBy('connection.uuid')
          .limit(limit)
          .compile(),
      ),

    list(filter, { limit, after }) {
      let query = filtered(filter)
        .select(columns)
        .orderBy('openedAt', 'desc')
        .orderBy('uuid', 'desc')
        .limit(limit);
      if (after !== undefined) {
        const { openedAt, uuid } = after;
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('openedAt', 'uuid'), '<', tuple(openedAt, uuid)),
        );
      }
      return executor.all<ConnectionStay>(query.compile());
    },

    count: (filter) => countRows(executor, filtered(filter)),
  };
}
