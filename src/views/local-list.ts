import { quoteForShell } from '../domain/shell.js';
import type { LocalListEntryView, LocalListRow } from '../operations/charging/local-list.js';
import type { Output } from '../operations/fleet.js';
import { instant, nothing, oneLine } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

function entry(value: LocalListEntryView | null, _row: object, terminal: Terminal): string {
  if (value === null) return nothing(terminal);
  const { status, expires, parent } = value;
  const until = expires === null ? '' : ` until ${instant(expires, terminal)}`;
  const of = parent === null ? '' : `, parent ${oneLine(parent)}`;
  return `${status}${until}${of}`;
}

const rows: ListView<LocalListRow> = {
  columns: {
    tag: { title: 'TAG' },
    change: {
      title: 'CHANGE',
      show(value, _row, { paint }) {
        if (value === 'none') return paint.dim('none');
        return { added: paint.green, changed: paint.yellow, removed: paint.red }[value](value);
      },
    },
    sent: { title: 'SENT', show: entry },
    now: { title: 'NOW', show: entry },
  },
  defaults: ['tag', 'change', 'sent', 'now'],
  id: ({ tag }) => tag,
};

const states = {
  never: 'nothing was sent yet',
  current: 'as it should be',
  outdated: 'tags have changed since',
  uncertain: 'not certain: the last message was refused or not answered; the next push sends all of it',
} as const;

/** Names are a contract (operations/charging/local-list.ts). */
export const localListRecord: RecordView<Output<'local-list.show'>> = {
  fields: {
    stationId: { title: 'STATION' },
    state: {
      title: 'STATE',
      show: (value, _row, { paint }) => (value === 'current' ? paint.green : paint.yellow)(states[value]),
    },
    version: { title: 'VERSION' },
    sentAt: { title: 'SENT', show: (value, _row, terminal) => instant(value, terminal) },
    sentEntries: { title: 'TAGS SENT' },
    nowEntries: { title: 'TAGS NOW' },
    entries: { title: 'TAGS', list: rows },
  },
};

/** Which version a station has, in words. */
export function localListVersion({
  stationId,
  version,
  isSupported,
  sentVersion,
}: Output<'local-list.version'>): string {
  const id = oneLine(stationId);
  if (!isSupported) return `${id} has no local authorization list (version ${version}).\n`;
  if (version === 0) return `The list of ${id} is empty (version 0).\n`;
  const push = `evfleet local-list push ${quoteForShell(stationId)}`;
  const known =
    sentVersion === version
      ? 'the one it was sent last'
      : sentVersion === null
        ? `not known to be from here; to replace it: ${push}`
        : `not ${sentVersion}, which it was sent last; to replace it: ${push}`;
  return `${id} has version ${version}, ${known}${sentVersion === version ? '.' : ''}\n`;
}
