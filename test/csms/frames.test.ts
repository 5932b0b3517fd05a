import { describe, expect, it } from 'vitest';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** What a station sends, and the answer it gets to it, if any. */
const nonsense: readonly [string, string, RegExp | undefined][] = [
  ['an empty frame', '', undefined],
  ['blanks', '   ', undefined],
  ['null', 'null', undefined],
  ['a word', 'hello', undefined],
  ['an object', '{"a":1}', undefined],
  ['an empty list', '[]', undefined],
  ['broken JSON', '[2,"x1","Heartbeat",{', /^\[4,"x1","FormationViolation"/],
  ['a message type that does not exist', '[9,"x","y",{}]', undefined],
  ['a type that is no number', '["2","x","Heartbeat",{}]', undefined],
  ['a call without an id', '[2]', undefined],
  ['a call with an object for an id', '[2,{},"Heartbeat",{}]', undefined],
  ['a call without an action', '[2,"x2"]', /^\[4,"x2","FormationViolation"/],
  ['a list for a payload', '[2,"x3","Heartbeat",[]]', /^\[4,"x3","FormationViolation"/],
  ['an action that does not exist', '[2,"x4","Nonsense",{}]', /^\[4,"x4","NotImplemented"/],
  ['an action in another case', '[2,"x5","heartbeat",{}]', /^\[4,"x5","NotImplemented"/],
  ['an action named after a method', '[2,"x6","constructor",{}]', /^\[4,"x6","NotImplemented"/],
  ['an action of the other side', '[2,"x7","Reset",{"type":"Hard"}]', /^\[4,"x7","NotSupported"/],
  ['a request that makes no sense', '[2,"x8","Authorize",{}]', /^\[4,"x8","OccurenceConstraintViolation"/],
  ['a null payload', '[2,"x9","Heartbeat",null]', /^\[3,"x9",/],
  ['no payload', '[2,"x10","Heartbeat"]', /^\[3,"x10",/],
  ['a numeric id', '[2,11,"Heartbeat",{}]', /^\[3,11,/],
  ['a surplus element', '[2,"x12","Heartbeat",{},7]', /^\[3,"x12",/],
  ['an answer that nobody waits for', '[3,"none",{}]', undefined],
  ['an error of three elements', '[4,"none","GenericError"]', undefined],
  ['an error without a code', '[4,"none"]', undefined],
  ['an error with an unknown code', '[4,"none","Oops","",null]', undefined],
  ['deep JSON', `[2,"x13","DataTransfer",${deep(100_000)}]`, /^\[4,"x13",/],
  ['a key that changes objects', '[2,"x14","Heartbeat",{"__proto__":{"a":1}}]', /^\[3,"x14",/],
];

async function heartbeat(station: ScriptedStation, id: string): Promise<void> {
  expect(await station.ask('Heartbeat', {}, id)).toHaveProperty('payload.currentTime');
}

it('nonsense hurts neither the station that sends it nor another', async () => {
  const server = await TestServer.start();
  const [station, other] = [await server.connected('CP1'), await server.connected('CP2')];
  for (const [index, [what, frame, expected]] of nonsense.entries()) {
    const before = station.frames.length;
    station.send(frame);
    await heartbeat(station, `after-${index}`);
    const answers = station.frames.slice(before, -1).map((answer) => JSON.stringify(answer));
    expect(answers, what).toHaveLength(expected ? 1 : 0);
    if (expected) expect(answers[0], what).toMatch(expected);
  }
  await heartbeat(other, 'end');
  expect(server.log.find(/handler-failed/)).toEqual([]);
});

it('ignores binary frames, with a line in the log', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  station.send(Buffer.from('[2,"1","Heartbeat",{}]'));
  await heartbeat(station, '2');
  expect(station.frames).toHaveLength(1);
  expect(server.log.find(/binary frame ignored/)).toHaveLength(1);
});

describe('large messages', () => {
  it('takes a message of just under 8 MB', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const data = 'x'.repeat(8 * 1024 * 1024 - 200);
    expect(await station.call('DataTransfer', { vendorId: 'v', data })).toEqual({
      status: 'UnknownVendorId',
    });
  });

  it('closes with 1009 when it is longer, and logs why', async () => {
    const server = await TestServer.start();
    const [station, other] = [await server.connected('CP1'), await server.connected('CP2')];
    station.send('x'.repeat(8 * 1024 * 1024 + 1));
    expect((await station.closed).code).toBe(1009);
    await heartbeat(other, '1');
    const logged = () => server.log.find(/WS_ERR_UNSUPPORTED_MESSAGE_LENGTH/);
    await until(() => logged().length > 0);
    expect(logged()).toMatchObject([{ level: 'warn', station: 'CP1', initiator: 'protocol' }]);
    const back = await server.connect('CP1');
    await heartbeat(back, '1');
  });
});

describe('repeated message ids', () => {
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: '2026-05-04T10:00:00Z' };

  it('the same message gets the same answer and counts once', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const first = await station.ask('StartTransaction', start, 'same');
    const second = await station.ask('StartTransaction', start, 'same');
    expect(second).toEqual(first);
    expect(await server.sessions()).toHaveLength(1);
  });

  it('another message under the same id is another message', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1', { connectors: 2 });
    const first = await station.ask('StartTransaction', start, 'same');
    const second = await station.ask('StartTransaction', { ...start, connectorId: 2 }, 'same');
    expect(second.payload?.transactionId).not.toBe(first.payload?.transactionId);
    expect(await server.sessions()).toHaveLength(2);
  });

  it('on a new connection it is a new message', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    await station.ask('Heartbeat', {}, '1');
    await station.leave();
    server.clock.advance(5000);
    const back = await server.connect('CP1');
    const { payload } = await back.ask('Heartbeat', {}, '1');
    expect(payload?.currentTime).toBe('2026-05-04T10:00:05.000Z');
  });

  it('a station that numbers all heartbeats alike gets the right time', async () => {
    const server = await TestServer.start({ pingIntervalMs: 3600_000 });
    const station = await server.connected('CP1');
    await station.ask('Heartbeat', {}, '1');
    server.clock.advance(300_000);
    const { payload } = await station.ask('Heartbeat', {}, '1');
    expect(payload?.currentTime).toBe('2026-05-04T10:05:00.000Z');
  });
});

it('answers pipelined messages in order', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP1');
  for (let id = 0; id < 200; id += 1) station.send(JSON.stringify([2, String(id), 'Heartbeat', {}]));
  await heartbeat(station, 'last');
  const ids = station.frames.map((frame) => frame[1]);
  expect(ids).toEqual([...Array.from({ length: 200 }, (_, id) => String(id)), 'last']);
});
