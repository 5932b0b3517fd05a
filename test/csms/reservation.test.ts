import { describe, expect, it } from 'vitest';
import { openReservationsMax } from '../../src/domain/charging/reservation-repository.js';
import type { Input } from '../../src/operations/fleet.js';
import { failure } from '../helpers/failure.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { accept, begin } from './remote-fixture.js';

const hour = 3600_000;

/** A station with two connectors that agrees to everything, and the tags TAG1 and TAG2 of one family. */
async function fixture() {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  await server.addTag('TAG1', { parent: 'FAMILY' });
  await server.addTag('TAG2', { parent: 'FAMILY' });
  await server.addTag('OTHER');
  const station = await server.connected('CP1', { connectors: 2 });
  station.on('ReserveNow', accept).on('CancelReservation', accept);
  const { clock } = server;
  const create = (change: Partial<Input<'reservation.create'>> = {}) =>
    server.fleet.run('reservation.create', {
      stationId: 'CP1',
      connector: 1,
      tag: 'TAG1',
      expiresAt: clock.now() + hour,
      timeoutMs: 30_000,
      ...change,
    });
  const cancel = (id = 1) => server.fleet.run('reservation.cancel', { id, timeoutMs: 30_000 });
  const list = async (change: Input<'reservation.list'> = {}) =>
    (await server.fleet.run('reservation.list', change)).items;
  const state = async (id = 1) => (await list({ allStates: true })).find((one) => one.id === id)?.state;
  const status = (name: string, connectorId = 1) =>
    station.call('StatusNotification', {
      connectorId,
      errorCode: 'NoError',
      status: name,
      timestamp: clock.iso(),
    });
  const reserved = () => station.calls.filter(({ action }) => action === 'ReserveNow').length;
  return { server, station, clock, create, cancel, list, state, status, reserved };
}

describe('a reservation', () => {
  it('is told to the station, which agrees, and is listed while it lasts', async () => {
    const { station, clock, create, list } = await fixture();
    const expires = clock.iso(hour);
    const made = await create();
    expect(made).toEqual({
      id: 1,
      stationId: 'CP1',
      connector: 1,
      tag: 'TAG1',
      parent: 'FAMILY',
      state: 'active',
      createdAt: clock.iso(),
      expires,
      endedAt: null,
      reason: null,
      transactionId: null,
    });
    expect(await station.received('ReserveNow')).toEqual({
      connectorId: 1,
      expiryDate: expires,
      idTag: 'TAG1',
      parentIdTag: 'FAMILY',
      reservationId: 1,
    });
    expect(await list()).toEqual([made]);
    expect(await list({ stationId: 'CP1', connector: 1, tag: 'tag1' })).toHaveLength(1);
    expect(await list({ connector: 2 })).toEqual([]);
  });

  it('has an id that no other has, also after it is over and after a restart', async () => {
    const { server, create, cancel, list } = await fixture();
    await create();
    await cancel();
    expect((await create()).id).toBe(2);
    await server.restart();
    (await server.connect('CP1')).on('ReserveNow', accept);
    await server.fleet.run('reservation.create', {
      stationId: 'CP1',
      connector: 2,
      tag: 'OTHER',
      expiresAt: server.clock.now() + hour,
      timeoutMs: 30_000,
    });
    expect((await list()).map(({ id }) => id)).toEqual([3, 2]);
  });

  it.each([
    ['Occupied', 'Connector 1 of CP1 is in use or reserved already: it answered Occupied.'],
    ['Faulted', 'Connector 1 of CP1 has a fault: it answered Faulted.'],
    ['Unavailable', 'Connector 1 of CP1 is out of service: it answered Unavailable.'],
    ['Rejected', 'CP1 takes no such reservation: it answered Rejected.'],
  ])('that a station refuses with %s is not kept as one', async (status, message) => {
    const { station, create, list, state } = await fixture();
    station.on('ReserveNow', () => ({ status }));
    expect((await failure(create(), 'REFUSED')).message).toBe(message);
    expect(await list()).toEqual([]);
    expect(await state()).toBe('refused');
  });

  it('that a station answers with an error is refused, too', async () => {
    const { station, create, list } = await fixture();
    station.on('ReserveNow', () => ({ error: 'NotSupported' }));
    const error = await failure(create(), 'REFUSED');
    expect(error.message).toBe('CP1 takes no reservations: it answered NotSupported.');
    const [refused] = await list({ allStates: true });
    expect(refused).toMatchObject({ state: 'refused', reason: 'it answered NotSupported' });
  });

  it('that a station never answers may be in force: it is listed, used and cancelled', async () => {
    const { server, station, clock, create, list, state, cancel } = await fixture();
    for (const id of [1, 2]) {
      station.on('ReserveNow', () => 'silence');
      const failed = failure(create(), 'TIMED_OUT');
      await station.received('ReserveNow', id);
      clock.advance(30_000);
      const { message, suggestions } = await failed;
      expect(message).toMatch(new RegExp(`It may hold reservation ${id} all the same\\.$`));
      expect(suggestions).toContain(`evfleet reservation cancel ${id}`);
    }
    expect((await list()).map((one) => one.state)).toEqual(['unanswered', 'unanswered']);
    await begin(server, station, { reservationId: 1 });
    expect(await state(1)).toBe('used');
    await cancel(2);
    expect(await state(2)).toBe('cancelled');
  });
});

