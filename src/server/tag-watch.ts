import type { TagRepository } from '../domain/people-repositories.js';
import type { Repositories, Store } from '../domain/repositories.js';
import type { TagImportRepository } from '../domain/tag-import-repository.js';

/** A store that tells when tags were changed, once that is on disk. What stations present without being known is no change. */
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
      if (name === 'tags') return watchTags(target.tags, noted);
      if (name === 'tagImports') return watchImports(target.tagImports, noted);
      return Reflect.get(target, name, target);
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
