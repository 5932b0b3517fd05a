import { formatDuration } from '../domain/duration.js';
import type { ConnectionView } from '../operations/record/connection.js';
import { duration, instant, nothing, oneLine, place, text } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

const time = (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal);

/** Names and order are a contract (operations/record/connection.ts). */
export const connectionList: ListView<ConnectionView> & {
  line(row: ConnectionView, terminal: Terminal): string;
} = {
  columns: {
    stationId: { title: 'STATION' },
    openedAt: { title: 'OPENED', show: time },
    closedAt: { title: 'CLOSED', show: time },
    code: { title: 'CODE', show: (value, row, terminal) => paint(row, value, terminal) },
    initiator: { title: 'BY', show: (value, row, terminal) => paint(row, value, terminal) },
    reason: { title: 'REASON' },
    description: {
      title: 'DESCRIPTION',
      isMain: true,
      show: (value, row, terminal) =>
        row.closedAt === null ? terminal.paint.green('open') : paint(row, value, terminal),
    },
    duration: {
      title: 'DURATION',
      align: 'right',
      show: (value, _row, terminal) => duration(value, terminal),
    },
    address: { title: 'ADDRESS' },
    protocol: { title: 'PROTOCOL' },
  },
  // What fits into 80 columns.
  defaults: ['stationId', 'openedAt', 'duration', 'code', 'initiator', 'description'],
  whereRoom: ['reason', 'closedAt', 'address'],
  id: ({ stationId }) => stationId,
  empty: 'No connections match. Who was not let in is among the events: evfleet event list',

  line(row, terminal) {
    const { stationId, openedAt, closedAt, code, initiator, description, reason } = row;
    const where = (at: string) => `${instant(at, terminal)}  ${place(oneLine(stationId), terminal)}`;
    if (closedAt === null) {
      const from = row.address === null ? '' : ` from ${oneLine(row.address)}`;
      return `${where(openedAt)}  ${terminal.paint.green('connected')}${from}`;
    }
    const lasted = formatDuration(row.duration * 1000);
    // What was said tells more than what the code is called.
    const why = oneLine(reason ?? description ?? '');
    return `${where(closedAt)}  ended after ${lasted}: ${paint(row, `${code} ${initiator}, ${why}`, terminal)}`;
  },
};

/** Ends that nobody wanted stand out. */
function paint({ initiator }: ConnectionView, value: string | null, terminal: Terminal): string {
  if (value === null) return nothing(terminal);
  switch (initiator) {
    case 'lost':
      return terminal.paint.yellow(text(value, terminal));
    case 'protocol':
      return terminal.paint.redBright(text(value, terminal));
    default:
      return text(value, terminal);
  }
}