describe('a reservation is over', () => {
  it('when a session names it, whoever it is', async () => {
    const { server, station, create, list } = await fixture();
    await create();
    const transactionId = await begin(server, station, { reservationId: 1, idTag: 'OTHER' });
    expect(await list()).toEqual([]);
    const [used] = await list({ allStates: true });
    expect(used).toMatchObject({ state: 'used', transactionId, endedAt: server.clock.iso() });
  });

  it.each([
    ['its tag', { idTag: 'tag1' }, 'used'],
    ['a tag with the same parent', { idTag: 'TAG2' }, 'used'],
    ['a stranger', { idTag: 'OTHER' }, 'active'],
    ['an unknown tag', { idTag: 'NOBODY' }, 'active'],
    ['its tag at the other connector', { connectorId: 2 }, 'active'],
    ['the id of another reservation', { reservationId: 77, idTag: 'OTHER' }, 'active'],
  ])('when a session begins with %s: %s is %s', async (_, change, expected) => {
    const { server, station, create, state } = await fixture();
    await create();
    await begin(server, station, change);
    expect(await state()).toBe(expected);
  });

  it('but not by a session of another station that names its id', async () => {
    const { server, create, state } = await fixture();
    await create();
    const other = await server.connected('CP2');
    await begin(server, other, { reservationId: 1, idTag: 'OTHER' });
    expect(await state()).toBe('active');
  });

  it('by a start that was kept for a while, also when its time has come meanwhile', async () => {
    const { server, station, clock, create, state } = await fixture();
    await create();
    const timestamp = clock.iso(60_000);
    clock.advance(2 * hour);
    await until(async () => (await state()) === 'expired');
    await begin(server, station, { reservationId: 1, timestamp });
    expect(await state()).toBe('used');
  });

  it('when its time has come', async () => {
    const { server, clock, create, list, state } = await fixture();
    await create();
    clock.advance(hour - 1);
    expect(await state()).toBe('active');
    clock.advance(1);
    expect([await list(), await state()]).toEqual([[], 'expired']);
    clock.advance(60_000);
    const events = async () => (await server.fleet.run('event.list', { kind: 'reservation.ended' })).items;
    await until(async () => (await events()).length === 1);
    expect(await list({ allStates: true })).toMatchObject([
      { state: 'expired', endedAt: clock.iso(-60_000) },
    ]);
  });

  it('when it is cancelled', async () => {
    const { station, create, cancel, list, state } = await fixture();
    await create();
    expect(await cancel()).toMatchObject({ id: 1, state: 'cancelled' });
    expect(await station.received('CancelReservation')).toEqual({ reservationId: 1 });
    expect([await list(), await state()]).toEqual([[], 'cancelled']);
    const error = await failure(cancel(), 'CONFLICT');
    expect(error.message).toBe('Reservation 1 is over already: cancelled.');
  });

  it('when the station does not know it, which is a refusal all the same', async () => {
    const { station, create, cancel, state, list } = await fixture();
    await create();
    station.on('CancelReservation', () => ({ status: 'Rejected' }));
    const error = await failure(cancel(), 'REFUSED');
    expect(error.message).toBe(
      'CP1 refused to cancel reservation 1: it answered Rejected, it knows of none with this id.',
    );
    expect(await state()).toBe('lost');
    expect(await list({ allStates: true })).toMatchObject([{ reason: 'CP1 knew nothing of it' }]);
  });

  it.each(['Accepted', 'Rejected'])(
    'when a car comes while it is cancelled, whatever the station then says: %s',
    async (answer) => {
      const { server, station, create, cancel, list } = await fixture();
      await create();
      let begun: Promise<number> | undefined;
      station.on('CancelReservation', () => {
        begun = begin(server, station, { reservationId: 1 });
        return { status: answer };
      });
      const error = await failure(cancel(), 'CONFLICT');
      expect(await begun).toBe(1);
      expect(error.message).toBe('Reservation 1 is over already: used.');
      expect(await list({ allStates: true })).toMatchObject([{ state: 'used', reason: null }]);
      const { items } = await server.fleet.run('event.list', { kind: 'reservation.ended' });
      expect(items.map(({ description }) => description)).toEqual([
        'reservation 1 is over: used by session 1',
      ]);
    },
  );

  it('when other hardware comes in place of the station', async () => {
    const { station, create, list } = await fixture();
    const boot = { chargePointVendor: 'Acme', chargePointModel: 'Box' };
    await station.call('BootNotification', { ...boot, chargePointSerialNumber: 'A1' });
    await create();
    await station.call('BootNotification', { ...boot, chargePointSerialNumber: 'A1' });
    expect(await list()).toHaveLength(1);
    await station.call('BootNotification', { ...boot, chargePointSerialNumber: 'B2' });
    expect(await list({ allStates: true })).toMatchObject([
      { state: 'lost', reason: 'the station was replaced' },
    ]);
  });

  it('when the station is deleted', async () => {
    const { server, create, list } = await fixture();
    await create();
    await server.fleet.run('station.delete', { id: 'CP1' });
    expect(await list({ allStates: true })).toMatchObject([
      { state: 'lost', reason: 'the station was deleted', endedAt: server.clock.iso() },
    ]);
    const { items } = await server.fleet.run('event.list', { kind: 'reservation.ended' });
    expect(items.map(({ description }) => description)).toEqual([
      'reservation 1 is over: lost, the station was deleted',
    ]);
  });

  it.each([
    ['Faulted', 1, 'lost'],
    ['Unavailable', 1, 'lost'],
    ['Unavailable', 0, 'lost'],
    ['Faulted', 2, 'active'],
    ['Reserved', 1, 'active'],
    ['Available', 1, 'active'],
  ])('when it says %s of connector %d: %s', async (name, connector, expected) => {
    const { create, state, status } = await fixture();
    await create();
    await status(name, connector);
    expect(await state()).toBe(expected);
  });

  it('but not for a fault that was before it', async () => {
    const { station, clock, create, state } = await fixture();
    await create();
    const past = { connectorId: 1, errorCode: 'NoError', status: 'Faulted', timestamp: clock.iso(-1) };
    await station.call('StatusNotification', past);
    expect(await state()).toBe('active');
  });
});

