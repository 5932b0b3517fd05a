import { describe, expect, it } from 'vitest';
import { storeEngines } from '../support/engines.js';
import { createdAt, newGroup, newStation, newTag } from '../support/fixtures.js';

const engines = storeEngines();

describe.each(engines)('groups on $name', ({ within }) => {
  it('are found whatever the case, and listed by name with the number of their stations', () =>
    within(async ({ groups, stations }) => {
      for (const name of ['night', 'Day']) await groups.insert(newGroup(name));
      await stations.insert(newStation('CP1', { uuid: '1' }));
      await groups.addStation('group-night', '1');
      expect(await groups.findByName('NIGHT')).toEqual(newGroup('night'));
      expect(await groups.findByName('nigh')).toBeUndefined();
      expect((await groups.list()).map(({ name, stations }) => [name, stations])).toEqual([
        ['Day', 0],
        ['night', 1],
      ]);
    }));

  it('are unique whatever the case', async () => {
    const twice = within(async ({ groups }) => {
      await groups.insert(newGroup('night'));
      await groups.insert({ ...newGroup('NIGHT'), uuid: 'x' });
    });
    await expect(twice).rejects.toThrow(/unique/i);
  });

  it('take a station once, and give it back without harm if it is not there', () =>
    within(async ({ groups, stations }) => {
      for (const name of ['b', 'A']) await groups.insert({ uuid: name, name, createdAt });
      for (const id of ['2', '1']) await stations.insert(newStation(id, { uuid: id }));
      for (const [group, station] of [
        ['b', '2'],
        ['b', '1'],
        ['b', '1'],
        ['A', '1'],
      ] as const) {
        await groups.addStation(group, station);
      }
      expect(await groups.listStationIds('b')).toEqual(['1', '2']);
      expect(await groups.listNamesByStation('1')).toEqual(['A', 'b']);
      await groups.removeStation('b', '1');
      await groups.removeStation('b', '1');
      await groups.removeStation('nothing', '1');
      expect(await groups.listStationIds('b')).toEqual(['2']);
      expect(await groups.listStationIds('nothing')).toEqual([]);
    }));

  it('do not take a station that is not there', async () => {
    const stray = within(async ({ groups }) => {
      await groups.insert(newGroup('night'));
      await groups.addStation('group-night', 'nowhere');
    });
    await expect(stray).rejects.toThrow(/foreign key/i);
  });

  it('go with their members, who stay', () =>
    within(async ({ groups, stations }) => {
      await groups.insert(newGroup('night'));
      await stations.insert(newStation('CP1', { uuid: '1' }));
      await groups.addStation('group-night', '1');
      await groups.delete('group-night');
      await groups.delete('group-night');
      expect(await groups.list()).toEqual([]);
      expect(await groups.listNamesByStation('1')).toEqual([]);
      expect(await stations.listIds()).toEqual(['CP1']);
    }));
});

describe.each(engines)('tags on $name', ({ within }) => {
  it.each(['Cafe01', 'CAFE01', 'cafe01'])('are found as %s and kept as entered', (written) =>
    within(async ({ tags }) => {
      const tag = newTag('Cafe01', { label: 'Ada', blocked: true, expiresAt: createdAt, parent: 'P' });
      await tags.insert(tag);
      expect(await tags.find(written)).toEqual(tag);
      expect(await tags.find(`${written}\0`)).toBeUndefined();
    }),
  );

  it('are unique whatever the case', async () => {
    const twice = within(async ({ tags }) => {
      for (const tag of ['b', 'B']) await tags.insert(newTag(tag));
    });
    await expect(twice).rejects.toThrow(/unique/i);
  });

  it('are listed in order', () =>
    within(async ({ tags }) => {
      for (const tag of ['b', 'C', 'a']) await tags.insert(newTag(tag));
      expect((await tags.list()).map(({ tag }) => tag)).toEqual(['a', 'b', 'C']);
    }));

  it('are changed and removed whatever the case', () =>
    within(async ({ tags }) => {
      await tags.insert(newTag('Cafe', { label: 'Ada' }));
      await tags.update('CAFE', { blocked: true });
      await tags.update('cafe', { parent: 'P', label: null });
      await tags.update('cafe', {});
      await tags.update('cafe', { blocked: undefined });
      await tags.update('unknown', { blocked: true });
      expect(await tags.find('Cafe')).toEqual(newTag('Cafe', { blocked: true, parent: 'P' }));
      await tags.update('CAFE', { blocked: false });
      expect((await tags.find('Cafe'))?.blocked).toBe(false);
      await tags.delete('unknown');
      await tags.delete('cAFE');
      expect(await tags.list()).toEqual([]);
    }));
});

