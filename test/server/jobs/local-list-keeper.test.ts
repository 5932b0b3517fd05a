import { describe, expect, it } from 'vitest';
import { sentTo, withLocalList } from '../../csms/local-list-fixture.js';
import type { ScriptedStation } from '../../helpers/scripted-station.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';

async function fixture() {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  const station = await server.connected('CP1');
  await server.fleet.run('settings.set', { settings: [{ key: 'local-list.auto', value: 'on' }] });
  withLocalList(station);
  return { server, station };
}

/** Lets time pass, five seconds at a time, until it holds. */
async function pass(server: TestServer, reached: () => boolean | Promise<boolean>, what: string) {
  await until(async () => {
    if (await reached()) return true;
    server.clock.advance(5000);
    return false;
  }, what);
}

/** Enough looks that anything would have been sent. */
async function looks(server: TestServer, station: ScriptedStation) {
  for (let i = 0; i < 4; i += 1) {
    server.clock.advance(5000);
    await station.call('Heartbeat', {});
  }
}

const count = (station: ScriptedStation) => sentTo(station).length;

describe('while local-list.auto is on, a station', () => {
  it('that is there gets the list, and what changes in it', async () => {
    const { server, station } = await fixture();
    await pass(server, () => count(station) === 1, 'the list');
    await until(async () => {
      const { state } = await server.fleet.run('local-list.show', { stationId: 'CP1' });
      return state === 'current';
    });
    await server.addTag('NEW');
    await pass(server, () => count(station) === 2, 'the change');
    expect(sentTo(station)).toEqual([
      ['Full', 1, ['TAG1']],
      ['Differential', 2, ['NEW']],
    ]);
    await looks(server, station);
    expect(count(station)).toBe(2);
  });

  it('that comes later gets it once it is there', async () => {
    const { server } = await fixture();
    await server.add('CP2');
    server.clock.advance(60_000);
    const late = await server.connect('CP2');
    withLocalList(late);
    await late.boot();
    await pass(server, () => count(late) === 1, 'the list');
  });

  it('that has booted without its list gets it again', async () => {
    const { server, station } = await fixture();
    await pass(server, () => count(station) === 1, 'the list');
    withLocalList(station);
    server.clock.advance(1000);
    await station.boot();
    await pass(server, () => count(station) === 2, 'the list again');
    expect(sentTo(station).map(([kind, version]) => [kind, version])).toEqual([
      ['Full', 1],
      ['Full', 2],
    ]);
  });

  it('that has no list is left alone for a minute, then for longer', async () => {
    const { server, station } = await fixture();
    station.on('GetLocalListVersion', () => ({ listVersion: -1 }));
    const asked = () => station.calls.filter(({ action }) => action === 'GetLocalListVersion').length;
    const failed = () => server.log.find(/local list not pushed/).length;
    await pass(server, () => failed() === 1, 'a first attempt');
    const firstAt = server.clock.now();
    await pass(server, () => failed() === 2, 'a second attempt');
    const secondAt = server.clock.now();
    expect(secondAt - firstAt).toBeGreaterThanOrEqual(60_000);
    await pass(server, () => failed() === 3, 'a third attempt');
    expect(server.clock.now() - secondAt).toBeGreaterThanOrEqual(120_000);
    expect(asked()).toBe(3);
  });

  it('does not get a list for each of many changes', async () => {
    const { server, station } = await fixture();
    await pass(server, () => count(station) === 1, 'the list');
    for (let i = 0; i < 3; i += 1) {
      await server.addTag(`T${i}`);
      server.clock.advance(5000);
      await station.call('Heartbeat', {});
    }
    await pass(server, () => count(station) === 2, 'the changes');
    await looks(server, station);
    expect(sentTo(station).slice(1)).toEqual([['Differential', 2, ['T0', 'T1', 'T2']]]);
  });

  it('is told when a tag expires', async () => {
    const { server, station } = await fixture();
    await server.addTag('BRIEF', { expiresAt: server.clock.now() + 60_000 });
    const last = () => station.calls.filter(({ action }) => action === 'SendLocalList').at(-1)?.payload;
    await pass(server, () => JSON.stringify(last() ?? '').includes('"Expired"'), 'the expiry');
  });
});

