import type { TagImportRepository } from '../domain/import/tag-import-repository.js';
import type { TagRepository, UserRepository } from '../domain/people/people-repositories.js';
import type { GroupRepository, Repositories, StationRepository, Store } from '../domain/repositories.js';

/**
 * A store that tells when something changed on which it depends whether tags are accepted, and where, once that is on
 * disk: tags, users who are disabled, stations that go to other places. What stations present without being known is no
 * change.
 */
export function watchingTags(store: Store, onChange: () => void): Store {
  return {
    read: (work) => store.read(work),
    async write(work) {
      let hasChanged = false;
      const noted = () => {
        hasChanged = true;
      };
      const result = await store.write((r) => work(watch(r, noted)));
      if (hasChanged) onChange();
      return result;
    },
  };
}

/** The same repositories, made when they are asked for as before. */
function watch(repositories: Repositories, noted: () => void): Repositories {
  return new Proxy(repositories, {
    get(target, name) {
      switch (name) {
        case 'tags':
          return watchTags(target.tags, noted);
        case 'tagImports':
          return watchImports(target.tagImports, noted);
        case 'users':
          return watchUsers(target.users, noted);
        case 'groups':
          return watchGroups(target.groups, noted);
        case 'stations':
          return watchStations(target.stations, noted);
        default:
          return Reflect.get(target, name, target);
      }
    },
  });
}

function watchTags(tags: TagRepository, noted: () => void): TagRepository {
  return {
    ...tags,
    insert(tag) {
      noted();
      return tags.insert(tag);
    },
    insertMany(many) {
      noted();
      return tags.insertMany(many);
    },
    update(tag, change) {
      noted();
      return tags.update(tag, change);
    },
    delete(tag) {
      noted();
      return tags.delete(tag);
    },
  };
}

function watchImports(imports: TagImportRepository, noted: () => void): TagImportRepository {
  return {
    ...imports,
    apply(columns) {
      noted();
      return imports.apply(columns);
    },
  };
}

function watchUsers(users: UserRepository, noted: () => void): UserRepository {
  return {
    ...users,
    update(uuid, change) {
      if (change.disabled !== undefined) noted();
      return users.update(uuid, change);
    },
  };
}

function watchGroups(groups: GroupRepository, noted: () => void): GroupRepository {
  return {
    ...groups,
    addStation(groupUuid, stationUuid) {
      noted();
      return groups.addStation(groupUuid, stationUuid);
    },
    removeStation(groupUuid, stationUuid) {
      noted();
      return groups.removeStation(groupUuid, stationUuid);
    },
    delete(uuid) {
      noted();
      return groups.delete(uuid);
    },
  };
}

function watchStations(stations: StationRepository, noted: () => void): StationRepository {
  return {
    ...stations,
    update(uuid, change) {
      if (change.siteUuid !== undefined) noted();
      return stations.update(uuid, change);
    },
  };
}
