import { foldKey } from '../../domain/fold-key.js';
import type { Tag } from '../../domain/people/people.js';
import type { TagFilter, TagRepository } from '../../domain/people/people-repositories.js';
import { build, type Executor, first, isEmpty, prepared, preparedInsert } from '../queries.js';
import type { Tables } from '../schema.js';
import { keepNewest } from './keep-newest.js';

export const tagColumns = [
  'tagKey',
  'tag',
  'label',
  'blocked',
  'expiresAt',
  'parent',
  'createdAt',
  'userUuid',
  'maxActive',
  'restricted',
] as const;
type Row = Tables['tag'];

/** Where a tag is accepted. */
interface Places {
  readonly siteUuids: string[];
  readonly groupUuids: string[];
}

const byKey = prepared<{ tagKey: string }, Row>(({ tagKey }) =>
  build.selectFrom('tag').select(tagColumns).where('tagKey', '=', tagKey),
);

const unknownTagsKept = 1000;

const sitesOf = prepared<{ tagKey: string }, { siteUuid: string }>(({ tagKey }) =>
  build.selectFrom('tagSite').select('siteUuid').where('tagKey', '=', tagKey).orderBy('siteUuid'),
);

const groupsOf = prepared<{ tagKey: string }, { groupUuid: string }>(({ tagKey }) =>
  build.selectFrom('tagGroup').select('groupUuid').where('tagKey', '=', tagKey).orderBy('groupUuid'),
);

const insertRows = preparedInsert('tag', tagColumns);

function toTag({ tagKey, restricted, blocked, ...row }: Row, places: Places): Tag {
  return { ...row, blocked: blocked !== 0, ...places };
}

export function toTagRow({ siteUuids, groupUuids, ...tag }: Tag): Row {
  const restricted = Number(siteUuids.length + groupUuids.length > 0);
  return { ...tag, tagKey: foldKey(tag.tag), blocked: Number(tag.blocked), restricted };
}

function paged(filter: TagFilter) {
  const { before, limit, offset } = filter;
  const query = filtered(filter)
    .select(tagColumns)
    .orderBy('tagKey', before === undefined ? 'asc' : 'desc');
  if (limit === undefined) return query;
  return offset === undefined ? query.limit(limit) : query.limit(limit).offset(offset);
}

function filtered({ userUuid, siteUuids, groupUuid, parent, after, before }: TagFilter) {
  let query = build.selectFrom('tag');
  if (after !== undefined) query = query.where('tagKey', '>', foldKey(after));
  if (before !== undefined) query = query.where('tagKey', '<', foldKey(before));
  if (parent !== undefined) {
    // Databases fold ASCII only, which is all that readers read; others are found as they are spelled.
    query = query.where(({ eb, fn, or }) =>
      or([eb('parent', '=', parent), eb(fn<string>('lower', ['parent']), '=', foldKey(parent))]),
    );
  }
  if (userUuid !== undefined) query = query.where('userUuid', '=', userUuid);
  if (groupUuid !== undefined) {
    query = query.where('tagKey', 'in', ({ selectFrom }) =>
      selectFrom('tagGroup').select('tagGroup.tagKey').where('tagGroup.groupUuid', '=', groupUuid),
    );
  }
  if (siteUuids !== undefined) {
    query = query.where(({ eb, or, selectFrom }) =>
      or([
        eb(
          'userUuid',
          'in',
          selectFrom('userSite').select('userSite.userUuid').where('userSite.siteUuid', 'in', siteUuids),
        ),
        eb(
          'tagKey',
          'in',
          selectFrom('tagSite').select('tagSite.tagKey').where('tagSite.siteUuid', 'in', siteUuids),
        ),
      ]),
    );
  }
  return query;
}

export function createTagRepository(executor: Executor): TagRepository {
  async function placesOf({ tagKey, restricted }: Row): Promise<Places> {
    if (restricted === 0) return { siteUuids: [], groupUuids: [] };
    return {
      siteUuids: (await executor.all(sitesOf({ tagKey }))).map(({ siteUuid }) => siteUuid),
      groupUuids: (await executor.all(groupsOf({ tagKey }))).map(({ groupUuid }) => groupUuid),
    };
  }

  async function putSites(tagKey: string, siteUuids: readonly string[]): Promise<void> {
    await executor.run(build.deleteFrom('tagSite').where('tagKey', '=', tagKey).compile());
    for (const siteUuid of new Set(siteUuids)) {
      await executor.run(build.insertInto('tagSite').values({ tagKey, siteUuid }).compile());
    }
  }

  async function putGroups(tagKey: string, groupUuids: readonly string[]): Promise<void> {
    await executor.run(build.deleteFrom('tagGroup').where('tagKey', '=', tagKey).compile());
    for (const groupUuid of new Set(groupUuids)) {
      await executor.run(build.insertInto('tagGroup').values({ tagKey, groupUuid }).compile());
    }
  }

  async function insertMany(tags: readonly Tag[]): Promise<void> {
    for (const statement of insertRows(tags.map(toTagRow))) await executor.run(statement);
    for (const { tag, siteUuids, groupUuids } of tags) {
      if (siteUuids.length > 0) await putSites(foldKey(tag), siteUuids);
      if (groupUuids.length > 0) await putGroups(foldKey(tag), groupUuids);
    }
  }

  return {
    async find(tag) {
      const row = await first(executor, byKey({ tagKey: foldKey(tag) }));
      return row && toTag(row, await placesOf(row));
    },

    async list(filter = {}) {
      if (filter.siteUuids?.length === 0) return [];
      const tags: Tag[] = [];
      for (const row of await executor.all(paged(filter).compile()))
        tags.push(toTag(row, await placesOf(row)));
      return tags;
    },

    async count(filter = {}) {
      if (filter.siteUuids?.length === 0) return 0;
      const query = filtered(filter).select(({ fn }) => fn.countAll<number>().as('tags'));
      return Number((await first(executor, query.compile()))?.tags ?? 0);
    },

    insert: (tag) => insertMany([tag]),

    insertMany,

    async update(tag, { blocked, siteUuids, groupUuids, ...change }) {
      const tagKey = foldKey(tag);
      if (siteUuids !== undefined) await putSites(tagKey, siteUuids);
      if (groupUuids !== undefined) await putGroups(tagKey, groupUuids);
      const isPlaced = siteUuids !== undefined || groupUuids !== undefined;
      const left = isPlaced
        ? (await executor.all(sitesOf({ tagKey }))).length + (await executor.all(groupsOf({ tagKey }))).length
        : 0;
      const row = {
        ...change,
        ...(blocked !== undefined && { blocked: Number(blocked) }),
        ...(isPlaced && { restricted: Number(left > 0) }),
      };
      if (isEmpty(row)) return;
      await executor.run(build.updateTable('tag').set(row).where('tagKey', '=', tagKey).compile());
    },

    async delete(tag) {
      const tagKey = foldKey(tag);
      await putSites(tagKey, []);
      await putGroups(tagKey, []);
      await executor.run(build.deleteFrom('tag').where('tagKey', '=', tagKey).compile());
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
