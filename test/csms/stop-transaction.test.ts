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

describe('a stop that was matched by a guess', () => {
  it('is not taken for another one when it is sent again', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    const [id] = [await begin(station), await stop(station, -1)];
    const other = await begin(station, 2);
    await stop(station, -1);
    expect(await server.sessions()).toHaveLength(2);
    expect(await server.session(id)).toMatchObject({ state: 'ended', energyKwh: 5 });
    expect(await server.session(other)).toMatchObject({ state: 'active' });
  });

  it('gives way to the true stop, and is kept', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, 999);
    await stop(station, id, { meterStop: 8000, timestamp: at('09:50') });
    expect(await server.session(id)).toMatchObject({
      ...{ state: 'ended', energyKwh: 7, stopTime: at('09:50'), suspicion: null },
    });
    const [orphan, ...others] = (await server.fleet.run('session.list', { state: 'suspect' })).items;
    expect(others).toEqual([]);
    expect(orphan).toMatchObject({ connector: 0, meterStopKwh: 6, stopTime: at('09:40') });
    for (const again of [999, -1, id])
      await stop(station, again, { meterStop: 8000, timestamp: at('09:50') });
    await stop(station, 999);
    expect(await server.sessions()).toHaveLength(2);
  });

  it('is the true stop itself when it comes again with the right id', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(station);
    await stop(station, -1);
    await stop(station, id);
    expect(await server.session(id)).toMatchObject({ state: 'ended', energyKwh: 5 });
    expect(await server.sessions()).toHaveLength(1);
  });

  it('leaves the wrong session open again when the right one reports it', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    const wrong = await begin(station);
    await stop(station, -1);
    const right = await begin(station, 2);
    await stop(station, right);
    expect(await server.session(right)).toMatchObject({ state: 'ended', energyKwh: 5 });
    expect(await server.session(wrong)).toMatchObject({
      ...{ state: 'suspect', stopTime: null, stopReason: null },
      suspicion: `what was taken for its stop was that of session ${right}`,
    });
    await stop(station, wrong, { meterStop: 2000, timestamp: at('09:50') });
    expect(await server.session(wrong)).toMatchObject({ state: 'ended', energyKwh: 1, suspicion: null });
  });

  it('is that of the newest session on a connector where an older one was never stopped', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const zombie = await begin(station);
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 3000, timestamp: at('09:20') };
    const { transactionId } = await station.call('StartTransaction', start);
    await stop(station, -1);
    expect(await server.session(transactionId)).toMatchObject({ state: 'ended', energyKwh: 3 });
    expect(await server.session(zombie)).toMatchObject({ state: 'suspect', stopTime: null });
  });
});

describe('a stop that overtakes its start', () => {
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: at('09:00') };

  it.each([999, 0, -1])('as transaction %d makes one session of both', async (transactionId) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const transactionData = [{ timestamp: at('09:40'), sampledValue: [{ value: '6000' }] }];
    await stop(station, transactionId, { transactionData });
    const answer = await station.call('StartTransaction', start);
    expect(answer).toEqual({ transactionId: 1, idTagInfo: { status: 'Accepted' } });
    expect(await server.session(1)).toMatchObject({
      ...{ state: 'ended', connector: 1, tag: 'TAG1', authentication: 'rfid', energyKwh: 5, duration: 2400 },
      ...{ startTime: at('09:00'), stopTime: at('09:40'), suspicion: null },
    });
    expect((await server.fleet.run('session.samples', { id: '1' })).total).toBe(1);
    expect(await station.call('StartTransaction', start)).toEqual(answer);
    await stop(station, transactionId);
    expect(await server.sessions()).toHaveLength(1);
  });

  it.each([
    ['later', { timestamp: at('09:41') }],
    ['at a higher register', { meterStart: 6001 }],
    ['by a clock that was never set', { timestamp: '1970-01-01T00:00:00Z' }],
  ])('but not of one that began %s', async (_, change) => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await stop(station, -1);
    const { transactionId } = await station.call('StartTransaction', { ...start, ...change });
    expect(await server.session(transactionId)).toMatchObject({ state: 'active', stopTime: null });
    expect(await server.sessions()).toHaveLength(2);
  });

  it('is settled by the true stop when it could not be told from another one before', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await stop(station, -1);
    await stop(station, -1, { meterStop: 7000, timestamp: at('09:45') });
    const { transactionId } = await station.call('StartTransaction', start);
    expect(await server.session(transactionId)).toMatchObject({ state: 'active' });
    await stop(station, Number(transactionId));
    expect(await server.session(transactionId)).toMatchObject({ state: 'ended', energyKwh: 5 });
    const suspects = (await server.fleet.run('session.list', { state: 'suspect' })).items;
    expect(suspects).toMatchObject([{ meterStopKwh: 7 }]);
  });

  it('gives way to the true stop', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await stop(station, -1);
    const { transactionId } = await station.call('StartTransaction', start);
    await stop(station, Number(transactionId), { meterStop: 9000, timestamp: at('09:55') });
    expect(await server.session(transactionId)).toMatchObject({ state: 'ended', energyKwh: 8 });
    expect((await server.fleet.run('session.list', { state: 'suspect' })).items).toMatchObject([
      { meterStopKwh: 6 },
    ]);
  });
});

it('of another station ends nothing there', async () => {
  const server = await TestServer.start();
  const [one, two] = [await server.connected('CP1'), await server.connected('CP2')];
  const id = await begin(one);
  const own = await begin(two, 2);
  expect(await stop(two, id)).toEqual({});
  expect(await server.session(own)).toMatchObject({ state: 'active', stopTime: null });
  expect(await server.session(id)).toMatchObject({ state: 'active', stopTime: null });
  const [orphan] = (await server.fleet.run('session.list', { stationId: 'CP2', state: 'suspect' })).items;
  expect(orphan).toMatchObject({ connector: 0 });
  expect((await server.session(orphan?.transactionId)).suspicion).toBe(
    'the station stopped transaction 1, which is a session of CP1',
  );
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
    await stop(station, id, { meterStop: 9000, transactionData });
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

  it('a tag of the same parent', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await server.addTag('KID', { parent: 'FAMILY' });
    const id = await begin(station);
    const idTagInfo = { status: 'Accepted', parentIdTag: 'FAMILY' };
    expect(await stop(station, id, { idTag: 'KID' })).toEqual({ idTagInfo });
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

it('keeps a reason that nobody knows, a number sent as text, and fields without a meaning', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  const id = await begin(station);
  const odd = { transactionId: String(id), meterStop: '6000.4', reason: 'Aliens', extra: [1] };
  await station.call('StopTransaction', { ...odd, timestamp: at('09:40') });
  expect(await server.session(id)).toMatchObject({ stopReason: 'Aliens', energyKwh: 5, state: 'ended' });
  expect(server.log.find(/understood all the same/).length).toBeGreaterThan(0);
});
