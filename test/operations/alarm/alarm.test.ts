import { describe, expect, it } from 'vitest';
import type { Input } from '../../../src/operations/fleet.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { openOperations } from '../../helpers/test-operations.js';
import { newAlarm } from '../../store/support/fixtures.js';

const minute = 60_000;
const at = (minutes: number) => testStart - (60 - minutes) * minute;
const idOf = (n: number) => `${n}a000000-0000-4000-8000-000000000000`;

/** Four alarms, of minutes 1 to 4: the first is cleared, the third is of a station that is no more. */
async function withAlarms() {
  const opened = await openOperations();
  const { fleet, write } = opened;
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('station.create', { id: 'CP1', site: 'Solna', connectors: 2 });
  await fleet.run('station.create', { id: 'CP2' });
  await fleet.run('group.create', { name: 'Night' });
  await fleet.run('group.add', { name: 'Night', stationIds: ['CP2'] });
  await write(async (r) => {
    const uuidOf = async (id: string) => (await r.stations.findById(id))?.uuid ?? '';
    const of = async (n: number, id: string) => ({
      ...newAlarm(idOf(n)),
      stationId: id,
      stationUuid: await uuidOf(id),
      openedAt: at(n),
      beganAt: at(n - 1),
    });
    await r.alarms.insert({ ...(await of(1, 'CP1')), clearedAt: at(30), rule: 'All' });
    await r.alarms.insert({ ...(await of(2, 'CP1')), kind: 'ground-failure', description: 'E7' });
    await r.alarms.insert({ ...(await of(3, 'Gone')), stationUuid: 'gone', ackedAt: at(4), ackedBy: 'ada' });
    const security = { kind: 'security', connector: null, clearsAt: at(90), description: 'Tamper' } as const;
    await r.alarms.insert({ ...(await of(4, 'CP2')), ...security });
  });
  return opened;
}

describe('alarm list', () => {
  it.each<[string, Input<'alarm.list'>, number[]]>([
    ['that are open, newest first', {}, [4, 3, 2]],
    ['of a station', { stationId: 'CP1' }, [2]],
    ['of a station that is no more', { stationId: 'Gone' }, [3]],
    ['of a connector', { connector: 1 }, [3, 2]],
    ['of stations themselves', { connector: 0 }, [4]],
    ['of a site', { site: 'solna' }, [2]],
    ['of a group', { group: 'Night' }, [4]],
    ['of a kind', { kind: 'security' }, [4]],
    ['that nobody has seen', { acked: false }, [4, 2]],
    ['since an instant', { from: at(3) }, [4, 3]],
    ['before an instant', { to: at(3) }, [2]],
    ['the newest', { limit: 1 }, [4]],
    ['by page', { limit: 1, offset: 1 }, [3]],
    ['sorted', { sort: 'created', limit: 1 }, [2]],
    ['by a field', { filter: ['node=CP2'] }, [4]],
  ])('%s', async (_, input, expected) => {
    const { fleet } = await withAlarms();
    const { items } = await fleet.run('alarm.list', input);
    expect(items.map(({ id }) => Number(id[0]))).toEqual(expected);
  });

  it('keeps the names and the order of the fields that scripts rely on', async () => {
    const { fleet } = await withAlarms();
    const { items, mailOff } = await fleet.run('alarm.list', { stationId: 'CP1' });
    expect(mailOff).toBe('mail.host is not set');
    expect(items.map((item) => Object.entries(item))).toEqual([
      [
        ['id', idOf(2)],
        ['created', '2026-05-04T09:02:00.000Z'],
        ['node', 'CP1 Connector: 1'],
        ['description', 'Ground failure: E7'],
        ['since', '2026-05-04T09:01:00.000Z'],
        ['rule', null],
        ['kind', 'ground-failure'],
        ['state', 'open'],
        ['count', 1],
        ['stationId', 'CP1'],
        ['connector', 1],
        ['maintenance', false],
        ['acked', null],
        ['ackedBy', null],
        ['cleared', null],
        ['clearedBy', null],
        ['note', null],
      ],
    ]);
  });

  it('knows when mail is set up', async () => {
    const { fleet } = await withAlarms();
    const settings = { 'mail.host': 'mail.example.org', 'mail.from': 'fleet@example.org' };
    const pairs = Object.entries(settings).map(([key, value]) => ({ key, value }));
    await fleet.run('settings.set', { settings: pairs });
    expect((await fleet.run('alarm.list', {})).mailOff).toBeNull();
    expect((await fleet.run('fleet.status', {})).mailOff).toBeNull();
  });

  it('names the nearest station, site and group', async () => {
    const { fleet } = await withAlarms();
    for (const input of [{ stationId: 'CP' }, { site: 'Solnaa' }, { group: 'Nigh' }]) {
      const { suggestions } = await failure(fleet.run('alarm.list', input), 'NOT_FOUND');
      expect(suggestions.join()).toMatch(/CP1|Solna|Night/);
    }
  });

  it('tells an alarm that is about to clear from one that lasts', async () => {
    const { fleet, write } = await withAlarms();
    await write((r) => r.alarms.update(idOf(2), { clearsAt: at(70) }));
    const { items } = await fleet.run('alarm.history', {});
    // That a security event goes after a day says nothing of whether it is over.
    expect(items.map(({ state }) => state)).toEqual(['open', 'open', 'clearing', 'cleared']);
  });
});

