import { type Static, Type } from '@sinclair/typebox';
import { checkTag } from '../../domain/identifiers.js';
import { newTag } from '../../domain/new-entities.js';
import type { TagFilter } from '../../domain/people/people-repositories.js';
import type { Repositories } from '../../domain/repositories.js';
import { everyone, siteManagers, staff } from '../access.js';
import { applyListQuery, fieldsOf, type ListQuery, listOf, listQuery } from '../list.js';
import { findSite, findTag, findUser } from '../lookup.js';
import { type OperationContext, stream, unary } from '../operation.js';
import {
  changes,
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  given,
  ifExists,
  oneOf,
  toIso,
} from '../shared.js';
import { changeWithinReach, checkParent, newWithinReach, resolveTag, tagProperties } from './tag-input.js';
import { type TagView, TagViewer, tagView, unknownTagView, viewTag } from './tag-view.js';

/** Tags that are read at once: other work comes in between. */
const pageSize = 500;

const filterInput = Type.Object({
  /** E-mail address. */
  user: Type.Optional(Type.String()),
  /** Those accepted at stations of this site only, or of other sites besides, and those of users who are for it. */
  site: Type.Optional(Type.String()),
  status: Type.Optional(oneOf('accepted', 'blocked', 'expired')),
});
type Filter = Static<typeof filterInput>;

async function resolveFilter(r: Repositories, { user, site }: Filter): Promise<TagFilter> {
  return {
    ...(user !== undefined && { userUuid: (await findUser(r, user)).uuid }),
    ...(site !== undefined && { siteUuids: [(await findSite(r, site)).uuid] }),
  };
}

/** All that match, by tag, a page at a time: nobody waits for a hundred thousand of them. */
async function* pagesOf(
  { store, clock, signal }: OperationContext,
  input: Filter,
): AsyncGenerator<TagView[]> {
  const viewer = new TagViewer(clock.now());
  const filter = await store.read((r) => resolveFilter(r, input));
  let after: string | undefined;
  do {
    signal.throwIfAborted();
    const { tags, views } = await store.read(async (r) => {
      const page = { ...filter, limit: pageSize, ...(after !== undefined && { after }) };
      const tags = await r.tags.list(page);
      const views: TagView[] = [];
      for (const tag of tags) views.push(await viewer.view(r, tag));
      return { tags, views };
    });
    const wanted = views.filter(({ status }) => input.status === undefined || status === input.status);
    if (wanted.length > 0) yield wanted;
    after = tags.length < pageSize ? undefined : tags.at(-1)?.tag;
  } while (after !== undefined);
}

/** Part of them all in their order; undefined when these have to be gone through first, or are too many at once. */
async function pageOf(
  { store, clock }: OperationContext,
  { status, ...input }: Filter,
  { sort, filter, limit, offset = 0 }: ListQuery,
): Promise<{ items: TagView[]; total: number } | undefined> {
  const isInOrder = sort === undefined && filter === undefined && status === undefined;
  if (!isInOrder || limit === undefined || limit > pageSize) return undefined;
  const viewer = new TagViewer(clock.now());
  return store.read(async (r) => {
    const wanted = await resolveFilter(r, input);
    const items: TagView[] = [];
    for (const tag of await r.tags.list({ ...wanted, limit, offset })) items.push(await viewer.view(r, tag));
    return { items, total: await r.tags.count(wanted) };
  });
}

/** With whether it was otherwise before. */
const changedView = Type.Composite([tagView, Type.Object({ changed: Type.Boolean() })]);

function setBlocked(blocked: boolean) {
  return ({ store, clock }: OperationContext, { tag }: { tag: string }) =>
    store.write(async (r) => {
      const found = await findTag(r, tag);
      await r.tags.update(found.tag, { blocked });
      const view = await viewTag(r, { ...found, blocked }, clock.now());
      return { ...view, changed: found.blocked !== blocked };
    });
}

