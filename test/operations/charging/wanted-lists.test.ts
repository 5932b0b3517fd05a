import { expect, it } from 'vitest';
import { WantedLists } from '../../../src/operations/charging/wanted-lists.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { newGroup, newSite, newStation, newTag } from '../../store/support/fixtures.js';
import { temporaryStores } from '../../store/support/open-store.js';

const newStore = temporaryStores();
const clock = new FakeClock();

it('the list of a station has all its tags, also when somebody asks for it who sees none of them', async () => {
  const [wholeStore, store] = [await newStore(), await newStore()];
  await wholeStore.write(async (r) => {
    await r.sites.insert(newSite('Depot', { uuid: 's' }));
    await r.groups.insert(newGroup('Night'));
    await r.stations.insert(newStation('CP1', { siteUuid: 's' }));
    await r.groups.addStation('group-Night', 'station-CP1');
    await r.tags.insert(newTag('site', { siteUuids: ['s'] }));
    await r.tags.insert(newTag('group', { groupUuids: ['group-Night'] }));
    await r.tags.insert(newTag('all'));
  });
  const lists = await WantedLists.read({ store, wholeStore, clock });
  const list = await lists.of({ uuid: 'station-CP1', siteUuid: 's' });
  expect(list.entries.map(({ tag }) => tag)).toEqual(['all', 'group', 'site']);
});

it('stations that no tag tells apart share a list, and each list has a name of its own', async () => {
  const store = await newStore();
  await store.write(async (r) => {
    for (const uuid of ['s', 't', 'u']) await r.sites.insert(newSite(uuid, { uuid }));
    await r.tags.insert(newTag('site', { siteUuids: ['s'], expiresAt: clock.now() + 5 }));
    await r.tags.insert(newTag('old', { expiresAt: clock.now() }));
  });
  const lists = await WantedLists.read({ store, clock });
  expect([lists.areAllTheSame, lists.goodUntil]).toEqual([false, clock.now() + 5]);
  const at = (siteUuid: string | null) => lists.at({ siteUuid, groupUuids: ['g'] });
  expect(at('t')).toBe(at('u'));
  expect(at('t')).toBe(at(null));
  expect(lists.keys).toHaveLength(1);
  expect(at('s').key).not.toBe(at('t').key);
  expect(lists.keys).toHaveLength(2);
});
