import { foldKey } from '../../domain/fold-key.js';
import type { FloorRepository } from '../../domain/repositories.js';
import { build, type Executor, first, isEmpty } from '../queries.js';

const columns = ['floor.uuid', 'floor.siteUuid', 'floor.name', 'floor.level', 'floor.createdAt'] as const;

export function createFloorRepository(executor: Executor): FloorRepository {
  return {
    findByName: (siteUuid, name) =>
      first(
        executor,
        build
          .selectFrom('floor')
          .select(columns)
          .where('siteUuid', '=', siteUuid)
          .where('nameKey', '=', foldKey(name))
          .compile(),
      ),

    list(siteUuid) {
      let query = build
        .selectFrom('floor')
        .innerJoin('site', 'site.uuid', 'floor.siteUuid')
        .select(columns)
        .select('site.name as siteName')
        .select(({ selectFrom }) =>
          selectFrom('station')
            .select(({ fn }) => fn.countAll<number>().as('n'))
            .whereRef('station.floorUuid', '=', 'floor.uuid')
            .as('stations'),
        )
        .orderBy('site.nameKey')
        // Said, because databases disagree about it.
        .orderBy('floor.level', (level) => level.asc().nullsFirst())
        .orderBy('floor.nameKey')
        .$narrowType<{ stations: number }>();
      if (siteUuid !== undefined) query = query.where('floor.siteUuid', '=', siteUuid);
      return executor.all(query.compile());
    },

    async insert(floor) {
      await executor.run(
        build
          .insertInto('floor')
          .values({ ...floor, nameKey: foldKey(floor.name) })
          .compile(),
      );
    },

    async update(uuid, change) {
      if (isEmpty(change)) return;
      const key = change.name === undefined ? {} : { nameKey: foldKey(change.name) };
      await executor.run(
        build
          .updateTable('floor')
          .set({ ...change, ...key })
          .where('uuid', '=', uuid)
          .compile(),
      );
    },

    async delete(uuid) {
      await executor.run(build.deleteFrom('floor').where('uuid', '=', uuid).compile());
    },
  };
}
