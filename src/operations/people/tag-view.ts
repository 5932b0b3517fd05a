import { type Static, Type } from '@sinclair/typebox';
import type { Tag } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

export const tagView = Type.Object({
  tag: Type.String(),
  status: oneOf('accepted', 'blocked', 'expired'),
  label: nullable(Type.String()),
  expires: nullable(instant),
  parent: nullable(Type.String()),
  createdAt: instant,
  /** E-mail address. */
  user: nullable(Type.String()),
  /** Sessions at a time; null any number. */
  maxActive: nullable(Type.Integer()),
  /** Names of where it is accepted, sorted; everywhere when there are neither sites nor groups. */
  sites: Type.Array(Type.String()),
  groups: Type.Array(Type.String()),
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

/** Makes views of tags. Names are looked up once each, and only those that exist for the caller are shown. */
export class TagViewer {
  readonly #now: number;
  readonly #emails = new Map<string, string | null>();
  #sites: ReadonlyMap<string, string> | undefined;
  #groups: ReadonlyMap<string, string> | undefined;

  /** @param now milliseconds since the epoch: what has expired by then is shown so */
  constructor(now: number) {
    this.#now = now;
  }

  async view(r: Repositories, tag: Tag): Promise<TagView> {
    const expired = tag.expiresAt !== null && tag.expiresAt <= this.#now;
    return {
      tag: tag.tag,
      status: tag.blocked ? 'blocked' : expired ? 'expired' : 'accepted',
      label: tag.label,
      expires: toIso(tag.expiresAt),
      parent: tag.parent,
      createdAt: toIso(tag.createdAt),
      user: tag.userUuid === null ? null : await this.#emailOf(r, tag.userUuid),
      maxActive: tag.maxActive,
      sites: tag.siteUuids.length === 0 ? [] : namesOf(tag.siteUuids, await this.#siteNames(r)),
      groups: tag.groupUuids.length === 0 ? [] : namesOf(tag.groupUuids, await this.#groupNames(r)),
    };
  }

  async #emailOf(r: Repositories, userUuid: string): Promise<string | null> {
    const known = this.#emails.get(userUuid);
    if (known !== undefined) return known;
    const email = (await r.users.findByUuid(userUuid))?.email ?? null;
    this.#emails.set(userUuid, email);
    return email;
  }

  async #siteNames(r: Repositories): Promise<ReadonlyMap<string, string>> {
    this.#sites ??= new Map((await r.sites.list()).map(({ uuid, name }) => [uuid, name]));
    return this.#sites;
  }

  async #groupNames(r: Repositories): Promise<ReadonlyMap<string, string>> {
    this.#groups ??= new Map((await r.groups.list()).map(({ uuid, name }) => [uuid, name]));
    return this.#groups;
  }
}

/** One tag. */
export function viewTag(r: Repositories, tag: Tag, now: number): Promise<TagView> {
  return new TagViewer(now).view(r, tag);
}

function namesOf(uuids: readonly string[], names: ReadonlyMap<string, string>): string[] {
  return uuids.flatMap((uuid) => names.get(uuid) ?? []).sort();
}
