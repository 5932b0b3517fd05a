import { describe, expect, it } from 'vitest';
import { storeEngines } from '../support/engines.js';
import { createdAt, newConnector, newFloor, newSite, newStation } from '../support/fixtures.js';

const engines = storeEngines();

describe.each(engines)('sites on $name', ({ within }) => {
  it.each(['Hafen Süd', 'HAFEN SÜD', 'hafen süd', 'Hafen Su\u0308d'])('are found as %s', (name) =>
    within(async ({ sites }) => {
      const site = newSite('Hafen Süd', { address: 'Kai 1', lat: 53.5, lon: -9.99 });
      await sites.insert(site);
      expect(await sites.findByName(name)).toEqual(site);
    }),
  );

  it('are not found by part of a name or by another', () =>
    within(async ({ sites }) => {
      await sites.insert(newSite('Depot'));
      for (const name of ['', 'Depo', 'Depot ', '%', 'Dep_t']) {
        expect(await sites.findByName(name)).toBeUndefined();
      }
    }));

  it('are listed by name with what stands in them', () =>
    within(async ({ sites, floors, stations }) => {
      await sites.insert(newSite('b', { uuid: 'b' }));
      await sites.insert(newSite('A', { uuid: 'a' }));
      await floors.insert(newFloor('a', 'P1'));
      await floors.insert(newFloor('a', 'P2'));
      await stations.insert(newStation('CP1', { siteUuid: 'a' }));
      const listed = await sites.list();
      expect(listed.map((site) => [site.name, site.floors, site.stations])).toEqual([
        ['A', 2, 1],
        ['b', 0, 0],
      ]);
    }));

  it('are renamed, moved and found by the new name only', () =>
    within(async ({ sites }) => {
      await sites.insert(newSite('Depot', { uuid: '1', address: 'old' }));
      await sites.update('1', { name: 'Yard', address: null, lat: 1.5 });
      expect(await sites.findByName('DEPOT')).toBeUndefined();
      expect(await sites.findByName('YARD')).toEqual(newSite('Yard', { uuid: '1', lat: 1.5 }));
    }));

  it('without a change, or not there, are left alone', () =>
    within(async ({ sites }) => {
      await sites.insert(newSite('Depot', { uuid: '1' }));
      await sites.update('1', {});
      await sites.update('1', { name: undefined, address: undefined });
      await sites.update('2', { name: 'Yard' });
      await sites.delete('2');
      expect((await sites.list()).map(({ name }) => name)).toEqual(['Depot']);
    }));

  it('cannot go while something stands in them', async () => {
    const tooEarly = within(async ({ sites, floors }) => {
      await sites.insert(newSite('Depot', { uuid: '1' }));
      await floors.insert(newFloor('1', 'P1'));
      await sites.delete('1');
    });
    await expect(tooEarly).rejects.toThrow(/foreign key/i);
  });

  it('can go when nothing stands in them any more', () =>
    within(async ({ sites, floors }) => {
      await sites.insert(newSite('Depot', { uuid: '1' }));
      await floors.insert(newFloor('1', 'P1', { uuid: 'f' }));
      await floors.delete('f');
      await sites.delete('1');
      expect(await sites.list()).toEqual([]);
    }));
});

describe.each(engines)('floors on $name', ({ within }) => {
  it('have a name that is unique within the site, whatever its case', async () => {
    const twice = within(async ({ sites, floors }) => {
      await sites.insert(newSite('a', { uuid: 'a' }));
      await floors.insert(newFloor('a', 'Deck'));
      await floors.insert(newFloor('a', 'DECK', { uuid: 'x' }));
    });
    await expect(twice).rejects.toThrow(/unique/i);
  });

  it('are found by site and name', () =>
    within(async ({ sites, floors }) => {
      for (const uuid of ['a', 'b']) await sites.insert(newSite(uuid, { uuid }));
      await floors.insert(newFloor('a', 'Deck'));
      await floors.insert(newFloor('b', 'Deck'));
      expect(await floors.findByName('b', 'deck')).toEqual(newFloor('b', 'Deck'));
      expect(await floors.findByName('c', 'deck')).toBeUndefined();
    }));

  it('are listed by site, level and name', () =>
    within(async ({ sites, floors, stations }) => {
      for (const uuid of ['b', 'a']) await sites.insert(newSite(uuid.toUpperCase(), { uuid }));
      await floors.insert(newFloor('b', 'Ground', { level: 0 }));
      await floors.insert(newFloor('a', 'Somewhere'));
      await floors.insert(newFloor('a', 'Roof', { level: 3 }));
      await floors.insert(newFloor('a', 'Cellar', { level: -1 }));
      await stations.insert(newStation('CP1', { siteUuid: 'a', floorUuid: 'floor-a-Roof' }));
      const rows = (await floors.list()).map((floor) => [floor.siteName, floor.name, floor.stations]);
      expect(rows).toEqual([
        ['A', 'Somewhere', 0],
        ['A', 'Cellar', 0],
        ['A', 'Roof', 1],
        ['B', 'Ground', 0],
      ]);
      expect((await floors.list('b')).map(({ name }) => name)).toEqual(['Ground']);
      expect(await floors.list('c')).toEqual([]);
    }));

  it('are renamed; without a change or not there they are left alone', () =>
    within(async ({ sites, floors }) => {
      await sites.insert(newSite('a', { uuid: 'a' }));
      await floors.insert(newFloor('a', 'P1', { uuid: 'f' }));
      await floors.update('f', { name: 'Deck', level: 2 });
      await floors.update('f', {});
      await floors.update('g', { name: 'Other' });
      expect(await floors.findByName('a', 'p1')).toBeUndefined();
      expect(await floors.findByName('a', 'DECK')).toMatchObject({ name: 'Deck', level: 2 });
    }));
});

