import type { EventFeed } from '../domain/event-feed.js';
import type { FleetEvent } from '../domain/model.js';
import type { MeterStore, Repositories } from '../domain/repositories.js';

/** A store that announces events once they are on disk, whoever wrote them. */
export function announcing(store: MeterStore, feed: EventFeed): MeterStore {
  return {
    read: (work) => store.read(work),
    addSamples: (samples, registers) => store.addSamples(samples, registers),
    async write(work) {
      let isNews = false;
      const result = await store.write((r) =>
        work(
          watchEvents(r, () => {
            isNews = true;
          }),
        ),
      );
      if (isNews) feed.announce();
      return result;
    },
  };
}

/** The same repositories, made when they are asked for as before. */
function watchEvents(repositories: Repositories, onInsert: () => void): Repositories {
  return new Proxy(repositories, {
    get(target, name) {
      if (name !== 'events') return Reflect.get(target, name, target);
      const { events } = target;
      return {
        ...events,
        insert(event: FleetEvent) {
          onInsert();
          return events.insert(event);
        },
      };
    },
  });
}
