import type { RemoteStart } from '../../domain/model.js';
import type { RemoteStartRepository } from '../../domain/repositories.js';
import { build, type Executor, first, prepared } from '../queries.js';
import { foldKey } from '../schema.js';

const oldestMatch = prepared<
  { stationUuid: string; tagKey: string; connector: number; since: number },
  RemoteStart
>(({ stationUuid, tagKey, connector, since }) =>
  build
    .selectFrom('remoteStart')
    .select(['stationUuid', 'connector', 'tag', 'requestedAt'])
    .where('stationUuid', '=', stationUuid)
    .where('tagKey', '=', tagKey)
    .where(({ or, eb }) => or([eb('connector', 'is', null), eb('connector', '=', connector)]))
    .where('requestedAt', '>=', since)
    .orderBy('requestedAt')
    .limit(1),
);

export function createRemoteStartRepository(executor: Executor): RemoteStartRepository {
  const remove: RemoteStartRepository['remove'] = async (stationUuid, tag, requestedAt) => {
    await executor.run(
      build
        .deleteFrom('remoteStart')
        .where('stationUuid', '=', stationUuid)
        .where('tagKey', '=', foldKey(tag))
        .where('requestedAt', '=', requestedAt)
        .compile(),
    );
  };
  return {
    async insert(start) {
      await executor.run(
        build
          .insertInto('remoteStart')
          .values({ ...start, tagKey: foldKey(start.tag) })
          .compile(),
      );
    },

    async take(stationUuid, connector, tag, since) {
      const start = await first(
        executor,
        oldestMatch({ stationUuid, tagKey: foldKey(tag), connector, since }),
      );
      if (start) await remove(stationUuid, tag, start.requestedAt);
      return start;
    },

    remove,

    async removeBefore(olderThan) {
      await executor.run(build.deleteFrom('remoteStart').where('requestedAt', '<', olderThan).compile());
    },
  };
}
