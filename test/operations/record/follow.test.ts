import { expect, it, onTestFinished } from 'vitest';
import { EventFeed } from '../../../src/domain/event-feed.js';
import type { FleetEvent } from '../../../src/domain/model.js';
import type { EventFilter } from '../../../src/domain/record-repositories.js';
import type { Store } from '../../../src/domain/repositories.js';
import { followEvents } from '../../../src/operations/record/follow.js';
import { announcing } from '../../../src/server/announcing-store.js';
import { temporaryStores } from '../../store/support/open-store.js';

const newStore = temporaryStores();

function event(kind: string): FleetEvent {
  const station = { stationUuid: 'u', stationId: 'CP1', connector: null };
  return { at: 1, receivedAt: 1, ...station, kind, detail: '{}' };
}

async function following({ tail = 0, filter = {} }: { tail?: number; filter?: EventFilter } = {}) {
  const feed = new EventFeed();
  const real = await newStore();
  const store = announcing(real, feed);
  let reads = 0;
  const counted: Store = {
    read(work) {
      reads += 1;
      return store.read(work);
    },
    write: (work) => store.write(work),
  };
  const abort = new AbortController();
  const batches = followEvents({ store: counted, feed, signal: abort.signal }, { filter, tail });
  onTestFinished(() => abort.abort());
  const add = (...kinds: readonly string[]) =>
    store.write(async ({ events }) => {
      for (const kind of kinds) await events.insert(event(kind));
    });
  return { feed, store, abort, batches, add, reads: () => reads };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('does not look while nothing happens', async () => {
  const { batches, store, add, reads } = await following();
  await batches.next();
  const next = batches.next();
  await settled();
  const before = reads();
  await store.write(({ settings }) => settings.set('backup.keep', '3', 1));
  await settled();
  expect(reads()).toBe(before);
  await add('a');
  expect((await next).value).toMatchObject([{ kind: 'a' }]);
  expect(reads()).toBe(before + 1);
});

it('misses nothing that happens between two readings', async () => {
  const { batches, add } = await following({ tail: 1 });
  await add('before');
  expect((await batches.next()).value).toMatchObject([{ kind: 'before' }]);
  await add('a', 'b');
  await add('c');
  expect((await batches.next()).value).toMatchObject([{ kind: 'a' }, { kind: 'b' }, { kind: 'c' }]);
});

it('holds no more than a batch for a reader that is slow', async () => {
  const { batches, add } = await following({ filter: { kind: 'a' } });
  await batches.next();
  await add(...Array.from({ length: 1000 }, (_, i) => (i % 2 ? `a.${i}` : 'b')));
  const sizes: number[] = [];
  for (let seen = 0; seen < 500; seen += sizes.at(-1) ?? 0) {
    const { value } = await batches.next();
    sizes.push(value?.length ?? 0);
  }
  expect(sizes).toEqual([200, 200, 100]);
});

it('goes on when retention has removed the last event, and numbers begin anew', async () => {
  const { batches, store, add } = await following();
  await add('a', 'b', 'c');
  await batches.next();
  await store.write(({ retention }) => retention.removeEvents({ receivedBefore: 100, limit: 10 }));
  await add('d');
  expect((await batches.next()).value).toMatchObject([{ kind: 'd', sequence: 1 }]);
});

it('tells of nothing that was rolled back', async () => {
  const { batches, store, add } = await following();
  await batches.next();
  const failing = store.write(async ({ events }) => {
    await events.insert(event('never'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await add('a');
  expect((await batches.next()).value).toMatchObject([{ kind: 'a' }]);
});

it.each([
  ['when it is aborted', ({ abort }: { abort: AbortController }) => abort.abort()],
  ['when the server stops', ({ feed }: { feed: EventFeed }) => feed.end()],
])('ends %s, while it waits', async (_, stop) => {
  const follower = await following();
  await follower.batches.next();
  const next = follower.batches.next();
  await settled();
  stop(follower);
  expect(await next).toEqual({ done: true, value: undefined });
});