describe('nothing is sent', () => {
  it.each([
    ['an unknown tag', { tag: 'NEW' }, 'NOT_FOUND', /^--tag: There is no tag "NEW"/],
    ['a blocked tag', { tag: 'BLOCKED' }, 'CONFLICT', /^--tag BLOCKED may not charge at CP1: /],
    ['a tag that is too long', { tag: 'x'.repeat(21) }, 'USAGE', /^--tag "x+" is 21 characters long/],
    ['an empty tag', { tag: '' }, 'USAGE', /^--tag "" is empty/],
    ['a connector that is not there', { connector: 7 }, 'NOT_FOUND', /^--connector 7: .* it has 1, 2\.$/],
    [
      'a time that has passed',
      { expiresAt: 1 },
      'USAGE',
      /^--expires takes an instant in the future, not 1970/,
    ],
    ['an unknown station', { stationId: 'CP9' }, 'NOT_FOUND', /^There is no station "CP9"/],
  ] as const)('for %s', async (_, change, code, message) => {
    const { server, create, list, reserved } = await fixture();
    await server.addTag('BLOCKED');
    await server.fleet.run('tag.block', { tag: 'BLOCKED' });
    expect((await failure(create(change), code)).message).toMatch(message);
    expect([reserved(), await list({ allStates: true })]).toEqual([0, []]);
  });

  it('to a station that is offline, or not accepted', async () => {
    const { server, station, create, list } = await fixture();
    await server.fleet.run('station.update', { id: 'CP1', registration: 'pending' });
    await failure(create(), 'CONFLICT');
    await station.leave();
    await until(async () => !(await server.fleet.run('station.show', { id: 'CP1' })).online);
    await failure(create(), 'STATION_OFFLINE');
    expect(await list({ allStates: true })).toEqual([]);
  });

  it('to a station that has too many already', async () => {
    const { server, station, create, reserved } = await fixture();
    const [first] = await Promise.all(Array.from({ length: openReservationsMax }, () => create()));
    expect(first?.id).toBe(1);
    const error = await failure(create(), 'CONFLICT');
    expect(error.message).toBe(`CP1 has ${openReservationsMax} reservations that are not over.`);
    expect(reserved()).toBe(openReservationsMax);
    await begin(server, station, { reservationId: 1 });
    expect(await create()).toMatchObject({ state: 'active' });
  });

  it('for a reservation that nobody made', async () => {
    const { cancel } = await fixture();
    const error = await failure(cancel(9), 'NOT_FOUND');
    expect(error.message).toBe('There is no reservation 9.');
  });
});

