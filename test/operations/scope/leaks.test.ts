import { expect, it } from 'vitest';
import type { RuleScope } from '../../../src/domain/alarm/alarm-rule.js';
import { type Caller, systemCaller } from '../../../src/domain/people/caller.js';
import type { Repositories } from '../../../src/domain/repositories.js';
import type { OperationContext } from '../../../src/operations/operation.js';
import { scoped } from '../../../src/operations/scope/scoped-context.js';
import { scopedStore } from '../../../src/operations/scope/scoped-repositories.js';
import { failure } from '../../helpers/failure.js';
import {
  newAlarmRule,
  newApiKey,
  newRollout,
  newTag,
  newTarget,
  newUser,
} from '../../store/support/fixtures.js';
import { callerWith, foreign, openWorld, own, type World, willing } from './world.js';

const both = () => openWorld([own, foreign]);
const chief = callerWith('site-admin', [own.siteUuid]);
const helper = callerWith('support', [own.siteUuid]);
const driver = callerWith('driver', [own.siteUuid]);

/** The repositories as somebody sees them, whatever an operation would do with them. */
async function as<T>(world: World, caller: Caller, work: (r: Repositories) => Promise<T>): Promise<T> {
  return world.write((r) => {
    const store = scopedStore({ read: (inner) => inner(r), write: (inner) => inner(r) }, caller);
    return store.write(work);
  });
}

it('costs those who are for all nothing', () => {
  for (const caller of [systemCaller('root', 'socket'), callerWith('support', null)]) {
    const context = { caller } as OperationContext;
    expect(scoped(context)).toBe(context);
  }
});

it('takes a site-admin who is said to be for all sites for one who is for none', async () => {
  const { fleetOf } = await both();
  expect((await fleetOf(callerWith('site-admin', null)).run('station.list', {})).items).toEqual([]);
});

it('suggests only what is in sight', async () => {
  const { fleetOf } = await both();
  const error = await failure(fleetOf(chief).run('station.show', { id: 'CP-foreig' }), 'NOT_FOUND');
  expect(error.suggestions).toEqual(['evfleet station list']);
  const near = await failure(fleetOf(chief).run('station.show', { id: 'CP-ow' }), 'NOT_FOUND');
  expect(near.suggestions[0]).toBe('evfleet station show CP-own');
});

it('says that a name is not free, but not whose it is', async () => {
  const { fleetOf } = await both();
  const fleet = fleetOf(chief);
  const create = (id: string) => fleet.run('station.create', { id, site: own.site });
  for (const id of [foreign.station, 'CP-nowhere']) {
    const error = await failure(create(id), 'CONFLICT');
    expect(error.message).toBe(`The station id ${id} is not free; choose another one.`);
    expect(error.suggestions).toEqual([]);
  }
  const renamed = fleet.run('site.update', { name: own.site, newName: foreign.site });
  expect((await failure(renamed, 'CONFLICT')).message).toBe(
    'The site name foreign is not free; choose another one.',
  );
  const tag = fleet.run('tag.create', { tag: foreign.tag, user: own.driver });
  expect((await failure(tag, 'CONFLICT')).message).toBe(
    'The tag TAG-foreign is not free; choose another one.',
  );
});

it('puts a new station at the only site that it can be at', async () => {
  const { fleetOf } = await both();
  const { item } = await fleetOf(chief).run('station.create', { id: 'CP-new' });
  expect(item.site).toBe(own.site);
  expect((await fleetOf(helper).run('station.accept', { id: 'CP-knocked' })).item.site).toBe(own.site);
});

it('asks for the site of a new station when there are several', async () => {
  const { fleetOf } = await both();
  const fleet = fleetOf(callerWith('site-admin', [own.siteUuid, foreign.siteUuid]));
  const error = await failure(fleet.run('station.create', { id: 'CP-new' }), 'USAGE');
  expect(error.message).toBe('Station CP-new has to be at one of your sites: name it with --site.');
});

it('makes no station for somebody who is for no site', async () => {
  const { fleetOf } = await both();
  await failure(fleetOf(callerWith('site-admin', [])).run('station.create', { id: 'CP-new' }), 'NOT_ALLOWED');
});

