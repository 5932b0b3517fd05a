import { describe, expect, it } from 'vitest';
import { LocalList } from '../../src/simulator/charging/local-list.js';
import { failure } from '../helpers/failure.js';
import { TestServer } from '../helpers/test-server.js';
import { push, sentTo, withLocalList } from './local-list-fixture.js';

/** A station with a list, and the tags TAG1, BLOCKED and OLD. */
async function fixture(limits: Parameters<typeof withLocalList>[1] = {}) {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  const station = await server.connected('CP1');
  await server.addTag('BLOCKED');
  await server.fleet.run('tag.block', { tag: 'BLOCKED' });
  await server.addTag('OLD', { expiresAt: 1, parent: 'FAMILY' });
  const list = withLocalList(station, limits);
  return { server, station, list, show: () => server.fleet.run('local-list.show', { stationId: 'CP1' }) };
}

describe('a push', () => {
  it('tells a station of all tags, also which to refuse while it is offline', async () => {
    const { server, station, list } = await fixture();
    expect(await push(server)).toEqual({
      stationId: 'CP1',
      ok: true,
      status: 'Accepted',
      message: 'CP1 took the whole list: version 1, 3 tags.',
      code: null,
      detail: { version: 1, update: 'full', messages: 1, entries: 3, leftOut: 0 },
      suggestions: [],
    });
    expect(await station.received('SendLocalList')).toEqual({
      listVersion: 1,
      updateType: 'Full',
      localAuthorizationList: [
        { idTag: 'BLOCKED', idTagInfo: { status: 'Blocked' } },
        {
          idTag: 'OLD',
          idTagInfo: { status: 'Expired', expiryDate: '1970-01-01T00:00:00.001Z', parentIdTag: 'FAMILY' },
        },
        { idTag: 'TAG1', idTagInfo: { status: 'Accepted' } },
      ],
    });
    expect(list.find('blocked')?.status).toBe('Blocked');
  });

  it('then tells of what has changed only, and of nothing when nothing has', async () => {
    const { server, station, list } = await fixture();
    await push(server);
    await server.addTag('NEW');
    await server.fleet.run('tag.delete', { tag: 'OLD' });
    expect((await push(server)).message).toBe('CP1 took the changes: version 2, 3 tags.');
    expect((await push(server)).message).toBe('CP1 has the list already: version 2, 3 tags.');
    expect(sentTo(station).slice(1)).toEqual([['Differential', 2, ['-OLD', 'NEW']]]);
    expect([list.version, list.find('OLD'), list.find('NEW')?.status]).toEqual([2, undefined, 'Accepted']);
  });

  it('sends all of it to hardware that came in place of the station, though its list has the same version', async () => {
    const { server, station, list, show } = await fixture();
    await station.boot({ chargePointSerialNumber: 'A1' });
    await push(server);
    await station.boot({ chargePointSerialNumber: 'B2' });
    expect([await show(), list.version]).toMatchObject([{ state: 'never', version: null }, 1]);
    await push(server);
    expect(sentTo(station).map(([kind, version]) => [kind, version])).toEqual([
      ['Full', 1],
      ['Full', 2],
    ]);
  });

  it('sends everything again with --force', async () => {
    const { server, station } = await fixture();
    await push(server);
    await push(server, { force: true });
    expect(sentTo(station).map(([kind, version]) => [kind, version])).toEqual([
      ['Full', 1],
      ['Full', 2],
    ]);
  });

  it('sends a station that takes two at a time as many messages as it needs', async () => {
    const { server, station, list } = await fixture({ perMessage: 2 });
    await server.addTag('TAG2');
    await server.addTag('TAG3');
    expect((await push(server)).message).toBe('CP1 took the whole list in 3 messages: version 3, 5 tags.');
    expect(sentTo(station)).toEqual([
      ['Full', 1, ['BLOCKED', 'OLD']],
      ['Differential', 2, ['TAG1', 'TAG2']],
      ['Differential', 3, ['TAG3']],
    ]);
    expect([list.version, list.find('TAG3')?.status]).toEqual([3, 'Accepted']);
  });

  it('leaves out who may not charge first when a station has no room for all, and says so once', async () => {
    const { server, station, show } = await fixture({ inAll: 2 });
    expect((await push(server)).message).toBe(
      'CP1 took the whole list: version 1, 2 tags. It has no room for 1 more.',
    );
    expect(sentTo(station)).toEqual([['Full', 1, ['BLOCKED', 'TAG1']]]);
    expect((await show()).state).toBe('current');
    expect((await push(server)).detail).toMatchObject({ update: null, leftOut: 1 });
  });

  it('empties the list of a station when no tags are left', async () => {
    const { server, station, list } = await fixture();
    await push(server);
    for (const tag of ['TAG1', 'OLD', 'BLOCKED']) await server.fleet.run('tag.delete', { tag });
    expect((await push(server)).message).toBe('CP1 took the whole list: version 2, no tags.');
    expect(await station.received('SendLocalList', 2)).toEqual({ listVersion: 2, updateType: 'Full' });
    expect(list.find('TAG1')).toBeUndefined();
  });

  it('sends everything to a station that lost its list, or has somebody else’s', async () => {
    const { server, station } = await fixture();
    await push(server);
    withLocalList(station, {}, new LocalList());
    await push(server);
    const foreign = new LocalList();
    foreign.update({ listVersion: 40, updateType: 'Full' }, { maxEntries: 9, maxPerMessage: 9 });
    withLocalList(station, {}, foreign);
    await push(server);
    expect(sentTo(station).map(([kind, version]) => [kind, version])).toEqual([
      ['Full', 1],
      ['Full', 2],
      ['Full', 41],
    ]);
  });

  it.each(['VersionMismatch', 'Failed'])('sends everything after a %s for the difference', async (status) => {
    const { server, station, list } = await fixture();
    await push(server);
    await server.addTag('NEW');
    let isFirst = true;
    station.on('SendLocalList', (payload) => {
      if (!isFirst) return { status: list.update(payload as never, { maxEntries: 99, maxPerMessage: 99 }) };
      isFirst = false;
      return { status };
    });
    expect((await push(server)).message).toBe('CP1 took the whole list: version 3, 4 tags.');
    expect(sentTo(station).map(([kind, version]) => [kind, version])).toEqual([
      ['Full', 1],
      ['Differential', 2],
      ['Full', 3],
    ]);
  });

  it.each([
    ['Failed', 'CP1 could not take the list: it answered Failed.', 1],
    ['NotSupported', 'CP1 takes no local authorization list: it answered NotSupported.', 1],
    [
      'VersionMismatch',
      'CP1 does not take version 2 of the list, not even all of it: it answered VersionMismatch.',
      2,
    ],
  ])(
    'ends with a refusal after %s, and everything is sent the next time',
    async (status, message, messages) => {
      const { server, station, list, show } = await fixture();
      station.on('SendLocalList', () => ({ status }));
      expect(await push(server)).toMatchObject({ ok: false, status, message, code: 'REFUSED' });
      expect(sentTo(station)).toHaveLength(messages);
      expect((await show()).state).toBe('uncertain');
      withLocalList(station, {}, list);
      expect((await push(server)).detail).toMatchObject({ update: 'full', version: messages + 1 });
    },
  );

  it('sends everything after an answer that never came', async () => {
    const { server, station, list, show } = await fixture();
    await push(server);
    await server.addTag('NEW');
    station.on('SendLocalList', (payload) => {
      list.update(payload as never, { maxEntries: 99, maxPerMessage: 99 });
      return 'silence';
    });
    const waiting = push(server);
    await station.received('SendLocalList', 2);
    server.clock.advance(30_000);
    expect(await waiting).toMatchObject({ ok: false, code: 'TIMED_OUT' });
    expect(await show()).toMatchObject({ state: 'uncertain', version: 2 });
    withLocalList(station, {}, list);
    expect((await push(server)).detail).toMatchObject({ update: 'full', version: 3 });
    expect((await show()).state).toBe('current');
  });

  it('says what to switch on at a station whose list is switched off', async () => {
    const { server, station } = await fixture();
    const off = { key: 'LocalAuthListEnabled', readonly: false, value: 'false' };
    station.on('GetConfiguration', () => ({ configurationKey: [off] }));
    station.on('SendLocalList', () => ({ status: 'NotSupported' }));
    const { message, suggestions } = await push(server);
    expect(message).toBe('CP1 has its local authorization list switched off.');
    expect(suggestions[0]).toBe('evfleet config set CP1 LocalAuthListEnabled=true');
  });

  it.each([
    ['-1', { listVersion: -1 }, 'CP1 has no local authorization list: it gives its version as -1.'],
    [
      'NotImplemented',
      { error: 'NotImplemented' },
      'CP1 has no local authorization list: it answered NotImplemented.',
    ],
  ])('sends nothing to a station without a list: %s', async (_, answer, message) => {
    const { server, station } = await fixture();
    station.on('GetLocalListVersion', () => answer);
    expect(await push(server)).toMatchObject({ ok: false, code: 'REFUSED', message });
    expect(sentTo(station)).toEqual([]);
  });

  it('assumes a hundred at a time at a station that does not say', async () => {
    const { server, station } = await fixture();
    station.on('GetConfiguration', () => ({ error: 'InternalError' }));
    for (let i = 0; i < 98; i += 1) await server.addTag(`T${i}`);
    expect((await push(server)).detail).toMatchObject({ messages: 2, entries: 101 });
  });

  it('of two at once waits for the other', async () => {
    const { server, station, list } = await fixture();
    const outcomes = await Promise.all([push(server, { force: true }), push(server, { force: true })]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
    expect(sentTo(station).map(([, version]) => version)).toEqual([1, 2]);
    expect(list.version).toBe(2);
  });

  it('does not bring back the tags of before when it was overtaken by another', async () => {
    const { server, station, list } = await fixture();
    const slow = await server.connected('CP0');
    slow.on('GetLocalListVersion', () => 'silence');
    const input = { targets: { stationIds: ['CP0', 'CP1'] }, concurrency: 1, timeoutMs: 30_000 };
    const messages: string[] = [];
    const older = (async () => {
      for await (const { message } of server.fleet.stream('local-list.push', input)) messages.push(message);
    })();
    await slow.received('GetLocalListVersion');
    await server.fleet.run('tag.block', { tag: 'TAG1' });
    await push(server);
    server.clock.advance(30_000);
    await older;
    expect(messages.at(-1)).toBe('CP1 has the list already: version 1, 3 tags.');
    expect([sentTo(station).length, list.find('TAG1')?.status]).toEqual([1, 'Blocked']);
  });

  it('reaches many stations, and goes on after one that is offline', async () => {
    const { server } = await fixture();
    const other = await server.connected('CP2');
    const list = withLocalList(other);
    await server.add('CP3');
    const outcomes: unknown[] = [];
    const input = { targets: { all: true }, concurrency: 2, timeoutMs: 30_000 };
    for await (const { stationId, code } of server.fleet.stream('local-list.push', input)) {
      outcomes.push([stationId, code]);
    }
    expect(outcomes.sort()).toEqual([
      ['CP1', null],
      ['CP2', null],
      ['CP3', 'STATION_OFFLINE'],
    ]);
    expect(list.version).toBe(1);
  });

  it('survives a restart of the server', async () => {
    const { server } = await fixture();
    await push(server);
    const list = new LocalList();
    list.update({ listVersion: 1, updateType: 'Full' }, { maxEntries: 9, maxPerMessage: 9 });
    await server.restart();
    const station = await server.connect('CP1');
    withLocalList(station, {}, list);
    expect((await push(server)).message).toBe('CP1 has the list already: version 1, 3 tags.');
    expect(sentTo(station)).toEqual([]);
  });
});

describe('what a station was sent', () => {
  it('is shown beside what it would be now', async () => {
    const { server, show } = await fixture();
    expect(await show()).toMatchObject({ state: 'never', version: null, sentEntries: 0, nowEntries: 3 });
    await push(server);
    expect(await show()).toMatchObject({ state: 'current', version: 1, sentAt: server.clock.iso() });
    await server.addTag('NEW', { parent: 'FAMILY' });
    await server.fleet.run('tag.unblock', { tag: 'BLOCKED' });
    await server.fleet.run('tag.delete', { tag: 'OLD' });
    const { state, entries } = await show();
    const plain = { expires: null, parent: null };
    const accepted = { ...plain, status: 'Accepted' };
    expect(state).toBe('outdated');
    expect(entries).toEqual([
      { tag: 'BLOCKED', change: 'changed', sent: { ...plain, status: 'Blocked' }, now: accepted },
      { tag: 'NEW', change: 'added', sent: null, now: { ...accepted, parent: 'FAMILY' } },
      { tag: 'TAG1', change: 'none', sent: accepted, now: accepted },
      {
        tag: 'OLD',
        change: 'removed',
        sent: { status: 'Expired', expires: '1970-01-01T00:00:00.001Z', parent: 'FAMILY' },
        now: null,
      },
    ]);
  });

  it('goes with the station', async () => {
    const { server, show } = await fixture();
    await push(server);
    await server.fleet.run('station.delete', { id: 'CP1' });
    await server.add('CP1');
    expect((await show()).state).toBe('never');
  });

  it('is compared with what the station says it has', async () => {
    const { server, station } = await fixture();
    const version = () => server.fleet.run('local-list.version', { stationId: 'CP1', timeoutMs: 30_000 });
    expect(await version()).toEqual({ stationId: 'CP1', version: 0, isSupported: true, sentVersion: null });
    await push(server);
    expect(await version()).toMatchObject({ version: 1, sentVersion: 1 });
    station.on('GetLocalListVersion', () => ({ listVersion: -1 }));
    expect(await version()).toMatchObject({ version: -1, isSupported: false });
    station.on('GetLocalListVersion', () => ({ error: 'NotSupported' }));
    const error = await failure(version(), 'REFUSED');
    expect(error.message).toBe('CP1 has no local authorization list: it answered NotSupported.');
  });
});
