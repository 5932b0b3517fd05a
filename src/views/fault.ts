import { formatDuration } from '../domain/duration.js';
import type { FaultView } from '../operations/record/fault.js';
import { duration, instant, nothing, oneLine, place, text } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** Names and order are a contract (operations/record/fault.ts). */
export const faultList: ListView<FaultView> & { line(row: FaultView, terminal: Terminal): string } = {
  columns: {
    since: { title: 'SINCE', show: (value, _row, terminal) => instant(value, terminal) },
    until: {
      title: 'UNTIL',
      show: (value, _row, terminal) =>
        value === null ? terminal.paint.redBright('active') : instant(value, terminal),
    },
    duration: {
      title: 'DURATION',
      align: 'right',
      show: (value, { until }, terminal) =>
        until === null
          ? `${terminal.paint.redBright('active')} ${duration(value, terminal)}`
          : duration(value, terminal),
    },
    stationId: { title: 'STATION' },
    connector: { title: 'CONN', align: 'right' },
    errorCode: {
      title: 'ERROR',
      show: (value, { until }, terminal) =>
        until === null ? terminal.paint.redBright(text(value, terminal)) : text(value, terminal),
    },
    vendorErrorCode: { title: 'VENDOR' },
    vendorId: { title: 'VENDOR ID' },
    info: { title: 'INFO' },
    status: { title: 'STATUS' },
    maintenance: { title: 'MAINTENANCE' },
  },
  // What fits into 80 columns; how long says enough of until when.
  defaults: ['since', 'duration', 'stationId', 'connector', 'errorCode', 'vendorErrorCode'],
  whereRoom: ['info', 'until', 'maintenance'],
  id: ({ stationId, connector }) => `${stationId}:${connector}`,
  empty: 'No faults match.',

  line(row, terminal) {
    const { since, until, duration: lastedS, stationId, connector } = row;
    const { errorCode, vendorErrorCode, info, maintenance } = row;
    const { paint } = terminal;
    const where = place(oneLine(`${stationId}:${connector}`), terminal);
    const more = [vendorErrorCode, info].filter((part) => part !== null && part !== '').map(String);
    const what = [errorCode, ...more].map(oneLine).join(', ');
    const during = maintenance ? ' during maintenance' : '';
    if (until === null) return `${instant(since, terminal)}  ${where}  ${paint.redBright(what)}${during}`;
    const lasted = formatDuration(lastedS * 1000);
    return `${instant(until, terminal)}  ${where}  ${paint.green('over')} after ${lasted}: ${what || nothing(terminal)}`;
  },
};
