import type { EventView } from '../operations/record/event-view.js';
import { instant, oneLine, place, plain } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** Names and order are a contract (operations/record/event-view.ts). */
export const eventList: ListView<EventView> & { line(row: EventView, terminal: Terminal): string } = {
  columns: {
    time: { title: 'TIME', show: (value, _row, terminal) => instant(value, terminal) },
    stationId: { title: 'STATION' },
    connector: { title: 'CONN', align: 'right' },
    kind: { title: 'KIND' },
    description: {
      isMain: true,
      title: 'WHAT HAPPENED',
      show: (value, { kind, detail }, terminal) => inColour(kind, detail, terminal)(value),
    },
    detail: { title: 'DETAIL', show: (value) => plain(value) },
    receivedAt: { title: 'RECEIVED', show: (value, _row, terminal) => instant(value, terminal) },
  },
  // What fits into 80 columns; the words say what the kind says.
  defaults: ['time', 'stationId', 'connector', 'description'],
  id: ({ kind }) => kind,
  empty: 'No events match. Stations that nobody knows: evfleet station list --state unknown',

  line({ time, stationId, connector, kind, description, detail }, terminal) {
    const where = oneLine(connector === null ? stationId : `${stationId}:${connector}`);
    const what = inColour(kind, detail, terminal)(oneLine(description));
    return `${instant(time, terminal)}  ${place(where, terminal)}  ${what}`;
  },
};

/** What calls for attention stands out. */
function inColour(
  kind: string,
  { initiator, wasReplaced }: EventView['detail'],
  { paint }: Terminal,
): (text: string) => string {
  switch (kind) {
    case 'station.connected':
    case 'fault.ended':
      return paint.green;
    case 'station.disconnected':
      return initiator === 'station' || wasReplaced === true ? paint.gray : paint.yellow;
    case 'fault.began':
      return paint.redBright;
    case 'session.started':
      return paint.cyanBright;
    case 'authorization.refused':
    case 'session.foreign-stop':
    case 'session.suspect':
    case 'remote.refused':
    case 'connector.ignored':
      return paint.yellow;
    default:
      return kind.startsWith('security.') ? paint.yellow : (text) => text;
  }
}