describe.each(engines)('stations on $name', ({ within }) => {
  it('are found by their identity to the letter', () =>
    within(async ({ stations }) => {
      const station = newStation('CP1', { heartbeatIntervalS: 300, lastSeenAt: createdAt, vendor: 'ACME' });
      await stations.insert(station);
      await stations.insert(newStation('cp1'));
      expect(await stations.findById('CP1')).toEqual(station);
      expect((await stations.findById('cp1'))?.uuid).toBe('station-cp1');
      for (const id of ['Cp1', 'CP', 'CP1 ', '']) expect(await stations.findById(id)).toBeUndefined();
    }));

  it('have an identity of their own', async () => {
    const twice = within(async ({ stations }) => {
      for (const uuid of ['x', 'y']) await stations.insert(newStation('CP1', { uuid }));
    });
    await expect(twice).rejects.toThrow(/unique/i);
  });

  it('are placed by the names of where they stand', () =>
    within(async ({ sites, floors, stations, connectors }) => {
      await sites.insert(newSite('Depot', { uuid: 's' }));
      await floors.insert(newFloor('s', 'P1', { uuid: 'f' }));
      const placed = newStation('CP1', { siteUuid: 's', floorUuid: 'f' });
      await stations.insert(placed);
      await stations.insert(newStation('CP0'));
      for (const connector of [0, 1, 2]) await connectors.insert(newConnector(placed.uuid, connector));
      expect(await stations.findPlaced('CP1')).toEqual({
        ...placed,
        siteName: 'Depot',
        floorName: 'P1',
        connectors: 2,
      });
      expect(await stations.findPlaced('CP0')).toMatchObject({
        siteName: null,
        floorName: null,
        connectors: 0,
      });
      expect(await stations.findPlaced('CP9')).toBeUndefined();
    }));

  it('are listed by identity, by site and by group', () =>
    within(async ({ sites, groups, stations }) => {
      await sites.insert(newSite('Depot', { uuid: 's' }));
      await groups.insert({ uuid: 'g', name: 'Night', createdAt });
      await stations.insert(newStation('b', { siteUuid: 's' }));
      await stations.insert(newStation('a'));
      await stations.insert(newStation('B', { siteUuid: 's' }));
      await groups.addStation('g', 'station-a');
      await groups.addStation('g', 'station-b');
      const ids = async (filter?: { siteUuid?: string; groupUuid?: string }) =>
        (await stations.list(filter)).map(({ id }) => id);
      expect(await ids()).toEqual(['B', 'a', 'b']);
      expect(await stations.listIds()).toEqual(['B', 'a', 'b']);
      expect(await ids({ siteUuid: 's' })).toEqual(['B', 'b']);
      expect(await ids({ groupUuid: 'g' })).toEqual(['a', 'b']);
      expect(await ids({ siteUuid: 's', groupUuid: 'g' })).toEqual(['b']);
      expect(await ids({ siteUuid: 'nowhere' })).toEqual([]);
    }));

  it('note when they were last seen, many at once, unknown ones not at all', () =>
    within(async ({ stations }) => {
      for (const id of ['a', 'b', 'c']) await stations.insert(newStation(id));
      await stations.touch([
        { uuid: 'station-a', lastSeenAt: 1 },
        { uuid: 'station-gone', lastSeenAt: 2 },
        { uuid: 'station-c', lastSeenAt: 3 },
      ]);
      await stations.touch([]);
      expect((await stations.list()).map(({ lastSeenAt }) => lastSeenAt)).toEqual([1, null, 3]);
    }));

  it('that were connected in a crash are offline since they were last seen', () =>
    within(async ({ stations }) => {
      await stations.insert(newStation('connected', { lastSeenAt: 10 }));
      await stations.insert(newStation('never'));
      await stations.insert(newStation('offline', { lastSeenAt: 10, offlineSinceAt: 12 }));
      await stations.markAllOffline();
      await stations.markAllOffline();
      expect((await stations.list()).map((one) => [one.id, one.offlineSinceAt])).toEqual([
        ['connected', 10],
        ['never', null],
        ['offline', 12],
      ]);
    }));

  it('are changed and removed together with their membership of groups', () =>
    within(async ({ groups, stations }) => {
      await groups.insert({ uuid: 'g', name: 'Night', createdAt });
      await stations.insert(newStation('CP1', { uuid: '1' }));
      await groups.addStation('g', '1');
      await stations.update('1', { name: 'North', bootedAt: createdAt });
      await stations.update('1', {});
      await stations.update('2', { name: 'South' });
      expect(await stations.findById('CP1')).toMatchObject({ name: 'North', bootedAt: createdAt });
      await stations.delete('1');
      expect(await stations.listIds()).toEqual([]);
      expect(await groups.listStationIds('g')).toEqual([]);
    }));
});

