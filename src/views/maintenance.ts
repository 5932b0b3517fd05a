import type { MaintenanceView } from '../operations/alarm/maintenance-view.js';
import { instant, oneLine } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

type State = MaintenanceView['state'];

const time = (value: string, _row: object, terminal: Terminal) => instant(value, terminal);

const columns = {
  id: { title: 'ID', align: 'right' as const },
  stationId: { title: 'STATION' },
  connector: { title: 'CONN', align: 'right' as const },
  state: {
    title: 'STATE',
    show: (value: State, _row: object, { paint }: Terminal) => stateColour(value, paint)(value),
  },
  from: { title: 'FROM', show: time },
  to: { title: 'TO', show: time },
  comment: { title: 'COMMENT' },
  createdBy: { title: 'CREATED BY' },
  createdAt: { title: 'CREATED', show: time },
};

/** Names and order are a contract (operations/alarm/maintenance-view.ts). */
export const maintenanceList: ListView<MaintenanceView> = {
  columns,
  // What fits into 80 columns.
  defaults: ['id', 'stationId', 'connector', 'state', 'from', 'to'],
  whereRoom: ['comment', 'createdBy'],
  id: ({ id }) => String(id),
  empty: 'No maintenance matches. Plan some: evfleet maintenance create CP001 --for 2h',
};

export const maintenanceRecord: RecordView<MaintenanceView> = {
  fields: {
    ...columns,
    id: { title: 'ID' },
    connector: { title: 'CONNECTOR', show: (value) => (value === null ? 'all' : String(value)) },
  },
};

function stateColour(state: State, paint: Terminal['paint']): (text: string) => string {
  if (state === 'active') return paint.yellow;
  return state === 'planned' ? paint.cyan : paint.gray;
}

/** What was planned, a line each. */
export function planned(windows: readonly MaintenanceView[], terminal: Terminal): string {
  return windows
    .map(({ id, from, to, ...window }) => {
      const times = `from ${instant(from, terminal)} to ${instant(to, terminal)}`;
      return `Maintenance ${id} of ${placeOf(window)}: ${times}.\n`;
    })
    .join('');
}

/** How it ended. */
export function ended({ id, state, from, to, ...window }: MaintenanceView, terminal: Terminal): string {
  const what = `Maintenance ${id} of ${placeOf(window)}`;
  return state === 'cancelled'
    ? `${what}, planned from ${instant(from, terminal)}, is cancelled.\n`
    : `${what} ended at ${instant(to, terminal)}.\n`;
}

function placeOf({ stationId, connector }: Pick<MaintenanceView, 'stationId' | 'connector'>): string {
  return connector === null ? oneLine(stationId) : `${oneLine(stationId)} connector ${connector}`;
}
