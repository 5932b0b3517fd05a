import { byKey } from '../domain/by-key.js';
import type { KeyView } from '../operations/station/config.js';
import type { DesiredView } from '../operations/station/config-template.js';
import { firstFew } from './first-few.js';
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

/** Stations that are named of those that differ in the same way. */
const namedMax = 3;

/**
 * Differences as people read them: what is there with a minus, what should be with a plus. On a terminal stations that
 * differ in the same way are told of together.
 */
export function differences(rows: readonly DesiredView[], terminal: Terminal): string {
  const { paint } = terminal;
  const ofStation = byKey(rows, ({ stationId }) => stationId);
  const alike = byKey([...ofStation.values()], (own) =>
    JSON.stringify(
      terminal.isTTY
        ? own.map(({ key, desired, reported, state }) => [key, desired, reported, state])
        : (own[0]?.stationId ?? ''),
    ),
  );
  const lines = [...alike.values()].flatMap((stations) => {
    const [own = []] = stations;
    const ids = stations.map((those) => those[0]?.stationId ?? '');
    const named = firstFew(ids, { max: namedMax });
    const when = own.find(({ reportedAt }) => reportedAt !== null)?.reportedAt;
    const as = when == null || ids.length > 1 ? 'reported' : `reported ${instant(when, terminal)}`;
    return [
      paint.bold(`--- ${named} ${as}`),
      paint.bold(`+++ ${named} desired`),
      ...own.flatMap((row) => difference(row, terminal)),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function difference({ key, desired, reported, state }: DesiredView, { paint }: Terminal): string[] {
  const why = reported === null && state === 'pending' ? 'not reported' : reasons[state];
  const reason = why === '' ? '' : `  # ${why}`;
  return [
    ...(reported === null ? [] : [paint.red(oneLine(`-${key}: ${reported}`))]),
    paint.green(oneLine(`+${key}: ${desired}`)) + paint.dim(reason),
  ];
}
