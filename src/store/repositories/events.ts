import type { FleetEvent } from '../../domain/model.js';
import type { EventRepository } from '../../domain/repositories.js';
import { build, type Executor, prepared } from '../queries.js';

const columns = ['at', 'receivedAt', 'stationUuid', 'stationId', 'connector', 'kind', 'detail'] as const;

const insertOne = prepared<{ [K in keyof FleetEvent]: FleetEvent[K] }, unknown>(
  ({ at, receivedAt, stationUuid, stationId, connector, kind, detail }) =>
    build.insertInto('event').values({ at, receivedAt, stationUuid, stationId, connector, kind, detail }),
);

export function createEventRepository(executor: Executor): EventRepository {
  return {
    async insert(event) {
      await executor.run(insertOne(event));
    },

    list({ stationId }, { limit }) {
      let query = build.selectFrom('event').select(columns).orderBy('receivedAt', 'desc').limit(limit);
      if (stationId !== undefined) query = query.where('stationId', '=', stationId);
      return executor.all(query.compile());
    },
  };
}
