import { FleetError } from '../../domain/errors.js';
import type { Tag, User } from '../../domain/people/people.js';
import type { Repositories, StationFilter } from '../../domain/repositories.js';
import { isPlaced, wouldBeEverywhere } from '../people/tag-input.js';
import { only } from './only.js';
import { isTaken, type Sight } from './sight.js';

type People = Pick<Repositories, 'users' | 'tags' | 'tagImports' | 'apiKeys'>;
type Places = Pick<Tag, 'siteUuids' | 'groupUuids'>;

const nowhere: Places = { siteUuids: [], groupUuids: [] };

/** What is in one of them only. */
function different(a: readonly string[], b: readonly string[]): string[] {
  return [...a.filter((one) => !b.includes(one)), ...b.filter((one) => !a.includes(one))];
}

/**
 * The people who are for one of the sites in sight, with their tags and keys. Who is for other sites as well is seen,
 * but not changed: they would get, or lose, what is out of sight.
 */
export function peopleInSight(sight: Sight): People {
  const { r, caller } = sight;
  const refusal = () => sight.refusal();

  const seesUser = ({ uuid, siteUuids }: User) =>
    uuid === caller.userUuid || siteUuids.some((site) => sight.isAt(site));

  const isBeneath = ({ role, siteUuids }: Pick<User, 'role' | 'siteUuids'>) =>
    role !== 'admin' && siteUuids.length > 0 && siteUuids.every((site) => sight.isAt(site));

  const userInSight = (user: User | undefined) => (user && seesUser(user) ? user : undefined);

  function checkBeneath(user: Pick<User, 'email' | 'role' | 'siteUuids'>): void {
    if (isBeneath(user)) return;
    throw new FleetError('NOT_ALLOWED', `${user.email} would be, or is, for more than your sites.`, {
      suggestions: ['Ask somebody who is for the whole fleet.'],
    });
  }

  async function checkUser(uuid: string): Promise<User> {
    const user = userInSight(await r.users.findByUuid(uuid));
    if (!user) throw sight.refusal();
    checkBeneath(user);
    return user;
  }

  /** Their own keys, and those of people whom they may change. */
  async function hasKeysOf(userUuid: string): Promise<boolean> {
    if (userUuid === caller.userUuid) return true;
    const user = await r.users.findByUuid(userUuid);
    return user !== undefined && isBeneath(user);
  }

  async function checkKeysOf(userUuid: string | undefined): Promise<void> {
    if (userUuid === undefined || !(await hasKeysOf(userUuid))) throw sight.refusal();
  }

  async function seesTag({ userUuid, siteUuids }: Tag): Promise<boolean> {
    if (siteUuids.some((site) => sight.isAt(site))) return true;
    return userUuid !== null && userInSight(await r.users.findByUuid(userUuid)) !== undefined;
  }

  const wholeGroups = new Map<string, boolean>();

  /** Whether all stations of a group are in sight. */
  async function isWhole(groupUuid: string): Promise<boolean> {
    const known = wholeGroups.get(groupUuid);
    if (known !== undefined) return known;
    const all = await r.groups.listStationIds(groupUuid);
    const seen = await r.stations.listIds(sight.narrow<StationFilter>({ groupUuid }));
    wholeGroups.set(groupUuid, all.length === seen.length);
    return all.length === seen.length;
  }

  /** Places out of sight neither come nor go, and it does not become one for all places. */
  async function checkPlaces(tag: string, before: Places, after: Places): Promise<void> {
    const sites = different(before.siteUuids, after.siteUuids);
    const groups = different(before.groupUuids, after.groupUuids);
    let isInSight = sites.every((site) => sight.isAt(site));
    for (const group of groups) isInSight &&= await isWhole(group);
    if (isInSight) return;
    throw new FleetError('NOT_ALLOWED', `Tag ${tag} would be, or is, for more than your sites.`, {
      suggestions: ['Ask somebody who is for the whole fleet.'],
    });
  }

  async function checkTag(tag: Tag, before: Tag | undefined): Promise<void> {
    await checkPlaces(tag.tag, before ?? nowhere, tag);
    if (!isPlaced(tag) && (!before || isPlaced(before))) throw wouldBeEverywhere(tag.tag);
    if (!(await seesTag(tag))) throw sight.refusal();
  }

  async function findTag(name: string): Promise<Tag> {
    const tag = await r.tags.find(name);
    if (!tag || !(await seesTag(tag))) throw sight.refusal();
    return tag;
  }

  async function checkNew(tag: Tag): Promise<void> {
    if (await r.tags.find(tag.tag)) throw isTaken(`tag ${tag.tag}`);
    await checkTag(tag, undefined);
  }

  return {
    users: only(
      {
        findByEmail: async (email) => userInSight(await r.users.findByEmail(email)),
        findByUuid: async (uuid) => userInSight(await r.users.findByUuid(uuid)),
        list: (filter = {}) => r.users.list(sight.narrow(filter)),
        async insert(user) {
          checkBeneath(user);
          await r.users.insert(user);
        },
        async update(uuid, change) {
          const { role, siteUuids, disabled } = change;
          const isOfNoWeight = role === undefined && siteUuids === undefined && disabled === undefined;
          if (uuid !== caller.userUuid || !isOfNoWeight)
            checkBeneath({ ...(await checkUser(uuid)), ...change });
          await r.users.update(uuid, change);
        },
        async delete(uuid) {
          await checkUser(uuid);
          await r.users.delete(uuid);
        },
      },
      refusal,
    ),

    tags: only(
      {
        async find(name) {
          const tag = await r.tags.find(name);
          return tag && (await seesTag(tag)) ? tag : undefined;
        },
        list: (filter = {}) => r.tags.list(sight.narrow(filter)),
        count: (filter = {}) => r.tags.count(sight.narrow(filter)),
        async insert(tag) {
          await checkNew(tag);
          await r.tags.insert(tag);
        },
        async insertMany(tags) {
          for (const tag of tags) await checkNew(tag);
          await r.tags.insertMany(tags);
        },
        async update(name, change) {
          const tag = await findTag(name);
          await checkTag({ ...tag, ...change }, tag);
          await r.tags.update(name, change);
        },
        async delete(name) {
          const tag = await findTag(name);
          await checkPlaces(tag.tag, tag, nowhere);
          await r.tags.delete(name);
        },
        async listUnknown() {
          const seen = await r.tags.listUnknown();
          const ids = new Set(seen.length === 0 ? [] : await r.stations.listIds(sight.narrow({})));
          return seen.filter(({ stationId }) => ids.has(stationId));
        },
        // As a tag is created it is known everywhere.
        forgetUnknown: (tag) => r.tags.forgetUnknown(tag),
      },
      refusal,
    ),

    // There is one at a time, whoever's it is; what comes with it is looked at as it comes.
    tagImports: only(
      {
        async find() {
          const found = await r.tagImports.find();
          return found && { ...found, caller: found.caller === caller.name ? caller.name : 'Somebody else' };
        },
        insert: (tagImport) => r.tagImports.insert(tagImport),
        update: (uuid, change) => r.tagImports.update(uuid, change),
        findLine: (tag) => r.tagImports.findLine(tag),
        async stage(staged) {
          for (const { tag, action } of staged) {
            if (action === 'create') await checkNew(tag);
            else await checkTag(tag, await findTag(tag.tag));
          }
          await r.tagImports.stage(staged);
        },
        apply: (columns) => r.tagImports.apply(columns),
        clear: () => r.tagImports.clear(),
      },
      refusal,
    ),

    apiKeys: only(
      {
        async find(id) {
          const key = await r.apiKeys.find(id);
          return key && (await hasKeysOf(key.userUuid)) ? key : undefined;
        },
        async list(filter) {
          const keys = await r.apiKeys.list(filter);
          const shown = new Map<string, boolean>();
          for (const { userUuid } of keys)
            if (!shown.has(userUuid)) shown.set(userUuid, await hasKeysOf(userUuid));
          return keys.filter(({ userUuid }) => shown.get(userUuid));
        },
        async insert(key) {
          await checkKeysOf(key.userUuid);
          await r.apiKeys.insert(key);
        },
        async update(id, change) {
          await checkKeysOf((await r.apiKeys.find(id))?.userUuid);
          await r.apiKeys.update(id, change);
        },
        async delete(id) {
          await checkKeysOf((await r.apiKeys.find(id))?.userUuid);
          await r.apiKeys.delete(id);
        },
        async deleteByUser(userUuid) {
          await checkKeysOf(userUuid);
          await r.apiKeys.deleteByUser(userUuid);
        },
      },
      refusal,
    ),
  };
}
