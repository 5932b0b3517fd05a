import { foldKey } from '../../domain/fold-key.js';
import type { SiteRepository } from '../../domain/repositories.js';
import { build, type Executor, first, isEmpty } from '../queries.js';

const columns = ['uuid', 'name', 'address', 'lat', 'lon', 'createdAt'] as const;

export function createSiteRepository(executor: Executor): SiteRepository {
  return {
    findByName: (name) =>
      first(
        executor,
        build.selectFrom('site').select(columns).where('nameKey', '=', foldKey(name)).compile(),
      ),

    list: () =>
      executor.all(
        build
          .selectFrom('site')
          .select(columns)
          .select(({ selectFrom }) => [
            selectFrom('floor')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .whereRef('floor.siteUuid', '=', 'site.uuid')
              .as('floors'),
            selectFrom('station')
              .select(({ fn }) => fn.countAll<number>().as('n'))
              .whereRef('station.siteUuid', '=', 'site.uuid')
              .as('stations'),
          ])
          .orderBy('nameKey')
          .$narrowType<{ floors: number; stations: number }>()
          .compile(),
      ),

    async insert(site) {
      await executor.run(
        build
          .insertInto('site')
          .values({ ...site, nameKey: foldKey(site.name) })
          .compile(),
      );
    },

    async update(uuid, change) {
      if (isEmpty(change)) return;
      const key = change.name === undefined ? {} : { nameKey: foldKey(change.name) };
      await executor.run(
        build
          .updateTable('site')
          .set({ ...change, ...key })
          .where('uuid', '=', uuid)
          .compile(),
      );
    },

    async delete(uuid) {
      await executor.run(build.deleteFrom('site').where('uuid', '=', uuid).compile());
    },
  };
}
