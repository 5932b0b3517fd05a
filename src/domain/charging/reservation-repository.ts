import type { Reservation } from './reservation.js';

export interface ReservationFilter {
  readonly stationId?: string;
  /** Of stations that stand at one of these sites now. */
  readonly siteUuids?: readonly string[];
  readonly connector?: number;
  /** Case-insensitive. */
  readonly tag?: string;
  /** Only those that are not over at this instant. */
  readonly openAt?: number;
}

/** Of one station, those included that it never answered for: far more than it has connectors. */
export const openReservationsMax = 50;

export interface ReservationRepository {
  /** Gives its id, which no other has. */
  insert(reservation: Omit<Reservation, 'id'>): Promise<number>;
  findById(id: number): Promise<Reservation | undefined>;
  /** Those that a station holds or may hold, also when their time has come; oldest first: `openReservationsMax` at most. */
  listOpen(stationUuid: string): Promise<Reservation[]>;
  /** The newest first. */
  list(
    filter: ReservationFilter,
    page: { readonly limit: number; readonly after?: Pick<Reservation, 'id'> | undefined },
  ): Promise<Reservation[]>;
  count(filter: ReservationFilter): Promise<number>;
  update(
    id: number,
    change: Partial<Pick<Reservation, 'state' | 'endedAt' | 'reason' | 'transactionId'>>,
  ): Promise<void>;
  /** Open ones whose time has come, the longest overdue first. */
  listOverdue(now: number, limit: number): Promise<Reservation[]>;
  /** When the one ended that has been over for longest; undefined when none is over. */
  findOldestEnd(): Promise<number | undefined>;
  /** Removes some of those that ended before; gives how many. */
  removeEnded(before: { readonly endedBefore: number; readonly limit: number }): Promise<number>;
}
