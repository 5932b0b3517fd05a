import type { DiagnosticsView } from '../operations/station/diagnostics-view.js';
import { bytes, instant, oneLine, text } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** Names and order are a contract (operations/station/diagnostics-view.ts). */
export const diagnosticsList: ListView<DiagnosticsView> = {
  columns: {
    id: { title: 'ID', align: 'right' },
    stationId: { title: 'STATION' },
    type: { title: 'TYPE' },
    state: {
      title: 'STATE',
      show: (value, _row, terminal) => paintOf(value, terminal)(text(value, terminal)),
    },
    description: { title: 'HOW FAR', isMain: true },
    requestedAt: { title: 'REQUESTED', show: (value, _row, terminal) => instant(value, terminal) },
    endedAt: { title: 'ENDED', show: (value, _row, terminal) => instant(value, terminal) },
    from: { title: 'FROM', show: (value, _row, terminal) => instant(value, terminal) },
    to: { title: 'TO', show: (value, _row, terminal) => instant(value, terminal) },
    protocol: { title: 'BY' },
    fileName: { title: 'FILE' },
    sizeBytes: { title: 'SIZE', align: 'right', show: (value, _row, terminal) => bytes(value, terminal) },
  },
  defaults: ['id', 'stationId', 'state', 'requestedAt', 'fileName', 'sizeBytes'],
  id: ({ id }) => String(id),
  empty: 'No station was asked for diagnostics.',
};

function paintOf(state: DiagnosticsView['state'], { paint }: Terminal): (text: string) => string {
  switch (state) {
    case 'received':
      return paint.green;
    case 'failed':
    case 'refused':
    case 'expired':
      return paint.redBright;
    case 'requested':
    case 'uploading':
    case 'nothing':
      return (shown) => shown;
  }
}

/** What the file is called here: a name from outside must not be a path, or an option of a program. */
export function fileNameFor({
  id,
  stationId,
  fileName,
}: Pick<DiagnosticsView, 'id' | 'stationId' | 'fileName'>): string {
  const plain = (part: string) => oneLine(part).replace(/[^\p{L}\p{N}._-]+/gu, '_');
  return `${plain(stationId)}-${id}-${plain(fileName ?? 'diagnostics')}`.replace(/^[.-]+/, '').slice(0, 200);
}