it('nothing is sent by itself while local-list.auto is off', async () => {
  const { server, station } = await fixture();
  await server.fleet.run('settings.set', { settings: [{ key: 'local-list.auto', value: 'off' }] });
  await looks(server, station);
  expect(station.calls).toEqual([]);
});

describe('a list', () => {
  const tags = (station: ScriptedStation) => sentTo(station).flatMap(([, , changes]) => changes);

  it('loses and gets tags as its station moves to other sites and groups', async () => {
    const { server, station } = await fixture();
    const { fleet } = server;
    for (const name of ['Depot', 'Office']) await fleet.run('site.create', { name });
    await fleet.run('group.create', { name: 'Night' });
    await fleet.run('station.update', { id: 'CP1', site: 'Depot' });
    await server.add('CP2');
    await fleet.run('station.update', { id: 'CP2', site: 'Office' });
    const other = await server.connect('CP2');
    withLocalList(other);
    await fleet.run('tag.create', { tag: 'DEPOT', sites: ['Depot'] });
    await fleet.run('tag.create', { tag: 'NIGHT', groups: ['Night'] });
    await fleet.run('tag.create', { tag: 'OFFICE', sites: ['Office'] });
    await pass(server, () => count(station) + count(other) === 2, 'the lists');
    expect(tags(station)).toEqual(['DEPOT', 'TAG1']);
    expect(tags(other)).toEqual(['OFFICE', 'TAG1']);
    await fleet.run('station.update', { id: 'CP1', site: 'Office' });
    await pass(server, () => count(station) === 2, 'the list of the other site');
    expect(tags(station).slice(2)).toEqual(['OFFICE', 'TAG1']);
    await fleet.run('group.add', { name: 'Night', stationIds: ['CP1'] });
    await pass(server, () => count(station) === 3, 'the list of the group');
    expect(tags(station).slice(4)).toEqual(['NIGHT']);
    await fleet.run('group.remove', { name: 'Night', stationIds: ['CP1'] });
    await pass(server, () => count(station) === 4, 'the list without the group');
    expect(tags(station).slice(5)).toEqual(['-NIGHT']);
    await looks(server, station);
    await looks(server, other);
    expect([count(station), count(other)]).toEqual([4, 1]);
  });

  it('of a station that was moved while no server ran is noticed when it starts', async () => {
    const { server, station } = await fixture();
    const { fleet } = server;
    await fleet.run('site.create', { name: 'Depot' });
    await fleet.run('tag.create', { tag: 'DEPOT', sites: ['Depot'] });
    await server.add('CP2');
    await fleet.run('station.update', { id: 'CP2', site: 'Depot' });
    const other = await server.connect('CP2');
    withLocalList(other);
    await pass(server, () => count(station) + count(other) === 2, 'the lists');
    await until(async () => (await fleet.run('local-list.show', { stationId: 'CP2' })).state === 'current');
    await fleet.run('settings.set', { settings: [{ key: 'local-list.auto', value: 'off' }] });
    await fleet.run('station.update', { id: 'CP2', site: null });
    await fleet.run('settings.set', { settings: [{ key: 'local-list.auto', value: 'on' }] });
    await server.restart();
    const back = await server.connect('CP2');
    withLocalList(back);
    await pass(server, () => count(back) === 1, 'the list of no site');
    expect(tags(back)).toEqual(['TAG1']);
  });

  it('follows when a user is disabled', async () => {
    const { server, station } = await fixture();
    const { fleet } = server;
    await fleet.run('user.create', { email: 'ada@example.com' });
    await fleet.run('tag.create', { tag: 'ADA', user: 'ada@example.com' });
    await pass(server, () => count(station) === 1, 'the list');
    const list = withLocalList(station);
    await fleet.run('user.update', { email: 'ada@example.com', disabled: true });
    await pass(server, () => list.find('ADA')?.status === 'Blocked', 'the block');
  });
});
