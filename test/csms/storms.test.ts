import { describe, expect, it } from 'vitest';
import { AdmissionQueue } from '../../src/csms/admission-queue.js';
import { handshake, RawSocket } from '../helpers/raw-socket.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

describe('every station reconnects at once', () => {
  it('a thousand come back after a restart, all of them, and are answered', async () => {
    const server = await TestServer.start({ unknownStations: 'accept' });
    const ids = Array.from({ length: 1000 }, (_, i) => `CP${i}`);
    await Promise.all(ids.map((id) => server.connect(id)));
    await server.restart();
    const fleet = await Promise.all(ids.map((id) => server.connect(id)));
    await Promise.all(fleet.map((station) => station.call('Heartbeat', {})));
    expect((await server.fleet.run('station.list', { state: 'online' })).total).toBe(1000);
    for (const station of fleet) station.cut();
  });

  it('more than fit are told to come back, and can', async () => {
    const server = await TestServer.start({ maxConnections: 3, unknownStations: 'accept' });
    const inside = await Promise.all(['A', 'B', 'C'].map((id) => server.connect(id)));
    const outside = await RawSocket.connect(server.url);
    outside.write(handshake('/ocpp/D'));
    await outside.closed;
    expect(outside.received).toMatch(/^HTTP\/1\.1 503 /);
    expect(Number(/Retry-After: (\d+)/.exec(outside.received)?.[1])).toBeGreaterThanOrEqual(5);
    await inside[0]?.leave();
    await until(async () => (await server.fleet.run('station.list', { state: 'online' })).total === 2);
    expect(await (await server.connect('D')).boot()).toMatchObject({ status: 'Accepted' });
  });

  it('a station that comes back to a full server takes its own place', async () => {
    const server = await TestServer.start({ maxConnections: 2, unknownStations: 'accept' });
    const [old] = await Promise.all(['A', 'B'].map((id) => server.connect(id)));
    const fresh = await server.connect('A');
    expect(await fresh.boot()).toMatchObject({ status: 'Accepted' });
    expect((await old?.closed)?.code).toBe(1008);
  });

  it('more than may wait are told to come back; the others come in', async () => {
    const limits = { maxAdmissions: 1, maxWaitingAdmissions: 20, unknownStations: 'accept' } as const;
    const server = await TestServer.start(limits);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const station = await RawSocket.connect(server.url);
        station.write(handshake(`/ocpp/CP${i}`));
        await until(() => station.received.includes('\r\n\r\n'));
        return station.received.slice(9, 12);
      }),
    );
    const count = (status: string) => outcomes.filter((outcome) => outcome === status).length;
    expect(count('101') + count('503')).toBe(100);
    expect(count('101')).toBeGreaterThanOrEqual(21);
  });

  it('one station that hammers does not keep the others out', async () => {
    const server = await TestServer.start({ maxAdmissions: 4, maxWaitingAdmissions: 50 });
    const others = Array.from({ length: 20 }, (_, i) => `CP${i}`);
    for (const id of ['HAMMER', ...others]) await server.add(id);
    let hammering = true;
    let blows = 0;
    const hammer = async () => {
      while (hammering) {
        const socket = await RawSocket.connect(server.url);
        socket.write(handshake('/ocpp/HAMMER'));
        blows += 1;
        await until(() => socket.received.length > 0 || socket.socket.destroyed);
        socket.socket.destroy();
      }
    };
    const hammers = Array.from({ length: 30 }, hammer);
    await until(() => blows > 100);
    const stations = await Promise.all(others.map((id) => server.connect(id)));
    for (const station of stations) expect(await station.boot()).toMatchObject({ status: 'Accepted' });
    hammering = false;
    await Promise.all(hammers);
    const about = (kind: string) => server.log.find(/HAMMER/).filter(({ message }) => message === kind);
    expect(about('connected').length).toBeLessThanOrEqual(10);
  });
});

describe('the line before the door', () => {
  /** A door that opens when the test says so. */
  function door({ maxAdmitting = 1, maxWaiting = 8, maxWaitS = 15 } = {}) {
    const admitted: string[] = [];
    const turnedAway: string[] = [];
    const gone = new Set<string>();
    const opens: (() => void)[] = [];
    const queue = new AdmissionQueue<string>({
      admit(item) {
        admitted.push(item);
        return new Promise((resolve) => opens.push(resolve));
      },
      turnAway: (item) => void turnedAway.push(item),
      isGone: (item) => gone.has(item),
      maxAdmitting,
      maxWaiting,
      maxWaitS,
    });
    const enter = (address: string, id: string, item = id) => queue.enter(address, id, item);
    const open = async () => {
      opens.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { queue, enter, open, admitted, turnedAway, gone };
  }

  it('addresses take turns', async () => {
    const { enter, open, admitted } = door();
    enter('-', 'first');
    for (const id of ['a1', 'a2', 'a3']) enter('A', id);
    for (const id of ['b1', 'b2']) enter('B', id);
    for (let i = 0; i < 5; i += 1) await open();
    expect(admitted).toEqual(['first', 'a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('a station that knocks again keeps its place, and only the newest knock counts', async () => {
    const { enter, open, admitted, turnedAway } = door();
    enter('-', 'first');
    enter('A', 'a1', 'a1 old');
    enter('A', 'a2');
    enter('A', 'a1', 'a1 new');
    for (let i = 0; i < 2; i += 1) await open();
    expect(admitted).toEqual(['first', 'a1 new', 'a2']);
    expect(turnedAway).toEqual(['a1 old']);
  });

  it('somebody else who uses its name does not get its place', async () => {
    const { enter, open, admitted } = door();
    enter('-', 'first');
    enter('A', 'CP1', 'the station');
    enter('B', 'CP1', 'somebody else');
    for (let i = 0; i < 2; i += 1) await open();
    expect(admitted).toEqual(['first', 'the station', 'somebody else']);
  });

  it('a whole fleet behind one address may have the whole line', () => {
    const { queue, enter, turnedAway } = door();
    enter('-', 'first');
    for (let i = 0; i < 8; i += 1) enter('NAT', `n${i}`);
    expect(queue.waiting).toBe(8);
    expect(turnedAway).toEqual([]);
    enter('NAT', 'n8');
    expect(turnedAway).toEqual(['n8']);
  });

  it('an address that has more than a quarter of a full line makes room for others', () => {
    const { queue, enter, turnedAway } = door();
    enter('-', 'first');
    for (let i = 0; i < 8; i += 1) enter('NAT', `n${i}`);
    for (const id of ['b1', 'b2', 'b3']) enter('B', id);
    expect(turnedAway).toEqual(['n7', 'n6', 'b3']);
    expect(queue.waiting).toBe(8);
  });

  it('who waits too long is turned away, who has gone is forgotten', () => {
    const { queue, enter, turnedAway, gone } = door({ maxWaitS: 2 });
    enter('-', 'first');
    for (const id of ['a1', 'a2']) enter('A', id);
    gone.add('a1');
    queue.tick();
    expect(queue.waiting).toBe(1);
    queue.tick();
    queue.tick();
    expect(turnedAway).toEqual(['a1', 'a2']);
    expect(queue.waiting).toBe(0);
  });
});
