import type { ReservationView } from '../operations/charging/reservation-view.js';
import { instant, oneLine } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

const time = (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal);

/** Names and order are a contract (operations/charging/reservation-view.ts). */
export const reservationList: ListView<ReservationView> = {
  columns: {
    id: { title: 'ID', align: 'right' },
    stationId: { title: 'STATION' },
    connector: { title: 'CONN', align: 'right', show: (value) => (value === 0 ? 'any' : String(value)) },
    tag: { title: 'TAG' },
    parent: { title: 'PARENT' },
    state: {
      title: 'STATE',
      show(value, _row, { paint }) {
        if (value === 'active') return paint.green(value);
        // What a station never answered may be in force.
        return value === 'unanswered' ? paint.yellow(value) : value;
      },
    },
    createdAt: { title: 'CREATED', show: time },
    expires: { title: 'EXPIRES', show: time },
    endedAt: { title: 'ENDED', show: time },
    reason: { title: 'REASON' },
    transactionId: { title: 'SESSION', align: 'right' },
  },
  // What fits into 80 columns.
  defaults: ['id', 'stationId', 'connector', 'tag', 'state', 'expires'],
  whereRoom: ['endedAt', 'transactionId', 'reason'],
  id: ({ id }) => String(id),
  empty: 'No reservations match.',
};

/** What a station agreed to. */
export function reserved(reservation: ReservationView, terminal: Terminal): string {
  const { id, stationId, connector, tag, expires, state } = reservation;
  const station = oneLine(stationId);
  if (state !== 'active') return `Reservation ${id} at ${station} is over already: ${state}.\n`;
  const where = connector === 0 ? station : `Connector ${connector} of ${station}`;
  return `${where} is reserved for ${oneLine(tag)} until ${instant(expires, terminal)}: reservation ${id}.\n`;
}
