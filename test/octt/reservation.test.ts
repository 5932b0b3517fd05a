import { describe, expect, it } from 'vitest';
import { failure } from '../helpers/failure.js';
import { until } from '../helpers/until.js';
import { Certification } from './certification.js';

/** OCPP 1.6 certification, profile Reservation. */

const inAnHour = 3600_000;

/** What `evfleet reservation create OCTT` does. */
function reserve({ server }: Certification, { connector = 1, forMs = inAnHour } = {}) {
  const expiresAt = server.clock.now() + forMs;
  const input = { stationId: 'OCTT', connector, tag: 'VALID', expiresAt, timeoutMs: 30_000 };
  return server.fleet.run('reservation.create', input);
}

async function begin(): Promise<Certification> {
  const bench = await Certification.begin();
  return bench.answers('ReserveNow', { status: 'Accepted' });
}

async function stateOf({ server }: Certification, id: number) {
  const { items } = await server.fleet.run('reservation.list', { allStates: true });
  return items.find((reservation) => reservation.id === id)?.state;
}

it('TC_046_CSMS: a connector is reserved, and its transaction names the reservation', async () => {
  const bench = await begin();
  const { id, expires } = await reserve(bench);
  expect(await bench.asked('ReserveNow')).toEqual({
    connectorId: 1,
    expiryDate: expires,
    idTag: 'VALID',
    reservationId: id,
  });
  await bench.status('Reserved');
  await bench.status('Preparing');
  expect(await bench.authorize()).toBe('Accepted');
  await bench.start({ reservationId: id });
  await bench.status('Charging');
  expect(await stateOf(bench, id)).toBe('used');
});

it('TC_047_CSMS: a reservation whose time comes to its end', async () => {
  const bench = await begin();
  const expiryDate = new Date(bench.server.clock.now() + 60_000).toISOString();
  const { id } = await reserve(bench, { forMs: 60_000 });
  expect(await bench.asked('ReserveNow')).toMatchObject({ connectorId: 1, expiryDate });
  await bench.status('Reserved');
  bench.server.clock.advance(60_000);
  await bench.status('Available');
  await until(async () => (await stateOf(bench, id)) === 'expired');
});

describe('a connector that cannot be reserved', () => {
  it.each([
    ['TC_048_1_CSMS', 'Faulted', /has a fault: it answered Faulted\.$/],
    ['TC_048_2_CSMS', 'Occupied', /is in use or reserved already: it answered Occupied\.$/],
    ['TC_048_4_CSMS', 'Rejected', /takes no such reservation: it answered Rejected\.$/],
  ] as const)('%s: %s', async (_, status, message) => {
    const bench = (await begin()).answers('ReserveNow', { status });
    expect((await failure(reserve(bench), 'REFUSED')).message).toMatch(message);
    expect(await stateOf(bench, 1)).toBe('refused');
  });

  it('TC_048_3_CSMS: it was put out of service before', async () => {
    const bench = (await begin()).answers('ChangeAvailability', { status: 'Accepted' });
    await bench.call('ChangeAvailability', { connectorId: 1, type: 'Inoperative' });
    await bench.status('Unavailable');
    bench.answers('ReserveNow', { status: 'Unavailable' });
    const { message } = await failure(reserve(bench), 'REFUSED');
    expect(message).toBe('Connector 1 of OCTT is out of service: it answered Unavailable.');
    expect(await stateOf(bench, 1)).toBe('refused');
  });
});

it('TC_049_CSMS: the whole station is reserved', async () => {
  const bench = await begin();
  const key = 'ReserveConnectorZeroSupported';
  bench.answers('GetConfiguration', { configurationKey: [{ key, readonly: true, value: 'true' }] });
  const { id } = await reserve(bench, { connector: 0 });
  expect(await bench.asked('ReserveNow')).toMatchObject({ connectorId: 0, reservationId: id });
  await bench.status('Preparing', 2);
  await bench.start({ connectorId: 2, reservationId: id });
  expect(await stateOf(bench, id)).toBe('used');
});

describe('a cancelled reservation', () => {
  const cancel = ({ server }: Certification, id: number) =>
    server.fleet.run('reservation.cancel', { id, timeoutMs: 30_000 });

  it('TC_051_CSMS: the station is told its id', async () => {
    const bench = (await begin()).answers('CancelReservation', { status: 'Accepted' });
    const { id } = await reserve(bench);
    await bench.status('Reserved');
    expect(await cancel(bench, id)).toMatchObject({ state: 'cancelled' });
    expect(await bench.asked('CancelReservation')).toEqual({ reservationId: id });
    await bench.status('Available');
  });

  it('TC_052_CSMS: the station refuses', async () => {
    const bench = (await begin()).answers('CancelReservation', { status: 'Rejected' });
    const { id } = await reserve(bench);
    const { message } = await failure(cancel(bench, id), 'REFUSED');
    expect(message).toContain(`refused to cancel reservation ${id}: it answered Rejected`);
    expect(await bench.asked('CancelReservation')).toEqual({ reservationId: id });
  });
});

it('TC_053_CSMS: a reservation is used by another tag of the same parent', async () => {
  const bench = await begin();
  await bench.server.fleet.run('tag.update', { tag: 'VALID', parent: 'FAMILY' });
  await bench.server.addTag('RELATIVE', { parent: 'FAMILY' });
  const { id } = await reserve(bench);
  expect(await bench.asked('ReserveNow')).toMatchObject({ idTag: 'VALID', parentIdTag: 'FAMILY' });
  await bench.status('Reserved');
  const { idTagInfo } = await bench.tell('Authorize', { idTag: 'RELATIVE' });
  expect(idTagInfo).toEqual({ status: 'Accepted', parentIdTag: 'FAMILY' });
  await bench.status('Preparing');
  await bench.start({ idTag: 'RELATIVE', reservationId: id });
  expect(await stateOf(bench, id)).toBe('used');
});