export const tagOperations = {
  'tag.list': unary({
    summary: 'List tags',
    access: everyone,
    effect: 'read',
    input: Type.Composite([filterInput, Type.Object(listQuery)]),
    output: listOf(tagView),
    async run(context, { user, site, status, ...query }) {
      const wanted = given({ user, site, status });
      const page = await pageOf(context, wanted, query);
      if (page) return page;
      const views: TagView[] = [];
      for await (const page of pagesOf(context, wanted)) {
        for (const view of page) views.push(view);
      }
      return applyListQuery(views, query, fieldsOf(tagView));
    },
  }),

  'tag.export': stream({
    summary: 'All tags that match, by tag',
    access: everyone,
    effect: 'read',
    input: filterInput,
    output: tagView,
    run: pagesOf,
  }),

  'tag.show': unary({
    summary: 'Show a tag',
    access: everyone,
    effect: 'read',
    input: Type.Object({ tag: Type.String() }),
    output: tagView,
    run: ({ store, clock }, { tag }) =>
      store.read(async (r) => viewTag(r, await findTag(r, tag), clock.now())),
  }),

  'tag.create': unary({
    summary: 'Create a tag',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String(), ...tagProperties, ifExists }),
    output: createOutput(tagView),
    run({ store, clock, caller }, { tag, ifExists, ...properties }) {
      checkTag(tag);
      checkParent(tag, properties.parent);
      return store.write(async (r) => {
        const existing = await r.tags.find(tag);
        const wanted = await resolveTag(r, properties);
        const outcome = await createOrElse({
          what: `tag ${existing?.tag ?? tag}`,
          existing,
          ifExists,
          async create() {
            await r.tags.insert({
              ...newTag({ tag, createdAt: clock.now() }),
              ...newWithinReach(wanted, caller),
            });
            await r.tags.forgetUnknown(tag);
          },
          update: (old) => r.tags.update(tag, changeWithinReach(old, wanted, caller)),
        });
        return { outcome, item: await viewTag(r, await findTag(r, tag), clock.now()) };
      });
    },
  }),

  'tag.update': unary({
    summary: 'Change a tag',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String(), ...tagProperties }),
    output: tagView,
    run({ store, clock, caller }, { tag, ...properties }) {
      checkParent(tag, properties.parent);
      const wanted = changes(properties);
      return store.write(async (r) => {
        const existing = await findTag(r, tag);
        const change = changeWithinReach(existing, await resolveTag(r, wanted), caller);
        await r.tags.update(tag, change);
        return viewTag(r, await findTag(r, tag), clock.now());
      });
    },
  }),

  'tag.block': unary({
    summary: 'Refuse a tag from now on',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String() }),
    output: changedView,
    run: setBlocked(true),
  }),

  'tag.unblock': unary({
    summary: 'Accept a blocked tag again',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String() }),
    output: changedView,
    run: setBlocked(false),
  }),

  'tag.delete': unary({
    summary: 'Delete a tag; its sessions are kept',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String(), ...deleteInput }),
    output: Type.Composite([
      deleteOutput,
      /** How many tags name it as their parent, as they still do. */
      Type.Object({ parentOf: Type.Integer() }),
    ]),
    run: ({ store }, { tag, ignoreNotFound }) =>
      store.write(async (r) => {
        let parentOf = 0;
        const { deleted } = await deleteOrIgnore(ignoreNotFound, async () => {
          const found = await findTag(r, tag);
          parentOf = await r.tags.count({ parent: found.tag });
          await r.tags.delete(found.tag);
        });
        return { deleted, parentOf };
      }),
  }),

  'tag.unknown': unary({
    summary: 'List tags that stations were told to refuse because nobody knows them',
    access: staff,
    effect: 'read',
    input: Type.Object(listQuery),
    output: listOf(unknownTagView),
    run: ({ store }, query) =>
      store.read(async (r) => {
        const views = (await r.tags.listUnknown()).map(({ firstSeenAt, lastSeenAt, ...seen }) => ({
          tag: seen.tag,
          stationId: seen.stationId,
          firstSeen: toIso(firstSeenAt),
          lastSeen: toIso(lastSeenAt),
          attempts: seen.attempts,
        }));
        return applyListQuery(views, query, fieldsOf(unknownTagView));
      }),
  }),
};
