import type { SessionFilter } from '../../domain/charging/session-repositories.js';
import type { Session } from '../../domain/model.js';
import type { Tag } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import { only } from './only.js';
import { sessionsShown } from './sessions.js';
import type { Sight } from './sight.js';

type Own = Pick<
  Repositories,
  'sites' | 'stations' | 'groups' | 'users' | 'tags' | 'apiKeys' | 'sessions' | 'samples'
>;

/** What a driver has: tags, sessions and keys. Sites are names of where these are, nothing more. */
export function ownOf(sight: Sight): Own {
  const { r, caller } = sight;
  const refusal = () => sight.refusal();
  const { userUuid } = caller;
  const isOwn = (thing: { readonly userUuid: string | null }) =>
    userUuid !== null && thing.userUuid === userUuid;

  /** The same filter, for what is theirs. */
  function narrow<F extends { readonly userUuid?: string }>(
    filter: F,
  ): (F & { readonly userUuid: string }) | undefined {
    const isForeign = filter.userUuid !== undefined && filter.userUuid !== userUuid;
    return userUuid === null || isForeign ? undefined : { ...filter, userUuid };
  }

  const shown = sessionsShown(sight, {
    sees: (session: Session) => isOwn(session),
    narrow: (filter: SessionFilter) => narrow(filter),
  });

  async function checkKey(id: string): Promise<void> {
    const key = await r.apiKeys.find(id);
    if (!key || !isOwn(key)) throw sight.refusal();
  }

  return {
    sites: only(
      {
        async findByName(name) {
          const site = await r.sites.findByName(name);
          return site && sight.isAt(site.uuid) ? site : undefined;
        },
        list: async () => (await r.sites.list()).filter(({ uuid }) => sight.isAt(uuid)),
      },
      refusal,
    ),
    // Look-ups by name have to find nothing, rather than fail.
    stations: only(
      { findById: async () => undefined, list: async () => [], listIds: async () => [] },
      refusal,
    ),
    groups: only({ findByName: async () => undefined, list: async () => [] }, refusal),
    users: only(
      {
        async findByEmail(email) {
          const user = await r.users.findByEmail(email);
          return user?.uuid === userUuid ? user : undefined;
        },
        findByUuid: async (uuid) => (uuid === userUuid ? r.users.findByUuid(uuid) : undefined),
        async list() {
          const self = userUuid === null ? undefined : await r.users.findByUuid(userUuid);
          return self ? [self] : [];
        },
        // Of oneself, one's password and nothing else.
        async update(uuid, { passwordHash, ...rest }) {
          if (uuid !== userUuid || passwordHash === undefined || Object.keys(rest).length > 0)
            throw sight.refusal();
          await r.users.update(uuid, { passwordHash });
        },
      },
      refusal,
    ),
    tags: only(
      {
        async find(name) {
          const tag: Tag | undefined = await r.tags.find(name);
          return tag && isOwn(tag) ? tag : undefined;
        },
        async list(filter = {}) {
          const own = narrow(filter);
          return own ? r.tags.list(own) : [];
        },
        async count(filter = {}) {
          const own = narrow(filter);
          return own ? r.tags.count(own) : 0;
        },
      },
      refusal,
    ),
    apiKeys: only(
      {
        async find(id) {
          const key = await r.apiKeys.find(id);
          return key && isOwn(key) ? key : undefined;
        },
        async list(filter = {}) {
          const own = narrow(filter);
          return own ? r.apiKeys.list(own) : [];
        },
        async insert(key) {
          if (!isOwn(key)) throw sight.refusal();
          await r.apiKeys.insert(key);
        },
        async update(id, change) {
          await checkKey(id);
          await r.apiKeys.update(id, change);
        },
        async delete(id) {
          await checkKey(id);
          await r.apiKeys.delete(id);
        },
      },
      refusal,
    ),
    sessions: only(shown.sessions, refusal),
    samples: only(shown.samples, refusal),
  };
}
