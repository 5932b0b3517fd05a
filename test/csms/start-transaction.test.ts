import { describe, expect, it } from 'vitest';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: '2026-05-04T09:30:00.000Z' };

async function begin(station: ScriptedStation, change: object = {}) {
  const { transactionId, idTagInfo } = await station.call('StartTransaction', { ...start, ...change });
  return { transactionId: Number(transactionId), status: (idTagInfo as { status: string }).status };
}

describe('a StartTransaction that is sent again', () => {
  it('gets the same transaction id and verdict, though its message id is new', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const first = await begin(station);
    expect(first.status).toBe('Accepted');
    expect(await begin(station)).toEqual(first);
    await station.leave();
    const back = await server.connect('CP1');
    expect(await begin(back, { idTag: 'tag1' })).toEqual(first);
    await server.restart();
    expect(await begin(await server.connect('CP1'))).toEqual(first);
    expect(await server.sessions()).toHaveLength(1);
  });

  it.each([
    ['1970', { timestamp: '1970-01-01T00:00:07Z' }],
    ['the future', { timestamp: '2099-01-01T00:00:00Z' }],
    ['no time at all', { timestamp: undefined }],
  ])('is the same also when the clock of the station says %s', async (_, change) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const first = await begin(station, change);
    server.clock.advance(60_000);
    expect(await begin(station, change)).toEqual(first);
    expect(await server.sessions()).toHaveLength(1);
    server.clock.advance(2 * 3600_000);
    const later = await server.connect('CP1');
    expect(await begin(later, change)).not.toEqual(first);
  });

  it('keeps its verdict when the tag was blocked meanwhile, or made known', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    const accepted = await begin(station);
    const refused = await begin(station, { connectorId: 2, idTag: 'NEW' });
    expect(refused.status).toBe('Invalid');
    await server.fleet.run('tag.block', { tag: 'TAG1' });
    await server.addTag('NEW');
    expect(await begin(station)).toEqual(accepted);
    expect(await begin(station, { connectorId: 2, idTag: 'NEW' })).toEqual(refused);
  });

  it('counts a stranger once', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await begin(station, { idTag: 'NEW' });
    await begin(station, { idTag: 'NEW' });
    expect((await server.fleet.run('tag.unknown', {})).items).toMatchObject([{ tag: 'NEW', attempts: 1 }]);
  });

  it.each([
    ['another time', { timestamp: '2026-05-04T09:30:01.000Z' }],
    ['another tag', { idTag: 'OTHER' }],
    ['another register', { meterStart: 1001 }],
    ['another connector', { connectorId: 2 }],
  ])('is another one with %s', async (_, change) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    const { transactionId } = await begin(station);
    expect((await begin(station, change)).transactionId).not.toBe(transactionId);
  });
});

describe('transaction ids', () => {
  it('begin at 1 and are never used twice, not after a restart and not after deleting the station', async () => {
    const server = await TestServer.start();
    let station = await server.connected('CP1');
    expect((await begin(station)).transactionId).toBe(1);
    await station.call('StopTransaction', { transactionId: 1, meterStop: 1, timestamp: start.timestamp });
    await server.fleet.run('station.delete', { id: 'CP1' });
    await server.restart();
    await server.add('CP1');
    station = await server.connect('CP1');
    expect((await begin(station)).transactionId).toBe(2);
  });
});

describe('a refused tag', () => {
  it.each([
    ['unknown', 'NOBODY', 'Invalid'],
    ['blocked', 'BLOCKED', 'Blocked'],
    ['expired', 'EXPIRED', 'Expired'],
  ])('(%s) is told so, and the session recorded all the same', async (_, idTag, status) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await server.addTag('BLOCKED');
    await server.fleet.run('tag.block', { tag: 'BLOCKED' });
    await server.addTag('EXPIRED', { expiresAt: server.clock.now() });
    expect((await station.call('Authorize', { idTag })).idTagInfo).toMatchObject({ status });
    const begun = await begin(station, { idTag });
    expect(begun).toEqual({ transactionId: 1, status });
    expect(await server.sessions()).toMatchObject([{ transactionId: 1, tag: idTag, state: 'active' }]);
  });
});

describe('tags', () => {
  it('compare without regard to case', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    expect((await station.call('Authorize', { idTag: 'tAg1' })).idTagInfo).toEqual({ status: 'Accepted' });
    expect((await begin(station, { idTag: 'tag1' })).status).toBe('Accepted');
  });

  it('tell what the station may keep of them', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await server.addTag('KID', { parent: 'FAMILY', expiresAt: Date.UTC(2027, 0, 1) });
    expect(await station.call('Authorize', { idTag: 'KID' })).toEqual({
      idTagInfo: { status: 'Accepted', parentIdTag: 'FAMILY', expiryDate: '2027-01-01T00:00:00.000Z' },
    });
  });

  it('are not asked for on an open connector, where Authorize never says ConcurrentTx either', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    await server.fleet.run('connector.update', { stationId: 'CP1', connector: 2, mode: 'open' });
    const { transactionId } = await begin(station, { connectorId: 2, idTag: 'ANYBODY' });
    expect((await server.session(transactionId)).authentication).toBe('anonymous');
    expect((await station.call('Authorize', { idTag: 'ANYBODY' })).idTagInfo).toEqual({ status: 'Accepted' });
    expect((await begin(station, { idTag: 'ANYBODY' })).status).toBe('Invalid');
  });

  it('that charge already are never told ConcurrentTx by Authorize, nor when their start is sent again', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    const running = await begin(station);
    expect((await station.call('Authorize', { idTag: 'TAG1' })).idTagInfo).toEqual({ status: 'Accepted' });
    expect(await begin(station)).toEqual(running);
    expect((await begin(station, { connectorId: 2 })).status).toBe('Accepted');
  });

  it('that are far too long are refused, listed, and do not fill the store', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const idTag = 'x'.repeat(100_000);
    expect((await station.call('Authorize', { idTag })).idTagInfo).toEqual({ status: 'Invalid' });
    expect((await station.call('Authorize', { idTag: '' })).idTagInfo).toEqual({ status: 'Invalid' });
    const { items } = await server.fleet.run('tag.unknown', {});
    expect(items).toMatchObject([{ tag: 'x'.repeat(100) }]);
  });
});

