import type { UnknownStationRepository } from '../../domain/repositories.js';
import { build, type Executor, prepared } from '../queries.js';
import { keepNewest } from './keep-newest.js';

const stationsKept = 1000;

const deleteOne = prepared<{ id: string }, unknown>(({ id }) =>
  build.deleteFrom('unknownStation').where('id', '=', id),
);

export function createUnknownStationRepository(executor: Executor): UnknownStationRepository {
  return {
    async note({ id, address, protocol, at }) {
      await executor.run(
        build
          .insertInto('unknownStation')
          .values({ id, address, protocol, firstSeenAt: at, lastSeenAt: at, attempts: 1 })
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet(({ eb }) => ({
              address,
              protocol,
              lastSeenAt: at,
              attempts: eb('unknownStation.attempts', '+', 1),
            })),
          )
          .compile(),
      );
      await keepNewest(executor, {
        surplus: build
          .selectFrom('unknownStation')
          .select('id')
          .orderBy('lastSeenAt', 'desc')
          .orderBy('firstSeenAt', 'desc')
          .orderBy('id')
          .offset(stationsKept),
        remove: (surplus) => build.deleteFrom('unknownStation').where('id', '=', surplus.id),
      });
    },

    list: () =>
      executor.all(
        build
          .selectFrom('unknownStation')
          .select(['id', 'address', 'protocol', 'firstSeenAt', 'lastSeenAt', 'attempts'])
          .orderBy('lastSeenAt', 'desc')
          .orderBy('id')
          .compile(),
      ),

    async forget(id) {
      await executor.run(deleteOne({ id }));
    },
  };
}