describe.each(engines)('connectors on $name', ({ within }) => {
  const report = {
    status: 'Faulted',
    errorCode: 'GroundFailure',
    vendorErrorCode: 'E7',
    info: 'wet',
    statusAt: 5,
  };

  it('of a station come in order, 0 only on request', () =>
    within(async ({ stations, connectors }) => {
      await stations.insert(newStation('CP1', { uuid: '1' }));
      for (const connector of [10, 2, 0, 1]) await connectors.insert(newConnector('1', connector));
      const numbers = async (options?: { withStation?: boolean }) =>
        (await connectors.listByStation('1', options)).map(({ connector }) => connector);
      expect(await numbers()).toEqual([1, 2, 10]);
      expect(await numbers({ withStation: true })).toEqual([0, 1, 2, 10]);
      expect(await connectors.listByStation('2')).toEqual([]);
      expect(await connectors.find('1', 10)).toEqual(newConnector('1', 10));
      expect(await connectors.find('1', 3)).toBeUndefined();
    }));

  it('are listed over stations, sites and groups', () =>
    within(async ({ sites, groups, stations, connectors }) => {
      await sites.insert(newSite('Depot', { uuid: 's' }));
      await groups.insert({ uuid: 'g', name: 'Night', createdAt });
      await stations.insert(newStation('b', { uuid: 'b', siteUuid: 's' }));
      await stations.insert(newStation('a', { uuid: 'a' }));
      await groups.addStation('g', 'a');
      for (const uuid of ['b', 'a']) {
        for (const connector of [2, 1, 0]) await connectors.insert(newConnector(uuid, connector));
      }
      const list = async (...args: Parameters<typeof connectors.list>) =>
        (await connectors.list(...args)).map(({ stationId, connector }) => `${stationId}:${connector}`);
      expect(await list()).toEqual(['a:1', 'a:2', 'b:1', 'b:2']);
      expect(await list({ siteUuid: 's' })).toEqual(['b:1', 'b:2']);
      expect(await list({ groupUuid: 'g' })).toEqual(['a:1', 'a:2']);
      expect(await list({ siteUuid: 's' }, { withStation: true })).toEqual(['b:0', 'b:1', 'b:2']);
    }));

  it('say whether there is one to report the status of', () =>
    within(async ({ stations, connectors }) => {
      await stations.insert(newStation('CP1', { uuid: '1' }));
      await connectors.insert(newConnector('1', 1, { name: 'left' }));
      expect(await connectors.reportStatus({ stationUuid: '1', connector: 1, ...report })).toBe(true);
      expect(await connectors.reportStatus({ stationUuid: '1', connector: 2, ...report })).toBe(false);
      expect(await connectors.find('1', 1)).toEqual(newConnector('1', 1, { name: 'left', ...report }));
      expect(await connectors.find('1', 2)).toBeUndefined();
    }));

  it('are changed one by one and removed by number', () =>
    within(async ({ stations, connectors }) => {
      await stations.insert(newStation('CP1', { uuid: '1' }));
      for (const connector of [0, 1, 2, 3]) await connectors.insert(newConnector('1', connector));
      await connectors.update('1', 2, { mode: 'open', maxPowerW: 22_000 });
      await connectors.update('1', 2, {});
      await connectors.update('1', 9, { mode: 'open' });
      expect((await connectors.listByStation('1')).map(({ mode }) => mode)).toEqual(['rfid', 'open', 'rfid']);
      await connectors.deleteAbove('1', 1);
      expect((await connectors.listByStation('1', { withStation: true })).length).toBe(2);
      await connectors.deleteByStation('1');
      await stations.delete('1');
    }));

  it('need their station', async () => {
    const without = within(({ connectors }) => connectors.insert(newConnector('nowhere', 1)));
    await expect(without).rejects.toThrow(/foreign key/i);
    const gone = within(async ({ stations, connectors }) => {
      await stations.insert(newStation('CP1', { uuid: '1' }));
      await connectors.insert(newConnector('1', 1));
      await stations.delete('1');
    });
    await expect(gone).rejects.toThrow(/foreign key/i);
  });
});