it('alarm history has all, page by page, however many began at the same instant', async () => {
  const { fleet, write } = await withAlarms();
  await write(async (r) => {
    for (let n = 0; n < 1200; n += 1) {
      const cleared = n % 2 === 0 ? null : at(50);
      await r.alarms.insert(
        newAlarm(`many-${String(n).padStart(4, '0')}`, { openedAt: at(9), clearedAt: cleared }),
      );
    }
  });
  const { items, total } = await fleet.run('alarm.history', {});
  expect([items.length, total, new Set(items.map(({ id }) => id)).size]).toEqual([1204, 1204, 1204]);
  expect(await fleet.run('alarm.history', { limit: 2, offset: 600 })).toMatchObject({
    total: 1204,
    items: [{ id: 'many-0599' }, { id: 'many-0598' }],
  });
  const exported = [];
  for await (const alarm of fleet.stream('alarm.export', {})) exported.push(alarm);
  expect(exported).toEqual(items);
  const open = [];
  for await (const alarm of fleet.stream('alarm.export', { open: true, site: 'Solna' })) open.push(alarm.id);
  expect(open).toEqual([idOf(2)]);
});

it('alarm show tells what happened around its beginning and its end, at its place', async () => {
  const { fleet, write } = await withAlarms();
  await write(async (r) => {
    const { stationUuid } = (await r.alarms.findByUuid(idOf(1))) ?? { stationUuid: '' };
    const place = { stationUuid, stationId: 'CP1', detail: '{}' };
    for (const [minutes, connector, kind] of [
      [0, 1, 'fault.began'],
      [1, null, 'station.booted'],
      [1, 2, 'session.started'],
      [15, 1, 'session.ended'],
      [29, 1, 'fault.ended'],
    ] as const)
      await r.events.insert({ ...place, at: at(minutes), receivedAt: at(minutes), connector, kind });
    await r.events.insert({
      ...place,
      stationUuid: 'other',
      at: at(1),
      receivedAt: at(1),
      connector: 1,
      kind: 'x',
    });
  });
  const { events, ...alarm } = await fleet.run('alarm.show', { id: '1A00' });
  expect(alarm).toEqual((await fleet.run('alarm.history', { limit: 1, offset: 3 })).items[0]);
  expect(events.map(({ kind }) => kind)).toEqual(['fault.began', 'station.booted', 'fault.ended']);
});

it.each([
  ['an id that no alarm has', 'ffff', 'NOT_FOUND', /no alarm "ffff"/],
  ['the beginning of several', idOf(2).slice(0, 5), 'USAGE', /Several alarms/],
  ['too little', '2a', 'USAGE', /first 4 characters/],
  ['wildcards', '%%%%', 'NOT_FOUND', /no alarm/],
] as const)('an alarm is not found by %s', async (_, id, code, message) => {
  const { fleet, write } = await withAlarms();
  await write((r) => r.alarms.insert(newAlarm(`${idOf(2).slice(0, -1)}1`)));
  expect((await failure(fleet.run('alarm.show', { id }), code)).message).toMatch(message);
  await failure(fleet.run('alarm.ack', { ids: [idOf(4), id] }), code);
  expect(await fleet.run('alarm.show', { id: idOf(4) })).toMatchObject({ acked: null });
});

