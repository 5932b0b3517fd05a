import type { ApiKey } from '../../domain/people/people.js';
import type { ApiKeyRepository } from '../../domain/people/people-repositories.js';
import { build, type Executor, first, isEmpty, prepared } from '../queries.js';
import type { Tables } from '../schema.js';

const columns = [
  'id',
  'userUuid',
  'label',
  'secretHash',
  'readOnly',
  'origin',
  'expiresAt',
  'createdAt',
  'lastUsedAt',
  'revokedAt',
] as const;
type Row = Tables['apiKey'];

const byId = prepared<{ id: string }, Row>(({ id }) =>
  build.selectFrom('apiKey').select(columns).where('id', '=', id),
);

function toKey(row: Row): ApiKey {
  return { ...row, readOnly: row.readOnly !== 0 };
}

export function createApiKeyRepository(executor: Executor): ApiKeyRepository {
  return {
    async find(id) {
      const row = await first(executor, byId({ id }));
      return row && toKey(row);
    },

    async list({ userUuid } = {}) {
      let query = build.selectFrom('apiKey').select(columns).orderBy('createdAt', 'desc').orderBy('id');
      if (userUuid !== undefined) query = query.where('userUuid', '=', userUuid);
      return (await executor.all(query.compile())).map(toKey);
    },

    async insert(key) {
      const row = { ...key, readOnly: Number(key.readOnly) };
      await executor.run(build.insertInto('apiKey').values(row).compile());
    },

    async update(id, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('apiKey').set(change).where('id', '=', id).compile());
    },

    async delete(id) {
      await executor.run(build.deleteFrom('apiKey').where('id', '=', id).compile());
    },

    async deleteByUser(userUuid) {
      await executor.run(build.deleteFrom('apiKey').where('userUuid', '=', userUuid).compile());
    },
  };
}
