import {
  type DiagnosticsFilter,
  type DiagnosticsRepository,
  type DiagnosticsRequest,
  openStates,
} from '../../domain/station/diagnostics.js';
import { build, countRows, type Executor, first, isEmpty } from '../queries.js';
import { nextNumber } from './counters.js';
import { stationsAt } from './stations-at.js';

const columns = [
  'id',
  'stationUuid',
  'stationId',
  'action',
  'type',
  'protocol',
  'fromAt',
  'toAt',
  'requestedAt',
  'expiresAt',
  'state',
  'reported',
  'fileName',
  'storedAs',
  'sizeBytes',
  'endedAt',
] as const satisfies readonly (keyof DiagnosticsRequest)[];

const counter = 'diagnostics';

function filtered({ stationId, siteUuids }: DiagnosticsFilter) {
  let query = build.selectFrom('diagnostics');
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (siteUuids !== undefined) query = query.where('stationUuid', 'in', stationsAt(siteUuids));
  return query;
}

export function createDiagnosticsRepository(executor: Executor): DiagnosticsRepository {
  return {
    async insert(request) {
      const id = await nextNumber(executor, counter);
      await executor.run(
        build
          .insertInto('diagnostics')
          .values({ ...request, id })
          .compile(),
      );
      return id;
    },

    find: (id) =>
      first(executor, build.selectFrom('diagnostics').select(columns).where('id', '=', id).compile()),

    findOpen: (stationUuid, action) =>
      first(
        executor,
        build
          .selectFrom('diagnostics')
          .select(columns)
          .where('stationUuid', '=', stationUuid)
          .where('action', '=', action)
          .where('state', 'in', openStates)
          .orderBy('id', 'desc')
          .limit(1)
          .compile(),
      ),

    async update(id, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('diagnostics').set(change).where('id', '=', id).compile());
    },

    async endOlder({ id, stationUuid, action }, end) {
      await executor.run(
        build
          .updateTable('diagnostics')
          .set(end)
          .where('stationUuid', '=', stationUuid)
          .where('action', '=', action)
          .where('state', 'in', openStates)
          .where('id', '<', id)
          .compile(),
      );
    },

    async endAll(end) {
      await executor.run(
        build.updateTable('diagnostics').set(end).where('state', 'in', openStates).compile(),
      );
    },

    list(filter, { limit, before }) {
      let query = filtered(filter).select(columns).orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      return executor.all(query.compile());
    },

    count: (filter) => countRows(executor, filtered(filter)),

    listOld: (requestedBefore, limit) =>
      executor.all(
        build
          .selectFrom('diagnostics')
          .select(columns)
          .where('requestedAt', '<', requestedBefore)
          .orderBy('requestedAt')
          .orderBy('id')
          .limit(limit)
          .compile(),
      ),

    async delete(id) {
      await executor.run(build.deleteFrom('diagnostics').where('id', '=', id).compile());
    },
  };
}
