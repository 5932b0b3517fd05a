import { describe, expect, it } from 'vitest';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

const at = (time: string) => `2026-05-04T${time}:00.000Z`;

async function begin(station: ScriptedStation, connectorId = 1, meterStart = 1000): Promise<number> {
  const start = { connectorId, idTag: 'TAG1', meterStart, timestamp: at('09:00') };
  return Number((await station.call('StartTransaction', start)).transactionId);
}

function stop(station: ScriptedStation, transactionId: number, change: object = {}) {
  const request = { transactionId, meterStop: 6000, timestamp: at('09:40'), ...change };
  return station.call('StopTransaction', request);
}

describe('a stop with an id that is unknown here', () => {
  it.each([999, 0, -1])('%d ends the one session it can mean', async (transactionId) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    expect(await stop(station, transactionId)).toEqual({});
    expect(await server.session(id)).toMatchObject({ state: 'ended', energyKwh: 5, stopReason: 'Local' });
    expect(await server.sessions()).toHaveLength(1);
  });

  it.each([
    ['no session is running', 0, {}],
    ['two could be meant', 2, {}],
    ['it is older than the session', 1, { timestamp: at('08:00') }],
    ['its register is lower than that of the session', 1, { meterStop: 999 }],
  ])('is kept for a person to look at when %s', async (_, running, change) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    for (let connector = 1; connector <= running; connector += 1) await begin(station, connector);
    expect(await stop(station, -1, change)).toEqual({});
    const [orphan] = (await server.fleet.run('session.list', { state: 'suspect' })).items;
    expect(orphan).toMatchObject({ connector: 0, tag: null, stopReason: 'Local', energyKwh: 0 });
    expect((await server.fleet.run('session.list', { state: 'active' })).total).toBe(running);
  });

  it.each([
    ['a believable time', at('09:40')],
    ['1970', '1970-01-01T00:00:00Z'],
  ])('is kept once, however often it is sent, with %s', async (_, timestamp) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    for (let round = 0; round < 3; round += 1) {
      await stop(station, 77, { timestamp });
      server.clock.advance(20_000);
    }
    expect(await server.sessions()).toHaveLength(1);
    await stop(station, 78, { timestamp, meterStop: 1 });
    expect(await server.sessions()).toHaveLength(2);
  });
});

it('of another station ends nothing there', async () => {
  const server = await TestServer.start();
  const [one, two] = [await server.connected('CP1'), await server.connected('CP2')];
  const id = await begin(one);
  expect(await stop(two, id)).toEqual({});
  expect(await server.session(id)).toMatchObject({ state: 'active', stopTime: null });
  expect(await server.sessions({ stationId: 'CP2' })).toMatchObject([{ state: 'suspect', connector: 0 }]);
});

describe('a stop that is sent again', () => {
  const transactionData = [{ timestamp: at('09:40'), sampledValue: [{ value: '6000' }] }];
  const count = async (server: TestServer, id: number) =>
    (await server.fleet.run('session.samples', { id: String(id) })).total;

  it('changes nothing, and its samples are kept once', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, id, { transactionData });
    const first = await server.session(id);
    expect(await stop(station, id, { transactionData })).toEqual({});
    expect(await server.session(id)).toEqual(first);
    expect(await count(server, id)).toBe(1);
  });

  it('with another register is flagged; the first one counts', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, id);
    await stop(station, id, { meterStop: 9000, transactionData });
    expect(await server.session(id)).toMatchObject({ state: 'suspect', energyKwh: 5 });
    expect(await count(server, id)).toBe(1);
  });

  it('keeps the samples of an orphan once too', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await stop(station, -1, { transactionData });
    await stop(station, -1, { transactionData });
    expect(await count(server, 1)).toBe(1);
  });
});

describe('who may stop', () => {
  it.each([
    ['nobody in particular', undefined, undefined],
    ['the tag that started', 'TAG1', 'Accepted'],
    ['a stranger, who is told so', 'NOBODY', 'Invalid'],
  ])('%s', async (_, idTag, status) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    expect(await stop(station, id, { idTag })).toEqual(status ? { idTagInfo: { status } } : {});
    expect((await server.session(id)).state).toBe('ended');
  });

  it('a tag that was blocked or has expired since the start', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await server.fleet.run('tag.block', { tag: 'TAG1' });
    expect(await stop(station, id, { idTag: 'TAG1' })).toEqual({ idTagInfo: { status: 'Blocked' } });
    expect((await server.session(id)).state).toBe('ended');
  });
});

describe('what is flagged instead of believed', () => {
  it.each([
    ['a meter that ran backwards', { meterStop: 999 }, 0],
    ['more energy than a car can take', { meterStop: 5_000_000_000 }, 4_999_999],
    ['1970', { timestamp: '1970-01-01T00:00:00Z' }, 5],
    ['the far future', { timestamp: '2100-01-01T00:00:00Z' }, 5],
    ['no time', { timestamp: undefined }, 5],
  ])('%s', async (_, change, energyKwh) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, id, change);
    const session = await server.session(id);
    expect(session).toMatchObject({ state: 'suspect', energyKwh });
    expect(session.duration).toBeGreaterThanOrEqual(0);
  });

  it('a stop before the start has no negative duration', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, id, { timestamp: at('08:00') });
    expect(await server.session(id)).toMatchObject({ duration: 0, stopTime: at('09:00') });
  });
});

it('keeps a reason that nobody knows, a number sent as text, and fields without a meaning', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const id = await begin(station);
  const odd = { transactionId: String(id), meterStop: '6000.4', reason: 'Aliens', extra: [1] };
  await station.call('StopTransaction', { ...odd, timestamp: at('09:40') });
  expect(await server.session(id)).toMatchObject({ stopReason: 'Aliens', energyKwh: 5, state: 'ended' });
  expect(server.log.find(/understood all the same/).length).toBeGreaterThan(0);
});