describe.each(engines)('unknown tags on $name', ({ within }) => {
  it('are counted by tag and station, newest first, spelled as first seen', () =>
    within(async ({ tags }) => {
      await tags.noteUnknown('Cafe', 'CP1', 10);
      await tags.noteUnknown('Cafe', 'CP2', 20);
      await tags.noteUnknown('CAFE', 'CP1', 30);
      expect(await tags.listUnknown()).toEqual([
        { tag: 'Cafe', stationId: 'CP1', firstSeenAt: 10, lastSeenAt: 30, attempts: 2 },
        { tag: 'Cafe', stationId: 'CP2', firstSeenAt: 20, lastSeenAt: 20, attempts: 1 },
      ]);
      await tags.forgetUnknown('other');
      await tags.forgetUnknown('CAFE');
      expect(await tags.listUnknown()).toEqual([]);
    }));

  it('are at most 1,000, also when many are tried at the same instant', () =>
    within(async ({ tags }) => {
      for (let n = 0; n < 1000; n += 1) await tags.noteUnknown(`tag ${n}`, 'CP1', 7);
      expect((await tags.listUnknown()).length).toBe(1000);
      for (let n = 1000; n < 1020; n += 1) await tags.noteUnknown(`tag ${n}`, 'CP1', 7);
      expect((await tags.listUnknown()).length).toBe(1000);
    }));

  it('make room by the one tried longest ago', () =>
    within(async ({ tags }) => {
      for (let n = 0; n < 1000; n += 1) await tags.noteUnknown(`tag ${n}`, 'CP1', n);
      await tags.noteUnknown('tag 0', 'CP1', 2000);
      await tags.noteUnknown('tag 1000', 'CP1', 2001);
      const kept = (await tags.listUnknown()).map(({ tag }) => tag);
      expect(kept.length).toBe(1000);
      expect(kept.slice(0, 2)).toEqual(['tag 1000', 'tag 0']);
      expect(kept).not.toContain('tag 1');
      expect(kept).toContain('tag 2');
    }));
});

describe.each(engines)('unknown stations on $name', ({ within }) => {
  it('are counted, newest first, with where they last came from', () =>
    within(async ({ unknownStations }) => {
      await unknownStations.note({ id: 'CP1', address: '10.0.0.1', protocol: 'ocpp1.6', at: 10 });
      await unknownStations.note({ id: 'cp1', address: null, protocol: null, at: 20 });
      await unknownStations.note({ id: 'CP1', address: '10.0.0.2', protocol: null, at: 30 });
      expect(await unknownStations.list()).toEqual([
        { id: 'CP1', address: '10.0.0.2', protocol: null, firstSeenAt: 10, lastSeenAt: 30, attempts: 2 },
        { id: 'cp1', address: null, protocol: null, firstSeenAt: 20, lastSeenAt: 20, attempts: 1 },
      ]);
      await unknownStations.forget('other');
      await unknownStations.forget('CP1');
      expect((await unknownStations.list()).map(({ id }) => id)).toEqual(['cp1']);
    }));

  it('are at most 1,000: those who knocked last', () =>
    within(async ({ unknownStations }) => {
      const knock = (n: number) =>
        unknownStations.note({ id: `CP${n}`, address: null, protocol: null, at: n });
      for (let n = 0; n < 1000; n += 1) await knock(n);
      expect((await unknownStations.list()).length).toBe(1000);
      for (let n = 1000; n < 1020; n += 1) await knock(n);
      const kept = await unknownStations.list();
      expect(kept.length).toBe(1000);
      expect(kept.at(-1)?.id).toBe('CP20');
    }));
});

describe.each(engines)('settings on $name', ({ within }) => {
  it('are set, set again and removed', () =>
    within(async ({ settings }) => {
      await settings.set('backup.keep', '3', 10);
      await settings.set('backup.time', '03:00', createdAt);
      await settings.set('backup.keep', '5', 20);
      expect(await settings.list()).toEqual(
        new Map([
          ['backup.keep', '5'],
          ['backup.time', '03:00'],
        ]),
      );
      expect(await settings.findUpdatedAt('backup.keep')).toBe(20);
      expect(await settings.findUpdatedAt('backup.time')).toBe(createdAt);
      await settings.remove('backup.keep');
      await settings.remove('backup.keep');
      expect(await settings.findUpdatedAt('backup.keep')).toBeUndefined();
      expect([...(await settings.list()).keys()]).toEqual(['backup.time']);
    }));
});
