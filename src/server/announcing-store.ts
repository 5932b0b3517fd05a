import type { EventFeed } from '../domain/event-feed.js';
import type { FleetEvent } from '../domain/model.js';
import type { MeterStore, Repositories } from '../domain/repositories.js';

/**
 * A store that announces events, changes of firmware rollouts, and messages to be sent or settings they depend on, once
 * they are on disk, whoever wrote them.
 */
export function announcing(
  store: MeterStore,
  feed: EventFeed,
  rollouts?: EventFeed,
  outbox?: EventFeed,
): MeterStore {
  return {
    read: (work) => store.read(work),
    addSamples: (samples, registers) => store.addSamples(samples, registers),
    async write(work) {
      let isNews = false;
      let isRollout = false;
      let isMessage = false;
      const result = await store.write((r) =>
        work(
          watch(r, {
            event: () => {
              isNews = true;
            },
            rollout: () => {
              isRollout = true;
            },
            message: () => {
              isMessage = true;
            },
          }),
        ),
      );
      if (isNews) feed.announce();
      if (isRollout) rollouts?.announce();
      if (isMessage) outbox?.announce();
      return result;
    },
  };
}

/** The same repositories, made when they are asked for as before. */
function watch(
  repositories: Repositories,
  on: { readonly event: () => void; readonly rollout: () => void; readonly message: () => void },
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
      if (name === 'firmwareRollouts') return watchRollouts(target, on.rollout);
      if (name === 'outbox') return watchOutbox(target, on.message);
      return name === 'settings' ? watchSettings(target, on.message) : Reflect.get(target, name, target);
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

function watchOutbox({ outbox }: Repositories, onChange: () => void): Repositories['outbox'] {
  return {
    ...outbox,
    insert(message) {
      onChange();
      return outbox.insert(message);
    },
    update(id, change) {
      onChange();
      return outbox.update(id, change);
    },
  };
}

function watchSettings({ settings }: Repositories, onChange: () => void): Repositories['settings'] {
  return {
    ...settings,
    set(key, value, updatedAt) {
      onChange();
      return settings.set(key, value, updatedAt);
    },
    remove(key) {
      onChange();
      return settings.remove(key);
    },
  };
}
