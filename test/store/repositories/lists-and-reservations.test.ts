import { describe, expect, it } from 'vitest';
import { storeEngines } from '../support/engines.js';
import { createdAt, newReservation, newSentList, newStation } from '../support/fixtures.js';

const engines = storeEngines();

describe.each(engines)('local lists on $name', ({ within }) => {
  it('of many stations are kept once, until the last of them has another', async () => {
    await within(async (r) => {
      const other = { contentKey: 'other', entries: [] };
      await r.localLists.save(newSentList('a'));
      // The same key is the same list: it is not written again.
      await r.localLists.save(newSentList('b', { entries: [] }));
      await r.localLists.save(newSentList('a', other));
      expect((await r.localLists.find('b'))?.entries).toHaveLength(1);
      await r.localLists.deleteByStation('b');
      await r.localLists.save(newSentList('c', { entries: [] }));
      expect((await r.localLists.find('c'))?.entries).toEqual([]);
    });
  });

  it('stay known while it is not certain that the station has them', async () => {
    await within(async (r) => {
      await r.localLists.save(newSentList('a', { version: 4 }));
      await r.localLists.markUncertain('a', 6, createdAt);
      expect(await r.localLists.find('a')).toEqual(newSentList('a', { version: 6, isCertain: false }));
      await r.localLists.markUncertain('b', 1, createdAt);
      expect(await r.localLists.find('b')).toMatchObject({ isCertain: false, sentAt: null, entries: [] });
    });
  });

  it('are stale at stations that are there and have another, none, or booted since', async () => {
    await within(async (r) => {
      const there = { lastSeenAt: createdAt };
      await r.stations.insert(newStation('current', there));
      await r.stations.insert(newStation('booted', { ...there, bootedAt: createdAt + 1 }));
      await r.stations.insert(newStation('other', there));
      await r.stations.insert(newStation('uncertain', there));
      await r.stations.insert(newStation('never', there));
      await r.stations.insert(newStation('offline', { ...there, offlineSinceAt: createdAt }));
      await r.stations.insert(newStation('pending', { ...there, registration: 'pending' }));
      await r.stations.insert(newStation('unseen'));
      for (const id of ['current', 'booted', 'other', 'uncertain', 'offline']) {
        const basisKey = id === 'other' ? 'old' : 'basis';
        await r.localLists.save(newSentList(`station-${id}`, { basisKey, isCertain: id !== 'uncertain' }));
      }
      const stale = await r.localLists.listStale(['basis', 'more'], { limit: 9 });
      expect(stale.map(({ id }) => id)).toEqual(['booted', 'never', 'other', 'uncertain']);
      const page = { limit: 1, after: 'station-booted' };
      expect(await r.localLists.listStale(['basis'], page)).toEqual([{ uuid: 'station-never', id: 'never' }]);
      await r.localLists.markOutdated('station-current');
      expect((await r.localLists.listStale(['basis'], { limit: 9 })).map(({ id }) => id)).toContain(
        'current',
      );
      const bases = await r.localLists.listBases();
      expect(bases.slice(-2)).toEqual([
        { stationUuid: 'station-other', basisKey: 'old' },
        { stationUuid: 'station-uncertain', basisKey: 'basis' },
      ]);
    });
  });
});

describe.each(engines)('reservations on $name', ({ within }) => {
  it('get ids that no other has, also when the newest are removed in between', async () => {
    await within(async (r) => {
      expect(await r.reservations.insert(newReservation({ endedAt: 1 }))).toBe(1);
      expect(await r.reservations.insert(newReservation())).toBe(2);
      expect(await r.reservations.removeEnded({ endedBefore: 2, limit: 9 })).toBe(1);
      expect(await r.reservations.insert(newReservation())).toBe(3);
    });
  });

  it('are over when they ended or their time has come', async () => {
    await within(async (r) => {
      await r.reservations.insert(newReservation({ endedAt: createdAt, state: 'used' }));
      await r.reservations.insert(newReservation({ expiresAt: createdAt + 10 }));
      await r.reservations.insert(newReservation({ expiresAt: createdAt + 20, tag: 'beef' }));
      const ids = async (openAt: number, tag?: string) => {
        const filter = { openAt, ...(tag !== undefined && { tag }) };
        const found = await r.reservations.list(filter, { limit: 9 });
        expect(await r.reservations.count(filter)).toBe(found.length);
        return found.map(({ id }) => id);
      };
      expect(await ids(createdAt)).toEqual([3, 2]);
      expect(await ids(createdAt, 'BEEF')).toEqual([3]);
      expect(await ids(createdAt + 10)).toEqual([3]);
      expect(await ids(createdAt + 20)).toEqual([]);
      expect((await r.reservations.listOverdue(createdAt + 20, 1)).map(({ id }) => id)).toEqual([2]);
      expect((await r.reservations.listOpen('station-CP1')).map(({ id }) => id)).toEqual([2, 3]);
    });
  });
});
