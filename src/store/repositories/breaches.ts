import type { Breach } from '../../domain/model.js';
import type { BreachRepository } from '../../domain/record-repositories.js';
import { build, type Executor } from '../queries.js';
import { keepNewest } from './keep-newest.js';

/** Kinds kept of one station: it may make up as many as it likes. */
const kindsKept = 100;

export function createBreachRepository(executor: Executor): BreachRepository {
  return {
    async note(stationUuid, breaches) {
      for (const breach of breaches) await executor.run(noteOne(breach).compile());
      await keepNewest(executor, {
        surplus: build
          .selectFrom('breach')
          .select(['action', 'place', 'rule'])
          .where('stationUuid', '=', stationUuid)
          .orderBy('lastAt', 'desc')
          .orderBy('count', 'desc')
          .orderBy('action')
          .orderBy('place')
          .orderBy('rule')
          .offset(kindsKept),
        remove: ({ action, place, rule }) =>
          build
            .deleteFrom('breach')
            .where('stationUuid', '=', stationUuid)
            .where('action', '=', action)
            .where('place', '=', place)
            .where('rule', '=', rule),
      });
    },

    async listByStation(stationUuid) {
      const rows = await executor.all(
        build
          .selectFrom('breach')
          .selectAll()
          .where('stationUuid', '=', stationUuid)
          .orderBy('lastAt', 'desc')
          .orderBy('count', 'desc')
          .orderBy('action')
          .orderBy('place')
          .orderBy('rule')
          .limit(kindsKept)
          .compile(),
      );
      return rows.map(({ action, ...row }) => ({ ...row, action: action === '' ? null : action }));
    },

    async deleteByStation(stationUuid) {
      await executor.run(build.deleteFrom('breach').where('stationUuid', '=', stationUuid).compile());
    },
  };
}

function noteOne({ action, ...breach }: Breach) {
  const { detail, count, lastAt } = breach;
  return build
    .insertInto('breach')
    .values({ ...breach, action: action ?? '' })
    .onConflict((conflict) =>
      conflict
        .columns(['stationUuid', 'action', 'place', 'rule'])
        .doUpdateSet(({ eb }) => ({ detail, lastAt, count: eb('breach.count', '+', count) })),
    );
}
