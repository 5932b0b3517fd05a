import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { checkTag } from '../../domain/identifiers.js';
import { tagLimits } from '../../domain/import/tag-import.js';
import type { Caller } from '../../domain/people/caller.js';
import type { Tag } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import { findGroup, findSite, findUser } from '../lookup.js';
import { given, nullable } from '../shared.js';

const names = Type.Array(Type.String({ maxLength: tagLimits.name }), { maxItems: tagLimits.names });

/** What can be said of a tag; null and empty lists remove. */
export const tagProperties = {
  label: Type.Optional(nullable(Type.String({ maxLength: tagLimits.label }))),
  /** Milliseconds since the epoch, until the end of the year 9999; null never. */
  expiresAt: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: tagLimits.expiresAt }))),
  parent: Type.Optional(nullable(Type.String())),
  /** E-mail address of a user. */
  user: Type.Optional(nullable(Type.String({ maxLength: tagLimits.user }))),
  /** Sessions that may run with it at a time; null any number. */
  maxActive: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: tagLimits.maxActive }))),
  /** Names of the sites whose stations accept it. */
  sites: Type.Optional(names),
  groups: Type.Optional(names),
};

const input = Type.Object(tagProperties);
export type TagProperties = Static<typeof input>;
export type TagChange = Partial<Omit<Tag, 'tag' | 'createdAt' | 'blocked'>>;

/** @throws FleetError USAGE when no station could present the parent, or it is the tag itself */
export function checkParent(tag: string, parent: string | null | undefined): void {
  if (typeof parent !== 'string') return;
  checkTag(parent);
  if (parent.toLowerCase() === tag.toLowerCase()) {
    throw new FleetError('USAGE', `The tag ${tag} cannot be its own parent.`);
  }
}

/** With what was named found. @throws FleetError NOT_FOUND when there is no such user, site or group */
export async function resolveTag(
  r: Repositories,
  { user, sites, groups, ...rest }: TagProperties,
): Promise<TagChange> {
  // Stations may compare it letter by letter.
  const parent = typeof rest.parent === 'string' ? await r.tags.find(rest.parent) : undefined;
  const userUuid = typeof user === 'string' ? (await findUser(r, user)).uuid : user;
  return {
    ...given(rest),
    ...(parent && { parent: parent.tag }),
    ...(userUuid !== undefined && { userUuid }),
    ...(sites && { siteUuids: await uuidsOf(sites, (name) => findSite(r, name)) }),
    ...(groups && { groupUuids: await uuidsOf(groups, (name) => findGroup(r, name)) }),
  };
}

async function uuidsOf(
  names: readonly string[],
  find: (name: string) => Promise<{ uuid: string }>,
): Promise<string[]> {
  const uuids = new Set<string>();
  for (const name of names) uuids.add((await find(name)).uuid);
  return [...uuids];
}

/**
 * What a new tag becomes: one of who is for some sites is for stations of these, all of them when nothing was said.
 * Without a place it would charge everywhere, at the cost of others.
 * @throws FleetError NOT_ALLOWED when there is no such site
 */
export function newWithinReach(tag: TagChange, caller: Caller): TagChange {
  const { siteUuids: own } = caller;
  if (own === null || (isPlaced(tag) && reaches(tag, own))) return tag;
  if (own.length === 0) throw outOfReach(caller);
  return { ...tag, siteUuids: [...own] };
}

/**
 * What a change makes of a tag. Sites of it that do not exist for the caller stay.
 * @throws FleetError NOT_ALLOWED when a caller who is for some sites would leave it with neither a user nor one of them,
 *   or have it charge everywhere
 */
export function changeWithinReach(existing: Tag, change: TagChange, caller: Caller): TagChange {
  const { siteUuids: own } = caller;
  if (own === null) return change;
  const unseen = existing.siteUuids.filter((uuid) => !own.includes(uuid));
  const kept = change.siteUuids ? { ...change, siteUuids: [...change.siteUuids, ...unseen] } : change;
  const after = { ...existing, ...kept };
  if (isPlaced(existing) && !isPlaced(after)) throw wouldBeEverywhere(existing.tag);
  if (reaches(after, own)) return kept;
  throw outOfReach(caller);
}

function reaches({ userUuid, siteUuids = [] }: TagChange, own: readonly string[]): boolean {
  return typeof userUuid === 'string' || siteUuids.some((uuid) => own.includes(uuid));
}

/** Whether it is for some places only. */
export function isPlaced({ siteUuids = [], groupUuids = [] }: TagChange): boolean {
  return siteUuids.length + groupUuids.length > 0;
}

export function wouldBeEverywhere(tag: string): FleetError {
  return new FleetError('NOT_ALLOWED', `Tag ${tag} would charge everywhere, not at your sites only.`, {
    suggestions: [
      '--site with one of your sites, or several',
      'Ask somebody who is for the whole fleet, if it is to charge everywhere.',
    ],
  });
}

function outOfReach({ name }: Caller): FleetError {
  return new FleetError(
    'NOT_ALLOWED',
    `${name} is for some sites only: a tag needs a user, or sites of theirs.`,
    {
      suggestions: ['--user with the e-mail address of a user of these sites', '--site with one of them'],
    },
  );
}
