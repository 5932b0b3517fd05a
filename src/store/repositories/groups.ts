import { foldKey } from '../../domain/fold-key.js';
import type { GroupRepository } from '../../domain/repositories.js';
import { build, type Executor, first, prepared } from '../queries.js';
import type { Tables } from '../schema.js';

const columns = ['uuid', 'name', 'createdAt'] as const;

const groupsOfStation = prepared<{ stationUuid: string }, { groupUuid: string }>(({ stationUuid }) =>
  build
    .selectFrom('groupMember')
    .select('groupUuid')
    .where('stationUuid', '=', stationUuid)
    .orderBy('groupUuid'),
);

const addMember = prepared<Tables['groupMember'], unknown>((member) =>
  build
    .insertInto('groupMember')
    .values({ groupUuid: member.groupUuid, stationUuid: member.stationUuid })
    .onConflict((conflict) => conflict.doNothing()),
);

export function createGroupRepository(executor: Executor): GroupRepository {
  return {
    findByName: (name) =>
      first(
        executor,
        build.selectFrom('stationGroup').select(columns).where('nameKey', '=', foldKey(name)).compile(),
      ),

    list: () =>
      executor.all(
        build
          .selectFrom('stationGroup')
          .select(columns)
          .select(({ selectFrom }) =>
            selectFrom('groupMember')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .whereRef('groupMember.groupUuid', '=', 'stationGroup.uuid')
              .as('stations'),
          )
          .orderBy('nameKey')
          .$narrowType<{ stations: number }>()
          .compile(),
      ),

    async listStationIds(groupUuid) {
      const rows = await executor.all(
        build
          .selectFrom('groupMember')
          .innerJoin('station', 'station.uuid', 'groupMember.stationUuid')
          .select('station.id')
          .where('groupMember.groupUuid', '=', groupUuid)
          .orderBy('station.id')
          .compile(),
      );
      return rows.map(({ id }) => id);
    },

    async listNamesByStation(stationUuid) {
      const rows = await executor.all(
        build
          .selectFrom('groupMember')
          .innerJoin('stationGroup', 'stationGroup.uuid', 'groupMember.groupUuid')
          .select('stationGroup.name')
          .where('groupMember.stationUuid', '=', stationUuid)
          .orderBy('stationGroup.nameKey')
          .compile(),
      );
      return rows.map(({ name }) => name);
    },

    async listUuidsByStation(stationUuid) {
      return (await executor.all(groupsOfStation({ stationUuid }))).map(({ groupUuid }) => groupUuid);
    },

    async insert(group) {
      await executor.run(
        build
          .insertInto('stationGroup')
          .values({ ...group, nameKey: foldKey(group.name) })
          .compile(),
      );
    },

    async delete(uuid) {
      await executor.run(build.deleteFrom('groupMember').where('groupUuid', '=', uuid).compile());
      await executor.run(build.deleteFrom('stationGroup').where('uuid', '=', uuid).compile());
    },

    async addStation(groupUuid, stationUuid) {
      await executor.run(addMember({ groupUuid, stationUuid }));
    },

    async removeStation(groupUuid, stationUuid) {
      await executor.run(
        build
          .deleteFrom('groupMember')
          .where('groupUuid', '=', groupUuid)
          .where('stationUuid', '=', stationUuid)
          .compile(),
      );
    },
  };
}
