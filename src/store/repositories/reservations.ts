import type { Reservation } from '../../domain/charging/reservation.js';
import type {
  ReservationFilter,
  ReservationRepository,
} from '../../domain/charging/reservation-repository.js';
import { foldKey } from '../../domain/fold-key.js';
import { build, countRows, type Executor, first, isEmpty, prepared } from '../queries.js';
import { findOldestEnd, removeEnded } from './ended-rows.js';
import { stationsAt } from './stations-at.js';

const columns = [
  'id',
  'stationUuid',
  'stationId',
  'connector',
  'tag',
  'parent',
  'createdAt',
  'expiresAt',
  'state',
  'endedAt',
  'reason',
  'transactionId',
] as const;

/** Asked at each start of a session. */
const openAtStation = prepared<{ stationUuid: string }, Reservation>(({ stationUuid }) =>
  build
    .selectFrom('reservation')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('endedAt', 'is', null)
    .orderBy('id'),
);

function filtered({ stationId, siteUuids, connector, tag, openAt }: ReservationFilter) {
  let query = build.selectFrom('reservation');
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (siteUuids !== undefined) query = query.where('stationUuid', 'in', stationsAt(siteUuids));
  if (connector !== undefined) query = query.where('connector', '=', connector);
  if (tag !== undefined) query = query.where('tagKey', '=', foldKey(tag));
  if (openAt !== undefined) query = query.where('endedAt', 'is', null).where('expiresAt', '>', openAt);
  return query;
}

export function createReservationRepository(executor: Executor): ReservationRepository {
  return {
    async insert(reservation) {
      const highest = build.selectFrom('reservation').select(({ fn }) => fn.max('id').as('id'));
      const id = ((await first(executor, highest.compile()))?.id ?? 0) + 1;
      await executor.run(
        build
          .insertInto('reservation')
          .values({ ...reservation, id, tagKey: foldKey(reservation.tag) })
          .compile(),
      );
      return id;
    },

    findById: (id) =>
      first(executor, build.selectFrom('reservation').select(columns).where('id', '=', id).compile()),

    listOpen: (stationUuid) => executor.all(openAtStation({ stationUuid })),

    list(filter, { limit, after }) {
      let query = filtered(filter).select(columns).orderBy('id', 'desc').limit(limit);
      if (after !== undefined) query = query.where('id', '<', after.id);
      return executor.all<Reservation>(query.compile());
    },

    count: (filter) => countRows(executor, filtered(filter)),

    async update(id, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('reservation').set(change).where('id', '=', id).compile());
    },

    listOverdue: (now, limit) =>
      executor.all(
        build
          .selectFrom('reservation')
          .select(columns)
          .where('endedAt', 'is', null)
          .where('expiresAt', '<=', now)
          .orderBy('expiresAt')
          .orderBy('id')
          .limit(limit)
          .compile(),
      ),

    findOldestEnd: () => findOldestEnd(executor, 'reservation'),

    removeEnded: (which) => removeEnded(executor, 'reservation', which),
  };
}