it('lets no station leave', async () => {
  const { fleetOf } = await both();
  const fleet = fleetOf(chief);
  const error = await failure(fleet.run('station.update', { id: own.station, site: null }), 'NOT_ALLOWED');
  expect(error.message).toBe('A station of yours stays at one of your sites.');
  await failure(fleet.run('station.move', { id: own.station, site: foreign.site }), 'NOT_FOUND');
  expect((await fleet.run('station.show', { id: own.station })).site).toBe(own.site);
});

it('shows of a group the stations that are in sight', async () => {
  const { fleet, fleetOf } = await both();
  expect((await fleet.run('group.show', { name: 'both' })).stations).toEqual(['CP-foreign', 'CP-own']);
  expect((await fleetOf(helper).run('group.show', { name: 'both' })).stations).toEqual(['CP-own']);
  const { items } = await fleetOf(helper).run('group.list', {});
  expect(items.map(({ name, stations }) => [name, stations])).toEqual([
    ['both', 1],
    ['Group own', 1],
  ]);
  const { stations } = await fleetOf(helper).run('station.select', { targets: { group: 'both' } });
  expect(stations.map(({ stationId }) => stationId)).toEqual(['CP-own']);
});

it('hides a rollout with a station of somebody else, but not what becomes of their own', async () => {
  const world = await both();
  await world.write((r) =>
    r.firmwareRollouts.insert(newRollout(3), [newTarget(3, own.station), newTarget(3, foreign.station)]),
  );
  const fleet = world.fleetOf(helper);
  const { items } = await fleet.run('firmware.rollouts', {});
  expect(items.map(({ rollout }) => rollout)).toEqual([1]);
  await failure(fleet.run('firmware.cancel', { rollout: 3 }), 'NOT_FOUND');
  await failure(fleet.run('firmware.status', { of: '3' }), 'NOT_FOUND');
  const status = await fleet.run('firmware.status', { of: own.station });
  expect(status.items.map(({ rollout, stationId, version }) => [rollout, stationId, version])).toEqual([
    [3, 'CP-own', '2.0'],
    [1, 'CP-own', '2.0'],
  ]);
});

it('sees that a station is being updated by a rollout that is out of sight', async () => {
  const world = await both();
  await world.write((r) =>
    r.firmwareRollouts.insert(newRollout(3), [newTarget(3, own.station), newTarget(3, foreign.station)]),
  );
  const wanted = { targets: { stationIds: [own.station] }, version: '2.0', timeoutMs: 1000 };
  const outcomes = [];
  for await (const one of world.fleetOf(helper).stream('firmware.update', wanted)) outcomes.push(one);
  expect(outcomes).toMatchObject([{ code: 'CONFLICT', message: 'CP-own is being updated by rollout 3.' }]);
});

it('sends a station all tags that it needs, and shows those in sight', async () => {
  const world = await both();
  const fleet = world.fleetOf(chief);
  const targets = { stationIds: [own.station] };
  for await (const outcome of fleet.stream('local-list.push', { targets, timeoutMs: 1000 })) {
    expect(outcome.message).toContain('4 tags');
  }
  const { entries, nowEntries } = await fleet.run('local-list.show', { stationId: own.station });
  expect(entries.map(({ tag }) => tag)).toEqual(['SITE-own', 'TAG-own']);
  expect(nowEntries).toBe(2);
  const sent = await world.write((r) => r.localLists.find(`station-${own.station}`));
  expect(sent?.entries.map(({ tag }) => tag)).toEqual(['SITE-own', 'TAG-foreign', 'TAG-nowhere', 'TAG-own']);
});

it('starts nothing with a tag that is out of sight', async () => {
  const { fleetOf, live } = await both();
  const start = (tag: string) =>
    fleetOf(helper).run('remote.start', { stationId: own.station, tag, timeoutMs: 1000 });
  const foreignTag = await failure(start(foreign.tag), 'NOT_FOUND');
  const noTag = await failure(start('TAG-unknown'), 'NOT_FOUND');
  expect(foreignTag.message.replace(foreign.tag, '')).toBe(noTag.message.replace('TAG-unknown', ''));
  expect(live.called).toEqual([]);
});

