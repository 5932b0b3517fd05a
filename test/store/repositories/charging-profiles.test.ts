import { describe, expect, it } from 'vitest';
import type { Repositories } from '../../../src/domain/repositories.js';
import { storeEngines } from '../support/engines.js';
import { createdAt, newProfile, newSession, newSite, newStation } from '../support/fixtures.js';

const engines = storeEngines();
const soon = '2026-11-20T12:00:00.000Z';

async function ids({ chargingProfiles }: Repositories, filter: object = {}): Promise<number[]> {
  const rows = await chargingProfiles.list({ openAt: 0, ...filter }, { limit: 100 });
  return rows.map(({ profile }) => profile.chargingProfileId);
}

describe.each(engines)('charging profiles on $name', ({ within }) => {
  it('are kept once for each id of a station', () =>
    within(async (r) => {
      for (const id of ['CP1', 'CP2']) await r.stations.insert(newStation(id));
      await r.chargingProfiles.put(newProfile(7));
      await r.chargingProfiles.put(newProfile(7, {}, { stationUuid: 'station-CP2' }));
      const latest = newProfile(7, { stackLevel: 3 }, { connector: 2, state: 'unanswered' });
      await r.chargingProfiles.put(latest);
      expect(await r.chargingProfiles.listByStation('station-CP1')).toEqual([latest]);
      expect(await ids(r)).toEqual([7, 7]);
      await r.chargingProfiles.remove('station-CP1', 7);
      expect(await ids(r)).toEqual([7]);
    }));

  it('are over when their validity or their session is, and only then', () =>
    within(async (r) => {
      await r.stations.insert(newStation('CP1'));
      await r.sessions.insert(newSession(1));
      await r.sessions.insert(newSession(2, { stoppedAt: createdAt, state: 'ended' }));
      await r.chargingProfiles.put(newProfile(1, { transactionId: 1 }));
      await r.chargingProfiles.put(newProfile(2, { transactionId: 2 }));
      await r.chargingProfiles.put(newProfile(3, { transactionId: 99 }));
      await r.chargingProfiles.put(newProfile(4, { validTo: soon }));
      expect(await ids(r, { openAt: Date.parse(soon) - 1 })).toEqual([1, 3, 4]);
      expect(await ids(r, { openAt: Date.parse(soon) })).toEqual([1, 3]);
      expect(await r.chargingProfiles.count({ openAt: Date.parse(soon) })).toBe(2);
      await r.chargingProfiles.removeOver('station-CP1', Date.parse(soon));
      const left = await r.chargingProfiles.listByStation('station-CP1');
      expect(left.map(({ profile }) => profile.chargingProfileId)).toEqual([1, 3]);
    }));

  it('are listed by station and id, page by page, also of one site', () =>
    within(async (r) => {
      await r.sites.insert(newSite('Depot', { uuid: 's' }));
      await r.stations.insert(newStation('CP2', { siteUuid: 's' }));
      await r.stations.insert(newStation('CP1'));
      for (const id of [10, 9]) {
        await r.chargingProfiles.put(newProfile(id));
        await r.chargingProfiles.put(newProfile(id, {}, { stationUuid: 'station-CP2' }));
      }
      const first = await r.chargingProfiles.list({ openAt: 0 }, { limit: 3 });
      const rest = await r.chargingProfiles.list({ openAt: 0 }, { limit: 3, after: first.at(-1) });
      expect([...first, ...rest].map((row) => [row.stationId, row.profile.chargingProfileId])).toEqual([
        ['CP1', 9],
        ['CP1', 10],
        ['CP2', 9],
        ['CP2', 10],
      ]);
      expect(await ids(r, { siteUuid: 's' })).toEqual([9, 10]);
      await r.chargingProfiles.deleteByStation('station-CP2');
      expect(await r.chargingProfiles.count({ openAt: 0 })).toBe(2);
    }));
});
