/**
 * `unanswered`: the station has not said what it thinks of it, it may hold it; `active`: it holds it. All others are
 * over: `lost` by a fault of the connector or because the station knows nothing of it (any more), `refused` from the
 * start.
 */
export const reservationStates = [
  'unanswered',
  'active',
  'used',
  'expired',
  'cancelled',
  'lost',
  'refused',
] as const;

export type ReservationState = (typeof reservationStates)[number];

/** States in which a station holds the reservation, or may hold it. */
export const openReservationStates: readonly ReservationState[] = ['unanswered', 'active'];

/** A connector that is kept free for somebody (OCPP 1.6 §3.12, §5.13). It outlives its station. */
export interface Reservation {
  /** Integer ≥ 1, the id that the station is told. */
  readonly id: number;
  readonly stationUuid: string;
  readonly stationId: string;
  /** 0: any connector of the station. */
  readonly connector: number;
  readonly tag: string;
  /** Tags with this parent may use it, too. */
  readonly parent: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly state: ReservationState;
  readonly endedAt: number | null;
  /** Why it ended, in words; null where the state says it all. */
  readonly reason: string | null;
  /** The session that used it. */
  readonly transactionId: number | null;
}

/** What the event of its end tells of a reservation. */
export function describeEnd({
  id,
  state,
  reason,
  transactionId,
}: Pick<Reservation, 'id' | 'state' | 'reason' | 'transactionId'>): Record<string, unknown> {
  return {
    reservation: id,
    state,
    ...(reason !== null && { reason }),
    ...(transactionId !== null && { transactionId }),
  };
}

/** A session that begins, as far as it decides whose reservation it uses. */
export interface Arrival {
  readonly connector: number;
  readonly tag: string;
  readonly parent: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The reservation among those open at a station that a session uses without naming it: one of its connector before one
 * of any connector, its own tag before that of a relative.
 */
export function reservationFor(open: readonly Reservation[], arrival: Arrival): Reservation | undefined {
  const own = open.filter(
    ({ connector, createdAt, expiresAt }) =>
      (connector === arrival.connector || connector === 0) &&
      createdAt <= arrival.at &&
      arrival.at < expiresAt,
  );
  const byTag = own.filter(({ tag }) => isSame(tag, arrival.tag));
  const byParent = own.filter(({ parent }) => isSame(parent, arrival.parent));
  const [first] = [...ofConnectorFirst(byTag), ...ofConnectorFirst(byParent)];
  return first;
}

/** Statuses of a connector that end its reservations (OCPP 1.6 §3.12). */
export function endsReservations(status: string): boolean {
  return status === 'Faulted' || status === 'Unavailable';
}

function ofConnectorFirst(reservations: readonly Reservation[]): Reservation[] {
  return [...reservations].sort((a, b) => Number(a.connector === 0) - Number(b.connector === 0));
}

/** Tags are the same whatever their case (field trap 27); no parent is nobody's. */
function isSame(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.toLowerCase() === b.toLowerCase();
}
