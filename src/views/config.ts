import type { KeyView } from '../operations/station/config.js';
import type { DesiredView } from '../operations/station/config-template.js';
import { instant, oneLine, relative } from './format.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** Names and order are a contract (operations/station/config.ts). */
export const keyList: ListView<KeyView> = {
  columns: {
    key: { title: 'KEY' },
    value: {
      title: 'VALUE',
      show: (value, { unit }, { paint }) =>
        value === null ? paint.dim('(hidden)') : `${value}${unit !== null && value !== '' ? ` ${unit}` : ''}`,
    },
    readOnly: { title: 'ACCESS', show: (value, _row, { paint }) => (value ? paint.dim('read') : 'write') },
    type: { title: 'TYPE' },
    unit: { title: 'UNIT' },
    meaning: { title: 'MEANING' },
    reportedAt: { title: 'REPORTED', show: (value, _row, terminal) => relative(value, terminal) },
  },
  defaults: ['key', 'value', 'readOnly', 'meaning'],
  id: ({ key }) => key,
  empty: 'The station reports no keys.',
};

/** With the time, because what was reported may not be so any more. */
export const cachedKeyList: ListView<KeyView> = {
  ...keyList,
  defaults: ['key', 'value', 'readOnly', 'reportedAt', 'meaning'],
};

const colours: Readonly<Record<DesiredView['state'], (terminal: Terminal) => (text: string) => string>> = {
  applied: ({ paint }) => paint.green,
  pending: ({ paint }) => paint.yellow,
  'reboot-required': ({ paint }) => paint.yellow,
  rejected: ({ paint }) => paint.red,
  'not-supported': ({ paint }) => paint.red,
  drifted: ({ paint }) => paint.yellow,
};

/** Names and order are a contract (operations/station/config-template.ts). */
export const desiredList: ListView<DesiredView> = {
  columns: {
    stationId: { title: 'STATION' },
    key: { title: 'KEY' },
    desired: { title: 'DESIRED' },
    reported: { title: 'REPORTED' },
    state: {
      title: 'STATE',
      show: (value, _row, terminal) => colours[value](terminal)(value.replaceAll('-', ' ')),
    },
    source: { title: 'WANTED BY' },
    reportedAt: { title: 'AS OF', show: (value, _row, terminal) => relative(value, terminal) },
  },
  defaults: ['stationId', 'key', 'desired', 'reported', 'state', 'source'],
  id: ({ stationId, key }) => `${stationId} ${key}`,
  empty: 'Nothing is desired: evfleet config apply -f FILE',
};

/** What a difference is more than one. */
const reasons: Readonly<Record<DesiredView['state'], string>> = {
  applied: '',
  pending: '',
  'reboot-required': 'after a reboot',
  rejected: 'the station refused it',
  'not-supported': 'the station does not have this key',
  drifted: 'it was so before',
};

/** Differences as people read them: what is there with a minus, what should be with a plus. */
export function differences(rows: readonly DesiredView[], terminal: Terminal): string {
  const { paint } = terminal;
  const lines: string[] = [];
  let last: string | undefined;
  for (const row of rows) {
    const { stationId, key, desired, reported, state } = row;
    if (stationId !== last) {
      const when = rows.find(
        (other) => other.stationId === stationId && other.reportedAt !== null,
      )?.reportedAt;
      const as = when == null ? 'reported' : `reported ${instant(when, terminal)}`;
      const id = oneLine(stationId);
      lines.push(paint.bold(`--- ${id} ${as}`), paint.bold(`+++ ${id} desired`));
      last = stationId;
    }
    const why = reported === null && state === 'pending' ? 'not reported' : reasons[state];
    const reason = why === '' ? '' : `  # ${why}`;
    if (reported !== null) lines.push(paint.red(oneLine(`-${key}: ${reported}`)));
    lines.push(paint.green(oneLine(`+${key}: ${desired}`)) + paint.dim(reason));
  }
  return lines.map((line) => `${line}\n`).join('');
}
