import type {
  MaintenanceFilter,
  MaintenanceRepository,
  MaintenanceWindow,
} from '../../domain/alarm/maintenance.js';
import { build, countRows, type Executor, first, isEmpty, prepared } from '../queries.js';

const columns = [
  'id',
  'stationUuid',
  'stationId',
  'connector',
  'from',
  'to',
  'comment',
  'createdBy',
  'createdAt',
] as const;

/** Asked for whenever something happens: the windows of a station that are not over. */
const notOver = prepared<{ stationUuid: string; at: number }, MaintenanceWindow>(({ stationUuid, at }) =>
  build
    .selectFrom('maintenanceWindow')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('to', '>', at)
    .whereRef('to', '>', 'from')
    .orderBy('to')
    .orderBy('id'),
);

function filtered({ stationId, siteUuid, siteUuids, state }: MaintenanceFilter, now: number) {
  let query = build.selectFrom('maintenanceWindow');
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  const sites =
    siteUuid === undefined ? siteUuids : [siteUuid].filter((one) => siteUuids?.includes(one) ?? true);
  if (sites !== undefined) {
    query = query.where('stationUuid', 'in', ({ selectFrom }) =>
      selectFrom('station')
        .select('station.uuid')
        .where('station.siteUuid', 'in', [...sites, '']),
    );
  }
  if (state !== undefined) query = query.whereRef('to', state === 'cancelled' ? '<=' : '>', 'from');
  if (state === 'planned') query = query.where('from', '>', now);
  if (state === 'active') query = query.where('from', '<=', now).where('to', '>', now);
  if (state === 'past') query = query.where('to', '<=', now);
  return query;
}

export function createMaintenanceRepository(executor: Executor): MaintenanceRepository {
  return {
    async insert(window) {
      const newest = build
        .selectFrom('maintenanceWindow')
        .select(({ fn }) => fn.max<number | null>('id').as('last'));
      const id = ((await first(executor, newest.compile()))?.last ?? 0) + 1;
      await executor.run(
        build
          .insertInto('maintenanceWindow')
          .values({ id, ...window })
          .compile(),
      );
      return id;
    },

    async update(id, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('maintenanceWindow').set(change).where('id', '=', id).compile());
    },

    find: (id) =>
      first(executor, build.selectFrom('maintenanceWindow').select(columns).where('id', '=', id).compile()),

    async findActive({ stationUuid, connector }, at) {
      const windows = await executor.all(notOver({ stationUuid, at }));
      return windows.find(
        (window) => window.from <= at && (window.connector === null || window.connector === connector),
      );
    },

    listNotOver: (stationUuid, at) => executor.all(notOver({ stationUuid, at })),

    list(filter, now, { limit, before }) {
      let query = filtered(filter, now)
        .select(columns)
        .orderBy('from', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) {
        const { from, id } = before;
        query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('from', 'id'), '<', tuple(from, id)));
      }
      return executor.all(query.compile());
    },

    count: (filter, now) => countRows(executor, filtered(filter, now)),
  };
}
