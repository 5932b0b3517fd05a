import type { ChargingProfile } from '../../domain/charging/charging-profile.js';
import type { RemoteStartRepository } from '../../domain/charging/session-repositories.js';
import { foldKey } from '../../domain/fold-key.js';
import type { RemoteStart } from '../../domain/model.js';
import { build, type Executor, first, prepared } from '../queries.js';

const oldestMatch = prepared<
  { stationUuid: string; tagKey: string; connector: number; since: number },
  Omit<RemoteStart, 'profile'> & { profile: string | null }
>(({ stationUuid, tagKey, connector, since }) =>
  build
    .selectFrom('remoteStart')
    .select(['stationUuid', 'connector', 'tag', 'requestedAt', 'profile'])
    .where('stationUuid', '=', stationUuid)
    .where('tagKey', '=', tagKey)
    .where(({ or, eb }) => or([eb('connector', 'is', null), eb('connector', '=', connector)]))
    .where('requestedAt', '>=', since)
    .orderBy('requestedAt')
    .limit(1),
);

function matching(stationUuid: string, tag: string, requestedAt: number) {
  return build
    .deleteFrom('remoteStart')
    .where('stationUuid', '=', stationUuid)
    .where('tagKey', '=', foldKey(tag))
    .where('requestedAt', '=', requestedAt);
}

export function createRemoteStartRepository(executor: Executor): RemoteStartRepository {
  return {
    async insert({ profile, ...start }) {
      await executor.run(
        build
          .insertInto('remoteStart')
          .values({ ...start, tagKey: foldKey(start.tag), profile: profile && JSON.stringify(profile) })
          .compile(),
      );
    },

    async take(stationUuid, connector, tag, since) {
      const start = await first(
        executor,
        oldestMatch({ stationUuid, tagKey: foldKey(tag), connector, since }),
      );
      if (!start) return undefined;
      // Not `remove`: a request for another connector may have been made at the same instant.
      await executor.run(
        matching(stationUuid, tag, start.requestedAt)
          .where('connector', 'is not distinct from', start.connector)
          .compile(),
      );
      const { profile } = start;
      return { ...start, profile: profile === null ? null : (JSON.parse(profile) as ChargingProfile) };
    },

    async remove(stationUuid, tag, requestedAt) {
      await executor.run(matching(stationUuid, tag, requestedAt).compile());
    },

    async removeBefore(olderThan) {
      await executor.run(build.deleteFrom('remoteStart').where('requestedAt', '<', olderThan).compile());
    },
  };
}
