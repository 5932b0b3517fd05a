import { sql } from 'kysely';
import type { FleetEvent } from '../../domain/model.js';
import type { EventFilter, EventRepository } from '../../domain/record-repositories.js';
import { aheadToleratedMs } from '../../domain/station/station-clock.js';
import { build, countRows, type Executor, first, prepared } from '../queries.js';
import { stationsAt } from './stations-at.js';

const columns = [
  'sequence',
  'at',
  'receivedAt',
  'stationUuid',
  'stationId',
  'connector',
  'kind',
  'detail',
] as const;

/** The number is found in the statement itself, so that replaying the journal gives the same one. */
const insertOne = prepared<{ [K in keyof FleetEvent]: FleetEvent[K] } & { topic: string }, unknown>(
  ({ at, receivedAt, stationUuid, stationId, connector, topic, kind, detail }) =>
    build.insertInto('event').values(({ selectFrom }) => ({
      sequence: selectFrom('event').select(({ ref }) =>
        sql<number>`coalesce(max(${ref('sequence')}), 0) + 1`.as('next'),
      ),
      at,
      receivedAt,
      stationUuid,
      stationId,
      connector,
      topic,
      kind,
      detail,
    })),
);

const newest = prepared<Record<string, never>, { last: number | null }>(() =>
  build.selectFrom('event').select(({ fn }) => fn.max<number | null>('sequence').as('last')),
);

function topicOf(kind: string): string {
  return kind.split('.', 1)[0] ?? '';
}

function filtered({ stationId, siteUuid, siteUuids, kind, from, to }: EventFilter) {
  let query = build.selectFrom('event');
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (siteUuid !== undefined) query = query.where('stationUuid', 'in', stationsAt([siteUuid]));
  if (siteUuids !== undefined) query = query.where('stationUuid', 'in', stationsAt(siteUuids));
  if (kind !== undefined) {
    query = query.where('topic', '=', topicOf(kind));
    // The character after the dot is the slash.
    if (kind.includes('.')) {
      query = query.where(({ eb, and, or }) =>
        or([eb('kind', '=', kind), and([eb('kind', '>=', `${kind}.`), eb('kind', '<', `${kind}/`)])]),
      );
    }
  }
  if (from !== undefined) {
    // What happened then was not heard of earlier, but for clocks that are ahead; by that it is found faster.
    query = query.where('at', '>=', from).where('receivedAt', '>=', from - aheadToleratedMs);
  }
  if (to !== undefined) query = query.where('at', '<', to);
  return query;
}

export function createEventRepository(executor: Executor): EventRepository {
  return {
    async insert(event) {
      await executor.run(insertOne({ ...event, topic: topicOf(event.kind) }));
    },

    list(filter, { limit, before }) {
      let query = filtered(filter).select(columns).orderBy('sequence', 'desc').limit(limit);
      if (before !== undefined) query = query.where('sequence', '<', before);
      return executor.all(query.compile());
    },

    listAfter: (filter, { limit, after }) =>
      executor.all(
        filtered(filter)
          .select(columns)
          .where('sequence', '>', after)
          .orderBy('sequence')
          .limit(limit)
          .compile(),
      ),

    async lastSequence() {
      return (await first(executor, newest({})))?.last ?? 0;
    },

    count: (filter) => countRows(executor, filtered(filter)),
  };
}
