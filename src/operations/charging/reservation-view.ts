import { type Static, Type } from '@sinclair/typebox';
import { type Reservation, reservationStates } from '../../domain/charging/reservation.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

/** Names and order are a contract: CSV columns follow them. */
export const reservationView = Type.Object({
  /** What the station knows it by. */
  id: Type.Integer(),
  stationId: Type.String(),
  /** 0 is any connector of the station. */
  connector: Type.Integer(),
  tag: Type.String(),
  parent: nullable(Type.String()),
  state: oneOf(...reservationStates),
  createdAt: instant,
  expires: instant,
  endedAt: nullable(instant),
  /** Why it ended, where the state does not say it all. */
  reason: nullable(Type.String()),
  /** Of the session that used it. */
  transactionId: nullable(Type.Integer()),
});
export type ReservationView = Static<typeof reservationView>;

/** As it is at this instant: its time may have come before anybody wrote that down. */
export function toView(reservation: Reservation, now: number): ReservationView {
  const { id, stationId, connector, tag, parent, state, createdAt, expiresAt, endedAt, reason } = reservation;
  const isOver = endedAt === null && expiresAt <= now;
  return {
    id,
    stationId,
    connector,
    tag,
    parent,
    state: isOver ? 'expired' : state,
    createdAt: toIso(createdAt),
    expires: toIso(expiresAt),
    endedAt: toIso(isOver ? expiresAt : endedAt),
    reason,
    transactionId: reservation.transactionId,
  };
}
