import { plural } from '../domain/plural.js';
import type { StoreCheckView, StoreInfoView } from '../operations/system/store.js';
import { bytes, inBytes, instant } from './format.js';
import type { RecordView } from './record.js';
import type { Terminal } from './terminal.js';

const size = (value: number, _row: object, terminal: Terminal) => bytes(value, terminal);

export const storeInfoRecord: RecordView<StoreInfoView> = {
  fields: {
    directory: { title: 'DIRECTORY' },
    version: { title: 'VERSION' },
    snapshotBytes: { title: 'SNAPSHOT', show: size },
    snapshotSequence: { title: 'SNAPSHOT UP TO RECORD' },
    sequence: { title: 'NEWEST RECORD' },
    segments: { title: 'JOURNAL SEGMENTS' },
    journalBytes: { title: 'JOURNAL', show: size },
    compactedAt: { title: 'LAST COMPACTION', show: (value, _row, terminal) => instant(value, terminal) },
    rows: {
      title: 'ROWS',
      show: (value) =>
        Object.entries(value)
          .filter(([, count]) => count > 0)
          .map(([table, count]) => `${table} ${count}`)
          .join(', '),
    },
  },
};

/** What a check came to, problems last, where the eye stays. */
export function renderCheck(check: StoreCheckView, terminal: Terminal): string {
  const { paint } = terminal;
  const { snapshotBytes, snapshotSequence, segments, records, problems } = check;
  const torn = segments.reduce((sum, { tornBytes }) => sum + tornBytes, 0);
  return [
    `Snapshot  ${inBytes(snapshotBytes)}, up to record ${snapshotSequence}`,
    `Journal   ${plural(records, 'record')} in ${plural(segments.length, 'segment')}`,
    ...(torn > 0
      ? [`${torn} bytes of an unfinished write are at its end; the next start cuts them off.`]
      : []),
    ...problems.map((problem) => paint.redBright(`✖ ${problem}`)),
    check.ok ? paint.green('The store is sound.') : paint.redBright('The store is damaged.'),
    '',
  ].join('\n');
}
