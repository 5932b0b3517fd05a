import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import { checkTag } from '../domain/identifiers.js';
import { newTag } from '../domain/new-entities.js';
import type { Tag } from '../domain/people.js';
import { everyone, siteManagers, staff } from './access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from './list.js';
import { findTag } from './lookup.js';
import { type OperationContext, unary } from './operation.js';
import {
  changes,
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  given,
  ifExists,
  instant,
  nullable,
  oneOf,
  toIso,
} from './shared.js';

export const tagView = Type.Object({
  tag: Type.String(),
  status: oneOf('accepted', 'blocked', 'expired'),
  label: nullable(Type.String()),
  expires: nullable(instant),
  parent: nullable(Type.String()),
  createdAt: instant,
});
export type TagView = Static<typeof tagView>;

export const unknownTagView = Type.Object({
  tag: Type.String(),
  stationId: Type.String(),
  firstSeen: instant,
  lastSeen: instant,
  attempts: Type.Integer(),
});
export type UnknownTagView = Static<typeof unknownTagView>;

const properties = {
  label: Type.Optional(nullable(Type.String({ maxLength: 100 }))),
  /** Milliseconds since the epoch, until the end of the year 9999; null never. */
  expiresAt: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 }))),
  parent: Type.Optional(nullable(Type.String())),
};

function toView(tag: Tag, now: number): TagView {
  const expired = tag.expiresAt !== null && tag.expiresAt <= now;
  return {
    tag: tag.tag,
    status: tag.blocked ? 'blocked' : expired ? 'expired' : 'accepted',
    label: tag.label,
    expires: toIso(tag.expiresAt),
    parent: tag.parent,
    createdAt: toIso(tag.createdAt),
  };
}

function checkParent(tag: string, parent: string | null | undefined): void {
  if (typeof parent !== 'string') return;
  checkTag(parent);
  if (parent.toLowerCase() === tag.toLowerCase()) {
    throw new FleetError('USAGE', `The tag ${tag} cannot be its own parent.`);
  }
}

function setBlocked(blocked: boolean) {
  return ({ store, clock }: OperationContext, { tag }: { tag: string }) =>
    store.write(async (r) => {
      const found = await findTag(r, tag);
      await r.tags.update(found.tag, { blocked });
      return toView({ ...found, blocked }, clock.now());
    });
}

export const tagOperations = {
  'tag.list': unary({
    summary: 'List tags',
    access: everyone,
    effect: 'read',
    input: Type.Object(listQuery),
    output: listOf(tagView),
    run: ({ store, clock }, query) =>
      store.read(async (r) => {
        const now = clock.now();
        const views = (await r.tags.list()).map((tag) => toView(tag, now));
        return applyListQuery(views, query, fieldsOf(tagView));
      }),
  }),

  'tag.show': unary({
    summary: 'Show a tag',
    access: everyone,
    effect: 'read',
    input: Type.Object({ tag: Type.String() }),
    output: tagView,
    run: ({ store, clock }, { tag }) => store.read(async (r) => toView(await findTag(r, tag), clock.now())),
  }),

  'tag.create': unary({
    summary: 'Create a tag',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String(), ...properties, ifExists }),
    output: createOutput(tagView),
    run({ store, clock }, { tag, label, expiresAt, parent, ifExists }) {
      checkTag(tag);
      checkParent(tag, parent);
      return store.write(async (r) => {
        const existing = await r.tags.find(tag);
        const outcome = await createOrElse({
          what: `tag ${existing?.tag ?? tag}`,
          existing,
          ifExists,
          async create() {
            await r.tags.insert({
              ...newTag({ tag, createdAt: clock.now() }),
              ...given({ label, expiresAt, parent }),
            });
            await r.tags.forgetUnknown(tag);
          },
          update: () => r.tags.update(tag, given({ label, expiresAt, parent })),
        });
        return { outcome, item: toView(await findTag(r, tag), clock.now()) };
      });
    },
  }),

  'tag.update': unary({
    summary: 'Change a tag',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String(), ...properties }),
    output: tagView,
    run({ store, clock }, { tag, label, expiresAt, parent }) {
      checkParent(tag, parent);
      const change = changes({ label, expiresAt, parent });
      return store.write(async (r) => {
        await findTag(r, tag);
        await r.tags.update(tag, change);
        return toView(await findTag(r, tag), clock.now());
      });
    },
  }),

  'tag.block': unary({
    summary: 'Refuse a tag from now on',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String() }),
    output: tagView,
    run: setBlocked(true),
  }),

  'tag.unblock': unary({
    summary: 'Accept a blocked tag again',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String() }),
    output: tagView,
    run: setBlocked(false),
  }),

  'tag.delete': unary({
    summary: 'Delete a tag; its sessions are kept',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ tag: Type.String(), ...deleteInput }),
    output: deleteOutput,
    run: ({ store }, { tag, ignoreNotFound }) =>
      store.write((r) =>
        deleteOrIgnore(ignoreNotFound, async () => r.tags.delete((await findTag(r, tag)).tag)),
      ),
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
