import { describe, expect, it } from 'vitest';
import type { Repositories } from '../../src/domain/repositories.js';
import { watchingTags } from '../../src/server/tag-watch.js';
import { newGroup, newSite, newStation, newTag, newUser } from '../store/support/fixtures.js';
import { temporaryStores } from '../store/support/open-store.js';

const newStore = temporaryStores();

/** How often a change of `work` is told. */
async function told(work: (r: Repositories) => Promise<unknown>): Promise<number> {
  const store = await newStore();
  await store.write(async (r) => {
    await r.sites.insert(newSite('Depot', { uuid: 's' }));
    await r.users.insert(newUser('ada@example.com', { uuid: 'u' }));
    await r.tags.insert(newTag('Cafe'));
    await r.groups.insert(newGroup('Night'));
    await r.stations.insert(newStation('CP1'));
  });
  let times = 0;
  const watched = watchingTags(store, () => {
    times += 1;
  });
  await watched.write(work);
  return times;
}

describe('who watches tags is told once, when it is on disk, of', () => {
  it.each<[string, (r: Repositories) => Promise<unknown>]>([
    ['a new tag', (r) => r.tags.insert(newTag('Beef'))],
    ['many new ones', (r) => r.tags.insertMany([newTag('Beef'), newTag('Food')])],
    ['another tag', (r) => r.tags.update('CAFE', { blocked: true })],
    ['a tag that goes', (r) => r.tags.delete('CAFE')],
    ['an import', (r) => r.tagImports.apply([])],
    ['a user who is disabled', (r) => r.users.update('u', { disabled: true })],
    ['a station that moves', (r) => r.stations.update('station-CP1', { siteUuid: 's' })],
    ['a station that joins a group', (r) => r.groups.addStation('group-Night', 'station-CP1')],
    ['a station that leaves a group', (r) => r.groups.removeStation('group-Night', 'station-CP1')],
    ['a group that goes', (r) => r.groups.delete('group-Night')],
  ])('%s', async (_, work) => {
    expect(await told(work)).toBe(1);
  });
});

describe('who watches tags is not told of', () => {
  it.each<[string, (r: Repositories) => Promise<unknown>]>([
    ['a look at tags', (r) => r.tags.list()],
    ['a stranger', (r) => r.tags.noteUnknown('f00d', 'CP1', 1)],
    ['the name of a user', (r) => r.users.update('u', { firstName: 'Ada' })],
    ['the name of a station', (r) => r.stations.update('station-CP1', { name: 'x' })],
  ])('%s', async (_, work) => {
    expect(await told(work)).toBe(0);
  });

  it('what was undone', async () => {
    const undone = told(async (r) => {
      await r.tags.delete('CAFE');
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
  });
});
