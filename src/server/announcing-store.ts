import type { EventFeed } from '../domain/event-feed.js';
import type { FleetEvent } from '../domain/model.js';
import type { MeterStore, Repositories } from '../domain/repositories.js';

/**
 * A store that announces events, and changes of firmware rollouts, once they are on disk, whoever wrote them.
 */
export function announcing(store: MeterStore, feed: EventFeed, rollouts?: EventFeed): MeterStore {
  return {
    read: (work) => store.read(work),
    addSamples: (samples, registers) => store.addSamples(samples, registers),
    async write(work) {
      let isNews = false;
      let isRollout = false;
      const result = await store.write((r) =>
        work(
          watch(r, {
            event: () => {
              isNews = true;
            },
            rollout: () => {
              isRollout = true;
            },
          }),
        ),
      );
      if (isNews) feed.announce();
      if (isRollout) rollouts?.announce();
      return result;
    },
  };
}

/** The same repositories, made when they are asked for as before. */
function watch(
  repositories: Repositories,
  on: { readonly event: () => void; readonly rollout: () => void },
): Repositories {
  return new Proxy(repositories, {
    get(target, name) {
      if (name === 'events') {
        const { events } = target;
        return {
          ...events,
          insert(event: FleetEvent) {
            on.event();
            return events.insert(event);
          },
        };
      }
      return name === 'firmwareRollouts'
        ? watchRollouts(target, on.rollout)
        : Reflect.get(target, name, target);
    },
  });
}

function watchRollouts(
  { firmwareRollouts }: Repositories,
  onChange: () => void,
): Repositories['firmwareRollouts'] {
  return {
    ...firmwareRollouts,
    insert(rollout, targets) {
      onChange();
      return firmwareRollouts.insert(rollout, targets);
    },
    update(id, change) {
      onChange();
      return firmwareRollouts.update(id, change);
    },
    updateTarget(target, change) {
      onChange();
      return firmwareRollouts.updateTarget(target, change);
    },
  };
}
