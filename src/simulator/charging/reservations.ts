import type { StationTime } from '../station-time.js';
import type { Timers } from '../timers.js';

export interface Reservation {
  readonly reservationId: number;
  readonly connectorId: number;
  readonly idTag: string;
  readonly parentIdTag?: string;
  readonly expiryMs: number;
}

/** Reservations of single connectors. Each ends by use, by cancelling, or by the wall clock. */
export class Reservations {
  readonly #byConnector = new Map<number, Reservation>();
  readonly #time: StationTime;
  readonly #timers: Timers;
  readonly #onChange: (connectorId: number) => void;

  constructor(time: StationTime, timers: Timers, onChange: (connectorId: number) => void) {
    this.#time = time;
    this.#timers = timers;
    this.#onChange = onChange;
  }

  on(connectorId: number): Reservation | undefined {
    return this.#byConnector.get(connectorId);
  }

  /** Makes a reservation; one with the same id, wherever it is, is replaced. */
  put(reservation: Reservation): void {
    this.cancel(reservation.reservationId);
    this.#byConnector.set(reservation.connectorId, reservation);
    this.#timers.set(timerOf(reservation), reservation.expiryMs - this.#time.now(), () => {
      this.cancel(reservation.reservationId);
    });
    this.#onChange(reservation.connectorId);
  }

  /** False when there is no such reservation. */
  cancel(reservationId: number): boolean {
    for (const reservation of this.#byConnector.values()) {
      if (reservation.reservationId !== reservationId) continue;
      this.#timers.clear(timerOf(reservation));
      this.#byConnector.delete(reservation.connectorId);
      this.#onChange(reservation.connectorId);
      return true;
    }
    return false;
  }

  /** Whether a person with this tag may use the connector. */
  admits(connectorId: number, idTag: string, parentIdTag: string | undefined): boolean {
    const reservation = this.#byConnector.get(connectorId);
    if (reservation === undefined || sameTag(reservation.idTag, idTag)) return true;
    const { parentIdTag: parent } = reservation;
    return parent !== undefined && parentIdTag !== undefined && sameTag(parent, parentIdTag);
  }
}

/** Tags are case-insensitive (CiString20). */
export function sameTag(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function timerOf(reservation: Reservation): string {
  return `reservation ${reservation.reservationId}`;
}
