import {
  describeEnd,
  endsReservations,
  type Reservation,
  reservationFor,
} from '../../domain/charging/reservation.js';
import { note, type RuleContext } from './rule-context.js';

/** A session that has just begun. */
export interface Arriving {
  readonly transactionId: number;
  readonly connector: number;
  readonly tag: string;
  readonly parent: string | null;
  /** Whether the tag may charge; one that may not uses nothing but what it names. */
  readonly isAccepted: boolean;
  readonly startedAt: number;
  /** The reservation that the station says it is; undefined when it names none. */
  readonly reservationId: number | undefined;
}

/**
 * Ends the reservation that a session uses (OCPP 1.6 §4.8): the one it names, else that of its tag or of a relative. Also
 * one that was thought to be over, because a start may come late.
 */
export async function useReservation(context: RuleContext, arriving: Arriving): Promise<void> {
  const { r, station } = context;
  const { reservationId, transactionId, connector, tag, parent, startedAt, isAccepted } = arriving;
  const named = await findNamed(context, reservationId);
  const open = isAccepted && !named ? await r.reservations.listOpen(station.uuid) : [];
  const used = named ?? reservationFor(open, { connector, tag, parent, at: startedAt });
  if (!used || used.state === 'used') return;
  await end(context, used, { state: 'used', at: startedAt, connector, transactionId });
}

/** A fault of a connector ends its reservations, one of the station itself all of them (OCPP 1.6 §3.12). */
export async function loseReservations(
  context: RuleContext,
  { connector, status }: { readonly connector: number; readonly status: string },
  at: number,
): Promise<void> {
  if (!endsReservations(status)) return;
  const { r, station } = context;
  const who = connector === 0 ? 'the station' : `connector ${connector}`;
  for (const reservation of await r.reservations.listOpen(station.uuid)) {
    const isOfIt = connector === 0 || reservation.connector === connector;
    // What the connector was before does not count.
    if (!isOfIt || at < reservation.createdAt) continue;
    await end(context, reservation, { state: 'lost', at, reason: `${who} was ${status}` });
  }
}

/** Other hardware came in place of the station: it holds nothing of what that one held. */
export async function forgetReservations(context: RuleContext): Promise<void> {
  const { r, station, receivedAt } = context;
  for (const reservation of await r.reservations.listOpen(station.uuid)) {
    await end(context, reservation, { state: 'lost', at: receivedAt, reason: 'the station was replaced' });
  }
}

async function findNamed(
  { r, station }: RuleContext,
  id: number | undefined,
): Promise<Reservation | undefined> {
  if (id === undefined || !Number.isSafeInteger(id) || id < 1) return undefined;
  const named = await r.reservations.findById(id);
  return named?.stationUuid === station.uuid ? named : undefined;
}

async function end(
  context: RuleContext,
  { id, connector }: Reservation,
  ending: {
    readonly state: 'used' | 'lost';
    readonly at: number;
    readonly reason?: string;
    readonly connector?: number;
    readonly transactionId?: number;
  },
): Promise<void> {
  const { state, at, reason = null, transactionId = null } = ending;
  await context.r.reservations.update(id, { state, endedAt: at, reason, transactionId });
  const detail = describeEnd({ id, state, reason, transactionId });
  await note(context, 'reservation.ended', detail, { at, connector: ending.connector ?? connector });
}