describe('alarm ack', () => {
  it('keeps who saw it first, and the last note', async () => {
    const { fleet, fleetOf, clock } = await withAlarms();
    const caller = { name: 'ada@example.org', role: 'support', userUuid: 'u', siteUuids: null } as const;
    const ada = fleetOf({ ...caller, readOnly: false, way: 'api', address: null, keyId: 'k' });
    const { alarms } = await ada.run('alarm.ack', { ids: ['2a00', '2A000000'], note: 'on my way' });
    expect(alarms).toMatchObject([
      { id: idOf(2), acked: '2026-05-04T10:00:00.000Z', ackedBy: 'ada@example.org', note: 'on my way' },
    ]);
    clock.advance(minute);
    await fleet.run('alarm.ack', { ids: ['2a00', '4a00'], note: 'done' });
    expect(await fleet.run('alarm.show', { id: '2a00' })).toMatchObject({
      acked: '2026-05-04T10:00:00.000Z',
      ackedBy: 'ada@example.org',
      note: 'done',
      state: 'open',
    });
    const { items } = await fleet.run('event.list', { kind: 'alarm' });
    expect(items.map(({ description }) => description)).toEqual([
      'alarm seen: Ground failure: E7, by ada@example.org, on my way',
      'alarm seen: Security event: Tamper, by tester, done',
    ]);
  });

  it('is none of what is cleared, and all or nothing', async () => {
    const { fleet } = await withAlarms();
    const { message } = await failure(fleet.run('alarm.ack', { ids: ['4a00', '1a00'] }), 'CONFLICT');
    expect(message).toBe('Alarm "1a00" was cleared already, at 2026-05-04T09:30:00.000Z.');
    expect((await fleet.run('alarm.list', { acked: false })).items).toHaveLength(2);
  });
});

describe('alarm clear', () => {
  it('clears by hand, and says which conditions may last', async () => {
    const { fleet } = await withAlarms();
    const { alarms, lasting } = await fleet.run('alarm.clear', { ids: ['2a00', '4a00'], note: 'mended' });
    expect(alarms).toMatchObject([
      {
        id: idOf(2),
        state: 'cleared',
        cleared: '2026-05-04T10:00:00.000Z',
        clearedBy: 'tester',
        note: 'mended',
      },
      { id: idOf(4), state: 'cleared' },
    ]);
    expect(lasting).toEqual([idOf(2)]);
    expect((await fleet.run('alarm.list', {})).items.map(({ id }) => id)).toEqual([idOf(3)]);
    await failure(fleet.run('alarm.clear', { ids: ['2a00'], note: 'again' }), 'CONFLICT');
    const { items } = await fleet.run('event.list', { kind: 'alarm.cleared', stationId: 'CP1' });
    expect(items).toMatchObject([
      { connector: 1, description: 'alarm cleared: Ground failure: E7, by tester, mended' },
    ]);
  });
});

it('a station that is deleted has no open alarms; its past ones stay', async () => {
  const { fleet } = await withAlarms();
  await fleet.run('station.delete', { id: 'CP1' });
  expect((await fleet.run('alarm.history', { stationId: 'CP1' })).items).toMatchObject([
    { id: idOf(2), cleared: '2026-05-04T10:00:00.000Z', clearedBy: null, note: 'the station was deleted' },
    { id: idOf(1), cleared: '2026-05-04T09:30:00.000Z' },
  ]);
  expect((await fleet.run('event.list', { kind: 'alarm.cleared' })).items).toMatchObject([
    { description: 'alarm cleared: Ground failure: E7, the station was deleted' },
  ]);
});

it('status counts the open alarms of the stations that there are', async () => {
  const { fleet } = await withAlarms();
  const { counts, sites, stations } = await fleet.run('fleet.status', {});
  expect(counts.alarms).toBe(2);
  expect([sites[0]?.stations[0]?.alarms, stations[0]?.alarms]).toEqual([1, 1]);
});