describe('the whole station', () => {
  const key = 'ReserveConnectorZeroSupported';

  it.each([
    ['true', { configurationKey: [{ key, readonly: true, value: 'true' }] }],
    ['nothing', { unknownKey: [key] }],
    ['an error', { error: 'InternalError' }],
  ])('is reserved by connector 0 when it says %s of whether it can be', async (_, answer) => {
    const { server, station, create, state } = await fixture();
    station.on('GetConfiguration', () => answer);
    await create({ connector: 0 });
    expect(await station.received('ReserveNow')).toMatchObject({ connectorId: 0 });
    await begin(server, station, { connectorId: 2 });
    expect(await state()).toBe('used');
  });

  it('is not when it says that it cannot be', async () => {
    const { station, create, reserved } = await fixture();
    station.on('GetConfiguration', () => ({ configurationKey: [{ key, readonly: true, value: 'False' }] }));
    const error = await failure(create({ connector: 0 }), 'REFUSED');
    expect(error.message).toBe(`--connector 0: CP1 reserves single connectors only (${key} is false).`);
    expect(reserved()).toBe(0);
  });
});

it('tells in the event log what became of reservations', async () => {
  const { server, station, create, cancel } = await fixture();
  await create();
  await cancel();
  await create();
  await begin(server, station, { reservationId: 2 });
  const { items } = await server.fleet.run('event.list', { kind: 'reservation' });
  expect(items.map(({ description }) => description)).toEqual([
    'reservation 1 for tag TAG1',
    'reservation 1 is over: cancelled',
    'reservation 2 for tag TAG1',
    'reservation 2 is over: used by session 1',
  ]);
});