describe('the time of a start', () => {
  it.each([
    ['replayed after half a year', '2025-11-04T10:00:00Z', '2025-11-04T10:00:00.000Z'],
    ['without a zone is UTC', '2026-05-04T09:00:00', '2026-05-04T09:00:00.000Z'],
    ['with an offset', '2026-05-04T11:00:00+02:00', '2026-05-04T09:00:00.000Z'],
    ['an hour fast', '2026-05-04T11:00:00Z', '2026-05-04T11:00:00.000Z'],
  ])('%s is believed', async (_, timestamp, startTime) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const { transactionId } = await begin(station, { timestamp });
    expect(await server.session(transactionId)).toMatchObject({
      startTime,
      serverLogTime: '2026-05-04T10:00:00.000Z',
    });
    const stop = { transactionId, meterStop: 2000, timestamp: server.clock.iso(2 * 3600_000) };
    await station.call('StopTransaction', stop);
    expect(await server.session(transactionId)).toMatchObject({ state: 'ended' });
  });

  it.each([
    ['1970', '1970-01-01T00:00:00Z'],
    ['the year 1', '0001-01-01T00:00:00Z'],
    ['far in the future', '2099-12-31T23:59:59Z'],
    ['nonsense', 'yesterday'],
    ['an empty text', ''],
  ])('%s is not, and the session flagged', async (_, timestamp) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const { transactionId } = await begin(station, { timestamp });
    expect((await server.session(transactionId)).startTime).toBe('2026-05-04T10:00:00.000Z');
    await station.call('StopTransaction', { transactionId, meterStop: 2000, timestamp: server.clock.iso() });
    expect(await server.session(transactionId)).toMatchObject({ state: 'suspect' });
  });
});

describe('a start on a connector where a session is open', () => {
  it('makes the old one suspect, and its own stop clears it', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const old = await begin(station);
    const fresh = await begin(station, { meterStart: 5000, timestamp: server.clock.iso() });
    expect(await server.session(old.transactionId)).toMatchObject({ state: 'suspect', stopTime: null });
    expect(await server.session(fresh.transactionId)).toMatchObject({ state: 'active' });
    const stop = { transactionId: old.transactionId, meterStop: 4000, timestamp: '2026-05-04T09:50:00Z' };
    await station.call('StopTransaction', stop);
    const ended = { state: 'ended', energyKwh: 3, stopTime: '2026-05-04T09:50:00.000Z' };
    expect(await server.session(old.transactionId)).toMatchObject(ended);
  });
});

it('a start that comes late does not push aside the session that began after it', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const now = await begin(station, { timestamp: server.clock.iso() });
  const late = await begin(station, { meterStart: 500 });
  expect(await server.session(now.transactionId)).toMatchObject({ state: 'active', suspicion: null });
  expect(await server.session(late.transactionId)).toMatchObject({ state: 'suspect', stopTime: null });
});

it('a start that is sent again after its stop is not another session, though the clock says 1970', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const first = await begin(station, { timestamp: '1970-01-01T00:00:00Z' });
  const stop = { transactionId: first.transactionId, meterStop: 2000, timestamp: server.clock.iso(1000) };
  await station.call('StopTransaction', stop);
  expect(await begin(station, { timestamp: '1970-01-01T00:00:00Z' })).toEqual(first);
  expect(await server.sessions()).toHaveLength(1);
});

it.each([0, -3, 7, 100_000])('on connector %d, which nobody knows, is recorded', async (connectorId) => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const { transactionId, status } = await begin(station, { connectorId });
  expect(status).toBe('Accepted');
  expect(await server.session(transactionId)).toMatchObject({ connector: connectorId });
});

it('hundreds of stations start at the same moment and others are answered meanwhile', async () => {
  const server = await TestServer.start();
  await server.addTag('TAG1');
  const ids = Array.from({ length: 100 }, (_, number) => `CP${number}`);
  await Promise.all(ids.map((id) => server.add(id, { connectors: 3 })));
  const bystander = await server.connected('OTHER');
  const stations = await Promise.all(ids.map((id) => server.connect(id)));
  const starts = stations.flatMap((station) =>
    [1, 2, 3].map((connectorId) => begin(station, { connectorId })),
  );
  let done = false;
  const all = Promise.all(starts).finally(() => {
    done = true;
  });
  let heartbeats = 0;
  await until(async () => {
    await bystander.call('Heartbeat', {});
    heartbeats += 1;
    return done;
  });
  const begun = await all;
  expect(new Set(begun.map(({ transactionId }) => transactionId)).size).toBe(300);
  expect(begun.every(({ status }) => status === 'Accepted')).toBe(true);
  expect(heartbeats).toBeGreaterThan(1);
  expect((await server.fleet.run('fleet.status', {})).counts.activeSessions).toBe(300);
});
