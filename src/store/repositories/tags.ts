import type { Tag } from '../../domain/model.js';
import type { TagRepository } from '../../domain/repositories.js';
import { build, type Executor, first, isEmpty, prepared } from '../queries.js';
import { foldKey, type Tables } from '../schema.js';
import { keepNewest } from './keep-newest.js';

const columns = ['tag', 'label', 'blocked', 'expiresAt', 'parent', 'createdAt'] as const;
type Row = Omit<Tables['tag'], 'tagKey'>;

const byKey = prepared<{ tagKey: string }, Row>(({ tagKey }) =>
  build.selectFrom('tag').select(columns).where('tagKey', '=', tagKey),
);

const unknownTagsKept = 1000;

function toTag(row: Row): Tag {
  return { ...row, blocked: row.blocked !== 0 };
}

export function createTagRepository(executor: Executor): TagRepository {
  return {
    async find(tag) {
      const row = await first(executor, byKey({ tagKey: foldKey(tag) }));
      return row && toTag(row);
    },

    async list() {
      const rows = await executor.all(build.selectFrom('tag').select(columns).orderBy('tagKey').compile());
      return rows.map(toTag);
    },

    async insert(tag) {
      const row = { ...tag, tagKey: foldKey(tag.tag), blocked: Number(tag.blocked) };
      await executor.run(build.insertInto('tag').values(row).compile());
    },

    async update(tag, { blocked, ...change }) {
      const row = blocked === undefined ? change : { ...change, blocked: Number(blocked) };
      if (isEmpty(row)) return;
      await executor.run(build.updateTable('tag').set(row).where('tagKey', '=', foldKey(tag)).compile());
    },

    async delete(tag) {
      await executor.run(build.deleteFrom('tag').where('tagKey', '=', foldKey(tag)).compile());
    },

    async noteUnknown(tag, stationId, at) {
      await executor.run(
        build
          .insertInto('unknownTag')
          .values({ tagKey: foldKey(tag), tag, stationId, firstSeenAt: at, lastSeenAt: at, attempts: 1 })
          .onConflict((conflict) =>
            conflict
              .columns(['tagKey', 'stationId'])
              .doUpdateSet(({ eb }) => ({ lastSeenAt: at, attempts: eb('unknownTag.attempts', '+', 1) })),
          )
          .compile(),
      );
      await keepNewest(executor, {
        surplus: build
          .selectFrom('unknownTag')
          .select(['tagKey', 'stationId'])
          .orderBy('lastSeenAt', 'desc')
          .orderBy('firstSeenAt', 'desc')
          .orderBy('tagKey')
          .orderBy('stationId')
          .offset(unknownTagsKept),
        remove: ({ tagKey, stationId }) =>
          build.deleteFrom('unknownTag').where('tagKey', '=', tagKey).where('stationId', '=', stationId),
      });
    },

    listUnknown: () =>
      executor.all(
        build
          .selectFrom('unknownTag')
          .select(['tag', 'stationId', 'firstSeenAt', 'lastSeenAt', 'attempts'])
          .orderBy('lastSeenAt', 'desc')
          .orderBy('tagKey')
          .orderBy('stationId')
          .compile(),
      ),

    async forgetUnknown(tag) {
      await executor.run(build.deleteFrom('unknownTag').where('tagKey', '=', foldKey(tag)).compile());
    },
  };
}
