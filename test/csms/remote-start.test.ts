import { describe, expect, it } from 'vitest';
import { failure } from '../helpers/failure.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { accept, begin, end, lapse, mute, start } from './remote-fixture.js';

describe('remote start', () => {
  it('sends what the specification wants, and tells "accepted" from "done"', async () => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    const outcome = await start(server.fleet, { connector: 1 });
    expect(outcome).toEqual({
      stationId: 'CP1',
      connector: 1,
      tag: 'TAG1',
      status: 'Accepted',
      session: null,
    });
    expect(await station.received('RemoteStartTransaction')).toEqual({ connectorId: 1, idTag: 'TAG1' });
    await start(server.fleet);
    expect(await station.received('RemoteStartTransaction', 2)).toEqual({ idTag: 'TAG1' });
  });

  it('is recorded as the authentication of the session that comes of it, and only of that', async () => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    await start(server.fleet, { connector: 1 });
    const byHand = await begin(server, station, { connectorId: 2 });
    const remote = await begin(server, station, { idTag: 'tag1' });
    await end(server, station, remote);
    server.clock.advance(1000);
    const later = await begin(server, station);
    const how = async (id: number) => (await server.session(id)).authentication;
    expect([await how(byHand), await how(remote), await how(later)]).toEqual(['rfid', 'remote', 'rfid']);
  });

  it('does not count for a session that begins much later', async () => {
    const server = await TestServer.start({ pingIntervalMs: 3600_000 });
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    await start(server.fleet);
    server.clock.advance(16 * 60_000);
    expect((await server.session(await begin(server, station))).authentication).toBe('rfid');
  });

  it('waits until the session has begun', async () => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    const waiting = start(server.fleet, { waitMs: 60_000 });
    await station.received('RemoteStartTransaction');
    const transactionId = await begin(server, station);
    expect(await waiting).toMatchObject({
      connector: 1,
      session: { transactionId, authentication: 'remote' },
    });
  });

  it('does not take a session that ran before for its own', async () => {
    const server = await TestServer.start({ pingIntervalMs: 3600_000 });
    const station = (await server.connected('CP1', { connectors: 2 })).on('RemoteStartTransaction', accept);
    await begin(server, station);
    const error = await lapse(
      server,
      failure(start(server.fleet, { connector: 2, waitMs: 10_000 }), 'TIMED_OUT'),
    );
    expect(error.message).toBe('CP1 accepted the start, but no session has begun yet.');
  });

  it('waits in vain for a car that is not plugged in', async () => {
    const server = await TestServer.start();
    (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    const error = await lapse(server, failure(start(server.fleet, { waitMs: 0 }), 'TIMED_OUT'));
    expect(error.suggestions).toContain('evfleet status');
  });

  it.each([
    ['Rejected', { status: 'Rejected' }, /^CP1 refused to start charging: Rejected, the connector may be/],
    ['a CALLERROR', { error: 'NotSupported' }, 'CP1 refused to start charging: NotSupported.'],
    ['nonsense', { state: 'ok' }, /^CP1 refused to start charging: /],
  ] as const)('is refused by %s, and leaves no trace', async (_, answer, message) => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', () => answer);
    const error = await failure(start(server.fleet), 'REFUSED');
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    expect((await server.session(await begin(server, station))).authentication).toBe('rfid');
  });

  it('times out on a mute station, whose late start still counts as remote', async () => {
    const { server, station } = await mute();
    const failed = failure(start(server.fleet), 'TIMED_OUT');
    await station.received('RemoteStartTransaction');
    server.clock.advance(30_000);
    expect((await failed).message).toBe('CP1: RemoteStartTransaction was not answered within 30s.');
    station.send(JSON.stringify([3, station.calls[0]?.id, { status: 'Accepted' }]));
    expect((await server.session(await begin(server, station))).authentication).toBe('remote');
    expect(server.log.find(/late-answer/)).toHaveLength(1);
  });

  it.each([
    ['three elements', '"NotSupported"', /NotSupported/],
    ['four elements', '"GenericError","no"', /GenericError: no/],
    ['a code that nobody knows', '"Oops","",{}', /Oops/],
    ['the spelling of OCPP 2', '"OccurrenceConstraintViolation","",{}', /OccurenceConstraintViolation/],
    ['a code that is no text', '7,null,null', /GenericError/],
  ])('understands a CALLERROR with %s', async (_, elements, message) => {
    const { server, station } = await mute();
    const failed = failure(start(server.fleet), 'REFUSED');
    await station.received('RemoteStartTransaction');
    station.send(`[4,"${station.calls[0]?.id}",${elements}]`);
    expect((await failed).message).toMatch(message);
  });

  it('builds no backlog at a mute station', async () => {
    const { server } = await mute();
    const calls = Array.from({ length: 70 }, () => start(server.fleet).catch((error: unknown) => error));
    const busy = await Promise.race(calls);
    expect(busy).toMatchObject({ code: 'CONFLICT' });
    expect(String(busy)).toContain('CP1 is busy');
    await lapse(server, Promise.all(calls));
  });

  it('does not queue behind a mute station for longer than it may wait', async () => {
    const { server, station } = await mute();
    const first = failure(
      server.fleet.run('remote.start', { stationId: 'CP1', tag: 'TAG1', timeoutMs: 600_000 }),
      'TIMED_OUT',
    );
    await station.received('RemoteStartTransaction');
    const waiting = server.clock.pendingOf(30_000);
    const second = failure(start(await server.newFleet()), 'TIMED_OUT');
    await until(() => server.clock.pendingOf(30_000) > waiting);
    server.clock.advance(30_000);
    expect((await second).message).toMatch(/could not be sent within 30s/);
    server.clock.advance(600_000);
    await first;
    expect(station.calls).toHaveLength(1);
  });

  it('fails when the station goes away before it has answered, and what it then does counts as remote', async () => {
    const { server, station } = await mute();
    const failed = failure(start(server.fleet), 'STATION_OFFLINE');
    await station.received('RemoteStartTransaction');
    station.cut();
    expect((await failed).message).toMatch(/^CP1 went offline/);
    const back = await server.connect('CP1');
    expect((await server.session(await begin(server, back))).authentication).toBe('remote');
  });

  it('says how long a station has been offline', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await server.add('CP2');
    await station.leave();
    await until(async () => !(await server.fleet.run('station.show', { id: 'CP1' })).online);
    const error = await failure(start(server.fleet), 'STATION_OFFLINE');
    expect(error.message).toBe('Station CP1 has been offline since 2026-05-04 10:00:00Z.');
    const never = { stationId: 'CP2', tag: 'TAG1', timeoutMs: 1000 };
    const other = await failure(server.fleet.run('remote.start', never), 'STATION_OFFLINE');
    expect(other.message).toBe('Station CP2 has never connected.');
  });

  it.each([
    ['an unknown tag', { tag: 'NEW' }, 'NOT_FOUND', 'evfleet tag create NEW'],
    ['a blocked tag', { tag: 'BLOCKED' }, 'REFUSED', 'evfleet tag unblock BLOCKED'],
    ['an expired tag', { tag: 'OLD' }, 'REFUSED', 'evfleet tag update OLD --expires 30d'],
    ['a connector that is not there', { connector: 7 }, 'NOT_FOUND', 'evfleet connector list CP1'],
    ['a tag that is too long', { tag: 'x'.repeat(21) }, 'USAGE', undefined],
  ] as const)('does not bother the station with %s', async (_, change, code, suggestion) => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    await server.addTag('BLOCKED');
    await server.fleet.run('tag.block', { tag: 'BLOCKED' });
    await server.addTag('OLD', { expiresAt: 1 });
    const error = await failure(start(server.fleet, change), code);
    expect(error.suggestions[0]).toBe(suggestion);
    expect(station.calls).toEqual([]);
  });

  it('takes any tag for an open connector', async () => {
    const server = await TestServer.start();
    (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    await server.fleet.run('connector.update', { stationId: 'CP1', connector: 1, mode: 'open' });
    expect(await start(server.fleet, { tag: 'ANY' })).toMatchObject({ status: 'Accepted' });
  });

  it('suggests the station that was meant', async () => {
    const server = await TestServer.start();
    await server.connected('CP10');
    const error = await failure(start(server.fleet), 'NOT_FOUND');
    expect(error.suggestions[0]).toBe('evfleet station show CP10');
  });

  it('is not sent to a station that is not accepted', async () => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    await server.fleet.run('station.update', { id: 'CP1', registration: 'pending' });
    const error = await failure(start(server.fleet), 'CONFLICT');
    expect(error.suggestions).toEqual(['evfleet station update CP1 --registration accepted']);
    expect(station.calls).toEqual([]);
  });

  it('is held back until the answer to a boot is on the wire', async () => {
    const server = await TestServer.start();
    const station = (await server.connected('CP1')).on('RemoteStartTransaction', accept);
    const boots = Array.from({ length: 5 }, () => station.boot());
    await Promise.all([start(server.fleet), ...boots]);
    const kinds = station.frames.map(([type]) => type);
    expect(kinds.filter((type) => type === 3)).toHaveLength(5);
    expect(kinds.indexOf(2)).not.toBe(0);
  });
});

it('one call at a time to a station, the next when the first is answered; its own calls are answered meanwhile', async () => {
  const { server, station } = await mute();
  const calls = [1, 2, 3].map(async () => start(await server.newFleet()));
  for (let round = 1; round <= 3; round += 1) {
    await station.received('RemoteStartTransaction', round);
    expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
    expect(station.calls).toHaveLength(round);
    station.send(JSON.stringify([3, station.calls[round - 1]?.id, { status: 'Accepted' }]));
  }
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(3).fill('Accepted'));
});
