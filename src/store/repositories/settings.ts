import type { SettingRepository } from '../../domain/repositories.js';
import { build, type Executor } from '../queries.js';

export function createSettingRepository(executor: Executor): SettingRepository {
  return {
    async list() {
      const rows = await executor.all(build.selectFrom('setting').select(['key', 'value']).compile());
      return new Map(rows.map(({ key, value }) => [key, value]));
    },

    async findUpdatedAt(key) {
      const query = build.selectFrom('setting').select('updatedAt').where('key', '=', key);
      const [row] = await executor.all(query.compile());
      return row?.updatedAt;
    },

    async set(key, value, updatedAt) {
      await executor.run(
        build
          .insertInto('setting')
          .values({ key, value, updatedAt })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updatedAt }))
          .compile(),
      );
    },

    async remove(key) {
      await executor.run(build.deleteFrom('setting').where('key', '=', key).compile());
    },
  };
}
