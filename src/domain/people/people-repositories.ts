import type { ApiKey, Tag, UnknownTag, User } from './people.js';

interface UserFilter {
  /** Those who are for at least one of these sites. */
  readonly siteUuids?: readonly string[];
}

export interface UserRepository {
  /** Case-insensitive. */
  findByEmail(email: string): Promise<User | undefined>;
  findByUuid(uuid: string): Promise<User | undefined>;
  /** By e-mail address. */
  list(filter?: UserFilter): Promise<User[]>;
  /** @throws FleetError EXISTS when the address is taken, be it by somebody who is out of the caller's sight */
  insert(user: User): Promise<void>;
  /** @throws FleetError EXISTS as insert */
  update(uuid: string, change: Partial<Omit<User, 'uuid' | 'createdAt'>>): Promise<void>;
  /** The tags and keys of the person have to be dealt with before. */
  delete(uuid: string): Promise<void>;
}

export interface TagFilter {
  readonly userUuid?: string;
  /** Those of users who are for one of these sites, and those that are accepted at one of them only. */
  readonly siteUuids?: readonly string[];
  /** Those that are accepted at stations of this group, and not everywhere. */
  readonly groupUuid?: string;
  /** Those that name this tag as their parent, in any case. */
  readonly parent?: string;
  /** Those behind this tag. */
  readonly after?: string;
  /** Those before this tag, from there backwards. */
  readonly before?: string;
  readonly limit?: number;
  /** How many are left out before; only with `limit`. */
  readonly offset?: number;
}

export interface TagRepository {
  /** Case-insensitive. */
  find(tag: string): Promise<Tag | undefined>;
  /** In the order of their case-folded form. */
  list(filter?: TagFilter): Promise<Tag[]>;
  /** How many match, whatever `limit` and `offset` say. */
  count(filter?: TagFilter): Promise<number>;
  insert(tag: Tag): Promise<void>;
  /** Many at once; none of them may be there. */
  insertMany(tags: readonly Tag[]): Promise<void>;
  update(tag: string, change: Partial<Omit<Tag, 'tag' | 'createdAt'>>): Promise<void>;
  delete(tag: string): Promise<void>;
  /** Counts a refused tag at a station; the list keeps the newest 1,000. */
  noteUnknown(tag: string, stationId: string, at: number): Promise<void>;
  /** Seen last first. */
  listUnknown(): Promise<UnknownTag[]>;
  forgetUnknown(tag: string): Promise<void>;
}

export interface ApiKeyRepository {
  find(id: string): Promise<ApiKey | undefined>;
  /** Newest first, revoked ones included. */
  list(filter?: { readonly userUuid?: string }): Promise<ApiKey[]>;
  insert(key: ApiKey): Promise<void>;
  update(
    id: string,
    change: Partial<Pick<ApiKey, 'label' | 'expiresAt' | 'lastUsedAt' | 'revokedAt'>>,
  ): Promise<void>;
  delete(id: string): Promise<void>;
  /** All keys of a person. */
  deleteByUser(userUuid: string): Promise<void>;
}
