import { describe, expect, it } from 'vitest';
import {
  endsReservations,
  type Reservation,
  reservationFor,
} from '../../../src/domain/charging/reservation.js';

function newReservation(id: number, change: Partial<Reservation> = {}): Reservation {
  return {
    id,
    stationUuid: 's',
    stationId: 'CP1',
    connector: 1,
    tag: 'TAG1',
    parent: 'FAMILY',
    createdAt: 100,
    expiresAt: 200,
    state: 'active',
    endedAt: null,
    reason: null,
    transactionId: null,
    ...change,
  };
}

describe('a session uses', () => {
  const arrival = { connector: 1, tag: 'tag1', parent: null, at: 150 };
  const used = (open: readonly Reservation[], change: Partial<typeof arrival> | { parent: string } = {}) =>
    reservationFor(open, { ...arrival, ...change })?.id;

  it('the reservation of its tag, whatever the case', () => {
    expect(used([newReservation(1, { tag: 'OTHER' }), newReservation(2)])).toBe(2);
  });

  it('that of a relative, but its own first', () => {
    const relative = newReservation(1, { tag: 'OTHER' });
    expect(used([relative], { parent: 'family' })).toBe(1);
    expect(used([relative, newReservation(2, { connector: 0 })], { parent: 'family' })).toBe(2);
  });

  it('that of its connector before one of any connector', () => {
    expect(used([newReservation(1, { connector: 0 }), newReservation(2)])).toBe(2);
    expect(used([newReservation(1, { connector: 0 })])).toBe(1);
  });

  it.each([
    ['of another connector', {}, { connector: 2 }],
    ['of a stranger', { parent: null }, { tag: 'X' }],
    ['of people without a parent', { parent: null, tag: 'X' }, {}],
    ['that was not made yet', {}, { at: 99 }],
    ['whose time is over', {}, { at: 200 }],
  ])('none %s', (_, change, session) => {
    expect(used([newReservation(1, change)], session)).toBeUndefined();
  });
});

it.each(['Faulted', 'Unavailable'])('a connector that is %s is reserved no more', (status) => {
  expect(endsReservations(status)).toBe(true);
});

it.each(['Available', 'Reserved', 'Charging'])('a connector that is %s may be', (status) => {
  expect(endsReservations(status)).toBe(false);
});