it('looks again before anything is sent, for a station may have been moved', async () => {
  const world = await both();
  const live = willing();
  const store = { read: <T>(work: (r: Repositories) => Promise<T>) => world.write(work), write: world.write };
  const context = scoped({ caller: helper, store, live } as unknown as OperationContext);
  const call = (id: string) =>
    context.live?.call({ uuid: `station-${id}`, id }, 'Reset', {}, { timeoutMs: 1000 }) ?? Promise.reject();
  await call(own.station);
  await failure(call(foreign.station), 'NOT_ALLOWED');
  expect(live.called).toEqual([own.station]);
});

it('shows messages of stations in sight and word of gaps, the earlier ones and what comes', async () => {
  const world = await both();
  const seen = async (name: 'message.list' | 'message.follow', input = {}) => {
    const ids: (string | null)[] = [];
    for await (const message of world.fleetOf(helper).stream(name, input)) ids.push(message.stationId);
    return ids;
  };
  expect(await seen('message.list')).toEqual(['CP-own', null]);
  expect(await seen('message.list', { stationId: foreign.station })).toEqual([null]);
  expect(await seen('message.follow')).toEqual(['CP-own', null, 'CP-own', null]);
  expect(await seen('message.follow', { limit: 0 })).toEqual(['CP-own', null]);
  expect(await seen('message.follow', { stationId: foreign.station, limit: 0 })).toEqual([null]);
});

it('counts what is in sight when lists are cut', async () => {
  const { fleetOf } = await both();
  for (const name of [
    'event.list',
    'session.list',
    'connection.list',
    'fault.list',
    'alarm.list',
    'alarm.history',
    'reservation.list',
  ] as const) {
    const { total } = await fleetOf(helper).run(name, { limit: 1 });
    const all = await fleetOf(helper).run(name, {});
    expect(total, name).toBe(all.items.length);
  }
});

it.each([
  ['an admin', { role: 'admin' as const }],
  ['somebody for another site', { siteUuids: [foreign.siteUuid] }],
  ['somebody for another site as well', { siteUuids: [own.siteUuid, foreign.siteUuid] }],
  ['a supporter of the whole fleet', { role: 'support' as const, siteUuids: [] }],
])('lets a site-admin make nobody %s', async (_, change) => {
  const world = await both();
  const user = newUser('new@own.example', { siteUuids: [own.siteUuid], ...change });
  await failure(
    as(world, chief, (r) => r.users.insert(user)),
    'NOT_ALLOWED',
  );
  await failure(
    as(world, chief, (r) => r.users.update(`user-${own.driver}`, change)),
    'NOT_ALLOWED',
  );
  await world.write((r) => r.users.insert(user));
  for (const harm of [
    (r: Repositories) => r.users.update(user.uuid, { passwordHash: 'mine' }),
    (r: Repositories) => r.users.delete(user.uuid),
    (r: Repositories) => r.apiKeys.insert(newApiKey('backdoor', user.uuid)),
    (r: Repositories) => r.apiKeys.deleteByUser(user.uuid),
  ])
    await failure(as(world, chief, harm), 'NOT_ALLOWED');
});

it('lets nobody give themselves more', async () => {
  const world = await both();
  const self = newUser(chief.name, { role: 'site-admin', siteUuids: [own.siteUuid] });
  await world.write((r) => r.users.insert(self));
  await as(world, chief, (r) => r.users.update(self.uuid, { firstName: 'Ada' }));
  for (const change of [{ role: 'admin' as const }, { siteUuids: [foreign.siteUuid] }, { siteUuids: [] }]) {
    await failure(
      as(world, chief, (r) => r.users.update(self.uuid, change)),
      'NOT_ALLOWED',
    );
  }
});

it.each([
  ['takes', [own.siteUuid]],
  ['adds', [own.siteUuid, foreign.siteUuid, 'site-third']],
])('%s no other site to or from a tag', async (_, siteUuids) => {
  const world = await both();
  const tag = newTag('SHARED', { siteUuids: [own.siteUuid, foreign.siteUuid] });
  await world.write((r) => r.tags.insert(tag));
  await as(world, chief, (r) => r.tags.update('SHARED', { blocked: true }));
  await failure(
    as(world, chief, (r) => r.tags.update('SHARED', { siteUuids })),
    'NOT_ALLOWED',
  );
  await failure(
    as(world, chief, (r) => r.tags.delete('SHARED')),
    'NOT_ALLOWED',
  );
  await failure(
    as(world, chief, (r) => r.tags.insert(newTag('NEW', { siteUuids: [foreign.siteUuid] }))),
    'NOT_ALLOWED',
  );
});

it('has everything out of reach that nobody has decided about', async () => {
  const world = await both();
  const tries = (r: Repositories) => [
    () => r.settings.set('server.public-url', 'http://mine/', 0),
    () => r.retention.removeEvents({ receivedBefore: 9, limit: 9 }),
    () => r.audit.list({}, { limit: 1 }),
    () => r.sites.delete(own.siteUuid),
    () => r.sessions.nextTransactionId(),
    () => (r.stations as unknown as { inventedTomorrow(): Promise<void> }).inventedTomorrow(),
  ];
  for (const caller of [chief, helper, driver]) {
    const count = tries({} as Repositories).length;
    for (let n = 0; n < count; n += 1) {
      await failure(
        as(world, caller, async (r) => tries(r)[n]?.()),
        'NOT_ALLOWED',
      );
    }
  }
});

it('shows a driver what is theirs, and nothing else', async () => {
  const { fleetOf } = await both();
  const fleet = fleetOf(driver);
  expect((await fleet.run('tag.list', {})).items.map(({ tag }) => tag)).toEqual([own.tag]);
  expect((await fleet.run('session.list', {})).items.map(({ transactionId }) => transactionId)).toEqual([
    101, 100,
  ]);
  expect((await fleet.run('session.samples', { id: '101' })).total).toBe(1);
  await failure(fleet.run('session.samples', { id: '201' }), 'NOT_FOUND');
  await failure(fleet.run('tag.show', { tag: 'SITE-own' }), 'NOT_FOUND');
  await failure(fleet.run('session.list', { user: foreign.driver }), 'NOT_FOUND');
  await failure(fleet.run('session.list', { stationId: foreign.station }), 'NOT_FOUND');
  await failure(fleet.run('station.list', {}), 'NOT_ALLOWED');
});

it('keeps a session at its site when its station moves away', async () => {
  const { fleet, fleetOf } = await both();
  await fleet.run('station.move', { id: own.station, site: foreign.site });
  const { items } = await fleetOf(helper).run('session.list', {});
  expect(items.map(({ transactionId }) => transactionId)).toEqual([101, 100]);
  await failure(fleetOf(helper).run('station.show', { id: own.station }), 'NOT_FOUND');
  expect((await fleetOf(helper).run('event.list', {})).items).toEqual([]);
});

it('lets a site-admin make no rule that tells of more than theirs, whatever an operation would let them', async () => {
  const world = await both();
  const rule = newAlarmRule('New', { scope: { kind: 'site', siteUuid: own.siteUuid } });
  const [mine, theirs] = [`rule-${own.rule}`, `rule-${foreign.rule}`];
  const beyond: readonly RuleScope[] = [
    { kind: 'all' },
    { kind: 'site', siteUuid: foreign.siteUuid },
    { kind: 'group', groupUuid: `group-${own.group}` },
    { kind: 'stations', stationUuids: [`station-${own.station}`, `station-${foreign.station}`] },
    { kind: 'stations', stationUuids: [] },
  ];
  for (const scope of beyond) {
    await failure(
      as(world, chief, (r) => r.alarmRules.insert({ ...rule, scope })),
      'NOT_ALLOWED',
    );
    await failure(
      as(world, chief, (r) => r.alarmRules.update(mine, { scope })),
      'NOT_ALLOWED',
    );
  }
  const refused: readonly ((r: Repositories) => Promise<unknown>)[] = [
    (r) => r.alarmRules.update(theirs, { enabled: false }),
    (r) => r.alarmRules.delete(theirs),
    (r) => r.alarmRules.forgetStation(`station-${foreign.station}`),
    (r) => r.alarmRules.listEnabled(),
    (r) => r.alarmRules.listUuidsByStation(`station-${own.station}`),
  ];
  for (const work of refused) await failure(as(world, chief, work), 'NOT_ALLOWED');
  await as(world, chief, (r) => r.alarmRules.insert(rule));
  expect((await as(world, chief, (r) => r.alarmRules.list())).map(({ name }) => name)).toEqual([
    'New',
    own.rule,
  ]);
});
